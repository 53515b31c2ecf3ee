"""Five people on six laptops while everything goes wrong; all is checked at each rest.

The real stores and the real synchronisation against the real central in this process. Whatever the
order of work, decisions, faults, restarts and restored copies: whenever the links are good again
everything comes to rest, and then the ten invariants of the design notes hold (``sync_truth``).
Cursors are compared with the feed after every single run, good or bad.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from unittest import mock

import pytest
import tally
from crew import Hand
from crew_files import missing, named, put_aside, send_files
from crew_troubles import FORKED_PARKED, PHOTOS, RELEASED_PARKED, SWEPT, Troubles, reached
from hypothesis import settings
from hypothesis.stateful import rule, run_state_machine_as_test
from sync_truth import Check, Records

from fieldtech.central.database import write_meta
from fieldtech.central.sync import judge
from fieldtech.central.sync.ground import Grounds
from fieldtech.central.sync.ledger import drop
from fieldtech.central.sync.push import REOFFER, Pushing
from fieldtech.central.sync.releasing import release
from fieldtech.domain import apply as rules
from fieldtech.protocol.codec import to_stamp
from fieldtech.store import buckets
from fieldtech.store.journal.rebuilding import set_aside_files
from fieldtech.sync.runner import KEPT_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from logfail import ExpectLog
    from sqlalchemy import Connection

MOST_ROUNDS = 6
"""Within how many synchronisations of everybody all work must have arrived once faults are over."""


class Days(Troubles):
    """What people do, what goes wrong, and the rests in between."""

    def __init__(self, poison: dict[str, bool]) -> None:
        super().__init__(poison)
        self.released: set[str] = set()

    def teardown(self) -> None:
        """One last rest; then everybody goes home."""
        try:
            self.rest()
            self.forgets_what_is_done()
            given = {op for hand in self.crew.hands.values() for op in hand.given}
            tally.count(rounds=1, acknowledged=len(given), faults=self.faults + self.crew.injected)
        finally:
            self.crew.end()

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
        self.files_arrive(hands)
        check = Check(self.crew, released=self.released, poisoned=self.poison)
        check.central()
        for hand in hands:
            check.work(hand)
            check.mirror(hand)
        reached[PHOTOS] += len(named(check.records))
        assert missing(self.crew, check.records) == [], "the files of what is there are there"
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

    def files_arrive(self, hands: list[Hand]) -> None:
        """Within a few rounds every file is up, and none was put aside."""
        left: list[str] = []
        for _ in range(MOST_ROUNDS):
            left = [hand.name for hand in hands if send_files(hand).left]
            for hand in hands if left else ():  # a token ran out, or something came between
                self.settles(hand)
        assert left == [], "8: the files go up"
        assert [hand.name for hand in hands if put_aside(hand)] == []

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
        behind = any("parked" in hand.states().values() for hand in self.crew.hands.values())
        reached[RELEASED_PARKED] += bool(aside and behind)
        for op_id in aside:
            if len(self.released) % 3 == 2:
                office.database.transact(partial(_dropped, op_id))
            else:
                release(parts, op_id)
            self.released.add(op_id)
        return aside


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


the_laptops_own = buckets.sweep


def sweep(*asked: Any) -> list[Any]:
    """The laptop's own, counted."""
    gone = the_laptops_own(*asked)
    reached[SWEPT] += len(gone)
    return gone


@pytest.mark.timeout(3600)
def test_all_ten_invariants_hold_at_every_rest(expect_log: ExpectLog) -> None:
    poison: dict[str, bool] = {}
    with (
        mock.patch.object(judge, "apply", tripping(poison, expect_log)),
        mock.patch.object(buckets, "sweep", sweep),
    ):
        run_state_machine_as_test(
            cast("Any", lambda: Days(poison)),
            settings=settings(
                max_examples=max(12, settings.default.max_examples // 8), stateful_step_count=40
            ),
        )
    rare = (FORKED_PARKED, SWEPT, RELEASED_PARKED, PHOTOS)
    assert all(reached[what] for what in rare), reached
