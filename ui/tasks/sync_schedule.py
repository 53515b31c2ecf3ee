"""When to synchronise: at start, a second after a command, every minute, on a network change.

A wait that the central asked for is shortened by nobody but a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QNetworkInformation

AFTER_COMMAND_MS = 1_000
EVERY_MS = 60_000
LONGEST_S = 3600.0
"""However long a back-off is, it is asked again within the hour."""


class SyncSchedule(QObject):
    """Emits ``due`` at the right moments, one run at a time.

    ``finished`` must be told the end of each run. A command made during a run is sent right after
    it.
    """

    due = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._run)
        self._running = False
        self._again = False
        self._hold = QDeadlineTimer(0)
        self._stopped = False
        self._information: QNetworkInformation | None = None

    @property
    def running(self) -> bool:
        """A run is under way."""
        return self._running

    def start(self, hold_s: float = 0.0) -> None:
        """Run now, or when the ``hold_s`` of an earlier run are over, and watch the network."""
        self._watch_network()
        self._hold = _from_now(hold_s)
        self._ask(0)

    def stop(self) -> None:
        """No further runs."""
        self._stopped = True
        self._timer.stop()

    def now(self) -> None:
        """A person asks: at once, or right after the run under way."""
        self._hold = _from_now(0)
        self._ask(0)

    def command_made(self) -> None:
        """Work was queued: let a second pass, for it seldom comes alone."""
        self._ask(AFTER_COMMAND_MS)

    def finished(self, wait_s: float | None, hold_s: float = 0.0, *, stopped: bool = False) -> None:
        """The run that ``due`` began has ended.

        ``wait_s`` is how long to wait after a failure (``None``: all is well, the ordinary
        minute); for ``hold_s`` of it the central asked to be left alone. After one that a person
        ``stopped`` none follows at once for what was asked for meanwhile.
        """
        self._running = False
        again, self._again = self._again and not stopped, False
        if self._stopped:
            return
        self._hold = _from_now(hold_s)
        self._timer.start(EVERY_MS if wait_s is None else _milliseconds(wait_s))
        if again:
            self._ask(AFTER_COMMAND_MS)

    def _ask(self, delay_ms: int) -> None:
        """Run after ``delay_ms`` and when the central may be asked again, unless it is sooner."""
        if self._stopped:
            return
        delay_ms = max(delay_ms, self._hold.remainingTime())
        if self._running:
            self._again = True
        elif not self._timer.isActive() or self._timer.remainingTime() > delay_ms:
            self._timer.start(delay_ms)

    def _run(self) -> None:
        self._running = True
        self.due.emit()

    def _watch_network(self) -> None:
        if self._information is not None:
            return
        # Imported here: loading Qt's network library would delay the window's first paint.
        from PySide6.QtNetwork import QNetworkInformation

        # A hint only: on machines without a backend the minute's timer does the work alone.
        if QNetworkInformation.loadDefaultBackend():
            self._information = QNetworkInformation.instance()
            self._information.reachabilityChanged.connect(self._network_changed)

    def _network_changed(self, reachability: QNetworkInformation.Reachability) -> None:
        if reachability != reachability.Disconnected:
            self._ask(0)


def _milliseconds(seconds: float) -> int:
    return round(min(max(seconds, 0.0), LONGEST_S) * 1000)


def _from_now(seconds: float) -> QDeadlineTimer:
    return QDeadlineTimer(_milliseconds(seconds))
