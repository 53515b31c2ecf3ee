"""One Tab stop for a row of buttons; the arrow keys move inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QAbstractButton

_FORWARD = frozenset({Qt.Key.Key_Right, Qt.Key.Key_Down})
_BACK = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Up})


class RovingFocus(QObject):
    """Install on a group of buttons: arrows, Home and End move the focus, and choose if wanted.

    Only one button of the group can be reached with Tab, the chosen one if there is one, so a
    bar of ten chips costs one key press and not ten.
    """

    def __init__(self, parent: QObject, *, choose_on_move: bool) -> None:
        super().__init__(parent)
        self._choose = choose_on_move
        self._buttons: list[QAbstractButton] = []

    def take(self, buttons: Sequence[QAbstractButton]) -> None:
        """Look after these buttons instead of the ones before."""
        for button in self._buttons:
            button.removeEventFilter(self)
        self._buttons = list(buttons)
        for button in self._buttons:
            button.installEventFilter(self)
        self.settle()

    def settle(self) -> None:
        """Choose the one Tab stop anew; call it when the checked button changed."""
        stop = next((b for b in self._buttons if b.isChecked()), None) or next(
            (b for b in self._buttons if b.isEnabled()), None
        )
        for button in self._buttons:
            reachable = button is stop
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if reachable else Qt.FocusPolicy.NoFocus)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        here = next((i for i, button in enumerate(self._buttons) if button is watched), None)
        target = None if here is None else self._target(here, Qt.Key(event.key()))
        if target is None:
            return False
        target.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        target.setFocus(Qt.FocusReason.TabFocusReason)
        if self._choose and not target.isChecked():
            target.click()
        return True

    def _target(self, here: int, key: Qt.Key) -> QAbstractButton | None:
        count = len(self._buttons)
        if key in _FORWARD:
            order = [(here + step) % count for step in range(1, count)]
        elif key in _BACK:
            order = [(here - step) % count for step in range(1, count)]
        elif key == Qt.Key.Key_Home:
            order = list(range(count))
        elif key == Qt.Key.Key_End:
            order = list(range(count - 1, -1, -1))
        else:
            return None
        usable = (self._buttons[i] for i in order)
        return next((b for b in usable if b.isEnabled() and not b.isHidden()), None)
