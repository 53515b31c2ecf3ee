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
        # Not by an alignment: then the height would be asked for at the width of the window.
        line = labels.line()
        line.addStretch(1)
        line.addWidget(card)
        line.addStretch(1)
        layout.addStretch(1)
        layout.addLayout(line)
        layout.addStretch(1)
        self.setWidget(around)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
