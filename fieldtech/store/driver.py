"""The encrypted driver without SQLAlchemy: keys, connections, and what its errors mean.

``first_page`` and the profile lock use it before the heavier imports; ``database`` builds its
engine on it, so that there is one way to open the store and one table of failures.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2 as driver

from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import PRIVATE_FILE
from fieldtech.secrets import keep

if TYPE_CHECKING:
    from pathlib import Path

    from fieldtech.secrets import SecretStore

KEY_NAME = "store-key"
"""Under this name the secret store holds the raw key, 64 hexadecimal digits."""

BUSY_SECONDS = 10.0
"""How long a connection waits for another one's write transaction to end."""

CACHE_KIB = 16_000
"""Pages a connection may keep decrypted: memory grows with a first pull until they are full.

With 8, 16 and 32 MB one of 98,000 rows took 4.76, 4.61 and 4.51 seconds of the processor and 49,
59 and 75 MB at most.
"""

_RAW_KEY = re.compile(r"[0-9a-f]{64}")
_KEPT = "The file was not changed and nothing was deleted."


def raw_key(secrets: SecretStore, db: Path) -> str:
    """Return the key of the store at ``db``; a new one only when there is no store yet.

    Raises ``EnvironmentProblem`` when the store exists and its key does not: a new key would lock
    its person out of the work inside for ever.
    """
    found = secrets.get(KEY_NAME)
    if found is not None and _RAW_KEY.fullmatch(found):
        return found
    if db.is_file() and db.stat().st_size > 0:
        raise EnvironmentProblem(
            "The key of this profile's store is missing.",
            code="key_missing",
            what_was_kept=_KEPT,
            what_to_do="Unlock the keyring the profile was made with, or use another profile.",
        )
    key = os.urandom(32).hex()
    keep(secrets, {KEY_NAME: key})
    return key


def create_private(path: Path) -> None:
    """Make an empty file that only its owner can read; an existing one is made private.

    An existing one is never opened: closing any descriptor of a file lets go, on POSIX systems, of
    all locks that the process has on it, SQLite's among them.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
    except FileExistsError:
        path.chmod(PRIVATE_FILE)


def connect(path: Path, key: str) -> driver.Connection:
    """Open one connection with every setting the store relies on.

    WAL with ``synchronous=FULL``: a commit that returned survives a power cut (with NORMAL it did
    not in any of 200 simulated ones). Transactions are begun by hand. Raises the driver's errors.
    """
    connection = driver.connect(
        str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        # Every page read is decrypted and authenticated: with the default 8 MiB a first pull of
        # ten thousand incidents reads 100 MB of its own pages back.
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        # A first pull rewrites the same index pages with each page of rows; a log of 16 MiB lets
        # them settle before they are copied into the file.
        connection.execute("PRAGMA wal_autocheckpoint = 4000").fetchone()
        connection.execute("PRAGMA journal_size_limit = 16777216").fetchone()
        if sys.platform == "darwin":
            connection.execute("PRAGMA fullfsync = 1")
            connection.execute("PRAGMA checkpoint_fullfsync = 1")
    except BaseException:
        connection.close()
        raise
    return connection


def roll_back(connection: driver.Connection) -> None:
    """End a transaction that failed, unless SQLite has done so itself.

    A full disk or a broken file ends it at once; a second ``ROLLBACK`` would hide that.
    """
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def problem_from(error: BaseException) -> EnvironmentProblem | None:
    """Return what a driver error means for a person, ``None`` when it is a fault of ours."""
    text = _ERRNO_WORDS.get(getattr(error, "errno", None) or 0, str(error).lower())
    for words, code, message, to_do in _MEANINGS:
        if any(word in text for word in words):
            return EnvironmentProblem(
                message, code=code, what_was_kept=_KEPT_BY_CODE.get(code, _KEPT), what_to_do=to_do
            )
    return None


def problem_at_start(error: BaseException, folder: Path) -> EnvironmentProblem | None:
    """As ``problem_from``, where the store is opened.

    To SQLite a log that finds no room to begin in is a folder that cannot be written.
    """
    problem = problem_from(error)
    if problem is None or problem.code not in {"store_read_only", "store_io"}:
        return problem
    with suppress(OSError):
        if shutil.disk_usage(folder).free < _ROOM:
            return problem_from(OSError(errno.ENOSPC, "no room"))
    return problem


_ROOM = 256 * 1024
"""Bytes below which a disk is full: SQLite's log and its index begin with less."""

_ERRNO_WORDS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EROFS: "permission denied",
    errno.EISDIR: "permission denied",
    errno.ENOSPC: "disk is full",
    errno.EIO: "disk i/o error",
}
_KEPT_BY_CODE = {
    "disk_full": "What was saved before is safe; the last change was not saved.",
    "store_busy": "What was saved before is safe; the last change was not saved.",
    "store_io": "What was saved before is safe; the last change was not saved.",
}

_MEANINGS: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    (
        ("file is not a database", "malformed", "file is encrypted", "vtable constructor failed"),
        "store_corrupt",
        "The store of this profile cannot be read: it is damaged or its key is another one.",
        "Keep the profile folder as it is and tell support.",
    ),
    (
        ("disk is full",),
        "disk_full",
        "The disk is full.",
        "Free some space and try again.",
    ),
    (
        ("readonly database", "unable to open database", "permission denied"),
        "store_read_only",
        "The profile folder cannot be written.",
        "Give yourself permission to write there, or use another profile folder.",
    ),
    (
        ("database is locked", "database table is locked"),
        "store_busy",
        "The store is busy with another task.",
        "Try again in a moment.",
    ),
    (
        ("disk i/o error",),
        "store_io",
        "The disk did not read or write as it should.",
        "Check the disk, then try again.",
    ),
)
