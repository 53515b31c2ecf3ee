"""The store of one profile, opened, with its parts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.clock import Clock
from fieldtech.errors import EnvironmentProblem
from fieldtech.store import central_time
from fieldtech.store.agenda import Agenda
from fieldtech.store.blobs.shelf import Shelf
from fieldtech.store.board import Board
from fieldtech.store.cases import Cases
from fieldtech.store.database import Database
from fieldtech.store.decisions import Decisions
from fieldtech.store.drafts import Drafts
from fieldtech.store.feed import Feed
from fieldtech.store.journal import remnants
from fieldtech.store.journal.keeper import Keeper
from fieldtech.store.journal.recovery import Recovered, open_with_journal
from fieldtech.store.lock import ProfileLock
from fieldtech.store.outbox import Outbox
from fieldtech.store.places import Places
from fieldtech.store.reference import Reference
from fieldtech.store.session import SessionStore
from fieldtech.store.work import Work

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The parts of an open store; each does one thing and may be used from any thread."""

    database: Database
    clock: Clock
    session: SessionStore
    reference: Reference
    cases: Cases
    agenda: Agenda
    board: Board
    places: Places
    outbox: Outbox
    work: Work
    decisions: Decisions
    drafts: Drafts
    feed: Feed
    keeper: Keeper
    shelf: Shelf
    recovered: Recovered

    def forget_old(self, before: datetime) -> None:
        """Let go of what the central confirmed before a moment (its time)."""
        remnants.forget_old(self.database, self.keeper, self.shelf, before)

    def close(self) -> None:
        """Close the file and let go of the profile."""
        self.database.close()


def open_store(
    profile: Profile, secrets: SecretStore, clock: Clock, *, lock: ProfileLock | None = None
) -> Store:
    """Open the store of ``profile`` and put back in line what only its journal still has.

    A damaged database whose journal this profile's key opens is set aside and rebuilt. For
    whatever else can be wrong with it see ``Database.open``.
    """
    try:
        return _open(profile, secrets, clock, lock or ProfileLock.acquire(profile.lock))
    except EnvironmentProblem as problem:
        # Damage that only the first write met is marked by now: this time it is rebuilt.
        if problem.code != "store_corrupt" or not profile.damaged.exists():
            raise
    return _open(profile, secrets, clock, ProfileLock.acquire(profile.lock))


def _open(profile: Profile, secrets: SecretStore, clock: Clock, lock: ProfileLock) -> Store:
    opened = open_with_journal(profile, secrets, clock, lock)
    database, keeper = opened.database, opened.keeper
    try:
        reference = Reference(database)
        feed = Feed(database, reference, clock)
        with database.write() as connection:
            recovered = opened.recover(connection, clock)
            feed.replay(connection, recovered.touched)
            central_time.settle(connection, clock)
        _unmark(profile.damaged)
        while recovered.touched and feed.finish():
            pass
    except BaseException:
        database.close()
        raise
    work = Work(database, reference, clock, keeper)
    return Store(
        database=database,
        clock=clock,
        session=SessionStore(database),
        reference=reference,
        cases=Cases(database),
        agenda=Agenda(database, clock),
        board=Board(database, reference),
        places=Places(database),
        outbox=Outbox(database),
        work=work,
        decisions=Decisions(database, work, reference, clock, keeper),
        drafts=Drafts(database, clock),
        feed=feed,
        keeper=keeper,
        shelf=Shelf(profile.blobs, database, opened.keys, clock),
        recovered=recovered,
    )


def _unmark(damaged: Path) -> None:
    """The store is whole; a mark that stays only makes the next start rebuild it once more."""
    if damaged.exists():
        with suppress(OSError):
            damaged.unlink()
