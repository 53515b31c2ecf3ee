"""Five people on six laptops while everything goes wrong; all is checked at each rest.

The real stores and the real synchronisation against the real central in this process. Whatever the
order of work, decisions, faults, restarts and restored copies: whenever the links are good again
everything comes to rest, and then the ten invariants of the design notes hold (``sync_truth``).
Cursors are compared with the feed after every single run, good or bad.
"""

from __future__ import annotations

import shutil
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from unittest import mock

import pytest
import tally
from crew import FAULTS, REPLY_LOST, Hand
from crew_days import TECHNICIANS, WorkingDays, anybody, anything, at_the_desk
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from sync_truth import Check, Records, check_cursors

from fieldtech.central.auth.devices import revoke
from fieldtech.central.database import write_meta
from fieldtech.central.housekeeping import TOMBSTONES_KEPT, drop_tombstones
from fieldtech.central.sync import judge
from fieldtech.central.sync.ground import Grounds
from fieldtech.central.sync.ledger import drop
from fieldtech.central.sync.push import REOFFER, Pushing, release
from fieldtech.domain import apply as rules
from fieldtech.domain.commands import AddNote
from fieldtech.protocol.codec import to_stamp
from fieldtech.store.journal.rebuilding import set_aside_files
from fieldtech.sync.runner import KEPT_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from logfail import ExpectLog
    from sqlalchemy import Connection

MOST_LIVES = 2
MOST_ROUNDS = 6
"""Within how many synchronisations of everybody all work must have arrived once faults are over."""

bad_links = st.lists(st.sampled_from(("", "", *FAULTS)), min_size=2, max_size=8)


