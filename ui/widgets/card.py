"""A panel: surface, one-pixel border, round corners, and a soft shadow when it floats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme.painting import SHADOW_DROP, SHADOW_REACH, paint_panel, paint_shadow
from ui.theme.themed import ThemedWidget

if TYPE_CHECKING:
    from ui.theme.theme import Theme


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
