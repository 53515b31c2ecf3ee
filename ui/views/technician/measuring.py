"""One run of the probes as the screens see it: begun, told of as it goes, kept, or stopped.

It belongs to the session and not to a page: a window that is built anew for another language finds
the run that is under way, and a run goes on, and is kept, while another visit is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fieldtech.services.measuring import Depth
from ui.tasks.ticket import Ticket

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fieldtech.services.first_values import Refused
    from fieldtech.services.measured import ProbeResult, Report
    from fieldtech.services.measuring import Order
    from ui.views.kit import Kit

NAME = "measure.run"
LONGEST = "voice"
"""The probe that a run waits for: its share is the run's own, as a person feels it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: probes done of all, and the share of the stream that takes longest."""

    done: int
    of: int
    share: float | None


def run_of(kit: Kit) -> MeasureRun:
    """Return the session's run, which every page of it shows."""
    known = kit.runner.findChild(MeasureRun, NAME)
    if not isinstance(known, MeasureRun):
        known = MeasureRun(kit)
    known.attach(kit)
    return known


class MeasureRun(QObject):
    """Runs on a network thread; everything it tells arrives on the thread of the windows.

    ``changed`` after each result, ``progressed`` after each step, ``kept`` when a run is on the
    disk, ``failed`` with a refusal (``None``: the window has told of it).
    """

    changed = Signal()
    progressed = Signal()
    kept = Signal()
    failed = Signal(object)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit.runner)
        self.setObjectName(NAME)
        self._kit = kit
        self._ticket: Ticket | None = None
        self._asked: tuple[str, ...] = ()
        self._shares: dict[str, float] = {}
        self._unkept: tuple[Order, Report] | None = None
        self.visit_id = ""
        """Whose run it is, or was."""
        self.is_part = False
        self.began_at: datetime | None = None
        self.was_stopped = False
        self.results: dict[str, ProbeResult] = {}
        """What was found last, by probe: the evidence of it, kept or not."""
        self.fresh: set[str] = set()
        """The probes whose result is not kept: nowhere but here."""
        self.report: Report | None = None

    def attach(self, kit: Kit) -> None:
        """Work with the tools of the window that is there now."""
        self._kit = kit

    @property
    def is_running(self) -> bool:
        """A run is under way."""
        return self._ticket is not None

    @property
    def can_keep_again(self) -> bool:
        """A run came to its end, and the disk did not take it."""
        return self._unkept is not None

    @property
    def progress(self) -> Progress | None:
        """How far the run is, ``None`` when there is none."""
        if self._ticket is None:
            return None
        done = [name for name in self._asked if name in self.fresh]
        waits = LONGEST in self._asked and LONGEST not in self.fresh
        return Progress(
            done=len(done), of=len(self._asked), share=self._shares.get(LONGEST) if waits else None
        )

    def is_busy(self, probe: str) -> bool:
        """That probe is at work."""
        return self.is_running and probe in self._asked and probe not in self.fresh

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
        if visit_id != self.visit_id or not probes:
            self.results = {}
        self.visit_id, self.is_part = visit_id, bool(probes)
        self.began_at = self._kit.clock.now()
        self._asked = tuple(probes)
        self._shares, self.fresh = {}, set()
        self.report, self._unkept, self.was_stopped = None, None, False
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
            self.was_stopped = True
            self._over()

    def keep_again(self) -> None:
        """Try once more to keep a run that the disk did not take."""
        if self._unkept is not None:
            self._keep(*self._unkept)

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
            self.fresh.add(result.probe)
            self.changed.emit()

    def _stepped(self, ticket: Ticket, probe: str, share: float) -> None:
        if ticket is self._ticket:
            self._shares[probe] = share
            self.progressed.emit()

    def _end(self, order: Order, report: Report) -> None:
        self.results |= {each.probe: each for each in report.results}
        self.fresh |= {each.probe for each in report.results}
        self.report = report
        self._over()
        self._keep(order, report)

    def _keep(self, order: Order, report: Report) -> None:
        self._unkept = (order, report)
        self._kit.keep(
            lambda desk: desk.measuring.keep(order, report),
            owner=self,
            done=self._was_kept,
            refused=self._refused,
            failed=lambda: self.failed.emit(None),
        )

    def _was_kept(self) -> None:
        self._unkept = None
        self.fresh = set()
        self.kept.emit()
        self.changed.emit()

    def _refused(self, answer: Refused) -> None:
        self._unkept = None
        self.failed.emit(answer)

    def _broke(self, ticket: Ticket, error: BaseException) -> None:
        if ticket is not self._ticket:
            return
        self._over()
        self._kit.give_up(error, lambda: self.failed.emit(None))

    def _over(self) -> None:
        self._ticket = None
        self.changed.emit()
