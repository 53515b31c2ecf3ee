"""Unreachable objects are freed on the windows' thread, never on a worker's."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer

_BEAT_MS = 1000


class GarbageKeeper(QObject):
    """Takes the cycle collector away from the interpreter and runs it between two events.

    Python collects on whichever thread happens to allocate. A worker that reads a large document
    would so free what a closed page left behind and cut its signals: Qt holds the sender's lock
    meanwhile and asks PySide, which waits for the interpreter. The windows' thread holds that and
    waits for the lock, because it makes a widget. The window then hangs for good: seen in two of
    eight runs of ``tests/ui``, with both stacks.

    Create it on the windows' thread, before the first worker. It never gives the collector back:
    threads of other libraries may still be ending when an application is closed.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        # The beat may fall together with others: a laptop on battery wakes up once for all.
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(collect_due)
        self._timer.start(_BEAT_MS)

    def stop(self) -> None:
        """Beat no more; what is left dies with the process."""
        self._timer.stop()

    def settle_in(self, milliseconds: int) -> None:
        """Then take what exists for what stays: modules, classes, the first page.

        A full collection looks at all that may go, and the window stands still meanwhile.
        """
        QTimer.singleShot(milliseconds, self, gc.freeze)


def collect_due() -> None:
    """Collect what the interpreter itself would have collected by now, with its own limits."""
    due = [made > limit for made, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    if due[0]:
        # A full round only after ten of the middle ones, and those after ten of the young ones.
        gc.collect(0 if not due[1] else 1 if not due[2] else 2)
