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


def next_batch(
    connection: Connection,
    device_id: str,
    epoch: str,
    *,
    after_n: int,
    max_ops: int,
    max_bytes: int,
    again: bool,
) -> Batch:
    """Return the commands after ``after_n``, as many as fit; at least one if there is one.

    With ``again``, what the central has seen but put aside goes first: it may be its turn now.
    """
    lines: list[Line] = (
        sending.parked(connection, device_id, after_n, limit=max_ops) if again else []
    )
    fresh = sending.to_send(connection, device_id, after_n, limit=max_ops - len(lines))
    if fresh and fresh[0].n != after_n + 1:
        return Batch(gap=True)
    room = max_bytes - OVERHEAD
    chosen: list[msgspec.Raw] = []
    last_n = after_n
    for line in (*lines, *fresh):
        text = line.envelope.encode()
        if chosen and len(text) + 1 > room:
            break
        room -= len(text) + 1
        chosen.append(msgspec.Raw(text))
        last_n = max(last_n, line.n)
    if not chosen:
        return Batch()
    body = encode({"device_id": device_id, "epoch": epoch, "ops": chosen})
    return Batch(body=body, size=len(chosen), last_n=last_n)
