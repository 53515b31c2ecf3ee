"""Paints the marks, the chosen pin and the suggested route, and knows what lies under a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from ui.map.map_pin import RANKS, TONES
from ui.map.marks import RADIUS_PX, Mark, Marks
from ui.map.sprites import HEAD, SELECTED_HEAD, TAIL, Sprites
from ui.theme.tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.map.map_pin import MapPin
    from ui.map.viewport import Viewport
    from ui.theme.theme import Theme

MARGIN_PX = 48
_SIZES = ((10, 28), (100, 33), (1000, 40))
_LARGEST = 48
_WORTH_A_SIGN = RANKS[Tone.WARN]


class PinsLayer:
    """Holds the pins; the canvas asks it to paint and to find."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._sprites = Sprites(theme)
        self._marks = Marks(theme.px(RADIUS_PX))
        self._pins: dict[str, MapPin] = {}
        self._selected = ""
        self._route: tuple[str, ...] = ()

    @property
    def selected(self) -> str:
        """The key of the chosen pin, empty for none."""
        return self._selected

    @property
    def count(self) -> int:
        """How many pins there are."""
        return len(self._pins)

    def set_pins(self, pins: Sequence[MapPin]) -> None:
        """Show these; a choice whose pin is gone is dropped."""
        self._pins = {pin.key: pin for pin in pins}
        self._marks.set_pins(pins)
        if self._selected not in self._pins:
            self._selected = ""

    def set_selected(self, key: str) -> None:
        """Mark a pin; an unknown key marks none."""
        self._selected = key if key in self._pins else ""

    def set_route(self, keys: Sequence[str]) -> None:
        """Draw the suggested order as a dashed line."""
        self._route = tuple(keys)

    def restyle(self) -> None:
        """Colours or sizes changed."""
        self._sprites.forget()
        self._marks.set_radius(self._theme.px(RADIUS_PX))

    def pin(self, key: str) -> MapPin | None:
        """A pin by its key."""
        return self._pins.get(key)

    def place(self, key: str) -> tuple[float, float] | None:
        """Where a pin is, in world coordinates."""
        return self._marks.places.get(key)

    def places(self) -> list[tuple[float, float]]:
        """Where all the pins are."""
        return list(self._marks.places.values())

    def mark_at(self, view: Viewport, point: QPointF) -> Mark | None:
        """The mark under a point of the view, the topmost of several."""
        for mark in reversed(self._marks.at(view)):
            x, y = view.to_screen(mark.x, mark.y)
            if mark.is_cluster:
                reach = self._diameter(len(mark.keys)) / 2 + 2
                hit = (point.x() - x) ** 2 + (point.y() - y + reach) ** 2 <= reach * reach
            else:
                head = self._theme.px(HEAD)
                box = QRectF(x - head / 2 - 3, y - head * (1 + TAIL) - 3, head + 6, 0)
                box.setBottom(y + 3)
                hit = box.contains(point)
            if hit:
                return mark
        return None

    def paint(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        """Draw route, marks and the chosen pin, in this order."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        self._paint_route(painter, view)
        seen = view.visible(MARGIN_PX)
        scale = view.scale
        offset_x, offset_y = view.width / 2 - view.x * scale, view.height / 2 - view.y * scale
        for mark in self._marks.at(view):
            if not seen.contains(mark.x, mark.y):
                continue
            spot = QPointF(mark.x * scale + offset_x, mark.y * scale + offset_y)
            if mark.is_cluster:
                self._paint_cluster(painter, spot, mark, ratio)
            elif mark.keys[0] != self._selected:
                sprite = self._sprites.pin(mark.tone, ratio)
                painter.drawPixmap(spot - sprite.anchor, sprite.pixmap)
        self._paint_selected(painter, view, ratio)
        self._paint_order(painter, view)
        painter.restore()

    def _paint_cluster(self, painter: QPainter, foot: QPointF, mark: Mark, ratio: float) -> None:
        theme, tokens = self._theme, self._theme.tokens
        diameter = self._diameter(len(mark.keys))
        # It stands on its place like a pin, so that the name below can be read.
        spot = foot - QPointF(0, diameter / 2 + 2)
        sprite = self._sprites.bubble(mark.tone, diameter, ratio)
        painter.drawPixmap(spot - sprite.anchor, sprite.pixmap)
        painter.setPen(QColor(tokens.on_pin))
        painter.setFont(theme.font(12, QFont.Weight.Bold, tabular=True))
        half = diameter / 2
        box = QRectF(spot.x() - half, spot.y() - half, diameter, diameter)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(len(mark.keys)))
        if mark.rank >= _WORTH_A_SIGN:
            badge = self._sprites.badge(mark.tone, ratio)
            corner = spot + QPointF(half * 0.72, -half * 0.72)
            painter.drawPixmap(corner - badge.anchor, badge.pixmap)

    def _diameter(self, count: int) -> int:
        size = next((size for limit, size in _SIZES if count < limit), _LARGEST)
        return self._theme.px(size)

    def _paint_selected(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        place, pin = self.place(self._selected), self.pin(self._selected)
        if place is None or pin is None:
            return
        sprite = self._sprites.pin(TONES[pin.rank], ratio, selected=True)
        painter.drawPixmap(QPointF(*view.to_screen(*place)) - sprite.anchor, sprite.pixmap)

    def _route_points(self, view: Viewport) -> list[QPointF]:
        places = (self.place(key) for key in self._route)
        return [QPointF(*view.to_screen(*place)) for place in places if place is not None]

    def _paint_route(self, painter: QPainter, view: Viewport) -> None:
        points = self._route_points(view)
        if len(points) < 2:  # noqa: PLR2004  a line has two ends
            return
        pen = QPen(QColor(self._theme.tokens.accent), self._theme.px(2))
        pen.setDashPattern([3.0, 2.5])
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))

    def _paint_order(self, painter: QPainter, view: Viewport) -> None:
        """The number of each stop beside its pin."""
        theme, tokens = self._theme, self._theme.tokens
        size = theme.px(15)
        painter.setFont(theme.font(10, QFont.Weight.Bold, tabular=True))
        stops = [key for key in self._route if self.place(key) is not None]
        for number, (key, point) in enumerate(zip(stops, self._route_points(view), strict=True), 1):
            head = SELECTED_HEAD if key == self._selected else HEAD
            corner = point + QPointF(theme.px(head * 0.3), -theme.px(head * (1 + TAIL) + 6))
            box = QRectF(corner.x(), corner.y(), size, size)
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.setBrush(QColor(tokens.surface))
            painter.drawEllipse(box)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(number))
