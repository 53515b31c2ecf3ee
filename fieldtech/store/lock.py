"""One process per profile: a lock that the operating system lets go of with the process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from sqlcipher3 import dbapi2 as driver

from fieldtech.errors import EnvironmentProblem
from fieldtech.store.driver import create_private, problem_from

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class ProfileLock:
    """Holds ``lock.db`` exclusively for as long as it is open.

    The lock is SQLite's own, on a file apart from the store, so that a reader of the store never
    meets it and a ``kill -9`` of its holder releases it at once on every system.
    """

    def __init__(self, connection: driver.Connection) -> None:
        """Use ``acquire``."""
        self._connection: driver.Connection | None = connection

    @classmethod
    def acquire(cls, path: Path) -> ProfileLock:
        """Take the lock at ``path``.

        Raises ``EnvironmentProblem`` with code ``profile_in_use`` when another process (or another
        part of this one) has it, at once and without waiting.
        """
        try:
            create_private(path)
            connection = driver.connect(
                str(path), timeout=0.0, isolation_level=None, check_same_thread=False
            )
        except (OSError, driver.Error) as error:
            raise _not_writable(path) from error
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
        except driver.Error as error:
            connection.close()
            problem = problem_from(error)
            if problem is None or problem.code == "store_busy":
                raise _in_use() from error
            raise problem from error
        return cls(connection)

    def release(self) -> None:
        """Let go; a second call does nothing."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


def _in_use() -> EnvironmentProblem:
    return EnvironmentProblem(
        "This profile is open in another window or process.",
        code="profile_in_use",
        what_was_kept="Nothing was changed.",
        what_to_do="Use the window that is already open, or close it first.",
    )


def _not_writable(path: Path) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"The profile folder cannot be written: {path.parent}",
        code="store_read_only",
        what_was_kept="Nothing was changed.",
        what_to_do="Give yourself permission to write there, or use another profile folder.",
    )
