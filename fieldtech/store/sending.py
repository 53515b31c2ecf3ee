"""What of the outbox goes up next, and in whose stead an empty command does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, update

from fieldtech.protocol.codec import body_bytes, decode, digest, encode
from fieldtech.protocol.wire import QUARANTINED, REJECTED, Envelope
from fieldtech.store import tables
from fieldtech.store.outbox import DECIDED, PENDING

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

VOID = "void"
"""Name of the command that takes the number of one that is never sent and does nothing."""
TOO_LARGE = "too_large"
OPEN = (*PENDING, QUARANTINED)
"""States of which the central may still make another."""

_table = tables.outbox


class Line(NamedTuple):
    """One command as it goes up."""

    n: int
    envelope: str


def to_send(connection: Connection, device_id: str, after_n: int, *, limit: int) -> list[Line]:
    """Return what the central lacks, in order.

    That is everything of this device after ``after_n`` (its last result for us), settled before or
    not: a central restored from a backup has forgotten what it once confirmed. What a person has
    decided to let go, and what was too large to be sent, takes its number as ``void``.
    """
    rows = connection.execute(
        select(_table.c.n, _table.c.envelope, _table.c.state, _table.c.code)
        .where(_table.c.device_id == device_id, _table.c.n > after_n)
        .order_by(_table.c.n)
        .limit(limit)
    )
    return [
        Line(row.n, _voided(row.envelope) if _is_void(row.state, row.code) else row.envelope)
        for row in rows
    ]


def parked(
    connection: Connection, device_id: str, after_n: int, up_to_n: int, *, limit: int
) -> list[Line]:
    """Return what the central has seen and put aside: asked for again until it is settled.

    Also what it could not process: an operator may have mended that and released it.
    """
    rows = connection.execute(
        select(_table.c.n, _table.c.envelope)
        .where(
            _table.c.device_id == device_id,
            _table.c.n > after_n,
            _table.c.n <= up_to_n,
            _table.c.state.in_(OPEN),
        )
        .order_by(_table.c.n)
        .limit(limit)
    )
    return [Line(row.n, row.envelope) for row in rows]


def has_between(connection: Connection, device_id: str, after_n: int, up_to_n: int) -> bool:
    """Tell whether this device has commands after ``after_n`` and up to ``up_to_n``."""
    query = select(_table.c.rid).where(
        _table.c.device_id == device_id, _table.c.n > after_n, _table.c.n <= up_to_n
    )
    return connection.execute(query.limit(1)).first() is not None


def void(connection: Connection, device_id: str, n: int, at: datetime) -> None:
    """Give up sending command ``n``: the central cannot take it. It is shown as refused."""
    connection.execute(
        update(_table)
        .where(_table.c.device_id == device_id, _table.c.n == n)
        .values(state=REJECTED, code=TOO_LARGE, settled_at=at.timestamp())
    )


def _is_void(state: str, code: str) -> bool:
    return state == DECIDED or (state == REJECTED and code == TOO_LARGE)


def _voided(envelope: str) -> str:
    command = decode(envelope, Envelope)
    stamp = command.occurred_at
    return encode(
        Envelope(
            n=command.n,
            # Another id: the command itself must stay unknown to the central.
            op_id=f"{VOID}-{command.op_id}",
            v=command.v,
            cmd=VOID,
            target=command.target,
            occurred_at=stamp,
            sha256=digest(body_bytes(VOID, command.target, stamp, {})),
        )
    ).decode()