class Days(WorkingDays):
    """What people do, what goes wrong, and the rests in between."""

    def __init__(self, poison: dict[str, bool]) -> None:
        super().__init__()
        self.poison = poison
        self.poison.clear()
        self.released: set[str] = set()
        self.old_copies: dict[str, int] = {}
        self.lives = 0

    def teardown(self) -> None:
        """One last rest; then everybody goes home."""
        try:
            self.rest()
            self.forgets_what_is_done()
            given = {op for hand in self.crew.hands.values() for op in hand.given}
            tally.count(rounds=1, acknowledged=len(given), faults=self.faults + self.crew.injected)
        finally:
            self.crew.end()

    # What goes wrong.

    @rule(name=anybody, faults=bad_links)
    def synchronises(self, name: str, faults: list[str]) -> None:
        """One run over a bad link."""
        self.run(self.crew.hands[name], faults)

    @rule(links=st.lists(st.tuples(anybody, bad_links), min_size=2, max_size=4))
    def synchronise_by_turns(self, links: list[tuple[str, list[str]]]) -> None:
        """Several people over bad links, one after the other."""
        for name, faults in links:
            self.run(self.crew.hands[name], faults)

    @rule(name=anybody, which=anything, lost=st.integers(1, 3))
    def loses_the_answer(self, name: str, which: int, lost: int) -> None:
        """The central has done the work, and what it says of it gets lost, once or again."""
        hand = self.crew.hands[name]
        self.run(hand, ())  # after this the next request is the push itself
        self.notes(hand, which, 2)
        self.run(hand, [REPLY_LOST] * lost)

    @rule(name=at_the_desk, which=anything, whom=st.permutations(TECHNICIANS))
    def hands_over(self, name: str, which: int, whom: list[str]) -> None:
        """One technician is sent and hears of it; then another one goes in his place."""
        desk = self.crew.hands[name]
        for technician in whom[:2]:
            self.send(desk, which, technician)
            self.run(desk, ())
            self.run(self.crew.hands[technician], ())

    @rule(name=anybody)
    def loses_the_new_token(self, name: str) -> None:
        """The token is no good any more, and the reply that brings another gets lost."""
        self.run(self.crew.hands[name], ["token expired", REPLY_LOST, REPLY_LOST])

    @rule(name=anybody)
    def restarts(self, name: str) -> None:
        """The program ends and starts."""
        self.happened("laptop restarted")
        self.crew.hands[name].close()

    @rule(name=anybody, which=anything, count=st.integers(0, 4))
    def forks(self, name: str, which: int, count: int) -> None:
        """A laptop goes on as another device, with work under way."""
        hand = self.crew.hands[name]
        self.notes(hand, which, count)
        self.happened("laptop forked")
        hand.fork()

    @rule(name=anybody)
    def copies_the_database(self, name: str) -> None:
        """Somebody copies a laptop's database."""
        hand = self.crew.hands[name]
        assert hand.undecided() is not None, "opened: there is one, also where it was just lost"
        hand.close()
        shutil.copyfile(hand.profile.db, hand.folder / "old-copy")
        self.old_copies[name] = len(hand.given)

    @precondition(lambda self: self.old_copies)
    @rule(which=anything)
    def is_restored_from_the_copy(self, which: int) -> None:
        """Somebody puts the copied database back; the journal beside it is the present one."""
        self.happened("old database restored")
        hand = self.crew.hands[sorted(self.old_copies)[which % len(self.old_copies)]]
        hand.close()
        for path in hand.profile.db.parent.glob(f"{hand.profile.db.name}-*"):
            path.unlink()
        shutil.copyfile(hand.folder / "old-copy", hand.profile.db)

    @rule(name=anybody)
    def loses_the_database(self, name: str) -> None:
        """Somebody deletes a laptop's database; the journal beside it stays."""
        self.happened("database lost")
        hand = self.crew.hands[name]
        hand.close()
        for path in hand.profile.db.parent.glob(f"{hand.profile.db.name}*"):
            path.unlink()

    @precondition(lambda self: "ana-copy" not in self.crew.hands)
    @rule()
    def is_copied(self) -> None:
        """Ana's whole profile is copied, and both go on."""
        self.happened("profile copied")
        made = self.crew.copy("ana")
        made.give("incident.note", "incident:run", AddNote(text=f"copia {self.a_number()}"))

    @rule()
    def is_backed_up(self) -> None:
        """The central is copied."""
        self.crew.back_up()

    @precondition(lambda self: self.lives < MOST_LIVES)
    @rule()
    def is_restored(self) -> None:
        """The central loses everything since its copy."""
        self.goes_back()

    def goes_back(self) -> None:
        """Put the central's copy in its place."""
        self.lives += 1
        self.happened("central restored")
        self.crew.restore()

    @precondition(lambda self: self.lives < MOST_LIVES)
    @rule(names=st.lists(anybody, min_size=1, max_size=3), which=anything, forked=st.booleans())
    def forgets_the_last_hour(self, names: list[str], which: int, *, forked: bool) -> None:
        """What several people sent since the copy is lost; some went on as other devices since."""
        self.crew.back_up()
        for name in names:
            hand = self.crew.hands[name]
            self.notes(hand, which, 2)
            self.run(hand, ())
            if forked:
                self.happened("laptop forked")
                hand.fork()
        self.goes_back()

    @rule(name=st.sampled_from(("caro", "ana-2")))
    def is_shut_out(self, name: str) -> None:
        """A technician's laptop is revoked at the central."""
        hand = self.crew.hands[name]
        device = hand.store.session.get().device_id
        with self.crew.office.database.write() as connection:
            known = connection.exec_driver_sql("SELECT 1 FROM device WHERE id = ?", (device,))
            if known.first() is not None:  # not one that forked and was never heard of
                self.happened("laptop revoked")
                revoke(connection, device, self.crew.clock.now(), by="root")
                hand.revoked = True

    @rule(name=anybody, seconds=st.sampled_from((10_800, -10_800, 90)))
    def clock_jumps(self, name: str, seconds: int) -> None:
        """A laptop's wall clock is set wrongly."""
        self.happened("clock jumped")
        self.crew.hands[name].clock.jump_wall(seconds)

    @rule(name=anybody)
    def reboots(self, name: str) -> None:
        """A laptop is switched off and on."""
        self.happened("laptop rebooted")
        hand = self.crew.hands[name]
        hand.close()
        hand.clock.reboot()

    @rule(seconds=st.sampled_from((5, 700, 7_200)))
    def time_passes(self, seconds: int) -> None:
        """Longer than a hello is good for, or a token; a lid that was shut counts like this too."""
        self.crew.advance(seconds)

    @rule(name=anybody, which=anything)
    def trips_over_our_fault(self, name: str, which: int) -> None:
        """A note that our own code cannot take, until somebody mends it."""
        hand = self.crew.hands[name]
        text = f"veneno {self.a_number()}"
        target = f"incident:{self.incident_of(hand, which)}"
        for op_id in hand.give("incident.note", target, AddNote(text=text)):
            self.happened("command poisoned")
            self.poison[op_id] = True

    @rule()
    def tombstones_are_dropped(self) -> None:
        """What was removed is forgotten, as after ninety days."""
        self.happened("tombstones dropped")
        with self.crew.office.database.write() as connection:
            drop_tombstones(connection, self.crew.clock.now() + TOMBSTONES_KEPT + timedelta(days=1))

    # What must hold.

    @rule()
    def rest(self) -> None:
        """The links are good and our faults mended: within a few rounds all is where it belongs."""
        for op_id in self.poison:
            self.poison[op_id] = False
        hands = [hand for hand in self.crew.hands.values() if not hand.revoked]
        unsettled = self.rounds(hands)
        if unsettled and self.lives:
            # What follows on a refused command may name a visit that will never be there. After a
            # restore the central takes it for one that is late, until all have had their time.
            assert self.only_awaits_the_late(hands), f"8: the outbox drains: {unsettled}"
            self.all_have_had_their_time()
            unsettled = self.rounds(hands)
        assert unsettled == [], "8: the outbox drains"
        for hand in hands:  # what the last of them did is news for the first
            assert self.settles(hand)
        check = Check(self.crew, released=self.released, poisoned=self.poison)
        check.central()
        for hand in hands:
            check.work(hand)
            check.mirror(hand)
        for hand in self.crew.hands.values():
            if hand.revoked:
                self.keeps_all_that_was_shut_out(hand, check)

    def forgets_what_is_done(self) -> None:
        """5: a month later nothing is kept but what waits for a person; and nothing comes back."""
        for hand in self.crew.hands.values():
            if hand.revoked:
                continue
            open_to_see = [item.op_id for item in hand.undecided()]
            hand.store.forget_old(hand.clock.now() + timedelta(days=KEPT_DAYS + 1))
            assert [*reversed(hand.states())] == open_to_see
            assert set_aside_files(hand.profile.db) == []
            hand.close()
            assert hand.store.recovered.put_back == 0
            assert [item.op_id for item in hand.undecided()] == open_to_see

    def rounds(self, hands: list[Hand]) -> list[str]:
        """Everybody synchronises until nothing is left to do; names who or what is not settled."""
        unsettled: list[str] = []
        for _ in range(MOST_ROUNDS):
            unsettled = [hand.name for hand in hands if not self.settles(hand)]
            unsettled += self.mends_what_was_set_aside()
            self.crew.advance(60)
            if not unsettled:
                break
        return unsettled

    def only_awaits_the_late(self, hands: list[Hand]) -> bool:
        """Tell whether all that waits is about something that the central does not have."""
        there = Records.of(self.crew).plain
        waiting = [
            item for hand in hands for item in hand.store.outbox.items(("waiting", "parked"))
        ]
        return all(
            (item.state, item.code) == ("parked", "unknown_target")
            and tuple(item.target.split(":")) not in there
            for item in waiting
        )

    def all_have_had_their_time(self) -> None:
        """The restore is so long ago that nobody's kept work can be on its way any more."""
        self.happened("re-offer time over")
        now = self.crew.clock.now()
        with self.crew.office.database.write() as connection:
            write_meta(connection, "restored_at", to_stamp(now - REOFFER - timedelta(minutes=1)))

    def settles(self, hand: Hand) -> bool:
        """One good run; tells whether nothing is left to do."""
        report = self.run(hand, ())
        if report.problem is not None and report.problem.code == "signed_out":
            assert hand.may_be_signed_out, f"{hand.name} was signed out for nothing"
            hand.sign_in()
            report = self.run(hand, ())
        if report.problem is not None:
            assert report.problem.code == "unsettled", report.problem
        return report.problem is None and report.waiting == 0

    def keeps_all_that_was_shut_out(self, hand: Hand, check: Check) -> None:
        """1: what could not go up any more is still in the laptop's outbox."""
        report = self.run(hand, ())
        assert report.problem is not None
        assert report.problem.code in {"revoked", "signed_out"}
        here, there = hand.states(), check.records.outcomes
        lost = [op for op in hand.given if op not in here and op not in there]
        tally.count(lost=len(lost))
        assert lost == [], f"1: {hand.name} keeps what he did"

    def mends_what_was_set_aside(self) -> list[str]:
        """Release what our fault held up, and give every third up; names what there was."""
        office = self.crew.office
        with office.database.read() as connection:
            query = "SELECT op_id FROM op WHERE status = 'quarantined' ORDER BY op_id"
            aside = list(connection.exec_driver_sql(query).scalars())
        parts = Pushing(database=office.database, clock=office.clock, grounds=Grounds())
        for op_id in aside:
            if len(self.released) % 3 == 2:
                office.database.transact(partial(_dropped, op_id))
            else:
                release(parts, op_id)
            self.released.add(op_id)
        return aside

    def run(self, hand: Hand, faults: list[str] | tuple[str, ...]) -> Any:
        """Synchronise once. 10: nothing leaves the outbox by it. 6: no cursor runs ahead."""
        before = hand.states()
        report = hand.run(faults)
        assert before.keys() <= hand.states().keys(), "10: no run takes work out of the outbox"
        check_cursors(self.crew, hand)
        return report


def _dropped(op_id: str, connection: Connection) -> object:
    return drop(connection, op_id)


def tripping(poison: dict[str, bool], expect_log: ExpectLog) -> Callable[..., Any]:
    """The rules, with a fault of ours: they raise for the commands that are named so."""
    told: list[str] = []

    def apply(before: Any, command: Any, context: Any) -> Any:
        if poison.get(command.op_id):
            if not told:
                told.append(command.op_id)
                expect_log(r"failed")
            raise ZeroDivisionError
        return rules.apply(before, command, context)

    return apply


@pytest.mark.timeout(3600)
def test_all_ten_invariants_hold_at_every_rest(expect_log: ExpectLog) -> None:
    poison: dict[str, bool] = {}
    with mock.patch.object(judge, "apply", tripping(poison, expect_log)):
        run_state_machine_as_test(
            cast("Any", lambda: Days(poison)),
            settings=settings(
                max_examples=max(12, settings.default.max_examples // 8), stateful_step_count=40
            ),
        )
