"""At start: the database and its journal brought to agree, whatever happened to either."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.black_box import KeptSession
from fieldtech.protocol.codec import to_stamp
from fieldtech.store import outbox, session
from fieldtech.store.database import Database
from fieldtech.store.driver import raw_key
from fieldtech.store.journal import rebuilding, replay
from fieldtech.store.journal.journal import Journal
from fieldtech.store.journal.keeper import Keeper
from fieldtech.store.journal.rebuilding import Rebuilt
from fieldtech.store.lock import ProfileLock
from fieldtech.store.profile_keys import load_keys

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore
    from fieldtech.store.journal.journal import Contents

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Damage:
    """A store that was set aside, and what the journal knows of its person."""

    aside: Path
    key: str
    session: KeptSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What had to be put right. ``touched``: incidents whose pending work is to be replayed."""

    put_back: int
    touched: frozenset[str]
    rebuilt: Rebuilt | None


class Opened:
    """A database that is open, with the journal that attends it; ``recover`` once, then work."""

    def __init__(
        self, database: Database, journal: Journal, contents: Contents, damage: _Damage | None
    ) -> None:
        """Use ``open_with_journal``."""
        self.database = database
        self.keys = journal.keys
        self.keeper = Keeper(journal)
        self._journal = journal
        self._contents = contents
        self._damage = damage
        database.attend(self.keeper)

    def recover(self, connection: Connection, clock: Clock) -> Recovered:
        """Put back what only the journal has, inside a write transaction."""
        damage = self._damage
        drafts = 0
        if damage is not None:
            rebuilding.restore_session(connection, damage.session)
            drafts = rebuilding.salvage(connection, damage.aside, damage.key)
            self._number_on(connection, damage.session.device_id)
        session.ensure(connection)
        lost = replay.missing(connection, self._journal, self._contents)
        touched = replay.put_back(connection, lost) if lost else frozenset()
        if damage is not None:
            replay.put_back_files(connection)
        if damage is not None:
            rebuilding.save(
                connection,
                Rebuilt(
                    at=to_stamp(clock.now()),
                    aside=damage.aside.name,
                    commands=len(lost),
                    drafts=drafts,
                ),
            )
        if lost:
            _log.info("commands that were in the journal only are in line again: %d", len(lost))
        return Recovered(put_back=len(lost), touched=touched, rebuilt=rebuilding.load(connection))

    def _number_on(self, connection: Connection, device_id: str) -> None:
        """The next number is behind every one that the journal or the outbox knows."""
        heads = (found.record for found in self._contents.commands)
        given = {head.n for head in heads if head.device_id == device_id}
        given |= outbox.numbers(connection, device_id)
        next_n = session.load(connection).next_n
        session.set_next_n(connection, max((next_n, *(n + 1 for n in given))))


def open_with_journal(
    profile: Profile, secrets: SecretStore, clock: Clock, lock: ProfileLock
) -> Opened:
    """Open the database; a damaged one is replaced when the journal can tell whose it is.

    So is one that is gone: its person is still the one whose work the journal keeps. ``lock`` is
    let go of with the database, or here when there is none. Raises ``EnvironmentProblem``; of a
    damaged store whose journal is empty or under another key nothing is touched.
    """
    try:
        key = raw_key(secrets, profile.db)
        journal = Journal(profile.journal, load_keys(secrets), clock)
        contents = journal.read()
    except BaseException:
        lock.release()
        raise
    known = journal.last_session(contents)
    is_whole = profile.db.exists() and not profile.damaged.exists()
    if known is None or is_whole:
        try:
            return Opened(Database.open(profile, secrets, lock=lock), journal, contents, None)
        except EnvironmentProblem as problem:
            if problem.code != "store_corrupt" or known is None:
                raise
            _log.warning("the store is damaged and will be rebuilt")
            lock = ProfileLock.acquire(profile.lock)
    try:
        aside = rebuilding.set_aside(profile, clock.now())
    except BaseException:
        lock.release()
        raise
    database = Database.open(profile, secrets, lock=lock)
    return Opened(database, journal, contents, _Damage(aside=aside, key=key, session=known))
