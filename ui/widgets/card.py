"""A panel: surface, one-pixel border, round corners, and a soft shadow when it floats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme.colour import translucent
from ui.widgets.themed import ThemedWidget

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


class Card(ThemedWidget):
    """Put content into ``body``, a vertical layout.

    ``floating`` keeps room around the panel for its shadow, for cards that lie over a map.
    ``sunken`` uses the quieter surface, for a card on a card.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        floating: bool = False,
        sunken: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._floating, self._sunken = floating, sunken
        self.body = QVBoxLayout(self)
        self.restyle()

    @override
    def restyle(self) -> None:
        theme = self._theme
        room = self._room()
        across, down = theme.px(14) + room, theme.px(12) + room
        self.body.setContentsMargins(across, down, across, down)
        self.body.setSpacing(theme.tokens.space_s)
        super().restyle()

    def _room(self) -> int:
        return self._theme.px(SHADOW_REACH + SHADOW_DROP) if self._floating else 0

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        room = self._room()
        panel = QRectF(self.rect()).adjusted(room, room, -room, -room)
        painter = QPainter(self)
        if self._floating:
            paint_shadow(painter, panel, tokens.radius_l, self._theme)
        fill = tokens.surface_sunken if self._sunken else tokens.surface
        paint_panel(painter, panel, tokens.radius_l, fill=fill, border=tokens.border)
        painter.end()
