"""Whatever goes wrong in whatever order: afterwards nothing is lost, doubled, reordered or hidden.

The real store and the real synchronisation of a technician against the real central in this
process, over a link that loses requests and replies and cuts pages to a few rows. The numbers are
those of the invariants in the design notes.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import tally
from field_office import FieldLaptop, InProcess, Office, new_clock, new_office, new_profile
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldtech.central.database import Database as CentralDatabase
from fieldtech.central.database import new_epoch
from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.commands import (
    AddNote,
    FieldTime,
)
from fieldtech.domain.words import CheckStatus
from fieldtech.store import devices
from fieldtech.store.packing import unpack
from fieldtech.store.work import NewCommand, Queued
from fieldtech.sync.client import CentralClient
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.runner import SyncRunner
from fieldtech.sync.tokens import TokenBox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from central_desk import Laptop

    from fieldtech.sync.transport import Patience, Reply

INCIDENTS = ("run", "onsite")
STEPS = ("visit.accept", "visit.start_travel", "visit.arrive", "visit.leave", "visit.resume")
MOST_LIVES = 2
ROWS = 3
"""A page's most rows: an incident and its visits seldom come in one."""

UNREACHED, REPLY_LOST = "unreached", "reply lost"
_WORK = ("note", "note", "answer", "step", "step", "step", "told", "called_off")
_LINKS = (
    (UNREACHED,),
    (REPLY_LOST,),
    ("", REPLY_LOST),
    ("", "", REPLY_LOST),
    ("", "", "", UNREACHED),
    ("", "", "", "", REPLY_LOST),
)
EVENTS = st.sampled_from(
    [
        *((name, incident) for name in _WORK for incident in INCIDENTS),
        *(("synchronise", faults) for faults in _LINKS),
        *(("decided_by", decision) for decision in ("reissue", "note", "dismiss")),
        *((name, "") for name in ("rests", "forks", "goes_back")),
    ]
)


class BadLink(InProcess):
    """Pages of a few rows, and the faults that were planned, one a request."""

    def __init__(self, machine: Days) -> None:
        super().__init__(machine.office.client, machine.clock)
        self._faults = machine.faults

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        patience: Patience,
    ) -> Reply:
        """Do one request, unless it is to go wrong."""
        fault = self._faults.pop(0) if self._faults else ""
        if fault == UNREACHED:
            raise SyncFailure(Failure(kind=Kind.UNREACHABLE))
        if path.endswith("pull") and body is not None:
            body = msgspec.json.encode(msgspec.json.decode(body) | {"limit": ROWS})
        reply = super().send(method, path, body, headers, patience)
        if fault == REPLY_LOST:
            raise SyncFailure(Failure(kind=Kind.TRUNCATED))
        return reply


