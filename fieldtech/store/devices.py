"""Going on as another device, and offering kept work again to a central that lost its memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from fieldtech.protocol.codec import decode, encode
from fieldtech.protocol.wire import APPLIED, Envelope
from fieldtech.store import session, tables
from fieldtech.store.outbox import WAITING
from fieldtech.store.sending import OPEN

if TYPE_CHECKING:
    from sqlalchemy import Connection

_table = tables.outbox


def fork(connection: Connection) -> int:
    """Go on as another device with everything that is not settled; return its next number.

    What the central keeps aside comes along: only so is heard what became of it. The commands keep
    their order and are numbered from 1. ``op_id`` stays, so what the central already applied under
    the old device is not applied twice.
    """
    device_id = session.new_device_id()
    rows = connection.execute(
        select(_table.c.rid, _table.c.envelope)
        .where(_table.c.state.in_(OPEN))
        .order_by(_table.c.rid)
    ).all()
    for n, row in enumerate(rows, start=1):
        envelope = replace(decode(row.envelope, Envelope), n=n)
        connection.execute(
            update(_table)
            .where(_table.c.rid == row.rid)
            .values(device_id=device_id, n=n, envelope=encode(envelope).decode())
        )
    next_n = len(rows) + 1
    session.set_device(connection, device_id, next_n)
    return next_n


def reoffer(connection: Connection) -> bool:
    """Forget the outcome of what was applied but is still kept: the central lost its memory.

    What went up under an earlier device of this profile would have no way up any more, so then
    the profile goes on as one more device, everything in the order it was made; returns whether.
    """
    connection.execute(
        update(_table).where(_table.c.state == APPLIED).values(state=WAITING, landed=0)
    )
    present = session.load(connection).device_id
    earlier = select(_table.c.rid).where(_table.c.state.in_(OPEN), _table.c.device_id != present)
    if connection.execute(earlier.limit(1)).first() is None:
        return False
    fork(connection)
    return True
