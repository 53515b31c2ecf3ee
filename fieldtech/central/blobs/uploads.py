"""Uploads: private to their user, resumable by offset, checked when whole.

Whoever names a file's hash learns nothing by it: even where the central has the very bytes, they
have to be sent in full before they count as the sender's; only then are they stored once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, func, select, update

from fieldtech.central import file_tables
from fieldtech.central.dialect import lock_rows, within
from fieldtech.central.refusal import Refused
from fieldtech.central.texts import is_text
from fieldtech.protocol.uuid7 import uuid7
from fieldtech.protocol.wire import MAX_BLOB_CHUNK, UploadRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from fieldtech.central.auth.principal import Principal
    from fieldtech.central.blobs.folder import BlobStore

MEGABYTE = 1024 * 1024
UNFINISHED_KEPT = timedelta(days=7)
"""How long an upload that does not go on is kept for its laptop."""
UNUSED_KEPT = timedelta(days=30)
"""How long a whole file that no work refers to is kept: its command may be late."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,40}/[a-z0-9][a-z0-9.+-]{0,80}")
_LONGEST_NAME = 200
_AT_ONCE = 200
FULL_S = 3600
"""When to ask a full central again: room is made by people."""


class Sender(NamedTuple):
    """Whose file it is, and the device it comes from."""

    id: str
    device_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobLimits:
    """What the central takes, in bytes: one file, one user a day, all files (each counted once).

    ``reserve`` is the room it leaves free on the disk; without ``total`` that is the only limit.
    """

    file: int = 25 * MEGABYTE
    per_day: int = 500 * MEGABYTE
    total: int | None = None
    reserve: int = 1024 * MEGABYTE


def begin(
    connection: Connection,
    who: Sender,
    request: UploadRequest,
    *,
    now: datetime,
    limits: BlobLimits,
    blobs: BlobStore,
) -> Row[Any]:
    """Return the user's upload of that file, a new one unless he has begun it before.

    One that was whole and whose bytes are gone (the folder was restored from an older copy than
    the database) begins again.

    Raises ``Refused``: 400 ``invalid``, 413 ``blob_too_large``, 429 ``daily_limit``, 507
    ``storage_full``.
    """
    _check(request)
    if request.size > limits.file:
        raise Refused(413, "blob_too_large", f"at most {limits.file} bytes")
    table = file_tables.upload
    mine = select(table).where(
        table.c.user_id == who.id, table.c.sha256 == request.sha256, table.c.size == request.size
    )
    known = connection.execute(mine.order_by(table.c.created_at)).first()
    if known is not None:
        if known.done_at is None or blobs.path(known.sha256) is not None:
            return known
        again = update(table).where(table.c.id == known.id)
        connection.execute(again.values(received=0, touched_at=now, done_at=None))
        return connection.execute(select(table).where(table.c.id == known.id)).one()
    today = select(func.coalesce(func.sum(table.c.size), 0)).where(
        table.c.user_id == who.id, table.c.created_at > now - timedelta(days=1)
    )
    if int(connection.execute(today).scalar_one()) + request.size > limits.per_day:
        detail = f"at most {limits.per_day} bytes in a day"
        raise Refused(429, "daily_limit", detail, retryable=True, retry_after=3600)
    if limits.total is not None and _stored(connection) + request.size > limits.total:
        raise _full(f"at most {limits.total} bytes of all files")
    check_room(limits, blobs.free(), request.size)
    upload_id = uuid7(now)
    connection.execute(
        table.insert(),
        {
            "id": upload_id,
            "user_id": who.id,
            "device_id": who.device_id,
            "sha256": request.sha256,
            "size": request.size,
            "media_type": request.media_type,
            "name": request.name,
            "received": 0,
            "created_at": now,
            "touched_at": now,
            "done_at": None,
        },
    )
    return connection.execute(select(table).where(table.c.id == upload_id)).one()


def find(connection: Connection, who: Principal, upload_id: str) -> Row[Any]:
    """Return one of the user's own uploads; raises ``Refused`` (404 ``unknown_upload``)."""
    table = file_tables.upload
    query = select(table).where(table.c.id == upload_id, table.c.user_id == who.id)
    found = connection.execute(query).one_or_none()
    if found is None:
        raise Refused(404, "unknown_upload", "begin it again", retryable=True)
    return found


def check_part(upload: Row[Any], offset: int, length: int) -> None:
    """Raise ``Refused`` (409 ``wrong_offset`` with what is expected, 413) for a part amiss."""
    if upload.size == offset == length == 0:
        return  # an empty file again: its sender cannot tell by an offset that it is here
    if upload.done_at is not None:
        raise _is_whole(upload)
    if offset != upload.received:
        raise _wrong_offset(upload.received)
    if length > MAX_BLOB_CHUNK or offset + length > upload.size:
        raise Refused(413, "too_large", f"at most {MAX_BLOB_CHUNK} bytes, to the file's end")


def check_room(limits: BlobLimits, free: int, length: int) -> None:
    """Raise ``Refused`` (507) when so many bytes more would take of the room left free.

    At the beginning and again for each part: what others send meanwhile counts too.
    """
    if free - length < limits.reserve:
        raise _full("no room left on the disk")


