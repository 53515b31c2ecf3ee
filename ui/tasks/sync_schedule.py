"""When to synchronise: at start, a second after a command, every minute, on a network change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QNetworkInformation

AFTER_COMMAND_MS = 1_000
EVERY_MS = 60_000
LONGEST_S = 3600.0
"""However long a back-off is, it is asked again within the hour."""


class SyncSchedule(QObject):
    """Emits ``due`` at the right moments, one run at a time.

    ``finished(wait_s)`` must be told the end of each run; ``wait_s`` is the back-off in seconds
    after a failure (``None``: all is well, the ordinary minute). A command made during a run is
    sent right after it.
    """

    due = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._run)
        self._running = False
        self._again = False
        self._stopped = False
        self._information: QNetworkInformation | None = None

    def start(self) -> None:
        """Run now and watch the network from now on."""
        self._watch_network()
        self.now()

    def stop(self) -> None:
        """No further runs."""
        self._stopped = True
        self._timer.stop()

    def now(self) -> None:
        """A person or the network asks: at once, or right after the run under way."""
        self._ask(0)

    def command_made(self) -> None:
        """Work was queued: let a second pass, for it seldom comes alone."""
        self._ask(AFTER_COMMAND_MS)

    def finished(self, wait_s: float | None) -> None:
        """The run that ``due`` began has ended."""
        self._running = False
        again, self._again = self._again, False
        if self._stopped:
            return
        wait_ms = EVERY_MS if wait_s is None else round(min(max(wait_s, 0.0), LONGEST_S) * 1000)
        self._timer.start(AFTER_COMMAND_MS if again else wait_ms)

    def _ask(self, delay_ms: int) -> None:
        if self._stopped:
            return
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
            self.now()
