"""The open store: one engine, short read transactions, immediate write transactions."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2 as driver

from fieldtech.errors import EnvironmentProblem
from fieldtech.store.driver import (
    BUSY_SECONDS,
    connect,
    create_private,
    problem_at_start,
    problem_from,
    raw_key,
    roll_back,
)
from fieldtech.store.lock import ProfileLock
from fieldtech.store.migrations import STEPS
from fieldtech.store.upgrading import bring_up_to_date, forget_copies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore
    from fieldtech.store.migrations import Step

_log = logging.getLogger(__name__)


class Witness(Protocol):
    """Told of every durable transaction: what it acknowledges must be safe before it commits."""

    def before_commit(self, connection: Connection) -> None:
        """Everything is written but the commit; raising rolls it back."""
        ...

    def committed(self) -> None:
        """It is done."""
        ...

    def undone(self) -> None:
        """It was rolled back, whether or not ``before_commit`` had been called."""
        ...


class _NoWitness:
    def before_commit(self, connection: Connection) -> None: ...

    def committed(self) -> None: ...

    def undone(self) -> None: ...


CONNECTIONS = 4
"""Kept open: the worker of the screens, the sync, and one spare each."""


class Database:
    """One profile's encrypted store, locked for this process until ``close``.

    Connections may be used from any thread, each by one at a time. Every failure of the file or
    the disk comes out as ``EnvironmentProblem``; nothing is ever deleted or rebuilt here.
    """

    def __init__(
        self, engine: Engine, lock: ProfileLock, profile: Profile, copy: Path | None
    ) -> None:
        """Use ``open``."""
        self._engine = engine
        self._lock = lock
        self._writing = threading.Lock()
        self._closed = False
        self._witness: Witness = _NoWitness()
        self.path = profile.db
        self.damaged = profile.damaged
        self.copy_before_upgrade = copy
        """Where the store lies as it was before this start upgraded it, ``None`` if it did not."""

    @classmethod
    def open(
        cls,
        profile: Profile,
        secrets: SecretStore,
        *,
        lock: ProfileLock | None = None,
        steps: Sequence[Step] = STEPS,
    ) -> Database:
        """Open, and where needed create or upgrade, the store of ``profile``.

        ``lock`` is one the caller already holds; it is released by ``close`` either way. Raises
        ``EnvironmentProblem`` with codes ``profile_in_use``, ``key_missing``, ``store_corrupt``,
        ``schema_newer``, ``store_read_only``, ``disk_full``.
        """
        held = lock or ProfileLock.acquire(profile.lock)
        try:
            profile.clear_scraps()
            key = raw_key(secrets, profile.db)
            copy = _prepare(profile.db, key, steps)
            engine = create_engine(
                "sqlite://",
                creator=lambda: connect(profile.db, key),
                module=driver,
                poolclass=QueuePool,
                pool_size=CONNECTIONS,
                isolation_level="AUTOCOMMIT",
            )
        except BaseException:
            held.release()
            raise
        return cls(engine, held, profile, copy)

    def attend(self, witness: Witness) -> None:
        """Tell ``witness`` of every durable transaction from now on."""
        self._witness = witness

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection whose statements all see the same moment of the store."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """Give a connection inside ``BEGIN IMMEDIATE``; leaving it commits.

        An exception rolls everything back. When this returns, what was written survives a power
        cut; that is what "guardado" means. With ``durable`` off it survives a ``kill -9`` and is
        whole or absent after a power cut, but may be absent: enough for what the central sends,
        which is then fetched once more from the cursor that was lost with it. The next durable
        commit makes it durable too, for the log is written in order.
        """
        # SQLite's own way to wait is to poll ever more seldom; a technician who taps "llegué" in
        # the middle of a long pull gets his turn between two pages by this lock instead.
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise _busy()
        try:
            with self._transaction("BEGIN IMMEDIATE", durable=durable) as connection:
                yield connection
                if durable:
                    self._witness.before_commit(connection)
        except BaseException:
            self._witness.undone()
            raise
        else:
            self._witness.committed()
        finally:
            self._writing.release()

    @contextmanager
    def _transaction(self, begin: str, *, durable: bool | None = None) -> Iterator[Connection]:
        if self._closed:
            # The pool would open new connections, to a file that is another process's by now.
            raise _closed()
        try:
            with self._engine.connect() as connection:
                if durable is not None:
                    # Said each time: "guardado" must not hang on what the last one left behind.
                    level = "FULL" if durable else "NORMAL"
                    connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
                connection.exec_driver_sql(begin)
                try:
                    yield connection
                    connection.exec_driver_sql("COMMIT")
                except BaseException:
                    raw = connection.connection.driver_connection
                    if raw is not None:
                        roll_back(raw)
                    raise
        except (DBAPIError, driver.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            problem = problem_from(cause) if cause is not None else None
            if problem is None:
                raise
            if problem.code == "store_corrupt":
                self._mark_damaged()
            raise problem from error

    def _mark_damaged(self) -> None:
        """The next start rebuilds the store; this one can only say so."""
        with suppress(OSError):
            create_private(self.damaged)

    def forget_copies(self, before: datetime) -> None:
        """Delete copies that upgrades before a moment made; one that cannot be is left alone."""
        try:
            forget_copies(self.path, before)
        except OSError as error:
            _log.warning("an old copy of the store stays: %s", error)

    def close(self) -> None:
        """Close every connection and let go of the profile; a second call does nothing.

        A command that is just being kept is kept first. Afterwards everything is refused with
        ``EnvironmentProblem`` (``store_closed``).
        """
        in_time = self._writing.acquire(timeout=BUSY_SECONDS)
        self._closed = True
        try:
            self._engine.dispose()
            self._lock.release()
        finally:
            if in_time:
                self._writing.release()


def _closed() -> EnvironmentProblem:
    return EnvironmentProblem(
        "The profile has been closed.",
        code="store_closed",
        what_was_kept="What was saved before is safe; nothing was saved since.",
        what_to_do="Start the program again.",
    )


def _busy() -> EnvironmentProblem:
    return EnvironmentProblem(
        "The store is busy with another task.",
        code="store_busy",
        what_was_kept="What was saved before is safe; the last change was not saved.",
        what_to_do="Try again in a moment.",
    )


def _prepare(path: Path, key: str, steps: Sequence[Step]) -> Path | None:
    try:
        create_private(path)
        return bring_up_to_date(path, key, steps)
    except (OSError, driver.Error) as error:
        problem = problem_at_start(error, path.parent)
        if problem is None:
            raise EnvironmentProblem(
                "The store of this profile cannot be opened.",
                code="store_unreadable",
                what_was_kept="The file was not changed and nothing was deleted.",
                what_to_do="Keep the profile folder as it is and tell support.",
            ) from error
        raise problem from error
