"""One OPTIONS over UDP: sent again by RFC 3261's timer, until a final answer or the limit."""

from __future__ import annotations

import contextlib
import os
import select
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from fieldtech.diagnostics import sip
from fieldtech.diagnostics.names import resolve

if TYPE_CHECKING:
    import socket

    from fieldtech.diagnostics.context import Context
    from fieldtech.domain.probe_targets import SipServer

TRIES = 3
"""3.5 s of the 32 that timer F allows: whoever waits has a router in his hand."""
_ROOM = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came of one question; ``response`` is ``None`` for silence."""

    address: str
    own: tuple[str, int]
    response: sip.Response | None
    ms: float | None
    tries: int


def ask(context: Context, server: SipServer) -> Heard:
    """Ask a server whether it is there; raises ``OSError`` when nothing can be sent to it."""
    address = resolve(context, server.host)
    with context.udp_to(address) as connection:
        # Connected, the socket has the address it really sends from, and an ICMP error shows.
        connection.connect((address, server.port))
        own = connection.getsockname()
        question = sip.Question(
            server=server.host,
            host=own[0],
            port=own[1],
            branch=os.urandom(8).hex(),
            tag=os.urandom(4).hex(),
            call_id=f"{os.urandom(8).hex()}@fieldtech",
        )
        return _exchange(context, connection, address, (own[0], own[1]), question)


def _exchange(
    context: Context,
    connection: socket.socket,
    address: str,
    own: tuple[str, int],
    question: sip.Question,
) -> Heard:
    packet = question.encode()
    tries = 0
    for wait in sip.waits()[:TRIES]:
        tries += 1
        sent = perf_counter()
        with contextlib.suppress(OSError):
            connection.send(packet)
        while (left := sent + wait - perf_counter()) > 0 and not context.cancel.is_set():
            found = _listen(connection, question, min(left, 0.2))
            if found is not None:
                ms = (perf_counter() - sent) * 1000
                return Heard(address=address, own=own, response=found, ms=ms, tries=tries)
    return Heard(address=address, own=own, response=None, ms=None, tries=tries)


def _listen(connection: socket.socket, question: sip.Question, wait: float) -> sip.Response | None:
    """Return the final answer to that question, ``None`` for anything else."""
    if not select.select([connection], [], [], wait)[0]:
        return None
    try:
        response = sip.decode(connection.recv(_ROOM))
    except (OSError, sip.MalformedError):
        return None
    return response if response.is_final and question.is_answered_by(response) else None
