"""Which commands go up in one request, and its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from fieldtech.protocol.codec import encode
from fieldtech.store import sending

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.store.sending import Line
    from fieldtech.sync.engine import Push

OVERHEAD = 512
"""Bytes of a request around its commands, rounded up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """``body`` is an encoded ``PushRequest`` of ``size`` commands, the last one being ``last_n``.

    ``gap``: the store no longer has the command the central waits for.
    """

    body: bytes = b""
    size: int = 0
    last_n: int = 0
    gap: bool = False


def next_batch(connection: Connection, device_id: str, epoch: str, push: Push) -> Batch:
    """Return what ``push`` asks for, as many commands as fit; at least one if there is one."""
    lines = lines_of(connection, device_id, push)
    if push.aside_up_to is None and lines and lines[0].n != push.after_n + 1:
        return Batch(gap=True)
    room = push.max_bytes - OVERHEAD
    chosen: list[msgspec.Raw] = []
    last_n = push.after_n
    for line in lines:
        text = line.envelope.encode()
        if chosen and len(text) + 1 > room:
            break
        room -= len(text) + 1
        chosen.append(msgspec.Raw(text))
        last_n = line.n
    if not chosen:
        return Batch()
    body = encode({"device_id": device_id, "epoch": epoch, "ops": chosen})
    return Batch(body=body, size=len(chosen), last_n=last_n)


def lines_of(connection: Connection, device_id: str, push: Push) -> list[Line]:
    """Return the commands that ``push`` asks for, whatever their size."""
    if push.aside_up_to is None:
        return sending.to_send(connection, device_id, push.after_n, limit=push.max_ops)
    return sending.parked(connection, device_id, push.after_n, push.aside_up_to, limit=push.max_ops)
