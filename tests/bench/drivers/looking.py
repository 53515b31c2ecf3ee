"""Looks at a running window from inside its process: waits, frames, the rest of the processor."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_OVER = QEvent.Type(QEvent.registerEventType())
_LOOK_EVERY_MS = 20
_QUIET_SPELL_MS = 1000
_QUIET_SPELLS = 3
_QUIET_SHARE = 0.05
PATIENCE_S = 60.0
STALL_GRAIN_MS = 1


class NothingCameError(RuntimeError):
    """What was waited for did not come in time."""


def pause(milliseconds: int) -> None:
    """Let the application live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(condition: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Let the application live until ``condition`` holds."""
    deadline = time.perf_counter() + patience_s
    while not condition():
        if time.perf_counter() > deadline:
            raise NothingCameError(what)
        pause(_LOOK_EVERY_MS)


def until_quiet() -> None:
    """Let the application live until it has nothing left to do."""
    quiet, deadline = 0, time.perf_counter() + PATIENCE_S
    while quiet < _QUIET_SPELLS:
        if time.perf_counter() > deadline:
            raise NothingCameError("a quiet moment")
        share = busy_share(_QUIET_SPELL_MS)
        quiet = quiet + 1 if share < _QUIET_SHARE else 0


def busy_share(milliseconds: int) -> float:
    """Return which share of one core this process uses for so long."""
    begun, used = time.perf_counter(), time.process_time()
    pause(milliseconds)
    return (time.process_time() - used) / (time.perf_counter() - begun)


class Frames(QObject):
    """Times what happens in a window: how long until it shows, how long the work takes.

    An event filter sees an event before its receiver does. What is posted then, urgently, comes
    back when the receiver is done with it.
    """

    def __init__(self, surface: QWidget) -> None:
        super().__init__()
        self._surface = surface
        self._window = surface.window()
        self._ready: Callable[[], bool] = _always
        self._painted = False
        self._update_begun = 0.0
        self._update_over = 0.0
        self._loop: QEventLoop | None = None
        self._surface.installEventFilter(self)
        self._window.installEventFilter(self)

    def until_shown(self, action: Callable[[], None], ready: Callable[[], bool]) -> float:
        """Do something; return seconds until ``surface`` was painted with ``ready()`` true."""
        begun = time.perf_counter()
        self._await(action, ready)
        return self._update_over - begun

    def work_of(self, action: Callable[[], None]) -> float:
        """Do something that repaints; return the seconds of work: handling it and the frame."""
        begun = time.perf_counter()
        handled = 0.0

        def timed() -> None:
            nonlocal handled
            action()
            handled = time.perf_counter() - begun

        self._await(timed, _always)
        return handled + self._update_over - self._update_begun

    def _await(self, action: Callable[[], None], ready: Callable[[], bool]) -> None:
        self._ready, self._painted = ready, False
        self._loop = loop = QEventLoop()
        timer = QTimer(singleShot=True)
        timer.timeout.connect(lambda: loop.exit(1))
        timer.start(round(PATIENCE_S * 1000))
        action()
        failed = loop.exec()
        self._loop = None
        if failed:
            raise NothingCameError("a frame")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._loop is None:
            return False
        if watched is self._window and event.type() == QEvent.Type.UpdateRequest:
            self._update_begun = time.perf_counter()
        elif watched is self._surface and event.type() == QEvent.Type.Paint and self._ready():
            self._painted = True
            urgent = Qt.EventPriority.HighEventPriority.value
            QCoreApplication.postEvent(self, QEvent(_OVER), urgent)
        return False

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() != _OVER:
            return super().event(event)
        if self._painted and self._loop is not None:
            self._painted = False
            self._update_over = time.perf_counter()
            self._loop.quit()
        return True


class Stalls(QObject):
    """Watches for the longest time, in seconds, that the event loop did not come round."""

    def __init__(self, grain_ms: int = STALL_GRAIN_MS) -> None:
        super().__init__()
        self._grain_s = grain_ms / 1000
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(grain_ms)

    def stop(self) -> None:
        """Watch no longer; what is over due counts."""
        self._beat()
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last - self._grain_s)
        self._last = now


def _always() -> bool:
    return True
