"""What a screen says when there is nothing to show, and the one thing to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme.themed import ThemedWidget
from ui.widgets.button import Button
from ui.widgets.label import Label

if TYPE_CHECKING:
    from ui.theme.theme import Theme

DISC = 64
ICON = 28


class EmptyState(ThemedWidget):
    """``acted`` comes from its button, which is there only when it has a text."""

    acted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._picture = _Disc(theme)
        self._title = Label(theme, size=15, weight=QFont.Weight.DemiBold, wrap=True)
        self._text = Label(theme, size=13, colour="muted", wrap=True)
        self._action = Button(theme)
        self._action.clicked.connect(self.acted)
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        column.addStretch(1)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addWidget(self._action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def show_message(self, icon: str, title: str, text: str = "", action: str = "") -> None:
        """Say what is so, why, and offer one action."""
        self._picture.set_icon(icon)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(f"{title}. {text}" if text else title)


class _Disc(ThemedWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._icon = ""

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(DISC), self._theme.px(DISC))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, tokens = self._theme, self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.neutral_tint))
        painter.drawEllipse(self.rect())
        if self._icon:
            corner = (self.width() - theme.px(ICON)) / 2
            pixmap = theme.pixmap(self._icon, tokens.muted, ICON)
            painter.drawPixmap(QPointF(corner, corner), pixmap)
        painter.end()
