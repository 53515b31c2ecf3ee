"""The packets of a voice measurement: STAMP, unauthenticated (RFC 8762), padded to a call's size.

A sender numbers and times its packets; the reflector sends each back with the time it came and the
time it left again, and with a number of its own, so that a loss there can be told from a loss back.
The session's identifier and the padding are those of RFC 8972.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SMALLEST = 44
"""Octets of a packet of either kind, before its padding (RFC 8762, section 4)."""
VOICE = 172
"""What 20 ms of G.711 put into a UDP packet: 12 of RTP and 160 of sound."""
LARGEST = 1472

_SENT = struct.Struct("!IQHH28x")
_REFLECTED = struct.Struct("!IQHHQIQH2xB3x")
_PADDING = struct.Struct("!BBH")
_EXTRA_PADDING = 1
_UNRECOGNISED = 0x80
"""The U flag: a sender sets it, whoever knows the TLV takes it away (RFC 8972, section 4)."""
_NTP_EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
_PTP_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PTP_FORMAT = 0x4000
"""The Z flag of an Error Estimate: the times beside it are PTP's (RFC 8762, section 4.2.1)."""
_ERA_S = 1 << 32
ERROR_ESTIMATE = 0x0001
"""Clock not synchronised, NTP format, scale 0, multiplier 1 (RFC 8762, section 4.2.1)."""


class MalformedError(ValueError):
    """Bytes that are no such packet; the text says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One packet of the sender; ``at`` is its wall clock, ``session`` its own choice (not 0)."""

    number: int
    at: datetime
    session: int

    def encode(self, size: int = VOICE) -> bytes:
        """Return the packet, filled up to ``size`` octets."""
        head = _SENT.pack(self.number, to_ntp(self.at), ERROR_ESTIMATE, self.session)
        return _filled(head, size, _UNRECOGNISED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflected:
    """One packet sent back: when it came and left by the reflector's clock, and what had come."""

    number: int
    left: datetime
    came: datetime
    session: int
    sent_number: int
    sent_at: datetime
    sent_ttl: int

    def encode(self, size: int = VOICE) -> bytes:
        """Return the packet, filled up to ``size`` octets."""
        head = _REFLECTED.pack(
            self.number,
            to_ntp(self.left),
            ERROR_ESTIMATE,
            self.session,
            to_ntp(self.came),
            self.sent_number,
            to_ntp(self.sent_at),
            ERROR_ESTIMATE,
            self.sent_ttl,
        )
        return _filled(head, size, 0)


def decode_sent(data: bytes) -> Sent:
    """Read a sender's packet; raises ``MalformedError``.

    What a sender has to leave empty must be: a reflector's own packets would else go to and fro
    between two of them for ever.
    """
    _check(data)
    if any(data[16:SMALLEST]):
        raise MalformedError("a sender's packet is empty from its 17th byte on")
    number, at, error, session = _SENT.unpack_from(data)
    return Sent(number=number, at=_moment(at, error), session=session)


def decode_reflected(data: bytes) -> Reflected:
    """Read a reflector's packet; raises ``MalformedError``."""
    _check(data)
    fields = _REFLECTED.unpack_from(data)
    number, left, error, session, came, sent_number, sent_at, sent_error, ttl = fields
    return Reflected(
        number=number,
        left=_moment(left, error),
        came=_moment(came, error),
        session=session,
        sent_number=sent_number,
        sent_at=_moment(sent_at, sent_error),
        sent_ttl=ttl,
    )


def to_ntp(moment: datetime) -> int:
    """Return a moment as NTP's 64 bits: seconds since 1900 and their fraction (RFC 5905)."""
    since = moment - _NTP_EPOCH
    seconds = since.days * 86_400 + since.seconds
    # Up by one, so that cutting the fraction off again gives the same microsecond.
    fraction = (since.microseconds << 32) // 1_000_000 + (1 if since.microseconds else 0)
    return (seconds % _ERA_S) << 32 | fraction


def from_ntp(stamp: int) -> datetime:
    """Return the moment of 64 bits of NTP: before 2036 as they stand, beyond in the next era."""
    seconds, fraction = stamp >> 32, stamp & 0xFFFF_FFFF
    if seconds < _ERA_S // 2:
        seconds += _ERA_S
    return _NTP_EPOCH + timedelta(seconds=seconds, microseconds=fraction * 1_000_000 >> 32)


def from_ptp(stamp: int) -> datetime:
    """Return the moment of PTP's 64 bits: seconds since 1970 and nanoseconds (IEEE 1588).

    Its seconds are TAI's, some 37 ahead of UTC: so are all of one clock, which is all that counts.
    """
    return _PTP_EPOCH + timedelta(seconds=stamp >> 32, microseconds=(stamp & 0xFFFF_FFFF) // 1000)


def _moment(stamp: int, error_estimate: int) -> datetime:
    return from_ptp(stamp) if error_estimate & _PTP_FORMAT else from_ntp(stamp)


def _filled(head: bytes, size: int, flags: int) -> bytes:
    room = min(size, LARGEST) - len(head) - _PADDING.size
    if room < 0:
        return head
    return head + _PADDING.pack(flags, _EXTRA_PADDING, room) + bytes(room)


def _check(data: bytes) -> None:
    if not SMALLEST <= len(data) <= LARGEST:
        raise MalformedError(f"a packet has {SMALLEST} to {LARGEST} bytes, not {len(data)}")
