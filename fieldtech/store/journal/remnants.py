"""Encrypted remnants: what there is of them, until when, and their end.

Confirmed work stays a while, for a central that is restored from a backup will ask for it again;
so does a damaged database that was set aside. Nothing else is ever deleted, and nothing of these
before the central has confirmed it for that long.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fieldtech.protocol.sealing import Damaged, Kind, read_records
from fieldtech.store import outbox
from fieldtech.store.blobs import queue
from fieldtech.store.journal.rebuilding import ASIDE, set_aside_files
from fieldtech.store.journal.segments import segments_in

if TYPE_CHECKING:
    from pathlib import Path

    from fieldtech.store.blobs.shelf import Shelf
    from fieldtech.store.database import Database
    from fieldtech.store.journal.keeper import Keeper

_log = logging.getLogger(__name__)
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remnant:
    """A damaged database that lies beside the store, and since when."""

    name: str
    size: int
    since: datetime


def forget_old(database: Database, keeper: Keeper, shelf: Shelf, before: datetime) -> None:
    """Let go of what was settled before a moment: commands, files, copies, stores, segments.

    The journal is told before the database forgets, so that a crash between the two brings
    nothing back. A file that cannot be deleted is left for the next time.
    """
    with database.write() as connection:
        purged = outbox.purge(connection, before)
        keeper.settle(purged)
        files = queue.purge(connection, before)
    database.forget_copies(before)
    try:
        for path in set_aside_files(database.path):
            if _since(path) < before:
                path.unlink()
        for sha256 in files:
            shelf.delete(sha256)
        if purged:
            _delete_closed(keeper.journal.folder)
        _delete_unknown(database, keeper.journal.folder, shelf, before)
    except OSError as error:
        _log.warning("an old file stays: %s", error)


def remnants(db: Path) -> list[Remnant]:
    """Return the damaged stores that were set aside; their logs count with them."""
    found = []
    for path in set_aside_files(db):
        if path.suffix == path.suffix.removesuffix("-wal").removesuffix("-shm"):
            size = sum(_size(path.with_name(path.name + end)) for end in ("", "-wal", "-shm"))
            found.append(Remnant(name=path.name, size=size, since=_since(path)))
    return found


def _delete_closed(folder: Path) -> None:
    """Delete the oldest segments as long as everything in them is closed; never the last one."""
    contents = [(path, _ids_in(path.read_bytes())) for path in segments_in(folder)]
    closed = {op_id for _, (_, done) in contents for op_id in done}
    for path, (commands, _) in contents[:-1]:
        if commands is None or not commands <= closed:
            return
        path.unlink()


def _delete_unknown(database: Database, folder: Path, shelf: Shelf, before: datetime) -> None:
    """Delete files that no work refers to: a crash or a refusal left them.

    Only while all open work of the journal stands in the database: damaged or locked away it might
    be what they belong to, and then they stay for the sealed package.
    """
    with database.read() as connection:
        strangers = shelf.unknown(queue.known(connection), before)
        if not strangers:
            return
        told = {row[0] for row in connection.exec_driver_sql("SELECT op_id FROM outbox")}
    contents = [_ids_in(path.read_bytes()) for path in segments_in(folder)]
    closed = {op_id for _, done in contents for op_id in done}
    if all(commands is not None and commands - closed <= told for commands, _ in contents):
        for sha256 in strangers:
            shelf.delete(sha256)


def _ids_in(data: bytes) -> tuple[set[str] | None, set[str]]:
    """Return a segment's commands (``None``: it is damaged) and those that it closes."""
    commands: set[str] = set()
    closed: set[str] = set()
    whole = True
    for found in read_records(data):
        if isinstance(found, Damaged):
            whole = False
        elif found.record.kind is Kind.COMMAND:
            commands.add(found.record.op_id)
        else:
            closed.update(found.record.op_ids)
    return (commands if whole else None), closed


def _since(path: Path) -> datetime:
    """When a store was set aside, by its name: a copied file's own time says nothing."""
    stamp = path.name.partition(ASIDE)[2].partition("-")[0].rstrip("a")
    with suppress(ValueError):
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
