"""Tells when a window can be used: its content has been painted and it has handled a key press.

Imported by the product's driver after the product, and by the empty window's: it must not bring
in anything that only one of them would pay for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_PAINTED = QEvent.Type(QEvent.registerEventType())


class FirstUse(QObject):
    """Waits for ``surface`` to be painted, then posts a Down key to ``target``.

    ``is_real`` is asked after each paint whether what was painted is what is waited for. Whoever
    uses this says for himself when the key has been handled.
    """

    def __init__(self, surface: QWidget, target: QWidget, is_real: Callable[[], bool]) -> None:
        super().__init__()
        self._surface = surface
        self._target = target
        self._is_real = is_real
        surface.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """See a paint coming; what is posted now is delivered when it is over."""
        if event.type() == QEvent.Type.Paint:
            urgent = Qt.EventPriority.HighEventPriority.value
            QCoreApplication.postEvent(self, QEvent(_PAINTED), urgent)
        return False

    def event(self, event: QEvent) -> bool:
        """Press the key once the real thing has been painted."""
        if event.type() != _PAINTED:
            return super().event(event)
        if self._is_real():
            self._surface.removeEventFilter(self)
            no_modifier = Qt.KeyboardModifier.NoModifier
            key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Down, no_modifier)
            QCoreApplication.postEvent(self._target, key)
        return True
