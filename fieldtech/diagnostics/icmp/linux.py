"""Echoes and hops on Linux without rights: an ICMP datagram socket, and UDP with its error queue.

The first needs the user's group in ``net.ipv4.ping_group_range``, the second needs nothing.
"""

from __future__ import annotations

import secrets
import select
import socket
import struct
import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from fieldtech.diagnostics.icmp import wire
from fieldtech.diagnostics.icmp.facts import Echo, Hop, NotMeasurableError, NotPermittedError
from fieldtech.diagnostics.interfaces import read_interfaces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Event

# linux/in.h and asm-generic/socket.h, in which some builds of Python have no names for them.
_IP_RECVERR, _IP_MTU_DISCOVER, _IP_PMTUDISC_PROBE, _IP_RECVTTL, _IP_TTL = 11, 10, 3, 12, 2
_MSG_ERRQUEUE, _SO_BINDTODEVICE = 0x2000, 25
_DATAGRAM = 2048
_LOOK_S = 0.05
"""How often it is seen whether somebody cancelled."""
_FIRST_PORT = 33434
"""Where traceroute has always knocked: nobody listens there."""
_TOKEN = 8
_AT_ONCE = 4096
"""More than this never waits: a queue that fills as fast as it is read must not hold us."""


@dataclass(slots=True, kw_only=True)
class _Sent:
    """A request on its way, by its sequence number."""

    at_s: float
    rtt_ms: float | None = None
    source: str = ""
    ttl: int | None = None
    error: str = ""


@dataclass(slots=True, kw_only=True)
class _Pinging:
    """One run of echoes: what was sent, and the token that marks it as this run's."""

    connection: socket.socket
    address: str
    token: bytes
    sent: list[_Sent] = field(default_factory=list)

    def send(self) -> None:
        sequence = len(self.sent)
        request = _Sent(at_s=monotonic())
        self.sent.append(request)
        packet = wire.encode_request(0, sequence, self.token)
        for _attempt in range(2):
            try:
                self.connection.sendto(packet, (self.address, 0))
            except OSError as error:
                request.error = wire.error_of_number(error.errno)
                # An error of an earlier request is told to the next call, whatever that is.
                self.take()
            else:
                request.error = ""
                return

    def take(self) -> None:
        """Take what arrived: answers, and errors with the request they are about."""
        for _ in range(_AT_ONCE):
            if not self._take_answer() and not self._take_error():
                return

    def _take_answer(self) -> bool:
        try:
            data, ancillary, _, peer = self.connection.recvmsg(_DATAGRAM, 256)
        except BlockingIOError:
            return False
        except OSError:
            # The error itself is in the queue; this call only said that there is one.
            return True
        now = monotonic()
        reply = wire.decode_echo(data)
        if reply and reply.kind == wire.ECHO_REPLY and reply.payload == self.token:
            request = self._waiting(reply.sequence)
            if request and peer[0] == self.address:
                request.rtt_ms = (now - request.at_s) * 1000.0
                request.source, request.ttl, request.error = peer[0], _ttl_of(ancillary), ""
        return True

    def _take_error(self) -> bool:
        found = _take_report(self.connection)
        if found is None:
            return False
        quoted, report = found
        sequence = wire.sequence_of_request(quoted)
        request = self._waiting(sequence) if sequence is not None else None
        if request and report:
            request.error, request.source = report.error, report.offender
        return True

    def _waiting(self, sequence: int) -> _Sent | None:
        known = sequence < len(self.sent) and self.sent[sequence].rtt_ms is None
        return self.sent[sequence] if known else None

    @property
    def done(self) -> bool:
        return all(each.rtt_ms is not None or each.error for each in self.sent)


def ping(
    address: str,
    *,
    interface: str = "",
    count: int = 20,
    interval_s: float = 0.05,
    wait_s: float = 1.0,
    cancel: Event | None = None,
) -> tuple[Echo, ...]:
    """Send echoes at a steady rate, whatever comes back, and wait once after the last.

    It ends at ``(count - 1) * interval_s + wait_s`` at the latest. Raises ``NotPermittedError``
    where the system refuses such sockets, ``OSError`` where it has none, ``NotMeasurableError``
    when cancelled or without the interface.
    """
    with _icmp_socket() as connection:
        bind_to(connection, interface)
        run = _Pinging(connection=connection, address=address, token=secrets.token_bytes(_TOKEN))
        started = monotonic()
        for number in range(count):
            _until(run, started + number * interval_s, cancel)
            run.send()
        _until(run, monotonic() + wait_s, cancel, ends_early=True)
    first = run.sent[0].at_s if run.sent else 0.0
    return tuple(
        Echo(
            sent_at_s=each.at_s - first,
            rtt_ms=each.rtt_ms,
            source=each.source,
            ttl=each.ttl,
            error=each.error or ("" if each.rtt_ms is not None else "no_reply"),
        )
        for each in run.sent
    )


def hops(
    address: str,
    *,
    interface: str = "",
    max_ttl: int = 3,
    wait_s: float = 1.0,
    size: int = 60,
    cancel: Event | None = None,
) -> tuple[Hop, ...]:
    """Ask who is at each of the first distances, all at once, with UDP that expires on the way.

    The packets have ``size`` bytes with their headers and must not be fragmented: a router that
    cannot pass one on says so. Hops beyond the target are left out. Raises ``NotMeasurableError``
    when cancelled or without the interface.
    """
    probes: list[_Probe] = []
    try:
        for ttl in range(1, max_ttl + 1):
            probes.append(_Probe(ttl=ttl, connection=_udp_socket(ttl)))
            bind_to(probes[-1].connection, interface)
        for probe in probes:
            probe.send(address, size)
        _await_reports(probes, monotonic() + wait_s, cancel)
    finally:
        for probe in probes:
            probe.connection.close()
    return up_to_target([probe.hop for probe in probes])


