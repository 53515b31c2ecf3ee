"""The largest packet that comes through, and whether larger ones are refused or swallowed.

Packets of many sizes go to the reflector at once, none of which may be fragmented; then of those
between the largest that came back and the smallest that did not, until there is none between. A
router that cannot pass a packet on has to say so by ICMP, and which size it can (RFC 1191): where
nobody does, or what is told does not come through either, the path is a black hole, and whatever
sends large packets stands still.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import struct
import sys
from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from fieldtech.diagnostics import stamp, stun
from fieldtech.diagnostics.names import resolve
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fieldtech.clock import Clock
    from fieldtech.diagnostics.context import Context

HEADERS = 28
"""IPv4 and UDP; what is told as the MTU contains them."""
ETHERNET, SMALLEST = 1500, 576
LADDER = (
    *(1500, 1492, 1480, 1472, 1460, 1454, 1440, 1420, 1400, 1380, 1340, 1280),
    *(1200, 1000, 800, SMALLEST),
)
"""What paths have: Ethernet, PPPoE (RFC 2516), tunnels, the least of IPv6, the least of IPv4."""
MOST = 14
"""Sizes tried at once between two others: the widest gap of the ladder is searched in two steps."""
AGAIN = 3
"""Of the sizes that were silent so many are asked again: one lost packet is no bound."""
ROUNDS, TRIES = 3, 5
"""The whole ladder while nobody answers; the size that decides, before it counts as too big."""
PACE_S = 0.02
"""Between packets: at once they would stand in the way of the others' answers on a slow line."""
FIRST_WAIT_S, QUEUE_S, LONGEST_WAIT_S = 0.5, 0.2, 0.9
"""For answers, after the last packet: before any came; then a round trip and what may queue."""
BUDGET_S = 4.0
"""What the search may take in all: of a line that is very slow, what was seen until then counts."""
_LOOK_S = 0.1
_MTU_DISCOVER, _PROBE = 10, 3
"""Linux: IP_MTU_DISCOVER, IP_PMTUDISC_PROBE: do not fragment, and do not believe what is cached."""
_RECVERR = 11
_REPORT = struct.Struct("=IBBBxII")
"""Linux: struct sock_extended_err; its error, and behind the pad what it is about: the MTU."""
_DONT_FRAGMENT = {"win32": 14, "darwin": 28}
"""IP_DONTFRAGMENT (winsock2) and IP_DONTFRAG (netinet/in.h)."""
_TOO_BIG = frozenset({errno.EMSGSIZE, getattr(errno, "WSAEMSGSIZE", errno.EMSGSIZE)})


@dataclass(slots=True, kw_only=True)
class Found:
    """What is known so far: the sizes that came back, and the MTUs that somebody told.

    ``told`` has 0 for a report that names no MTU. Sizes differ by ``step`` bytes at least.
    """

    answered: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    step: int = 1

    @property
    def largest(self) -> int:
        """The largest size that came back, 0 for none."""
        return max(self.answered, default=0)

    def swallows(self) -> bool:
        """Tell whether who believes what is told, or hears nothing, sends what never arrives."""
        return not self.told or min(self.told) >= self.largest + self.step


def run(context: Context) -> Outcome:
    """Send the ladder, then sizes between its two rungs."""
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
        sizes = StampSizes(context.clock) if kind == "stamp" else StunSizes()
        limit = min(context.facts.mtu or ETHERNET, ETHERNET) if context.facts else ETHERNET
        search = Search(limit, sizes.step)
        Exchange(context, connection, sizes, search).run()
    return outcome_of(search.found, limit)


def outcome_of(found: Found, limit: int) -> Outcome:
    """Return the MTU and whether it is a black hole; ``limit`` is the interface's own MTU."""
    evidence = {
        "answered": sorted(found.answered),
        "icmp": bool(found.told),
        "told_mtu": sorted(found.told - {0}),
        "interface_mtu": limit,
    }
    if not found.answered:
        return Outcome(reason=Reason.UNREACHED, evidence=evidence)
    mtu = found.largest
    whole = mtu + found.step > limit
    values = {
        "internet.mtu": str(mtu),
        "internet.black_hole": "yes" if not whole and found.swallows() else "no",
    }
    return Outcome(values=values, evidence={**evidence, "kind": kind_of(mtu)})


def kind_of(mtu: int) -> str:
    """Name what a size is known for, empty for no name."""
    return {1500: "Ethernet", 1492: "PPPoE", 1480: "tunnel", 1280: "IPv6 minimum"}.get(mtu, "")


