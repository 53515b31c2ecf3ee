"""STUN messages: RFC 8489, and the attributes by which RFC 5780 tells how a NAT behaves.

A codec and nothing more: what goes over a socket is for the probe. A decoded message says what it
held; whether it answers a request is for whoever sent that (``Message.transaction``).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import struct
import zlib
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAGIC = 0x2112A442
PORT = 3478
HEADER = 20
TRANSACTION = 12
LARGEST = 1500
"""No STUN message over UDP is longer than a packet; what is longer is something else."""
_FINGERPRINT_XOR = 0x5354554E


class Class(IntEnum):
    """What a message is."""

    REQUEST = 0
    INDICATION = 1
    SUCCESS = 2
    ERROR = 3


BINDING = 0x001


class Attribute(IntEnum):
    """The types that this program reads or writes."""

    MAPPED_ADDRESS = 0x0001
    CHANGE_REQUEST = 0x0003
    USERNAME = 0x0006
    MESSAGE_INTEGRITY = 0x0008
    ERROR_CODE = 0x0009
    UNKNOWN_ATTRIBUTES = 0x000A
    XOR_MAPPED_ADDRESS = 0x0020
    RESPONSE_PORT = 0x0027
    SOFTWARE = 0x8022
    FINGERPRINT = 0x8028
    RESPONSE_ORIGIN = 0x802B
    OTHER_ADDRESS = 0x802C
    FILL = 0xFF00
    """Unassigned, and of those that whoever does not know them passes over (RFC 8489, 14).

    RFC 5780 has PADDING for this, but that asks for an answer as large as the server's link.
    """


CHANGE_IP, CHANGE_PORT = 0x4, 0x2
"""Bits of CHANGE-REQUEST (RFC 5780, section 7.2)."""


class MalformedError(ValueError):
    """Bytes that are no STUN message; the text says where."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and a port, as an attribute tells them."""

    address: Address
    port: int

    def __str__(self) -> str:
        """Return ``192.0.2.1:32853`` or ``[2001:db8::1]:32853``."""
        host = f"[{self.address}]" if self.address.version == 6 else str(self.address)
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A decoded message. ``attributes`` are all of them in their order, as raw values."""

    kind: Class
    method: int
    transaction: bytes
    attributes: tuple[tuple[int, bytes], ...] = field(default=())

    def first(self, kind: Attribute) -> bytes | None:
        """Return the value of the first attribute of that type: later ones are to be ignored."""
        return next((value for each, value in self.attributes if each == kind), None)

    @property
    def mapped(self) -> Endpoint | None:
        """Where the request came from, as the server saw it; the older form where it must be."""
        xored = self.first(Attribute.XOR_MAPPED_ADDRESS)
        if xored is not None:
            return _endpoint(xored, self.transaction)
        plain = self.first(Attribute.MAPPED_ADDRESS)
        return None if plain is None else _endpoint(plain)

    @property
    def other(self) -> Endpoint | None:
        """The server's second address and port, which a server with only one does not tell."""
        value = self.first(Attribute.OTHER_ADDRESS)
        return None if value is None else _endpoint(value)

    @property
    def origin(self) -> Endpoint | None:
        """Where the answer was sent from."""
        value = self.first(Attribute.RESPONSE_ORIGIN)
        return None if value is None else _endpoint(value)

    @property
    def error(self) -> tuple[int, str] | None:
        """Number and reason of an error response."""
        value = self.first(Attribute.ERROR_CODE)
        if value is None:
            return None
        if len(value) < 4:
            raise MalformedError("ERROR-CODE is too short")
        number = (value[2] & 0x7) * 100 + value[3]
        return number, value[4:].decode("utf-8", "replace")

    @property
    def software(self) -> str:
        """What the server calls itself."""
        return (self.first(Attribute.SOFTWARE) or b"").decode("utf-8", "replace")


def binding_request(
    transaction: bytes, *, change: int = 0, size: int = 0, software: str = ""
) -> bytes:
    """Return a request that asks "where do I come from", with a FINGERPRINT.

    ``change`` asks for the answer from the server's other address, port, or both. A packet that is
    shorter than ``size``, a multiple of 4, is filled up to it; its answer is none the longer.
    """
    attributes: list[tuple[int, bytes]] = []
    if software:
        attributes.append((Attribute.SOFTWARE, software.encode()))
    if change:
        attributes.append((Attribute.CHANGE_REQUEST, struct.pack("!I", change)))
    packet = encode(Class.REQUEST, BINDING, transaction, attributes)
    room = size - len(packet) - 4
    if room < 0:
        return packet
    filled = [*attributes, (Attribute.FILL, bytes(room))]
    return encode(Class.REQUEST, BINDING, transaction, filled)


