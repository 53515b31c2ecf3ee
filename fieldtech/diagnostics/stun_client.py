"""Asking STUN servers: over UDP, repeated and matched (RFC 8489, 6.2.1), or once over TCP.

One UDP socket may ask several servers and addresses; what comes back is matched by its transaction.
"""

from __future__ import annotations

import contextlib
import os
import select
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from fieldtech.diagnostics import stun
from fieldtech.diagnostics.deadline import within

if TYPE_CHECKING:
    import socket

    from fieldtech.diagnostics.context import Context

RTO_S = 0.5
"""First wait before a question is repeated, doubled each time (RFC 8489 says 500 ms or more)."""
TRIES = 3
"""3.5 s in all: the full seven tries of the RFC take 39.5 s, and a person waits."""
_ROOM = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An answer, where it came from, and the round trip of the try that it answers at most."""

    message: stun.Message
    source: tuple[str, int]
    ms: float
    tries: int


def ask(
    context: Context,
    connection: socket.socket,
    server: tuple[str, int],
    *,
    change: int = 0,
    tries: int = TRIES,
) -> Heard | None:
    """Ask one address over an unconnected socket; ``None`` when nobody answered in time."""
    transaction = os.urandom(stun.TRANSACTION)
    packet = stun.binding_request(transaction, change=change)
    wait = RTO_S
    for number in range(tries):
        sent = perf_counter()
        with contextlib.suppress(OSError):  # no route at this moment: the next try may have one
            connection.sendto(packet, server)
        while (left := sent + wait - perf_counter()) > 0:
            if context.cancel.is_set():
                return None
            heard = _listen(connection, transaction, sent, min(left, 0.2), number + 1)
            if heard is not None:
                return heard
        wait *= 2
    return None


def _listen(
    connection: socket.socket, transaction: bytes, sent: float, wait: float, tries: int
) -> Heard | None:
    if not select.select([connection], [], [], wait)[0]:
        return None
    try:
        data, source = connection.recvfrom(_ROOM)
    except OSError:  # an earlier packet met somebody who refused it
        return None
    came = perf_counter()
    try:
        message = stun.decode(data)
    except stun.MalformedError:
        return None
    if message.transaction != transaction or message.kind is stun.Class.REQUEST:
        return None
    return Heard(
        message=message, source=(source[0], source[1]), ms=(came - sent) * 1000, tries=tries
    )


def ask_by_tcp(context: Context, connection: socket.socket, limit_s: float) -> stun.Message | None:
    """Ask over a connection, within the limit; ``None`` for whatever is no answer."""
    transaction = os.urandom(stun.TRANSACTION)
    try:
        with within(connection, limit_s, context.cancel):
            connection.sendall(stun.binding_request(transaction))
            head = _exactly(connection, stun.HEADER)
            body = _exactly(connection, min(int.from_bytes(head[2:4], "big"), _ROOM))
        message = stun.decode(head + body)
    except (OSError, stun.MalformedError):
        return None
    return message if message.transaction == transaction else None


def _exactly(connection: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        block = connection.recv(size - len(found))
        if not block:
            raise ConnectionResetError("closed before its message was whole")
        found += block
    return found


def mapped_of(heard: Heard | None) -> stun.Endpoint | None:
    """Return the address an answer tells, ``None`` for none, an error or a broken one."""
    return endpoint_of(None if heard is None else heard.message)


def endpoint_of(message: stun.Message | None) -> stun.Endpoint | None:
    """Return the address a message tells, ``None`` for none, an error or a broken one."""
    if message is None or message.kind is not stun.Class.SUCCESS:
        return None
    try:
        return message.mapped
    except stun.MalformedError:
        return None
