"""ICMP on the wire (RFC 792), and as Linux's error queue hands it on (``linux/errqueue.h``)."""

from __future__ import annotations

import errno
import ipaddress
import struct
from dataclasses import dataclass

ECHO_REPLY, UNREACHABLE, ECHO_REQUEST, TIME_EXCEEDED = 0, 3, 8, 11
HEADER = 8
"""The bytes of an echo before its data."""
_PORT_UNREACHABLE, _FRAGMENTATION_NEEDED = 3, 4
_ORIGIN_LOCAL, _ORIGIN_ICMP = 1, 2
_EXTENDED = struct.Struct("=IBBBBII")
_OFFENDER = struct.Struct("=H2x4s")
_AF_INET = 2
_LEAST_MTU, _LARGEST_MTU = 68, 0xFFFF
"""No IPv4 link carries less, and no IPv4 packet is larger (RFC 791)."""
_CODES = {
    0: "net_unreachable",
    1: "host_unreachable",
    2: "protocol_unreachable",
    3: "port_unreachable",
    4: "packet_too_big",
    9: "prohibited",
    10: "prohibited",
    13: "prohibited",
}
_LOCAL = {
    errno.EHOSTUNREACH: "host_unreachable",
    errno.ENETUNREACH: "net_unreachable",
    errno.EMSGSIZE: "packet_too_big",
    errno.EACCES: "prohibited",
    errno.EPERM: "prohibited",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EchoPacket:
    """An echo request or reply."""

    kind: int
    identifier: int
    sequence: int
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReport:
    """What came back instead of an answer: ``offender`` is who says so, ``""`` for this machine."""

    error: str
    offender: str = ""
    mtu: int | None = None

    @property
    def is_port_unreachable(self) -> bool:
        """Whether a host answered that nobody listens there: the target, or a firewall."""
        return self.error == _CODES[_PORT_UNREACHABLE] and bool(self.offender)


def checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071)."""
    even = data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(even) // 2}H", even))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def encode_request(identifier: int, sequence: int, payload: bytes) -> bytes:
    """Return an echo request; both numbers have 16 bits."""
    bare = struct.pack("!BBHHH", ECHO_REQUEST, 0, 0, identifier, sequence) + payload
    return bare[:2] + struct.pack("!H", checksum(bare)) + bare[4:]


def decode_echo(data: bytes) -> EchoPacket | None:
    """Return an echo, ``None`` for anything else or a packet that was damaged."""
    if len(data) < HEADER or checksum(data) != 0:
        return None
    kind, code, _, identifier, sequence = struct.unpack("!BBHHH", data[:HEADER])
    if kind not in {ECHO_REPLY, ECHO_REQUEST} or code != 0:
        return None
    return EchoPacket(
        kind=kind, identifier=identifier, sequence=sequence, payload=bytes(data[HEADER:])
    )


def sequence_of_request(data: bytes) -> int | None:
    """Return the sequence number of a request that an error report quotes."""
    if len(data) < HEADER or data[0] != ECHO_REQUEST:
        return None
    return int.from_bytes(data[6:HEADER], "big")


def decode_extended_error(data: bytes) -> ErrorReport | None:
    """Return what a ``sock_extended_err`` with its offender says, ``None`` for anything else."""
    if len(data) < _EXTENDED.size:
        return None
    number, origin, kind, code, _, info, _ = _EXTENDED.unpack(data[: _EXTENDED.size])
    if origin == _ORIGIN_LOCAL:
        error = _LOCAL.get(number, "failed")
        return ErrorReport(error=error, mtu=_mtu(info) if number == errno.EMSGSIZE else None)
    offender = _offender(data[_EXTENDED.size :])
    if origin != _ORIGIN_ICMP or not offender:
        return None
    if kind == TIME_EXCEEDED and code == 0:
        return ErrorReport(error="ttl_exceeded", offender=offender)
    if kind == UNREACHABLE:
        mtu = _mtu(info) if code == _FRAGMENTATION_NEEDED else None
        return ErrorReport(error=_CODES.get(code, "unreachable"), offender=offender, mtu=mtu)
    return ErrorReport(error="failed", offender=offender)


def error_of_number(number: int | None) -> str:
    """Return the word for an error of the system's own on sending."""
    return _LOCAL.get(number or 0, "failed")


def _offender(data: bytes) -> str:
    if len(data) < _OFFENDER.size:
        return ""
    family, address = _OFFENDER.unpack(data[: _OFFENDER.size])
    parsed = ipaddress.IPv4Address(address)
    return str(parsed) if family == _AF_INET and not parsed.is_unspecified else ""


def _mtu(info: int) -> int | None:
    """Return the MTU that was reported; an old router tells none (RFC 1191, section 3)."""
    return info if _LEAST_MTU <= info <= _LARGEST_MTU else None
