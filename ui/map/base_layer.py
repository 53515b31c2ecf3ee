"""The ground under the pins: outlines and names, painted into a picture that is kept."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import pi, sqrt
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QRadialGradient,
    QTransform,
)

from fieldtech.services.geography import metres_per_px, unproject
from ui.map.viewport import Viewport, WorldRect, bounds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldtech.services.geography import Geography, Locality, Outline
    from ui.theme.theme import Theme

SPARE = 0.2
"""So much of the view's size is painted beyond each edge, to be dragged into sight."""
COARSE_BELOW = 7.0
AREA_NAMES = (4.6, 7.6)
"""Between these zooms the areas' names are written."""
PLAIN_FROM = 9.5
"""From this zoom on a lit area is told by its border: its fill would cover the whole view."""
TOWNS_FROM = 8.0
PEOPLE_PER_KM2 = 5500
SMALLEST_TOWN_PX = 5.0
DENSE_SHARE = 0.55
DISC_PX = 256
MOST_NAMES = 70
MOST_TRIED = 250
BIG_TOWN = 200_000
NAME_MARGIN = 3


class _Area(NamedTuple):
    outline: Outline
    box: WorldRect
    fine: QPainterPath
    coarse: QPainterPath


class _Picture(NamedTuple):
    pixmap: QPixmap
    view: Viewport
    covers: WorldRect
    ratio: float


