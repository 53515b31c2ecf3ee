"""One run of the probes as the checklist sees it: begun, told of as it goes, kept, or stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fieldtech.services.measuring import Depth
from ui.tasks.ticket import Ticket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.services.first_values import Refused
    from fieldtech.services.measured import ProbeResult, Report
    from fieldtech.services.measuring import Order
    from ui.views.kit import Kit


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: probes done of all, and the share of the one that takes longest."""

    done: int
    of: int
    share: float


class MeasureRun(QObject):
    """Runs on a network thread; everything it tells arrives on the thread of the windows.

    ``changed`` after each result and step, ``kept`` when the run is on the disk, ``failed`` with a
    refusal (``None``: the window has told of it).
    """

    changed = Signal()
    kept = Signal()
    failed = Signal(object)

    def __init__(self, kit: Kit, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._ticket: Ticket | None = None
        self._asked: tuple[str, ...] = ()
        self._shares: dict[str, float] = {}
        self.results: dict[str, ProbeResult] = {}
        """What has been found so far, by probe; the last run's once it is over."""
        self.report: Report | None = None

    @property
    def is_running(self) -> bool:
        """A run is under way."""
        return self._ticket is not None

    @property
    def progress(self) -> Progress | None:
        """How far the run is, ``None`` when there is none."""
        if self._ticket is None:
            return None
        done = [name for name in self._asked if name in self.results]
        waiting = [self._shares.get(n, 0.0) for n in self._asked if n not in self.results]
        return Progress(
            done=len(done),
            of=len(self._asked),
            share=min(waiting, default=1.0),
        )

    def is_busy(self, probe: str) -> bool:
        """That probe is at work."""
        return self.is_running and probe in self._asked and probe not in self.results

    def start(
        self,
        visit_id: str,
        *,
        depth: Depth = Depth.QUICK,
        interface: str = "",
        probes: Sequence[str] = (),
    ) -> None:
        """Begin a run for a visit, unless one is under way."""
        if self._ticket is not None:
            return
        ticket = self._ticket = Ticket()
        self._asked = tuple(probes)
        self._shares = {}
        for name in probes or tuple(self.results):
            self.results.pop(name, None)
        self.report = None
        self.changed.emit()
        self._kit.ask(
            lambda desk: desk.measuring.ask_for(
                visit_id, depth=depth, interface=interface, probes=probes
            ),
            lambda order: self._go(ticket, order),
            owner=self,
            failed=lambda error: self._broke(ticket, error),
        )

    def stop(self) -> None:
        """Have the run end; what it had found stays on the screen and is not kept."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._over()

    def forget(self) -> None:
        """Drop what was found: another visit is on the screen."""
        self.stop()
        self.results = {}
        self.report = None

    def _go(self, ticket: Ticket, order: Order | None) -> None:
        if ticket is not self._ticket:
            return
        if order is None:
            self._over()
            self.failed.emit(None)
            return
        self._asked = order.probes or order.all_probes
        runner, clock = self._kit.runner, self._kit.clock

        def hear(result: ProbeResult) -> None:
            runner.post(lambda: self._found(ticket, result), owner=self)

        def step(probe: str, share: float) -> None:
            runner.post(lambda: self._stepped(ticket, probe, share), owner=self)

        def work() -> Report:
            # Imported here: the probes and their libraries are no part of the first paint.
            from fieldtech.services import measuring

            return measuring.measure(
                order, clock, on_result=hear, on_progress=step, cancel=ticket.flag
            )

        runner.run_net(
            work,
            lambda report: self._end(order, report),
            lambda error: self._broke(ticket, error),
            owner=self,
            ticket=ticket,
        )
        self.changed.emit()

    def _found(self, ticket: Ticket, result: ProbeResult) -> None:
        if ticket is self._ticket:
            self.results[result.probe] = result
            self.changed.emit()

    def _stepped(self, ticket: Ticket, probe: str, share: float) -> None:
        if ticket is self._ticket:
            self._shares[probe] = share
            self.changed.emit()

    def _end(self, order: Order, report: Report) -> None:
        self.results |= {each.probe: each for each in report.results}
        self.report = report
        self._over()
        self._kit.keep(
            lambda desk: desk.measuring.keep(order, report),
            owner=self,
            done=self.kept.emit,
            refused=self._refused,
        )

    def _refused(self, answer: Refused) -> None:
        self.failed.emit(answer)

    def _broke(self, ticket: Ticket, error: BaseException) -> None:
        if ticket is not self._ticket:
            return
        self._over()
        self._kit.give_up(error, lambda: self.failed.emit(None))

    def _over(self) -> None:
        self._ticket = None
        self.changed.emit()
