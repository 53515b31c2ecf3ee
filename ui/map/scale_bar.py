"""A bar that tells how far a kilometre is on the map."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from fieldtech.services.geography import metres_per_px, unproject
from ui.theme.colour import translucent

if TYPE_CHECKING:
    from ui.map.viewport import Viewport
    from ui.theme.theme import Theme

LONGEST_PX = 90
KILOMETRE = 1000
PLATE_ALPHA = 0.78


def round_length(longest: float) -> float:
    """The largest of 1, 2 or 5 times a power of ten that is no longer than ``longest``."""
    power = 10.0 ** floor(log10(longest))
    if power > longest:  # the logarithm of a length just below it is rounded up
        power /= 10
    return next(step * power for step in (5, 2, 1) if step * power <= longest)


def length_text(metres: float, locale: QLocale) -> str:
    """``500 m`` or ``20 km``."""
    if metres < KILOMETRE:
        return f"{locale.toString(round(metres))} m"
    return f"{locale.toString(round(metres / KILOMETRE))} km"


def paint_plate(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """Clear the ground a little, so that what is written in the margin can be read."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(translucent(theme.tokens.map_land, PLATE_ALPHA))
    painter.drawRoundedRect(box, theme.px(4), theme.px(4))


def paint_scale_bar(
    painter: QPainter, corner: QPointF, theme: Theme, view: Viewport, locale: QLocale
) -> None:
    """Draw the bar with its left end at ``corner``, its text above it."""
    latitude, _ = unproject(view.x, view.y)
    per_px = metres_per_px(latitude, view.scale)
    metres = round_length(theme.px(LONGEST_PX) * per_px)
    width, tick = metres / per_px, theme.px(4)
    plate = QRectF(corner.x(), corner.y(), width, 0).adjusted(-theme.px(5), -theme.px(20), 0, 0)
    paint_plate(painter, plate.adjusted(0, 0, theme.px(5), theme.px(5)), theme)
    painter.setPen(QPen(QColor(theme.tokens.map_label), theme.px(1.5)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    right = corner + QPointF(width, 0)
    up = QPointF(0, -tick)
    painter.drawPolyline([corner + up, corner, right, right + up])
    painter.setFont(theme.font(11, QFont.Weight.Medium, tabular=True))
    box = QRectF(corner.x(), corner.y() - theme.px(18), max(width, theme.px(60)), theme.px(14))
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(box.translated(theme.px(6), 0), int(align), length_text(metres, locale))
