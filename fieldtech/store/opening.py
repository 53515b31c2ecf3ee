"""The store of one profile, opened, with its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.clock import Clock
from fieldtech.store import session
from fieldtech.store.agenda import Agenda
from fieldtech.store.board import Board
from fieldtech.store.cases import Cases
from fieldtech.store.database import Database
from fieldtech.store.decisions import Decisions
from fieldtech.store.drafts import Drafts
from fieldtech.store.feed import Feed
from fieldtech.store.outbox import Outbox
from fieldtech.store.places import Places
from fieldtech.store.reference import Reference
from fieldtech.store.session import SessionStore
from fieldtech.store.work import Work

if TYPE_CHECKING:
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore
    from fieldtech.store.lock import ProfileLock


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

    def close(self) -> None:
        """Close the file and let go of the profile."""
        self.database.close()


def open_store(
    profile: Profile, secrets: SecretStore, clock: Clock, *, lock: ProfileLock | None = None
) -> Store:
    """Open the store of ``profile``; see ``Database.open`` for what can be wrong with it."""
    database = Database.open(profile, secrets, lock=lock)
    try:
        with database.write() as connection:
            session.ensure(connection)
    except BaseException:
        database.close()
        raise
    reference = Reference(database)
    work = Work(database, reference, clock)
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
        decisions=Decisions(database, work, reference, clock),
        drafts=Drafts(database, clock),
        feed=Feed(database, reference, clock),
    )
