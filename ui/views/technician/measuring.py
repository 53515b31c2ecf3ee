"""One run of the probes as the screens see it: begun, told of as it goes, kept, or stopped.

It belongs to the session and not to a page: a window that is built anew for another language finds
the run that is under way, and a run goes on, and is kept, while another visit is looked at. With
the seat of whoever began it, it ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fieldtech.services.first_values import Refused
from fieldtech.services.measuring import Depth
from ui.tasks.ticket import Ticket

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from fieldtech.services.measured import ProbeResult, Report
    from fieldtech.services.measuring import Order
    from ui.tasks.runner import TaskRunner
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A run is not kept; without a refusal the window has told why.

    ``held_back``: a new one was wanted, and not begun in its place; that one is ``elsewhere``, of
    another visit.
    """

    refused: Refused | None = None
    held_back: bool = False
    elsewhere: bool = False


def run_of(kit: Kit) -> MeasureRun:
    """Return the session's run, which every page of it shows."""
    known = kit.runner.findChild(MeasureRun, NAME)
    if isinstance(known, MeasureRun):
        if known.is_of(kit):
            known.attach(kit)
            return known
        known.drop()
    return MeasureRun(kit)


def end_run(runner: TaskRunner) -> None:
    """Whoever began a run goes: it must neither open his store again nor be kept by another."""
    known = runner.findChild(MeasureRun, NAME)
    if isinstance(known, MeasureRun):
        known.end()


