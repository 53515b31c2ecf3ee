"""Pins and cluster bubbles, drawn once for each kind and pixel ratio and stamped many times."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from ui.theme.colour import translucent
from ui.theme.tokens import Tone

if TYPE_CHECKING:
    from ui.theme.theme import Theme

HEAD = 20
"""Diameter of a pin's head in pixels at 100 %."""
SELECTED_HEAD = 28
TAIL = 0.42
"""How far the tip reaches below the head, in heads."""
HALO = 4
BADGE = 15

Strokes = tuple[tuple[tuple[float, float], ...], ...]

_GLYPHS: dict[Tone, Strokes] = {
    Tone.DANGER: (((0.5, 0.24), (0.5, 0.56)), ((0.5, 0.76), (0.5, 0.765))),
    Tone.WARN: (((0.5, 0.5), (0.5, 0.27)), ((0.5, 0.5), (0.66, 0.6))),
    Tone.OK: (),
    Tone.INFO: (((0.37, 0.32), (0.37, 0.68)), ((0.63, 0.32), (0.63, 0.68))),
    Tone.NEUTRAL: (((0.3, 0.5), (0.7, 0.5)),),
}


class Sprite(NamedTuple):
    """A picture and where in it (device-independent pixels) its place on the ground is."""

    pixmap: QPixmap
    anchor: QPointF


class Sprites:
    """Keeps what was drawn until the theme changes (``forget``)."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._kept: dict[tuple[object, ...], Sprite] = {}

    def forget(self) -> None:
        """Colours or sizes changed."""
        self._kept.clear()

    def pin(self, tone: Tone, ratio: float, *, selected: bool = False) -> Sprite:
        """A drop-shaped pin. Each urgency has its own sign in the head, colour only helps."""
        key = ("pin", tone, ratio, selected)
        if key not in self._kept:
            head = self._theme.px(SELECTED_HEAD if selected else HEAD)
            self._kept[key] = _draw_pin(self._theme, tone, ratio, head, selected=selected)
        return self._kept[key]

    def bubble(self, tone: Tone, diameter: int, ratio: float) -> Sprite:
        """The disc of a cluster with its halo."""
        key = ("bubble", tone, diameter, ratio)
        if key not in self._kept:
            self._kept[key] = _draw_bubble(self._theme, tone, diameter, ratio)
        return self._kept[key]

    def badge(self, tone: Tone, ratio: float) -> Sprite:
        """The small sign at a cluster's shoulder that says how bad the worst in it is."""
        key = ("badge", tone, ratio)
        if key not in self._kept:
            self._kept[key] = _draw_badge(self._theme, tone, ratio)
        return self._kept[key]


def pin_colour(theme: Theme, tone: Tone) -> str:
    """The strong colour of an urgency on the map."""
    tokens = theme.tokens
    return {
        Tone.DANGER: tokens.pin_red,
        Tone.WARN: tokens.pin_amber,
        Tone.OK: tokens.pin_green,
        Tone.INFO: tokens.pin_blue,
        Tone.NEUTRAL: tokens.pin_grey,
    }[tone]


def _canvas(width: float, height: float, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _draw_pin(theme: Theme, tone: Tone, ratio: float, head: int, *, selected: bool) -> Sprite:
    margin = theme.px(4)
    width, height = head + 2 * margin, head * (1 + TAIL) + 2 * margin
    pixmap = _canvas(width, height, ratio)
    tip = QPointF(width / 2, margin + head * (1 + TAIL))
    circle = QRectF(margin, margin, head, head)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_ground_shadow(painter, tip, head)
    ring = theme.tokens.on_pin if not theme.dark else theme.tokens.map_land
    painter.setPen(QPen(QColor(ring), theme.px(2 if selected else 1.5)))
    painter.setBrush(QColor(pin_colour(theme, tone)))
    painter.drawPath(_drop(circle, tip))
    _draw_glyph(painter, circle, tone, theme.tokens.on_pin)
    painter.end()
    return Sprite(pixmap, tip)


def _draw_ground_shadow(painter: QPainter, tip: QPointF, head: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for step in range(4, 0, -1):
        painter.setBrush(translucent("#000000", 0.10))
        painter.drawEllipse(tip, head * 0.07 * step, head * 0.035 * step)


def _drop(circle: QRectF, tip: QPointF) -> QPainterPath:
    """A circle drawn out to a tip, with straight flanks that leave it as tangents."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.moveTo(tip)
    path.arcTo(circle, 213, -246)
    path.closeSubpath()
    return path


def _draw_glyph(painter: QPainter, circle: QRectF, tone: Tone, ink: str) -> None:
    strokes = _GLYPHS[tone]
    if not strokes:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink))
        painter.drawEllipse(circle.center(), circle.width() * 0.19, circle.width() * 0.19)
        return
    pen = QPen(QColor(ink), max(1.6, circle.width() * 0.12))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if tone is Tone.WARN:
        inset = circle.width() * 0.22
        painter.drawEllipse(circle.adjusted(inset, inset, -inset, -inset))
    for line in strokes:
        painter.drawPolyline(
            QPolygonF(
                [
                    QPointF(circle.left() + x * circle.width(), circle.top() + y * circle.height())
                    for x, y in line
                ]
            )
        )


def _draw_bubble(theme: Theme, tone: Tone, diameter: int, ratio: float) -> Sprite:
    halo = theme.px(HALO)
    size = diameter + 2 * halo + 2
    pixmap = _canvas(size, size, ratio)
    middle = QPointF(size / 2, size / 2)
    colour = pin_colour(theme, tone)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(translucent(colour, 0.28))
    painter.drawEllipse(middle, diameter / 2 + halo, diameter / 2 + halo)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(middle, diameter / 2, diameter / 2)
    painter.end()
    return Sprite(pixmap, middle)


def _draw_badge(theme: Theme, tone: Tone, ratio: float) -> Sprite:
    size = theme.px(BADGE)
    pixmap = _canvas(size + 2, size + 2, ratio)
    circle = QRectF(1, 1, size, size)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(pin_colour(theme, tone)), 1.5))
    painter.setBrush(QColor(theme.tokens.surface))
    painter.drawEllipse(circle.adjusted(0.75, 0.75, -0.75, -0.75))
    _draw_glyph(painter, circle, tone, pin_colour(theme, tone))
    painter.end()
    return Sprite(pixmap, circle.center())
