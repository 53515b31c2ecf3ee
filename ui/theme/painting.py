"""Panels and their soft shadow, for everything that paints itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.theme.colour import translucent

if TYPE_CHECKING:
    from ui.theme.theme import Theme

SHADOW_REACH = 12
SHADOW_DROP = 3
SHADOW_RINGS = 10
SHADOW_ALPHA = 0.010
SHADOW_ALPHA_DARK = 0.045


def paint_shadow(painter: QPainter, rect: QRectF, radius: float, theme: Theme) -> None:
    """A soft shadow below ``rect``: a stack of faint rings, far cheaper than a blur effect."""
    reach, drop = theme.px(SHADOW_REACH), theme.px(SHADOW_DROP)
    alpha = SHADOW_ALPHA_DARK if theme.dark else SHADOW_ALPHA
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(translucent(theme.tokens.shadow, alpha))
    for ring in range(1, SHADOW_RINGS + 1):
        # Wider steps outwards: dense at the edge, fading towards the reach.
        spread = reach * (ring / SHADOW_RINGS) ** 1.6
        grown = rect.adjusted(-spread, -spread + drop, spread, spread + drop)
        painter.drawRoundedRect(grown, radius + spread, radius + spread)
    painter.restore()


def paint_panel(painter: QPainter, rect: QRectF, radius: float, *, fill: str, border: str) -> None:
    """A filled rounded rectangle whose one-pixel border lies on whole pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(border), 1))
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()