def advance(connection: Connection, upload: Row[Any], received: int, now: datetime) -> None:
    """Note that the file goes up to there by now; 409 when another request was faster."""
    table = file_tables.upload
    mine = update(table).where(table.c.id == upload.id, table.c.received == upload.received)
    if not connection.execute(mine.values(received=received, touched_at=now)).rowcount:
        raise Refused(409, "wrong_offset", "somebody else sends it too", retryable=True)


def done(connection: Connection, upload: Row[Any], now: datetime) -> None:
    """The file is whole and in its place, however far other requests noted it to be.

    Raises ``Refused`` (404 ``unknown_upload``) when it was forgotten meanwhile.
    """
    table = file_tables.upload
    mine = update(table).where(table.c.id == upload.id)
    if not connection.execute(
        mine.values(received=upload.size, touched_at=now, done_at=now)
    ).rowcount:
        raise Refused(404, "unknown_upload", "begin it again", retryable=True)


def forget(connection: Connection, upload: Row[Any]) -> None:
    """The upload was not what it said: it may begin again.

    Raises ``Refused`` (409 ``wrong_offset``) when it is whole by another request by now.
    """
    table = file_tables.upload
    mine = table.c.id == upload.id
    connection.execute(delete(table).where(mine, table.c.done_at.is_(None)))
    if connection.execute(select(table.c.id).where(mine)).first() is not None:
        raise _is_whole(upload)


def missing(
    connection: Connection, user_id: str, digests: Iterable[str], blobs: BlobStore | None
) -> tuple[str, ...]:
    """Of these files, those that the user has not sent in full, or that are gone from ``blobs``."""
    wanted = list(dict.fromkeys(digests))
    if not wanted:
        return ()
    table = file_tables.upload
    mine = (table.c.user_id == user_id) & table.c.sha256.in_(wanted) & table.c.done_at.is_not(None)
    # None of them is tidied away until the work that names it is committed.
    lock_rows(connection, table, mine, shared=True)
    here = set(connection.execute(select(table.c.sha256).where(mine)).scalars())
    if blobs is not None:
        here = {each for each in here if blobs.path(each) is not None}
    return tuple(each for each in wanted if each not in here)


def drop_stale(connection: Connection, now: datetime) -> Sequence[Row[Any]]:
    """Forget what does not go on and what nobody refers to; return those uploads, some at a time.

    What stands in the work of an incident never goes. Their bytes go once this is committed, see
    ``drop_bytes``.
    """
    upload, attachment = file_tables.upload, file_tables.attachment
    used = select(attachment.c.id).where(
        attachment.c.sha256 == upload.c.sha256, attachment.c.user_id == upload.c.user_id
    )
    stale = upload.c.done_at.is_(None) & (upload.c.touched_at < now - UNFINISHED_KEPT)
    unused = (upload.c.done_at < now - UNUSED_KEPT) & ~used.exists()
    due = select(upload.c.id).where(stale | unused).order_by(upload.c.id).limit(_AT_ONCE)
    some = upload.c.id.in_(list(connection.execute(due).scalars()))
    lock_rows(connection, upload, some)
    # Asked again under the lock: a push that named one of them may just have been committed.
    gone = connection.execute(select(upload).where(some, stale | unused)).all()
    connection.execute(delete(upload).where(upload.c.id.in_([row.id for row in gone])))
    return gone


def drop_bytes(connection: Connection, blobs: BlobStore, gone: Iterable[Row[Any]]) -> None:
    """Delete the bytes of forgotten uploads; a whole file goes with the last upload of it."""
    upload = file_tables.upload.c
    for row in gone:
        blobs.discard(row.id)
        # One on its way counts too: its bytes may be in place while this is decided.
        others = select(upload.id).where(upload.sha256 == row.sha256)
        if connection.execute(others.limit(1)).first() is None:
            blobs.delete(row.sha256)


def drop_leftovers(connection: Connection, blobs: BlobStore, found: set[str]) -> None:
    """Delete what lies about of uploads that are whole or forgotten: a request was broken off.

    ``found`` must have been listed before this transaction began.
    """
    upload = file_tables.upload.c
    going_on = select(upload.id).where(upload.done_at.is_(None), within(upload.id, found))
    for each in sorted(found - set(connection.execute(going_on).scalars())):
        blobs.discard(each)


def _stored(connection: Connection) -> int:
    """The bytes of all files that are here or on their way, those of the same content once."""
    upload = file_tables.upload.c
    each = select(upload.sha256, upload.size).distinct().subquery()
    total = select(func.coalesce(func.sum(each.c.size), 0))
    return int(connection.execute(total).scalar_one())


def _full(detail: str) -> Refused:
    return Refused(507, "storage_full", detail, retryable=True, retry_after=FULL_S)


def _is_whole(upload: Row[Any]) -> Refused:
    return _wrong_offset(upload.size)


def _wrong_offset(expected: int) -> Refused:
    detail = f"{expected} bytes are here"
    return Refused(409, "wrong_offset", detail, retryable=True, expected=expected)


def _check(request: UploadRequest) -> None:
    name_fits = is_text(request.name) and len(request.name) <= _LONGEST_NAME
    checks = {
        "sha256": _DIGEST.fullmatch(request.sha256) is not None,
        "size": 0 <= request.size < 2**53,
        "media_type": _MEDIA_TYPE.fullmatch(request.media_type) is not None,
        "name": name_fits,
    }
    for name, fits in checks.items():
        if not fits:
            raise Refused(400, "invalid", name)