class Search:
    """Which sizes to try next, by those that were tried and those that came back.

    What came back is certain, silence is not: the bound above is asked again as long as the search
    goes on, so that it gives way when only its packet had been lost.
    """

    def __init__(self, limit: int, step: int = 1) -> None:
        self.found = Found(step=step)
        self._tries: Counter[int] = Counter()
        rungs = {size // step * step for size in (limit, *LADDER) if size <= limit}
        self._ladder = sorted(rungs, reverse=True)

    def next_sizes(self) -> list[int]:
        """Return what to send now, in that order; nothing more when it is found, or nobody is."""
        if not self.found.answered:
            return self._ladder if self._tries[self._ladder[0]] < ROUNDS else []
        silent = sorted(size for size in self._tries if size > self.found.largest)
        if not silent:
            return []
        asked = sorted([*self._between(silent[0]), *silent[:AGAIN]], reverse=True)
        if len(asked) > len(silent[:AGAIN]):
            return asked
        # Nothing is between: one size came, the next did not, and gets the rest of its tries.
        return asked * (TRIES - self._tries[silent[0]])

    def sent(self, size: int) -> None:
        """Count a packet of that size."""
        self._tries[size] += 1

    def _between(self, bound: int) -> list[int]:
        """Return sizes above the largest that came and below a bound, evenly apart."""
        low, step = self.found.largest, self.found.step
        inside = range(low + step, bound, step)
        if len(inside) <= MOST:
            return list(inside)
        return [inside[place * len(inside) // (MOST + 1)] for place in range(1, MOST + 1)]


class StampSizes:
    """The reflector sends back as much as it was sent."""

    step = 1

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
    """A STUN server answers a filled request by a small answer: the way there alone is measured."""

    step = 4
    """A STUN message has a multiple of 4 bytes, and so has one with its headers."""

    def __init__(self) -> None:
        self._prefix = os.urandom(8)

    def packet(self, size: int) -> bytes:
        """Return a request that makes ``size`` bytes with its headers, a multiple of ``step``."""
        transaction = self._prefix + size.to_bytes(4, "big")
        return stun.binding_request(transaction, size=size - HEADERS)

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


class Exchange:
    """One search over one socket, connected to its server: sizes go out, answers come in."""

    def __init__(
        self,
        context: Context,
        connection: socket.socket,
        sizes: StampSizes | StunSizes,
        search: Search,
    ) -> None:
        self._cancel = context.cancel
        self._socket = connection
        self._sizes = sizes
        self._search = search
        self._found = search.found
        self._first_sent: dict[int, float] = {}
        self._fastest: float | None = None

    def run(self) -> None:
        """Send and listen in turn, until the search has what it wants or its time is over."""
        end = perf_counter() + BUDGET_S
        while perf_counter() < end and (asked := self._search.next_sizes()):
            for size in asked:
                self._listen(lambda: PACE_S, max(asked))
                if self._cancel.is_set():
                    return
                if size > self._found.largest:
                    self._send(size)
            self._listen(self._patience, max(asked))

    def _patience(self) -> float:
        if self._fastest is None:
            return FIRST_WAIT_S
        return min(self._fastest + QUEUE_S, LONGEST_WAIT_S)

    def _listen(self, seconds: Callable[[], float], enough: int) -> None:
        """Take answers for so long, or until the size came that leaves nothing to wait for."""
        begun = perf_counter()
        while (left := begun + seconds() - perf_counter()) > 0 and not self._cancel.is_set():
            if self._found.largest >= enough:
                return
            if select.select([self._socket], [], [], min(left, _LOOK_S))[0]:
                self._take()

    def _send(self, size: int) -> None:
        self._search.sent(size)
        self._first_sent.setdefault(size, perf_counter())
        packet = self._sizes.packet(size)
        try:
            self._socket.send(packet)
        except OSError as error:
            # Perhaps an earlier packet's error, which comes but once: what is refused twice is
            # larger than what the system knows of the path, or than its own link.
            told = told_by(self._socket, error)
            try:
                self._socket.send(packet)
            except OSError as again:
                if again.errno in _TOO_BIG:
                    told = {*told, size - 1} - {0}
            self._found.told |= told

    def _take(self) -> None:
        try:
            data = self._socket.recv(2048)
        except OSError as error:  # nothing but a report, or an error that one left behind
            self._found.told |= told_by(self._socket, error)
            return
        size = self._sizes.read(data)
        if size is not None and size in self._first_sent:
            took = perf_counter() - self._first_sent[size]
            self._fastest = took if self._fastest is None else min(took, self._fastest)
            self._found.answered.add(size)


def told_by(connection: socket.socket, error: OSError) -> set[int]:
    """Return the MTUs that an error of a socket tells of, 0 for one that is not named.

    Linux keeps reports with their MTU, as routers sent them. Elsewhere there is the error alone,
    and what the system refuses to send from then on.
    """
    if sys.platform != "linux":
        return {0} if error.errno in _TOO_BIG else set()
    return set(_reports(connection))


def _reports(connection: socket.socket) -> Iterator[int]:
    """Take all reports off the socket's error queue (Linux); yield the MTU of each "too big"."""
    with contextlib.suppress(OSError):  # there is no more
        while True:
            _, extras, _, _ = connection.recvmsg(512, 512, socket.MSG_ERRQUEUE)
            for level, kind, value in extras:
                if (level, kind) == (socket.IPPROTO_IP, _RECVERR) and len(value) >= _REPORT.size:
                    number, _, _, _, mtu, _ = _REPORT.unpack_from(value)
                    if number == errno.EMSGSIZE:
                        yield mtu


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
