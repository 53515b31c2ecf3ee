"""What becomes of commands that were set aside, by the word of whoever runs the central."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.auth.principal import principal_of
from fieldtech.central.database import read_meta
from fieldtech.central.refusal import Refused
from fieldtech.central.sync.envelopes import Push, read_op
from fieldtech.central.sync.ledger import drop, reopen
from fieldtech.central.sync.push import Pushing, PushRun
from fieldtech.protocol import wire
from fieldtech.protocol.wire import OpResult

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


def release(parts: Pushing, op_id: str) -> OpResult:
    """Judge a quarantined command again; what was parked behind it follows when it comes again.

    Raises ``Refused``: 404 ``not_quarantined``, 409 ``still_fails`` (nothing is changed then), and
    what ``push`` raises.
    """

    def run(connection: Connection) -> OpResult:
        waiting = reopen(connection, op_id)
        if waiting is None:
            raise Refused(404, "not_quarantined", op_id)
        told = _judge_kept(parts, connection, waiting)
        if told.status not in wire.SETTLED - {wire.QUARANTINED}:
            raise Refused(409, "still_fails", told.code)
        _follow(parts, connection, waiting)
        return told

    return parts.database.transact(run)


def give_up(parts: Pushing, op_id: str) -> bool:
    """Refuse a quarantined command for good, as ``release``; False where there is none."""

    def run(connection: Connection) -> bool:
        dropped = drop(connection, op_id)
        if dropped is not None:
            _follow(parts, connection, dropped)
        return dropped is not None

    return parts.database.transact(run)


def _judge_kept(parts: Pushing, connection: Connection, kept: Row[Any]) -> OpResult:
    """Judge a command that came earlier, whatever became of its laptop since."""
    raw = msgspec.Raw(kept.envelope.encode())
    who = principal_of(connection, kept.user_id, kept.device_id)
    request = Push(device_id=kept.device_id, epoch=read_meta(connection, "epoch"), ops=[raw])
    judging = PushRun(parts, connection, who, request, alone=True, kept=True)
    return judging.run([read_op(raw)]).results[0]


def _follow(parts: Pushing, connection: Connection, first: Row[Any]) -> None:
    """Judge what was parked behind it on laptops that are shut out: they cannot send it again."""
    op, device = tables.op.c, tables.device.c
    shut_out = select(device.id).where(
        device.user_id == first.user_id, device.revoked_at.is_not(None)
    )
    parked = select(tables.op).where(
        op.device_id.in_(shut_out), op.status == wire.PARKED, op.subject == first.subject
    )
    rows = connection.execute(parked).all()
    for row in sorted(
        rows, key=lambda row: (row.at, read_op(msgspec.Raw(row.envelope.encode())).n)
    ):
        _judge_kept(parts, connection, row)
