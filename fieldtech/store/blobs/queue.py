"""The files on their way up: in the order they were made, each with how far it is."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.store.rows import FILE_COUNTS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

WAITING, SENT, ASIDE = "waiting", "sent", "aside"
"""On its way; whole at the central; put aside with a reason that a person has to look at."""

_COLUMNS = (
    "rid, sha256, size, media_type, name, incident_id, state, code, upload_id, sent, restarts"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """One file. ``sent`` bytes are safe at the central under ``upload_id``."""

    rid: int
    sha256: str
    size: int
    media_type: str
    name: str
    incident_id: str
    state: str
    code: str
    upload_id: str
    sent: int
    restarts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobCounts:
    """How many files wait, how many bytes of them, and how many were put aside."""

    waiting: int
    bytes_left: int
    aside: int


def add(
    connection: Connection, *, sha256: str, size: int, name: str, incident_id: str, at: datetime
) -> None:
    """Put a file in line; the same content is sent once.

    One that was put aside, or was only fetched to be looked at, begins anew; one that the central
    has already is kept here for as long as if it had been sent now.
    """
    connection.exec_driver_sql(
        "DELETE FROM blob WHERE sha256 = ? AND (state = 'aside' OR incident_id = '')", (sha256,)
    )
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    connection.exec_driver_sql(
        "INSERT INTO blob (sha256, size, media_type, name, incident_id, state, code, upload_id,"
        " sent, restarts, made_at, settled_at) VALUES (?, ?, ?, ?, ?, 'waiting', '', '', 0, 0, ?,"
        " NULL) ON CONFLICT (sha256) DO UPDATE SET settled_at = excluded.made_at"
        " WHERE state = 'sent'",
        (sha256, size, media_type, name, incident_id, at.timestamp()),
    )


def keep_fetched(connection: Connection, *, sha256: str, size: int, at: datetime) -> None:
    """Note a file of somebody else that lies here to be looked at: it goes when it is old.

    It belongs to no incident's work of this laptop, which is what tells it apart.
    """
    connection.exec_driver_sql(
        "INSERT INTO blob (sha256, size, media_type, name, incident_id, state, code, upload_id,"
        " sent, restarts, made_at, settled_at) VALUES (?, ?, '', '', '', 'sent', '', '', ?, 0, ?,"
        " ?) ON CONFLICT (sha256) DO NOTHING",
        (sha256, size, size, at.timestamp(), at.timestamp()),
    )


def first_waiting(connection: Connection, after_rid: int = 0) -> Blob | None:
    """Return the next file to send."""
    row = connection.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM blob WHERE state = 'waiting' AND rid > ? ORDER BY rid LIMIT 1",  # noqa: S608  our own names
        (after_rid,),
    ).first()
    return None if row is None else _blob(tuple(row))


def own(connection: Connection, sha256: str) -> Blob | None:
    """Return a file of this laptop's work, whichever of its incidents it was attached to."""
    row = connection.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM blob WHERE sha256 = ? AND incident_id <> ''",  # noqa: S608  the same
        (sha256,),
    ).first()
    return None if row is None else _blob(tuple(row))


def known(connection: Connection) -> frozenset[str]:
    """Return the digests of all files that this laptop knows of."""
    return frozenset(row[0] for row in connection.exec_driver_sql("SELECT sha256 FROM blob"))


def shown(connection: Connection, limit: int) -> list[Blob]:
    """Return what waits or was put aside, the oldest first."""
    rows = connection.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM blob WHERE state <> 'sent' ORDER BY rid LIMIT ?",  # noqa: S608  the same
        (limit,),
    )
    return [_blob(tuple(row)) for row in rows]


def counts(connection: Connection) -> BlobCounts:
    """Count what is not at the central yet."""
    row = connection.exec_driver_sql(FILE_COUNTS).one()
    return BlobCounts(waiting=row[0], bytes_left=row[1], aside=row[2])


def advance(connection: Connection, sha256: str, upload_id: str, sent: int) -> None:
    """So many bytes of a file are safe at the central."""
    connection.exec_driver_sql(
        "UPDATE blob SET upload_id = ?, sent = ? WHERE sha256 = ?", (upload_id, sent, sha256)
    )


def settle(connection: Connection, sha256: str, at: datetime) -> None:
    """A file is whole at the central."""
    connection.exec_driver_sql(
        "UPDATE blob SET state = 'sent', code = '', sent = size, restarts = 0, settled_at = ?"
        " WHERE sha256 = ?",
        (at.timestamp(), sha256),
    )


def put_aside(connection: Connection, sha256: str, code: str) -> None:
    """A file cannot be sent: it stays here, with the reason."""
    connection.exec_driver_sql(
        "UPDATE blob SET state = 'aside', code = ? WHERE sha256 = ?", (code, sha256)
    )


def let_go(connection: Connection, sha256: str) -> bool:
    """Forget a file that was put aside: a person gives it up. False where there is none."""
    gone = connection.exec_driver_sql(
        "DELETE FROM blob WHERE sha256 = ? AND state = 'aside'", (sha256,)
    )
    return gone.rowcount > 0


def begin_again(connection: Connection, sha256: str, *, counted: bool) -> None:
    """A file goes up from its start once more.

    ``counted``: because something was wrong with it; otherwise a person wishes it, and earlier
    troubles are forgotten.
    """
    connection.exec_driver_sql(
        "UPDATE blob SET state = 'waiting', code = '', upload_id = '', sent = 0, settled_at = NULL,"
        " restarts = (restarts + 1) * ? WHERE sha256 = ?",
        (int(counted), sha256),
    )


def wanted(connection: Connection, digests: tuple[str, ...]) -> None:
    """The central says that it has not these: whatever was sent goes up again."""
    for sha256 in digests:
        connection.exec_driver_sql(
            "UPDATE blob SET state = 'waiting', upload_id = '', sent = 0, settled_at = NULL"
            " WHERE sha256 = ? AND state = 'sent'",
            (sha256,),
        )


def purge(connection: Connection, before: datetime) -> list[str]:
    """Forget files that were whole at the central before a moment; return which."""
    rows = connection.exec_driver_sql(
        "DELETE FROM blob WHERE state = 'sent' AND settled_at < ? RETURNING sha256",
        (before.timestamp(),),
    )
    return [row[0] for row in rows]


def _blob(row: tuple[object, ...]) -> Blob:
    names = [name.strip() for name in _COLUMNS.split(",")]
    return Blob(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type]
