"""Commands out of a package, judged by the very rules of a push; whatever is doubtful waits.

They come in under a device of their own, ``sealed-…``, which stands for the laptop's journal: the
laptop's own numbers are not touched, and when it comes back after all and sends the same commands,
each is known by its ``op_id`` and takes effect once. No laptop can claim such an id.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, select

from fieldtech.central import file_tables, tables
from fieldtech.central.auth.devices import RESERVED
from fieldtech.central.auth.principal import principal_of
from fieldtech.central.database import read_meta
from fieldtech.central.dialect import insert_new, upsert
from fieldtech.central.ingest.reading import SIGNED, KnownDevice
from fieldtech.central.sync.envelopes import Push
from fieldtech.central.sync.push import Pushing, push
from fieldtech.protocol import wire
from fieldtech.protocol.codec import decode, digest, encode
from fieldtech.protocol.wire import Envelope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.central.ingest.reading import Found

_STOPPED = frozenset({"failed", "behind"})
"""Why a command of a push waits that was not kept: it, or one before it, fails by itself."""


@dataclass(slots=True)
class Taken:
    """What became of commands, by ``op_id`` (with the code for those that were refused)."""

    applied: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)


def known_devices(connection: Connection) -> dict[str, KnownDevice]:
    """Return every device by its id."""
    device, user = tables.device, tables.user_account
    query = select(
        device.c.id, device.c.user_id, device.c.sign_key, device.c.revoked_at, user.c.active
    ).join(user, user.c.id == device.c.user_id)
    return {
        row.id: KnownDevice(row.user_id, row.sign_key, row.revoked_at is not None, row.active)
        for row in connection.execute(query)
    }


def take_in(parts: Pushing, commands: Sequence[Found]) -> Taken:
    """Judge commands that their devices vouch for, those of one device in their order."""
    taken = Taken()
    by_device: dict[str, list[Envelope]] = {}
    for found in commands:
        by_device.setdefault(found.device_id, []).append(found.envelope)
    for device_id, envelopes in by_device.items():
        waiting = _undecided(parts, envelopes, taken)
        while waiting:
            # What fails is tried again, and after three times set aside: the next ones go on.
            done = _push(parts, device_id, waiting[: wire.MAX_OPS], taken)
            waiting = waiting[done:]
    return taken


def put_to_review(connection: Connection, commands: Iterable[Found], now: datetime) -> list[str]:
    """Keep what nobody vouches for; return what was not known before.

    One that its device signed takes the place of one that only said to be it.
    """
    review, op, device = file_tables.sealed_review, tables.op.c, tables.device.c
    new = []
    for place, found in enumerate(commands):
        op_id = found.envelope.op_id
        if connection.execute(select(op.op_id).where(op.op_id == op_id)).first():
            continue
        owner = select(device.user_id).where(device.id == found.device_id)
        row = {
            "op_id": op_id,
            "device_id": found.device_id,
            "user_id": connection.execute(owner).scalar() or "",
            "reason": found.reason,
            "envelope": encode(found.envelope).decode(),
            "place": place,
            "at": now,
        }
        waiting = select(review.c.reason).where(review.c.op_id == op_id)
        before = connection.execute(waiting).scalar()
        if before is None:
            new.append(op_id)
        elif before in SIGNED or found.reason not in SIGNED:
            continue
        connection.execute(upsert(connection, review), row)
    return new


def reviewed(connection: Connection, device_id: str) -> list[Envelope]:
    """Return what waits of a device, in its order."""
    table = file_tables.sealed_review.c
    query = select(table.envelope).where(table.device_id == device_id)
    rows = connection.execute(query.order_by(table.at, table.place)).scalars()
    return [decode(text, Envelope) for text in rows]


def forget_reviewed(connection: Connection, op_ids: Iterable[str]) -> None:
    """An operator has decided on these."""
    table = file_tables.sealed_review
    connection.execute(delete(table).where(table.c.op_id.in_(list(op_ids))))


def _undecided(parts: Pushing, envelopes: Sequence[Envelope], taken: Taken) -> list[Envelope]:
    """Leave out what the central has decided on, whoever brought it.

    What it put off (for a newer central, a case still on its way, a quarantined one before it)
    comes in again: the laptop that would offer it may be gone.
    """
    op = tables.op.c
    ids = [each.op_id for each in envelopes]
    with parts.database.read() as connection:
        known: set[str] = set()
        for start in range(0, len(ids), wire.MAX_OPS):
            here = op.op_id.in_(ids[start : start + wire.MAX_OPS])
            query = select(op.op_id).where(here, op.status.in_(wire.SETTLED))
            known |= set(connection.execute(query).scalars())
    taken.known += [op_id for op_id in ids if op_id in known]
    return [each for each in envelopes if each.op_id not in known]


def _push(parts: Pushing, device_id: str, envelopes: Sequence[Envelope], taken: Taken) -> int:
    """Push as the laptop's journal; the numbers go on where its last package ended.

    Returns how many were taken: those after one that fails come again with it, in their order.
    """
    now = parts.clock.now()
    stand_in, last_n, user_id, epoch = parts.database.transact(
        lambda connection: _stand_in(connection, device_id, now)
    )
    ops = [
        msgspec.Raw(encode(replace(envelope, n=n)))
        for n, envelope in enumerate(envelopes, start=last_n + 1)
    ]
    reply = push(
        parts,
        lambda connection: principal_of(connection, user_id, stand_in),
        Push(device_id=stand_in, epoch=epoch, ops=ops),
    )
    done = 0
    for envelope, result in zip(envelopes, reply.results, strict=True):
        if result.status == wire.DEFERRED and result.code in _STOPPED:
            break
        done += 1
        if result.status in {wire.APPLIED, wire.DUPLICATE}:
            taken.applied.append(envelope.op_id)
        elif result.status == wire.REJECTED:
            taken.refused[envelope.op_id] = result.code
        else:
            taken.waiting[envelope.op_id] = result.status
    return done


def _stand_in(connection: Connection, device_id: str, now: datetime) -> tuple[str, int, str, str]:
    """The device that stands for a journal, its last number, whose it is, and the epoch."""
    table = tables.device
    owner = connection.execute(select(table).where(table.c.id == device_id)).one()
    # Of its digest: an id may be as long as an id may be, and two must not come to the same.
    stand_in = RESERVED + digest(device_id.encode())[:40]
    connection.execute(
        insert_new(connection, table),
        {
            "id": stand_in,
            "user_id": owner.user_id,
            "name": device_id,
            "last_n": 0,
            "created_at": now,
            "seen_at": now,
        },
    )
    last_n = connection.execute(select(table.c.last_n).where(table.c.id == stand_in)).scalar_one()
    return stand_in, last_n, owner.user_id, read_meta(connection, "epoch")
