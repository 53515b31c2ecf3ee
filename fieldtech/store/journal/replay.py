"""Putting back in line what the journal has and the database has lost.

A flipped bit in the database's log, an old copy put back, a power cut between two disks: whatever
the reason, work that was called saved is there again after the next start.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from fieldtech.protocol.codec import body_bytes, digest
from fieldtech.store import derive, devices, drafts, outbox, session
from fieldtech.store.blobs import queue
from fieldtech.store.outbox import Label

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.protocol.black_box import KeptCommand
    from fieldtech.protocol.wire import Envelope
    from fieldtech.store.journal.journal import Contents, Journal


class Lost(NamedTuple):
    """A command that the outbox lacks, and the device it was numbered by."""

    device_id: str
    kept: KeptCommand


def missing(connection: Connection, journal: Journal, contents: Contents) -> list[Lost]:
    """Return the journal's commands that the outbox should have and has not, in their order."""
    if not contents.commands:
        return []
    known = outbox.known_ids(connection)
    found: dict[str, Lost] = {}
    for sealed in contents.commands:
        op_id = sealed.record.op_id
        if op_id in known or op_id in contents.closed or op_id in found:
            continue
        kept = journal.command_in(sealed)
        if kept is not None and _is_itself(kept, sealed.record.sha256):
            found[op_id] = Lost(sealed.record.device_id, kept)
    return list(found.values())


def put_back(connection: Connection, lost: list[Lost]) -> frozenset[str]:
    """Put commands in line again; return the incidents that are to be replayed.

    Where another device of this profile numbered some, or a number is taken, the profile goes on as
    one more device with everything in the order it was made: the ``op_id`` stays, so nothing is
    done twice. A refused command whose place one of
    them took is decided again, or a person would be asked to do the same work once more.
    """
    who = session.load(connection)
    taken = outbox.numbers(connection, who.device_id)
    next_n = max((who.next_n, *(n + 1 for n in taken)))
    moved = False
    for device_id, kept in lost:
        n = kept.envelope.n
        if device_id != who.device_id or n in taken:
            n, moved = next_n, True
        taken.add(n)
        next_n = max(next_n, n + 1)
        made_at = datetime.fromtimestamp(kept.made_at, UTC)
        outbox.add(
            connection,
            device_id=who.device_id,
            envelope=replace(kept.envelope, n=n),
            incident_id=kept.incident_id,
            visit_id=kept.visit_id,
            label=Label(**kept.label),
            made_at=made_at,
        )
        for sha256 in kept.envelope.blobs:
            _put_back_file(connection, kept.envelope, kept.incident_id, sha256, made_at)
        if kept.draft:
            drafts.forget(connection, kept.draft, saved_by=made_at)
    for _, kept in lost:
        if kept.decides is not None:
            made_at = datetime.fromtimestamp(kept.made_at, UTC)
            outbox.decide(connection, kept.decides.op_id, kept.decides.decision, made_at)
    session.set_next_n(connection, next_n)
    if moved:
        devices.fork(connection)
    touched = frozenset(kept.incident_id for _, kept in lost)
    derive.mark(connection, touched)
    return touched


def put_back_files(connection: Connection) -> None:
    """Put in line the files of kept commands that the queue does not know.

    The commands were readable in a damaged store, their files' lines were not.
    """
    known = queue.known(connection)
    for item in outbox.with_files(connection):
        for sha256 in item.envelope.blobs:
            if sha256 not in known:
                _put_back_file(connection, item.envelope, item.incident_id, sha256, item.made_at)


def _put_back_file(
    connection: Connection, envelope: Envelope, incident_id: str, sha256: str, made_at: datetime
) -> None:
    """A file that the command brought along goes up too; its seal tells what it is."""
    queue.add(
        connection,
        sha256=sha256,
        size=int(envelope.args.get("size", 0)),
        name=str(envelope.args.get("name", "")),
        incident_id=incident_id,
        at=made_at,
    )


def _is_itself(kept: KeptCommand, sha256: str) -> bool:
    """The body is the one that was acknowledged, bit by bit."""
    envelope = kept.envelope
    body = body_bytes(envelope.cmd, envelope.target, envelope.occurred_at, envelope.args)
    return digest(body) == envelope.sha256 == sha256
