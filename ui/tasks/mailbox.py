"""Carries calls from any thread to the thread of the windows, in order and without losing any."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from collections.abc import Callable


class Mailbox(QObject):
    """One long-lived receiver for everything that worker threads have to say.

    Create it on the thread that shall run the calls. A signal object per task loses deliveries
    when Python frees it before Qt has queued them; one object that outlives all tasks does not.
    The signal carries nothing: the calls wait in a queue of Python's own, so no reference count
    is ever touched by Qt on a foreign thread.
    """

    _posted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._posted.connect(self._run_one, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Have ``call`` run soon on this object's thread; safe from any thread."""
        self._calls.put(call)
        self._posted.emit()

    def _run_one(self) -> None:
        try:
            call = self._calls.get_nowait()
        except Empty:
            return
        call()
