"""One card in the middle of the window: what stands in the work's place looks like this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.views import labels
from ui.widgets.card import Card

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout

    from ui.theme.theme import Theme


class CardPage(QScrollArea):
    """Put content into ``body``; at double size on a small screen the card is scrolled."""

    def __init__(
        self, theme: Theme, *, width: int, spacing: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        card = Card(theme)
        card.setFixedWidth(theme.px(width))
        card.body.setSpacing(theme.px(spacing))
        self.body: QVBoxLayout = card.body
        around = QWidget()
        layout = labels.column(around, margin=theme.px(12))
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        self.setWidget(around)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