class MeasureRun(QObject):
    """Runs on a network thread; everything it tells arrives on the thread of the windows.

    ``changed`` after each result, ``progressed`` after each step, ``ended`` when a report stands,
    ``kept`` when that is on the disk, ``failed`` when it is not, see ``trouble_of``.
    """

    changed = Signal()
    progressed = Signal()
    ended = Signal()
    kept = Signal()
    failed = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit.runner)
        self.setObjectName(NAME)
        self._kit = kit
        self._ticket: Ticket | None = None
        self._asked: tuple[str, ...] = ()
        self._shares: dict[str, float] = {}
        self._unkept: tuple[Order, Report] | None = None
        self._is_keeping = self._is_kept = False
        self._next: partial[None] | None = None
        self._wanted = ""
        self._troubles: dict[str, Trouble] = {}
        self._has_ended = False
        self.visit_id = ""
        """Whose run it is, or was."""
        self.is_part = False
        self.began_at: datetime | None = None
        self.was_stopped = False
        self.interfaces: dict[str, str] = {}
        """What a person chose to measure, by visit: at the next customer it is another one."""
        self.results: dict[str, ProbeResult] = {}
        """What was found last, by probe: the evidence of it, kept or not."""
        self.fresh: set[str] = set()
        """The probes whose result the pages have from nowhere else: not kept, or not read back."""
        self.report: Report | None = None

    def is_of(self, kit: Kit) -> bool:
        """These are tools of the seat it was begun in: the way to the same store."""
        return self._kit.desk == kit.desk

    def attach(self, kit: Kit) -> None:
        """Work with the tools of the window that is there now."""
        self._kit = kit

    def end(self) -> None:
        """End with the seat; what the disk did not take has a last try before the store closes."""
        self.keep_again()
        self.drop()

    def drop(self) -> None:
        """Stop what is under way and begin nothing any more."""
        self.stop()
        self._next, self._has_ended = None, True
        self.setObjectName("")
        self._go_if_ended()

    def _go_if_ended(self) -> None:
        """What is still being kept is told of, should the disk not take it."""
        if self._has_ended and not self._is_keeping:
            self.deleteLater()

    @property
    def is_running(self) -> bool:
        """A run is under way."""
        return self._ticket is not None

    @property
    def can_keep_again(self) -> bool:
        """A run came to its end, and the disk did not take it."""
        return self._unkept is not None and not self._is_keeping

    @property
    def is_unsaved(self) -> bool:
        """What was found last is over, and not on the disk."""
        is_safe = self.is_running or self._is_keeping or self._is_kept
        return bool(self.fresh) and not is_safe

    @property
    def interface(self) -> str:
        """What is or was measured; until that is known, what was chosen."""
        found = (self.results[name].interface for name in self.fresh)
        return next((each for each in found if each), self._wanted)

    def trouble_of(self, visit_id: str) -> Trouble | None:
        """Why the last run of a visit is not kept, ``None`` when it is, or is under way."""
        return self._troubles.get(visit_id)

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
        """Begin a run for a visit, unless one is under way.

        One that is not kept yet is kept first: a new one takes its place.
        """
        if self._ticket is not None or self._has_ended:
            return
        begin = partial(self._begin, visit_id, depth, interface, tuple(probes))
        if self._unkept is None:
            begin()
        else:
            self._next = begin
            self.keep_again()

    def _begin(self, visit_id: str, depth: Depth, interface: str, probes: tuple[str, ...]) -> None:
        if visit_id != self.visit_id or not probes:
            self.results = {}
        elif self.is_unsaved:
            # Rows go back to what is kept, and so does the evidence.
            self.results = {k: v for k, v in self.results.items() if k not in self.fresh}
        ticket = self._ticket = Ticket()
        self.visit_id, self.is_part = visit_id, bool(probes)
        self.began_at = self._kit.clock.now()
        self._asked, self._wanted = probes, interface
        self._shares, self.fresh, self._is_kept = {}, set(), False
        self.report, self.was_stopped = None, False
        self._troubles.pop(visit_id, None)
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
        if self._unkept is not None and not self._is_keeping:
            self._keep(*self._unkept)

    def _go(self, ticket: Ticket, order: Order | None) -> None:
        if ticket is not self._ticket:
            return
        if order is None:
            self._over()
            self._troubled(self.visit_id, Trouble())
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
        self._is_keeping = True
        self._over()
        self.ended.emit()
        self._keep(order, report)

    def _keep(self, order: Order, report: Report) -> None:
        self._unkept, self._is_keeping = (order, report), True
        self._troubles.pop(order.visit_id, None)
        self._troubles = {k: v for k, v in self._troubles.items() if not v.elsewhere}
        self._kit.keep(
            lambda desk: desk.measuring.keep(order, report),
            owner=self,
            done=self._was_kept,
            refused=self._refused,
            failed=self._not_taken,
        )

    def _was_kept(self) -> None:
        self._unkept, self._is_keeping, self._is_kept = None, False, True
        self.kept.emit()
        self.changed.emit()
        self._go_on()
        self._go_if_ended()

    def settle(self, kept: Collection[datetime]) -> None:
        """A visit was read that has the runs of those moments: this one is known from there now."""
        if self._is_kept and self.report is not None and self.report.started_at in kept:
            self.fresh, self.report = set(), None

    def _refused(self, answer: Refused) -> None:
        """Nothing would keep it another time: what was found stays on the screen, marked."""
        self._unkept, self._is_keeping = None, False
        self._troubled(self.visit_id, Trouble(refused=answer))
        self._go_on()
        self._go_if_ended()

    def _not_taken(self) -> None:
        self._is_keeping = False
        held_back, self._next = self._next, None
        if held_back is not None and held_back.args[0] != self.visit_id:
            self._troubles[held_back.args[0]] = Trouble(held_back=True, elsewhere=True)
        self._troubled(self.visit_id, Trouble(held_back=held_back is not None))
        self._go_if_ended()

    def _go_on(self) -> None:
        """Begin what had to wait, unless it would wipe out a refusal that nobody has read yet."""
        begin, self._next = self._next, None
        if begin is not None and self.trouble_of(begin.args[0]) is None:
            begin()

    def _troubled(self, visit_id: str, trouble: Trouble) -> None:
        self._troubles[visit_id] = trouble
        self.changed.emit()
        self.failed.emit()

    def _broke(self, ticket: Ticket, error: BaseException) -> None:
        if ticket is not self._ticket:
            return
        self._over()
        self._kit.give_up(error, lambda: self._troubled(self.visit_id, Trouble()))

    def _over(self) -> None:
        self._ticket = None
        self.changed.emit()
