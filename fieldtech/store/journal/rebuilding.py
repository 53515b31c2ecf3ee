"""A damaged database: set aside as it is, a new one made, and all that is known put into it.

The session and the commands come out of the journal, drafts and outcomes out of whatever of the
damaged file can still be read; the rest is the central's and comes with the next synchronisation.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlcipher3 import dbapi2 as driver

from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import SCRAP, sync_folder
from fieldtech.protocol.codec import encode
from fieldtech.shapes import learned
from fieldtech.store import meta
from fieldtech.store.driver import connect, create_private

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.paths import Profile
    from fieldtech.protocol.black_box import KeptSession

ASIDE = ".damaged-"
"""Between the store's name and the moment at which it was set aside."""
REBUILT = "rebuilt"
"""Under this name the store remembers what became of it (see ``meta``)."""

_log = logging.getLogger(__name__)
_OUTBOX = (
    "device_id, n, op_id, cmd, target, incident_id, visit_id, label, envelope, state, code,"
    " detail, result, landed, made_at, settled_at, decision, decided_at"
)
_BLOB = (
    "sha256, size, media_type, name, incident_id, state, code, upload_id, sent, restarts, made_at,"
    " settled_at"
)
_DRAFT = "key, body, saved_at"
_SALVAGED_META = ("seal_key", "clock_sample", "backoff", "backoff_files")


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is told after a rebuild: nothing that was saved is missing.

    ``commands`` are all that are in line or kept again, ``drafts`` the texts that could be saved.
    """

    at: str
    aside: str
    commands: int = 0
    drafts: int = 0
    seen: bool = False


def set_aside(profile: Profile, at: datetime) -> Path:
    """Move the damaged files out of the way, whole; raises ``EnvironmentProblem``.

    Interrupted, it is done again at the next start: the mark goes last of all.
    """
    try:
        create_private(profile.damaged)
        aside = _free_name(profile.db, f"{at:%Y%m%dT%H%M%SZ}")
        # The log before the file it belongs to: a new file must never find an old log beside it.
        for suffix in ("-shm", "-wal", ""):
            with suppress(FileNotFoundError):
                profile.db.with_name(profile.db.name + suffix).rename(
                    aside.with_name(aside.name + suffix)
                )
        sync_folder(profile.dir)
    except OSError as error:
        raise EnvironmentProblem(
            f"The damaged store cannot be set aside: {error.strerror or error}",
            code="store_corrupt",
            what_was_kept="The files were not changed and nothing was deleted.",
            what_to_do="Give yourself permission to the profile folder, or free some space.",
        ) from error
    return aside


def restore_session(connection: Connection, kept: KeptSession) -> None:
    """Let the new database know whose it is."""
    connection.exec_driver_sql("DELETE FROM session")
    connection.exec_driver_sql(
        "INSERT INTO session (id, central_url, device_id, device_name, next_n, user, epoch,"
        " last_contact) VALUES (1, ?, ?, ?, ?, ?, ?, NULL)",
        (
            kept.central_url,
            kept.device_id,
            kept.device_name,
            kept.next_n,
            encode(kept.user).decode() if kept.user is not None else "",
            kept.epoch,
        ),
    )


def salvage(connection: Connection, aside: Path, key: str) -> int:
    """Copy what can still be read of a damaged store; return how many drafts that were.

    Read is a copy of it: SQLite writes to a file merely by opening it with its log.
    """
    try:
        with _copied(aside) as copy, closing(connect(copy, key)) as damaged:
            _copy(connection, "outbox", _OUTBOX, _readable(damaged, "outbox", _OUTBOX))
            _copy(connection, "blob", _BLOB, _readable(damaged, "blob", _BLOB))
            drafts = _readable(damaged, "draft", _DRAFT)
            _copy(connection, "draft", _DRAFT, drafts)
            for name, value in _readable(damaged, "meta", "key, value"):
                if name in _SALVAGED_META:
                    meta.put(connection, str(name), str(value))
            return len(drafts)
    except (driver.Error, OSError) as error:
        _log.info("nothing of the damaged store can be read: %s", error)
        return 0


@contextmanager
def _copied(aside: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=aside.parent, prefix=SCRAP) as folder:
        for suffix in ("", "-wal"):
            source = aside.with_name(aside.name + suffix)
            if source.exists():
                shutil.copyfile(source, Path(folder) / f"copy{suffix}")
        yield Path(folder) / "copy"


def load(connection: Connection) -> Rebuilt | None:
    """Return what became of this store, if it was rebuilt."""
    text = meta.get(connection, REBUILT)
    return None if text is None else msgspec.json.decode(text, type=learned(Rebuilt))


def save(connection: Connection, rebuilt: Rebuilt) -> None:
    """Remember it, to be told until somebody has seen it."""
    meta.put(connection, REBUILT, encode(rebuilt).decode())


def mark_seen(connection: Connection) -> None:
    """Somebody has been told."""
    found = load(connection)
    if found is not None:
        save(connection, msgspec.structs.replace(found, seen=True))


def set_aside_files(db: Path) -> list[Path]:
    """Return every damaged store that lies beside ``db``, with its logs."""
    return sorted(db.parent.glob(f"{db.name}{ASIDE}*"))


def _readable(damaged: driver.Connection, table: str, columns: str) -> list[tuple[object, ...]]:
    """Read rows one by one up to the first that cannot be."""
    rows: list[tuple[object, ...]] = []
    try:
        found = damaged.execute(f"SELECT {columns} FROM {table}")  # noqa: S608  our own names
        rows.extend(tuple(row) for row in found)
    except driver.Error as error:
        _log.info("of %s only %d rows can be read: %s", table, len(rows), error)
    return rows


def _copy(
    connection: Connection, table: str, columns: str, rows: Sequence[tuple[object, ...]]
) -> None:
    if rows:
        places = ", ".join("?" * len(rows[0]))
        connection.exec_driver_sql(
            f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})",  # noqa: S608  the same
            list(rows),
        )


def _free_name(db: Path, stamp: str) -> Path:
    name = f"{db.name}{ASIDE}{stamp}"
    taken = {path.name for path in set_aside_files(db)}
    while name in taken:
        name += "a"
    return db.with_name(name)
