"""When a packet came: by the kernel's own stamp where it gives one.

So a busy program does not count its own delay as the network's. Linux stamps what arrives on a
socket that asks for it (``SO_TIMESTAMPNS``); elsewhere the moment of reading counts.
"""

from __future__ import annotations

import socket
import struct
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_SO_TIMESTAMPNS = 35
"""Not in Python's socket module; 35 on every architecture Debian has but Alpha, MIPS and SPARC."""
_TIMESPEC = struct.Struct("@ll")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROOM = 2048
_SANE = timedelta(seconds=2)
"""A stamp further away than this is of a clock that was set meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A packet, whom it is from, and how long it had lain there when it was read."""

    data: bytes
    source: tuple[str, int]
    waited: timedelta


def ask_for_stamps(connection: socket.socket) -> bool:
    """Have the kernel stamp what comes; tell whether it will."""
    if sys.platform != "linux":
        return False
    try:
        connection.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    except OSError:
        return False
    return True


def receive(connection: socket.socket, now: datetime) -> Arrival:
    """Read one packet that is there; ``now`` is the wall clock's moment just before.

    Raises ``OSError`` as the socket does, also for what an earlier packet of ours met.
    """
    if not hasattr(connection, "recvmsg"):  # Windows
        data, source = connection.recvfrom(_ROOM)
        return Arrival(data=data, source=(source[0], source[1]), waited=timedelta())
    data, extras, _, source = connection.recvmsg(_ROOM, 64)
    return Arrival(
        data=data, source=(source[0], source[1]), waited=waited_since(stamp_of(extras), now)
    )


def stamp_of(extras: list[tuple[int, int, bytes]]) -> datetime | None:
    """Return the kernel's stamp among a packet's ancillary data, if it is there."""
    for level, kind, value in extras:
        stamped = (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS)
        if stamped and len(value) >= _TIMESPEC.size:
            seconds, nanoseconds = _TIMESPEC.unpack_from(value)
            return _EPOCH + timedelta(seconds=seconds, microseconds=nanoseconds / 1000)
    return None


def waited_since(stamp: datetime | None, now: datetime) -> timedelta:
    """How long ago a stamp was, nothing where there is none or a clock was set in between."""
    waited = now - stamp if stamp is not None else timedelta()
    return waited if timedelta() < waited < _SANE else timedelta()
