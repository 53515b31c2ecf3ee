"""The largest packet that comes through, and whether larger ones are refused or swallowed.

Packets of many sizes go to the reflector at once, none of which may be fragmented; the largest that
comes back is the path's MTU. A router that cannot pass one on has to say so by ICMP (RFC 1191):
where nobody does, the path is a black hole, and whatever sends large packets stands still.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import sys
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from fieldtech.diagnostics import stamp, stun
from fieldtech.diagnostics.names import resolve
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from threading import Event

    from fieldtech.clock import Clock
    from fieldtech.diagnostics.context import Context

HEADERS = 28
"""IPv4 and UDP; what is told as the MTU contains them."""
ETHERNET, SMALLEST = 1500, 576
LADDER = (1500, 1492, 1480, 1472, 1460, 1454, 1440, 1420, 1400, 1380, 1340, 1280, 1000, 576)
"""What paths have: Ethernet, PPPoE (RFC 2516), tunnels, the least of IPv6, the least of IPv4."""
ROUNDS, WAIT_S = 3, 0.5
PACE_S = 0.02
"""Between packets: at once they would stand in the way of the others' answers on a slow line."""
_MTU_DISCOVER, _PROBE = 10, 3
"""Linux: IP_MTU_DISCOVER, IP_PMTUDISC_PROBE: do not fragment, and do not believe what is cached."""
_RECVERR = 11
_DONT_FRAGMENT = {"win32": 14, "darwin": 28}
"""IP_DONTFRAGMENT (winsock2) and IP_DONTFRAG (netinet/in.h)."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What came back so far: the sizes, and whether anybody said that one was too big."""

    answered: set[int] = field(default_factory=set)
    told: bool = False


def run(context: Context) -> Outcome:
    """Send the ladder, then every size between its two rungs."""
    server = _server(context)
    if server is None:
        return not_measured(Reason.NO_TARGET)
    kind, host, port = server
    try:
        address = resolve(context, host)
    except OSError:
        return not_measured(Reason.NOT_RESOLVED, host=host)
    if ":" in address:
        return not_measured(Reason.TRANSPORT, host=host)
    with context.udp() as connection:
        if not forbid_fragments(connection):
            return not_measured(Reason.NOT_PERMITTED)
        connection.connect((address, port))
        connection.setblocking(False)  # noqa: FBT003  the name of the method says it
        dialect = StampSizes(context.clock) if kind == "stamp" else StunSizes()
        found = Found()
        limit = min(context.facts.mtu or ETHERNET, ETHERNET) if context.facts else ETHERNET
        _try(context, connection, dialect, [s for s in LADDER if s <= limit], found)
        if found.answered and max(found.answered) < limit:
            _try(context, connection, dialect, between(max(found.answered), limit), found)
    return outcome_of(found, limit)


def outcome_of(found: Found, limit: int) -> Outcome:
    """Return the MTU and whether it is a black hole; ``limit`` is the interface's own MTU."""
    evidence = {"answered": sorted(found.answered), "icmp": found.told, "interface_mtu": limit}
    if not found.answered:
        return Outcome(reason=Reason.UNREACHED, evidence=evidence)
    mtu = max(found.answered)
    whole = mtu >= limit
    values = {
        "internet.mtu": str(mtu),
        "internet.black_hole": "no" if whole or found.told else "yes",
    }
    return Outcome(values=values, evidence={**evidence, "kind": kind_of(mtu)})


def kind_of(mtu: int) -> str:
    """Name what a size is known for, empty for no name."""
    return {1500: "Ethernet", 1492: "PPPoE", 1480: "tunnel", 1280: "IPv6 minimum"}.get(mtu, "")


def between(answered: int, limit: int) -> list[int]:
    """Return every size from the largest that came through to the next rung above it."""
    above = min((size for size in LADDER if size > answered), default=limit)
    return list(range(answered + 1, min(above, limit) + 1))


