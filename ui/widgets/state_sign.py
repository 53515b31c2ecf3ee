"""The small sign beside a countdown: each state has a shape of its own, colour only helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from fieldtech.domain.words import ClockState
from ui.theme.colour import mixed

if TYPE_CHECKING:
    from ui.theme.tokens import Pair

_FULL_TURN = 360 * 16
_TWELVE_O_CLOCK = 90 * 16
_TRACK_SHARE = 0.72
_DASHES = (1.4, 1.9)


def paint_state_sign(
    painter: QPainter, rect: QRectF, pair: Pair, state: str, used_share: float
) -> None:
    """Draw the sign of a clock's ``state`` into the square ``rect``, on the tint of ``pair``.

    Running: a ring with the used share. At risk: the same around a dot. Breached: a filled disc
    with ``!``. Missed: a ring with a cross. Met: a ring with a tick. Paused: a ring with two
    bars. Excluded and none: a dashed ring with a dash.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = _round_pen(pair.text, max(1.5, rect.width() / 6.5))
    half = pen.widthF() / 2
    ring = rect.adjusted(half, half, -half, -half)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    match ClockState(state):
        case ClockState.RUNNING:
            _share_ring(painter, ring, pen, pair, used_share)
        case ClockState.AT_RISK:
            _share_ring(painter, ring, pen, pair, used_share)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(pair.text))
            painter.drawEllipse(rect.center(), rect.width() * 0.14, rect.width() * 0.14)
        case ClockState.BREACHED:
            _alarm(painter, rect, pair)
        case ClockState.MISSED:
            _ringed_strokes(painter, ring, pen, _CROSS)
        case ClockState.MET:
            _ringed_strokes(painter, ring, pen, _TICK)
        case ClockState.PAUSED:
            _ringed_strokes(painter, ring, pen, _BARS)
        case _:
            pen.setDashPattern(_DASHES)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawEllipse(ring)
            _strokes(painter, ring, _round_pen(pair.text, pen.widthF()), _DASH)
    painter.restore()


Strokes = tuple[tuple[tuple[float, float], ...], ...]
"""Polylines in shares of the ring's width and height."""

_TICK: Strokes = (((0.27, 0.53), (0.44, 0.69), (0.73, 0.35)),)
_CROSS: Strokes = (((0.33, 0.33), (0.67, 0.67)), ((0.67, 0.33), (0.33, 0.67)))
_BARS: Strokes = (((0.38, 0.32), (0.38, 0.68)), ((0.62, 0.32), (0.62, 0.68)))
_DASH: Strokes = (((0.32, 0.5), (0.68, 0.5)),)
_BANG: Strokes = (((0.5, 0.25), (0.5, 0.54)), ((0.5, 0.76), (0.5, 0.761)))


def _round_pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _share_ring(painter: QPainter, ring: QRectF, pen: QPen, pair: Pair, used_share: float) -> None:
    painter.setPen(_round_pen(mixed(pair.text, pair.fill, _TRACK_SHARE), pen.widthF()))
    painter.drawEllipse(ring)
    painter.setPen(pen)
    painter.drawArc(ring, _TWELVE_O_CLOCK, -round(used_share * _FULL_TURN))


def _alarm(painter: QPainter, rect: QRectF, pair: Pair) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(pair.text))
    painter.drawEllipse(rect)
    _strokes(painter, rect, _round_pen(pair.fill, max(1.5, rect.width() / 6.5)), _BANG)


def _ringed_strokes(painter: QPainter, ring: QRectF, pen: QPen, strokes: Strokes) -> None:
    painter.drawEllipse(ring)
    _strokes(painter, ring, pen, strokes)


def _strokes(painter: QPainter, area: QRectF, pen: QPen, strokes: Strokes) -> None:
    thin = QPen(pen)
    thin.setWidthF(max(1.3, pen.widthF() * 0.85))
    painter.setPen(thin)
    for line in strokes:
        painter.drawPolyline(
            QPolygonF(
                [
                    QPointF(area.left() + x * area.width(), area.top() + y * area.height())
                    for x, y in line
                ]
            )
        )