class BaseLayer:
    """Paints states and localities. Without a geography it is plain ground."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._areas: list[_Area] = []
        self._places: list[Locality] = []
        self._xs: list[float] = []
        self._lit: frozenset[str] = frozenset()
        self._picture: _Picture | None = None

    @property
    def extent(self) -> WorldRect | None:
        """The whole of the geography, ``None`` without one."""
        return bounds(
            corner
            for area in self._areas
            for corner in ((area.box.left, area.box.top), (area.box.right, area.box.bottom))
        )

    def set_geography(self, geography: Geography) -> None:
        """Draw these outlines and localities."""
        self._areas = [_area(outline) for outline in geography.outlines]
        self._places = sorted(geography.localities, key=lambda place: place.x)
        self._xs = [place.x for place in self._places]
        self.forget()

    def set_highlight(self, names: Iterable[str]) -> None:
        """Light up the areas of these names."""
        lit = frozenset(names)
        if lit != self._lit:
            self._lit = lit
            self.forget()

    def forget(self) -> None:
        """Paint anew at the next occasion."""
        self._picture = None

    def paint(
        self, painter: QPainter, view: Viewport, ratio: float, *, hasty: bool = False
    ) -> None:
        """Stamp the kept picture, painted anew when it does not show this view.

        ``hasty`` stretches the picture of another zoom instead: for the frames of a gesture,
        when the next one is already on its way.
        """
        picture = self._picture
        if hasty and picture is not None:
            painter.fillRect(QRectF(0, 0, view.width, view.height), self._ground())
            left, top = view.to_screen(picture.covers.left, picture.covers.top)
            right, bottom = view.to_screen(picture.covers.right, picture.covers.bottom)
            target = QRectF(left, top, right - left, bottom - top)
            painter.drawPixmap(target, picture.pixmap, QRectF(picture.pixmap.rect()))
            return
        if (
            picture is None
            or picture.view.zoom != view.zoom
            or picture.ratio != ratio
            or not picture.covers.encloses(view.visible())
        ):
            picture = self._render(view, ratio)
            self._picture = picture
        left, top = view.to_screen(picture.covers.left, picture.covers.top)
        # On whole device pixels: a picture moved by half of one goes blurred.
        corner = QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio)
        painter.drawPixmap(corner, picture.pixmap)

    def _render(self, view: Viewport, ratio: float) -> _Picture:
        wide = view.resized(
            round(view.width * (1 + 2 * SPARE)), round(view.height * (1 + 2 * SPARE))
        )
        pixmap = QPixmap(round(wide.width * ratio), round(wide.height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(self._ground())
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_areas(painter, wide)
        self._paint_towns(painter, wide)
        self._paint_names(painter, wide)
        painter.end()
        return _Picture(pixmap, view, wide.visible(), ratio)

    def _ground(self) -> QColor:
        tokens = self._theme.tokens
        return QColor(tokens.map_sea if self._areas else tokens.map_land)

    def _paint_areas(self, painter: QPainter, view: Viewport) -> None:
        tokens = self._theme.tokens
        seen, scale = view.visible(8), view.scale
        left, top = view.visible().left, view.visible().top
        painter.save()
        painter.setTransform(
            QTransform(scale, 0, 0, scale, -left * scale, -top * scale), combine=True
        )
        shown = [area for area in self._areas if area.box.intersects(seen)]
        # The lit ones last, so that their border lies on top of their neighbours'.
        for area in sorted(shown, key=lambda area: area.outline.name in self._lit):
            lit = area.outline.name in self._lit
            pen = QPen(QColor(tokens.accent if lit else tokens.map_border))
            pen.setWidthF(1.6 if lit else 1.0)
            pen.setCosmetic(True)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            filled = lit and view.zoom < PLAIN_FROM
            painter.setBrush(QColor(tokens.map_region if filled else tokens.map_land))
            painter.drawPath(area.coarse if view.zoom < COARSE_BELOW else area.fine)
        painter.restore()

    def _paint_towns(self, painter: QPainter, view: Viewport) -> None:
        """Soft discs as large as so many people take up: where a town is, not its outline."""
        if view.zoom < TOWNS_FROM:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        disc = self._soft_disc()
        source = QRectF(disc.rect())
        latitude, _ = unproject(view.x, view.y)
        per_px = metres_per_px(latitude, view.scale)
        for place in self._in_sight(view.visible(view.width / 2)):
            radius = sqrt(place.population / PEOPLE_PER_KM2 / pi) * 1000 / per_px
            if radius >= SMALLEST_TOWN_PX:
                x, y = view.to_screen(place.x, place.y)
                target = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
                painter.drawPixmap(target, disc, source)
        painter.restore()

    def _soft_disc(self) -> QPixmap:
        """One disc that is stretched to every town: a gradient for each costs ten times more."""
        dense, open_land = QColor(self._theme.tokens.map_town), QColor(self._theme.tokens.map_town)
        open_land.setAlpha(0)
        disc = QPixmap(DISC_PX, DISC_PX)
        disc.fill(Qt.GlobalColor.transparent)
        middle = DISC_PX / 2
        fading = QRadialGradient(middle, middle, middle)
        fading.setColorAt(DENSE_SHARE, dense)
        fading.setColorAt(1.0, open_land)
        painter = QPainter(disc)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fading)
        painter.drawEllipse(disc.rect())
        painter.end()
        return disc

    def _paint_names(self, painter: QPainter, view: Viewport) -> None:
        taken: list[QRectF] = []
        if AREA_NAMES[0] <= view.zoom < AREA_NAMES[1]:
            self._paint_area_names(painter, view, taken)
        ink, halo = QColor(self._theme.tokens.map_label), QColor(self._theme.tokens.map_land)
        halo.setAlphaF(0.8)
        for place in self._places_in(view)[:MOST_TRIED]:
            big = place.population >= BIG_TOWN
            size = 12 if big else 11
            weight = QFont.Weight.DemiBold if big else QFont.Weight.Medium
            spot = QPointF(*view.to_screen(place.x, place.y))
            box = self._name_box(place.name, size, weight, spot)
            if any(box.intersects(other) for other in taken):
                continue
            taken.append(box)
            painter.setFont(self._theme.font(size, weight))
            _haloed(painter, box, place.name, ink, halo)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            radius = self._theme.px(2.2 if big else 1.6)
            painter.drawEllipse(spot, radius, radius)
            if len(taken) >= MOST_NAMES:
                break

    def _paint_area_names(self, painter: QPainter, view: Viewport, taken: list[QRectF]) -> None:
        ink = QColor(self._theme.tokens.map_label)
        halo = QColor(self._theme.tokens.map_land)
        halo.setAlphaF(0.8)
        weight = QFont.Weight.DemiBold
        short = view.zoom < AREA_NAMES[0] + 1
        painter.setFont(self._theme.font(10, weight))
        for area in self._areas:
            name = (area.outline.short or area.outline.name) if short else area.outline.name
            name = name.upper()
            middle = QPointF(*view.to_screen(*area.outline.label))
            metrics = self._theme.metrics(10, weight)
            width, height = metrics.horizontalAdvance(name) + 2 * NAME_MARGIN, metrics.height()
            box = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
            if not any(box.intersects(other) for other in taken):
                taken.append(box)
                _haloed(painter, box, name, ink, halo)

    def _name_box(self, name: str, size: int, weight: QFont.Weight, spot: QPointF) -> QRectF:
        metrics = self._theme.metrics(size, weight)
        width, height = metrics.horizontalAdvance(name) + 2 * NAME_MARGIN, metrics.height()
        return QRectF(spot.x() - width / 2, spot.y() + self._theme.px(3), width, height)

    def _places_in(self, view: Viewport) -> list[Locality]:
        """Those in sight whose name has room at this zoom, the largest first."""
        level = view.zoom + 1  # names that would overlap are left out anyway
        shown = [place for place in self._in_sight(view.visible()) if place.label_zoom <= level]
        shown.sort(key=lambda place: -place.population)
        return shown

    def _in_sight(self, seen: WorldRect) -> list[Locality]:
        strip = self._places[bisect_left(self._xs, seen.left) : bisect_right(self._xs, seen.right)]
        return [place for place in strip if seen.top <= place.y <= seen.bottom]


def _haloed(painter: QPainter, box: QRectF, text: str, ink: QColor, halo: QColor) -> None:
    """Text with a faint rim of the ground's colour, so that lines behind it do not disturb.

    Drawn from its base line: aligning it in a rectangle would lay it out anew each time.
    """
    start = QPointF(box.left() + NAME_MARGIN, box.top() + painter.fontMetrics().ascent())
    painter.setPen(halo)
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(start + QPointF(dx, dy), text)
    painter.setPen(ink)
    painter.drawText(start, text)


def _area(outline: Outline) -> _Area:
    box = bounds(point for ring in outline.rings for point in ring)
    return _Area(outline, box or WorldRect(0, 0, 0, 0), _path(outline.rings), _path(outline.coarse))


def _path(rings: Iterable[tuple[tuple[float, float], ...]]) -> QPainterPath:
    path = QPainterPath()
    for ring in rings:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in ring]))
    return path