class Days:
    """A technician works, others decide, links and disks fail, and in between all is checked."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fieldtech-machine-"))
        self.clock = new_clock()
        self.faults: list[str] = []
        self.office: Office = new_office(self.folder / "central", self.clock)
        self.ana = FieldLaptop(new_profile("ana", self.folder / "ana"), self.clock)
        self.dora: Laptop = self.office.desk_of("dora")
        self.witness: Laptop = self.office.desk_of("ana")
        self.given: list[str] = []
        self.decided: set[str] = set()
        self.lives = 0
        self.runner = self.started()

    def back_up(self) -> None:
        """The central is copied as it stands."""
        backup = self.folder / "backup"
        shutil.rmtree(backup, ignore_errors=True)
        self.office.close()
        shutil.copytree(self.folder / "central", backup)
        self.reopen()

    def started(self) -> SyncRunner:
        """A synchronisation that knows nothing of those before."""
        link = BadLink(self)
        return SyncRunner(
            store=self.ana.desk.store,
            feed=self.ana.desk.store.feed,
            client=CentralClient(link, self.clock),
            transport=link,
            tokens=TokenBox(self.ana.secrets),
            clock=self.clock,
        )

    def reopen(self) -> None:
        """The central starts again."""
        self.office = Office(self.folder / "central", self.clock)
        self.dora.desk = self.witness.desk = self.office
        self.dora.next_n = self.dora.hello().json()["last_n"] + 1
        self.witness.hello()
        self.runner = self.started()

    def give(self, name: str, target: str, args: object) -> None:
        """The technician does something; what the rules refuse at once was never work."""
        queued = self.ana.desk.store.work.queue(NewCommand(name=name, target=target, args=args))
        if isinstance(queued, Queued):
            self.given += queued.op_ids

    # What people do.

    def note(self, incident: str) -> None:
        """The technician writes a note."""
        self.give("incident.note", f"incident:{incident}", AddNote(text=f"{len(self.given)}"))

    def answer(self, incident: str) -> None:
        """He answers an item of his checklist."""
        answer = AnswerCheck(item="lan.link", status=CheckStatus.PASS)
        self.give("check.answer", f"visit:v-{incident}", answer)

    def step(self, incident: str) -> None:
        """He takes the next step of his visit."""
        detail = self.ana.desk.cases.detail(incident)
        steps = [name for name in STEPS if detail is not None and name in detail.legal]
        for name in steps[:1]:
            self.give(name, f"visit:v-{incident}", FieldTime())

    def told(self, incident: str) -> None:
        """The dispatcher writes a note."""
        self.dora.do("incident.note", f"incident:{incident}", text="de la mesa")

    def called_off(self, incident: str) -> None:
        """The dispatcher calls the technician off."""
        self.dora.do("visit.cancel", f"visit:v-{incident}", reason="otra brigada")

    def decided_by(self, decision: Any) -> None:
        """The technician decides about the last refusal."""
        refused = self.ana.desk.store.outbox.items(("rejected", "quarantined"))
        if not refused:
            return
        chosen = refused[-1].op_id
        before = {row[0] for row in self.outbox()}
        outcome = self.ana.desk.store.decisions.decide(chosen, decision, text="en nota")
        if not hasattr(outcome, "code"):
            self.decided.add(chosen)
            self.given += [row[0] for row in self.outbox() if row[0] not in before]

    # What goes wrong.

    def synchronise(self, faults: tuple[str, ...]) -> None:
        """One run over a bad link."""
        tally.count(faults=Counter(fault for fault in faults if fault))
        self.faults[:] = faults
        self.runner.run_once()
        self.faults.clear()

    def forks(self, _nobody: str) -> None:
        """The laptop finds that a copy of it has spoken, and goes on as another device."""
        tally.count(faults={"laptop forked": 1})
        with self.ana.desk.store.database.write() as connection:
            devices.fork(connection)
        self.runner = self.started()

    def goes_back(self, _nobody: str) -> None:
        """The central loses everything since the copy."""
        if self.lives == MOST_LIVES:
            return
        self.lives += 1
        tally.count(faults={"central restored": 1})
        self.office.close()
        shutil.rmtree(self.folder / "central")
        shutil.copytree(self.folder / "backup", self.folder / "central")
        database = CentralDatabase.in_folder(self.folder / "central")
        with database.write() as connection:
            new_epoch(connection, self.clock.now())
        database.close()
        self.reopen()

    # What must hold.

    def rests(self, _nobody: str = "") -> None:
        """The link is good again: within a few runs everything is where it belongs."""
        report = self.runner.run_once()
        for _ in range(3):
            if report.problem is not None or report.waiting:
                report = self.runner.run_once()
        assert report.problem is None
        assert report.waiting == 0, "8: the outbox drains"
        self.check_work()
        self.check_mirror()

    def outbox(self) -> list[tuple[str, str, str]]:
        """Id, state and incident of every command, in the order in which it was given."""
        with self.ana.desk.store.database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT op_id, state, incident_id FROM outbox ORDER BY rid"
            )
            return [(row[0], row[1], row[2]) for row in rows]

    def check_work(self) -> None:
        """1, 2, 3, 7 and 10, for all that was ever said to be saved."""
        rows = self.outbox()
        assert [op_id for op_id, _, _ in rows] == self.given, "1 and 10: nothing left the outbox"
        decided = {op_id for op_id, state, _ in rows if state == "decided"}
        assert decided == self.decided, "7: a refusal waits for a person"
        mine = set(self.given)
        self.witness.cursor, self.witness.members, self.witness.bodies = {}, {}, {}
        for incident in INCIDENTS:
            applied = [op for op, state, about in rows if state == "applied" and about == incident]
            history = self.office.history(incident)
            assert [op for op in history if op in mine] == applied, "2 and 3: once, in order"

    def check_mirror(self) -> None:
        """4: exactly what a laptop holds that was never in trouble, and nothing laid over it."""
        self.witness.pull()
        granted = {key for members in self.witness.members.values() for key in members}
        with self.ana.desk.store.database.read() as connection:
            held = {
                (row[0], row[1]): msgspec.json.decode(unpack(row[2]))
                for row in connection.exec_driver_sql(
                    "SELECT entity, id, body FROM mirror"
                    " WHERE EXISTS (SELECT 1 FROM member WHERE member.rid = mirror.rid)"
                )
            }
            laid_over = connection.exec_driver_sql("SELECT count(*) FROM overlay").scalar()
            undrawn = connection.exec_driver_sql(
                "SELECT count(*) FROM dirty WHERE entity <> 'orphan'"
            ).scalar()
        assert held == {key: self.witness.bodies[key] for key in granted}
        assert (laid_over, undrawn) == (0, 0)

    def end(self) -> None:
        """Everybody goes home."""
        self.ana.close()
        self.office.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@settings(max_examples=settings.default.max_examples // 8)
@given(st.lists(EVENTS, min_size=15, max_size=40))
def test_whatever_happens_nothing_is_lost_doubled_reordered_or_hidden(
    events: list[tuple[str, Any]],
) -> None:
    days = Days()
    try:
        days.back_up()
        for name, about in events:
            getattr(days, name)(about)
        days.rests()
        tally.count(rounds=1, acknowledged=len(days.given))
    finally:
        days.end()
