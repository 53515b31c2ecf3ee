"""A short message at the foot of the window that goes away by itself: saved, copied, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from ui.theme.painting import SHADOW_DROP, SHADOW_REACH, paint_panel, paint_shadow
from ui.theme.themed import ThemedWidget
from ui.widgets.button import Button
from ui.widgets.label import Label

if TYPE_CHECKING:
    from ui.theme.theme import Theme

SHOWN_MS = 5000
LIFT = 18


class Toast(ThemedWidget):
    """Lies over its parent, which must be given. ``acted`` comes from its one action."""

    acted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._key, self._around = "", parent
        self._text = Label(theme, weight=QFont.Weight.Medium)
        self._action = Button(theme, kind="ghost", small=True)
        self._action.clicked.connect(self._act)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._text)
        self._row.addWidget(self._action)
        parent.installEventFilter(self)
        self.restyle()
        self.hide()

    def say(self, text: str, *, action: str = "", key: str = "") -> None:
        """Show a message for some seconds; with ``action`` a button that emits ``acted(key)``."""
        self._key = key
        self._text.setText(text)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._place()
        self.show()
        self.raise_()
        self._timer.start(SHOWN_MS)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _act(self) -> None:
        self._timer.stop()
        self.hide()
        self.acted.emit(self._key)

    def _place(self) -> None:
        around = self._around
        self.adjustSize()
        lift = self._theme.px(LIFT)
        self.move((around.width() - self.width()) // 2, around.height() - self.height() - lift)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    @override
    def restyle(self) -> None:
        room = self._theme.px(SHADOW_REACH + SHADOW_DROP)
        across, down = self._theme.px(16) + room, self._theme.px(9) + room
        self._row.setContentsMargins(across, down, across, down)
        self._row.setSpacing(self._theme.px(8))
        super().restyle()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        room = self._theme.px(SHADOW_REACH + SHADOW_DROP)
        panel = QRectF(self.rect()).adjusted(room, room, -room, -room)
        painter = QPainter(self)
        paint_shadow(painter, panel, tokens.radius_m, self._theme)
        paint_panel(
            painter, panel, tokens.radius_m, fill=tokens.surface, border=tokens.field_border
        )
        painter.end()