def encode(
    kind: Class, method: int, transaction: bytes, attributes: Sequence[tuple[int, bytes]]
) -> bytes:
    """Return a message with these attributes and a FINGERPRINT behind them."""
    if len(transaction) != TRANSACTION:
        raise ValueError(f"a transaction has {TRANSACTION} bytes, not {len(transaction)}")
    body = b"".join(_attribute(each, value) for each, value in attributes)
    whole = _header(kind, method, transaction, len(body) + 8) + body
    return whole + _attribute(Attribute.FINGERPRINT, struct.pack("!I", _fingerprint(whole)))


def decode(data: bytes) -> Message:
    """Return the message in a packet; raises ``MalformedError`` for whatever is none.

    A FINGERPRINT that is there must be right.
    """
    if len(data) < HEADER:
        raise MalformedError(f"{len(data)} bytes are no STUN header")
    kind, length, magic = struct.unpack_from("!HHI", data)
    if kind & 0xC000 or magic != MAGIC:
        raise MalformedError("no STUN message")
    if length % 4 or HEADER + length != len(data):
        raise MalformedError(f"says {length} bytes, has {len(data) - HEADER}")
    attributes = tuple(_attributes(data))
    for place, (each, value) in enumerate(attributes):
        if each == Attribute.FINGERPRINT:
            if place != len(attributes) - 1 or len(value) != 4:
                raise MalformedError("FINGERPRINT is not at the end")
            if struct.unpack("!I", value)[0] != _fingerprint(data[:-8]):
                raise MalformedError("FINGERPRINT is wrong")
    method = (kind & 0x3E00) >> 2 | (kind & 0xE0) >> 1 | kind & 0xF
    return Message(
        kind=Class((kind >> 7 & 2) | (kind >> 4 & 1)),
        method=method,
        transaction=data[8:HEADER],
        attributes=attributes,
    )


def is_authentic(data: bytes, key: bytes) -> bool:
    """Tell whether a message's MESSAGE-INTEGRITY was made with ``key``; False where it has none.

    ``key`` is the password for short-term credentials, the MD5 of user, realm and password for
    long-term ones (RFC 8489, section 9).
    """
    at = HEADER
    for each, value in decode(data).attributes:
        if each == Attribute.MESSAGE_INTEGRITY:
            if len(value) != 20:
                return False
            length = struct.pack("!H", at + 24 - HEADER)
            covered = data[:2] + length + data[4:at]
            return hmac.compare_digest(hmac.new(key, covered, hashlib.sha1).digest(), value)
        at += 4 + len(value) + _pad(len(value))
    return False


def _header(kind: Class, method: int, transaction: bytes, length: int) -> bytes:
    bits = (kind & 2) << 7 | (kind & 1) << 4
    spread = (method & 0xF80) << 2 | (method & 0x70) << 1 | method & 0xF
    return struct.pack("!HHI", spread | bits, length, MAGIC) + transaction


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + bytes(_pad(len(value)))


def _attributes(data: bytes) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    at = HEADER
    while at < len(data):
        kind, length = struct.unpack_from("!HH", data, at)
        end = at + 4 + length
        if end + _pad(length) > len(data):
            raise MalformedError(f"attribute {kind:#06x} goes beyond the message")
        found.append((kind, data[at + 4 : end]))
        at = end + _pad(length)
    return found


def _endpoint(value: bytes, transaction: bytes | None = None) -> Endpoint:
    """Read an address; ``transaction`` undoes the XOR of it."""
    if len(value) < 4:
        raise MalformedError("an address is too short")
    _, family, port = struct.unpack_from("!BBH", value)
    size = {1: 4, 2: 16}.get(family)
    if size is None or len(value) != 4 + size:
        raise MalformedError(f"an address of family {family} with {len(value) - 4} bytes")
    raw = value[4:]
    if transaction is not None:
        port ^= MAGIC >> 16
        raw = _masked(raw, transaction)
    return Endpoint(ipaddress.ip_address(raw), port)


def address_value(endpoint: Endpoint, transaction: bytes | None = None) -> bytes:
    """Return the value of an address attribute; ``transaction`` makes it the XOR of it."""
    port, raw = endpoint.port, endpoint.address.packed
    if transaction is not None:
        port ^= MAGIC >> 16
        raw = _masked(raw, transaction)
    return struct.pack("!BBH", 0, 2 if len(raw) == 16 else 1, port) + raw


def _masked(raw: bytes, transaction: bytes) -> bytes:
    mask = struct.pack("!I", MAGIC) + transaction
    return bytes(a ^ b for a, b in zip(raw, mask, strict=False))


def _pad(length: int) -> int:
    return -length % 4


def _fingerprint(covered: bytes) -> int:
    return zlib.crc32(covered) ^ _FINGERPRINT_XOR
