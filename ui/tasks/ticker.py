"""One beat a second for every countdown on the screen, and none while nobody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from typing_extensions import override

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

_SECOND_MS = 1000
_VISIBILITY_EVENTS = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange})


class TellsTime(Protocol):
    """The part of ``fieldtech.clock.Clock`` that a beat needs."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SecondTicker(QObject):
    """``tick`` carries the moment, cut to the second, just after each full second.

    The wait is measured anew every time, so the beat neither drifts nor skips. While a watched
    window is hidden or minimised the timer stands still; it beats at once when shown again.
    """

    tick = Signal(object)

    def __init__(self, clock: TellsTime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._window: QWidget | None = None
        self._wanted = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        # A coarse timer may come up to 50 ms early, which would show a second twice.
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    @property
    def running(self) -> bool:
        """The next beat is on its way."""
        return self._timer.isActive()

    def watch(self, window: QWidget) -> None:
        """Beat only while this window can be seen."""
        if self._window is not None:
            self._window.removeEventFilter(self)
        self._window = window
        window.installEventFilter(self)
        self._follow_window()

    def start(self) -> None:
        """Begin; with a watched window the first beat may wait until it is shown."""
        self._wanted = True
        self._follow_window()

    def stop(self) -> None:
        """Beat no more."""
        self._wanted = False
        self._timer.stop()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _VISIBILITY_EVENTS and watched is self._window:
            self._follow_window()
        return False

    def _follow_window(self) -> None:
        seen = self._window is None or (self._window.isVisible() and not self._window.isMinimized())
        if not (self._wanted and seen):
            self._timer.stop()
        elif not self._timer.isActive():
            self._beat()

    def _beat(self) -> None:
        moment = self._clock.now()
        self._timer.start(_SECOND_MS - moment.microsecond // 1000)
        self.tick.emit(moment.replace(microsecond=0))
