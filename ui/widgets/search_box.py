"""The search field: an icon, the key that reaches it, and a cross that empties it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from ui.theme.themed import follow
from ui.widgets.button import Button

if TYPE_CHECKING:
    from ui.theme.theme import Theme

WIDTH = 300
ICON = 16
SHORTCUT = "Ctrl+K"


class SearchBox(QLineEdit):
    """Emits ``textEdited`` at every keystroke, at once; the reader coalesces.

    Ctrl+K reaches it from anywhere in its window; Escape empties it, and when empty gives the
    focus back (``left``). Down arrow emits ``moved_down`` for the list below to take the focus.
    """

    left = Signal()
    moved_down = Signal()

    def __init__(self, theme: Theme, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("kind", "search")
        self._clear = Button(theme, kind="icon", icon="x", small=True, parent=self)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.clicked.connect(self._empty)
        self._clear.hide()
        self._shortcut = QShortcut(QKeySequence(SHORTCUT), self)
        self._shortcut.activated.connect(self._take_focus)
        self.textChanged.connect(self._show_what_fits)
        self.set_placeholder(placeholder)
        self._retranslate()
        follow(theme, self._restyle)

    def set_placeholder(self, text: str) -> None:
        """What can be searched, shown while the field is empty; also its accessible name."""
        self.setPlaceholderText(text)
        self.setAccessibleName(text)

    def _take_focus(self) -> None:
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def _empty(self) -> None:
        """Clear as a person would: the reader is told as after a keystroke."""
        if self.text():
            self.clear()
            self.textEdited.emit("")

    def _show_what_fits(self, text: str) -> None:
        self._clear.setVisible(bool(text))

    def _retranslate(self) -> None:
        self._clear.set_hint(self.tr("Clear the search"))

    def _restyle(self) -> None:
        px = self._theme.px
        self.setTextMargins(px(ICON + 8), 0, px(24), 0)
        self.setMinimumWidth(px(180))
        self._place_clear()

    def _place_clear(self) -> None:
        size = self._clear.sizeHint()
        self._clear.setGeometry(
            self.width() - size.width() - self._theme.px(3),
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(WIDTH), super().sizeHint().height())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self._empty()
            else:
                self.clearFocus()
                self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.moved_down.emit()
        else:
            super().keyPressEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_clear()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme, tokens = self._theme, self._theme.tokens
        painter = QPainter(self)
        top = (self.height() - theme.px(ICON)) / 2
        painter.drawPixmap(QPointF(theme.px(11), top), theme.pixmap("search", tokens.muted, ICON))
        if not self.text():
            painter.setFont(theme.font(11, QFont.Weight.Medium))
            painter.setPen(QColor(tokens.muted))
            area = QRectF(self.rect()).adjusted(0, 0, -theme.px(12), 0)
            room = area.width() - theme.px(ICON + 40)
            used = self.fontMetrics().horizontalAdvance(self.placeholderText())
            if used + painter.fontMetrics().horizontalAdvance(SHORTCUT) < room:
                align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(area, int(align), SHORTCUT)
        painter.end()