def up_to_target(found: Sequence[Hop]) -> tuple[Hop, ...]:
    """Return the hops up to the first that is the target itself."""
    last = next((number for number, hop in enumerate(found) if hop.reached), len(found))
    return tuple(found[: last + 1])


def bind_to(connection: socket.socket, interface: str) -> None:
    """Keep a socket to an interface: by the device, else by the address that it has.

    Raises ``NotMeasurableError`` when the interface is not there.
    """
    if not interface:
        return
    try:
        connection.setsockopt(socket.SOL_SOCKET, _SO_BINDTODEVICE, interface.encode() + b"\0")
    except PermissionError:
        # Linux before 5.7 keeps that to root.
        own = next((each for each in read_interfaces() if each.name == interface), None)
        if own is None or not own.ipv4:
            raise NotMeasurableError("no_interface", interface) from None
        connection.bind((own.main_ipv4, 0))
    except OSError as error:
        raise NotMeasurableError("no_interface", interface) from error


def _icmp_socket() -> socket.socket:
    try:
        connection = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
    except PermissionError as error:
        raise NotPermittedError(str(error)) from error
    connection.settimeout(0)
    connection.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
    connection.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
    return connection


def _udp_socket(ttl: int) -> socket.socket:
    connection = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    connection.settimeout(0)
    connection.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
    connection.setsockopt(socket.IPPROTO_IP, _IP_TTL, ttl)
    connection.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _IP_PMTUDISC_PROBE)
    return connection


@dataclass(slots=True, kw_only=True)
class _Probe:
    """One packet of a route, on a socket of its own: no error is taken for another's."""

    ttl: int
    connection: socket.socket
    target: str = ""
    at_s: float = 0.0
    hop: Hop = field(init=False)
    open: bool = False

    def __post_init__(self) -> None:
        self.hop = Hop(ttl=self.ttl)

    def send(self, address: str, size: int) -> None:
        self.target, self.at_s = address, monotonic()
        payload = b"\0" * max(0, size - _HEADERS)
        try:
            self.connection.sendto(payload, (address, _FIRST_PORT + self.ttl - 1))
            self.open = True
        except OSError as error:
            found = _take_report(self.connection)
            mtu = found[1].mtu if found and found[1] else None
            self.hop = Hop(ttl=self.ttl, error=wire.error_of_number(error.errno), mtu=mtu)

    def take(self) -> None:
        found = _take_report(self.connection)
        report = found[1] if found else None
        if report is None:
            return
        # Any router may refuse a packet in these words: only the target's own mean its arrival.
        reached = report.is_port_unreachable and report.offender == self.target
        if report.error == "ttl_exceeded" or reached:
            self.hop = Hop(
                ttl=self.ttl,
                address=report.offender,
                rtt_ms=(monotonic() - self.at_s) * 1000.0,
                reached=reached,
            )
        else:
            self.hop = Hop(
                ttl=self.ttl, error=report.error, reporter=report.offender, mtu=report.mtu
            )
        self.open = False


_HEADERS = 28
"""The bytes of an IPv4 and a UDP header."""


def _await_reports(probes: Sequence[_Probe], deadline: float, cancel: Event | None) -> None:
    poll = select.poll()
    by_number = {probe.connection.fileno(): probe for probe in probes if probe.open}
    for number in by_number:
        # Errors are always told; an answer of a port that nobody uses is not expected.
        poll.register(number, 0)
    while any(probe.open for probe in by_number.values()):
        left = deadline - monotonic()
        if left <= 0:
            return
        stop_if(cancel)
        for number, _ in poll.poll(min(left, _LOOK_S) * 1000.0):
            by_number[number].take()
            if not by_number[number].open:
                poll.unregister(number)


def _until(
    run: _Pinging, deadline: float, cancel: Event | None, *, ends_early: bool = False
) -> None:
    poll = select.poll()
    poll.register(run.connection.fileno(), select.POLLIN)
    while True:
        stop_if(cancel)
        run.take()
        left = deadline - monotonic()
        if left <= 0 or (ends_early and run.done):
            return
        poll.poll(min(left, _LOOK_S) * 1000.0)


def stop_if(cancel: Event | None) -> None:
    """Raise ``NotMeasurableError`` when cancelled: half a measurement is none."""
    if cancel is not None and cancel.is_set():
        raise NotMeasurableError("cancelled")


def _take_report(connection: socket.socket) -> tuple[bytes, wire.ErrorReport | None] | None:
    """Return the packet that an error is about and the report, ``None`` from an empty queue."""
    try:
        quoted, ancillary, _, _ = connection.recvmsg(_DATAGRAM, 512, _MSG_ERRQUEUE)
    except OSError:
        return None
    reports = [
        wire.decode_extended_error(data)
        for level, kind, data in ancillary
        if level == socket.IPPROTO_IP and kind == _IP_RECVERR
    ]
    return quoted, next((each for each in reports if each), None)


def _ttl_of(ancillary: Sequence[tuple[int, int, bytes]]) -> int | None:
    for level, kind, data in ancillary:
        if level == socket.IPPROTO_IP and kind == _IP_TTL and len(data) >= struct.calcsize("=i"):
            return int.from_bytes(data[:4], sys.byteorder)
    return None