class StampSizes:
    """The reflector sends back as much as it was sent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._session = int.from_bytes(os.urandom(2), "big") or 1

    def packet(self, size: int) -> bytes:
        """Return a packet that makes ``size`` bytes with its headers; its number is its size."""
        sent = stamp.Sent(number=size, at=self._clock.now(), session=self._session)
        return sent.encode(size - HEADERS)

    def read(self, data: bytes) -> int | None:
        """Return the size that an answer is to, ``None`` for no answer."""
        try:
            back = stamp.decode_reflected(data)
        except stamp.MalformedError:
            return None
        return back.sent_number if back.session == self._session else None


class StunSizes:
    """A STUN server answers a padded request by a small answer: the way there alone is measured."""

    def __init__(self) -> None:
        self._prefix = os.urandom(8)

    def packet(self, size: int) -> bytes:
        """Return a request of ``size`` bytes with its headers, or up to three less."""
        room = (size - HEADERS - stun.HEADER - 12) // 4 * 4
        return stun.binding_request(self._prefix + size.to_bytes(4, "big"), padding=max(room, 0))

    def read(self, data: bytes) -> int | None:
        """Return the size that an answer is to, ``None`` for no answer."""
        try:
            message = stun.decode(data)
        except stun.MalformedError:
            return None
        if message.transaction[:8] != self._prefix:
            return None
        return int.from_bytes(message.transaction[8:], "big")


def _server(context: Context) -> tuple[str, str, int] | None:
    targets = context.targets
    if targets.reflector is not None:
        return "stamp", targets.reflector.host, targets.reflector.port
    if targets.stun:
        return "stun", targets.stun[0].host, targets.stun[0].port
    return None


def _try(
    context: Context,
    connection: socket.socket,
    sizes: StampSizes | StunSizes,
    asked: Sequence[int],
    found: Found,
) -> None:
    """Send every size that is larger than what came back, some times over."""
    for _ in range(ROUNDS):
        open_sizes = [s for s in asked if s > max(found.answered, default=0)]
        if not open_sizes or context.cancel.is_set():
            return
        _send(context.cancel, connection, sizes, open_sizes, found)
        end = perf_counter() + WAIT_S
        while (left := end - perf_counter()) > 0 and max(asked) not in found.answered:
            if select.select([connection], [], [], left)[0]:
                _take(connection, sizes, found)


def _send(
    cancel: Event,
    connection: socket.socket,
    sizes: StampSizes | StunSizes,
    asked: Iterable[int],
    found: Found,
) -> None:
    for size in asked:
        cancel.wait(PACE_S)
        try:
            connection.send(sizes.packet(size))
        except OSError as error:
            # What the kernel knows by ICMP, or of its own link, it refuses to send.
            found.told |= error.errno in {errno.EMSGSIZE, getattr(errno, "WSAEMSGSIZE", -1)}
            with contextlib.suppress(OSError):  # an earlier error is reported only once
                connection.send(sizes.packet(size))


def _take(connection: socket.socket, sizes: StampSizes | StunSizes, found: Found) -> None:
    try:
        data = connection.recv(2048)
    except BlockingIOError:
        found.told |= _was_told(connection)
        return
    except OSError as error:
        found.told |= error.errno in {errno.EMSGSIZE, getattr(errno, "WSAEMSGSIZE", -1)}
        _was_told(connection)
        return
    size = sizes.read(data)
    if size is not None:
        found.answered.add(size)


def _was_told(connection: socket.socket) -> bool:
    """Take one report off the socket's error queue (Linux); tell whether it was "too big"."""
    if sys.platform != "linux":
        return False
    try:
        _, extras, _, _ = connection.recvmsg(512, 512, socket.MSG_ERRQUEUE)
    except OSError:
        return False
    return any(
        (level, kind) == (socket.IPPROTO_IP, _RECVERR)
        and int.from_bytes(value[:4], sys.byteorder) == errno.EMSGSIZE
        for level, kind, value in extras
    )


def forbid_fragments(connection: socket.socket) -> bool:
    """Have packets sent whole or not at all; tell whether this system can."""
    try:
        if sys.platform == "linux":
            connection.setsockopt(socket.IPPROTO_IP, _MTU_DISCOVER, _PROBE)
            connection.setsockopt(socket.IPPROTO_IP, _RECVERR, 1)
        else:
            connection.setsockopt(socket.IPPROTO_IP, _DONT_FRAGMENT[sys.platform], 1)
    except (OSError, KeyError):
        return False
    return True
