"""Asking on the wire who has an address (RFC 826, as RFC 5227 probes): two answers, two machines.

This needs the right to send raw frames, which a technician's account usually has not; whoever lacks
it is told so. Linux only: elsewhere the system's own verdict has to do.
"""

from __future__ import annotations

import ipaddress
import select
import socket
import struct
import sys
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Event

_ETHERTYPE, _REQUEST, _REPLY = 0x0806, 1, 2
_FRAME = struct.Struct("!6s6sH")
_ARP = struct.Struct("!HHBBH6s4s6s4s")
_BROADCAST = b"\xff" * 6
TRIES, WAIT_S = 3, 0.4


class NotPermittedError(Exception):
    """This account, or this system, may not send raw frames."""


def who_has(address: str, interface: str, cancel: Event) -> frozenset[str]:
    """Return the MAC addresses of all who claim an IPv4 address on the interface's wire.

    Asks as somebody without an address, so that nobody's table changes. Raises
    ``NotPermittedError``, or ``OSError`` when the interface cannot be sent through.
    """
    if sys.platform != "linux":
        raise NotPermittedError
    try:
        raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETHERTYPE))
    except PermissionError as error:
        raise NotPermittedError from error
    with raw:
        raw.bind((interface, _ETHERTYPE))
        own = raw.getsockname()[4]
        found: set[str] = set()
        for _ in range(TRIES):
            raw.send(probe(address, own))
            end = perf_counter() + WAIT_S
            while (left := end - perf_counter()) > 0 and not cancel.is_set():
                if select.select([raw], [], [], min(left, 0.1))[0]:
                    claimed = claimant(raw.recv(2048), address)
                    if claimed:
                        found.add(claimed)
        return frozenset(found)


def probe(address: str, own: bytes) -> bytes:
    """Return the frame that asks who has an address, from nobody's address (RFC 5227, 2.1.1)."""
    wanted = ipaddress.IPv4Address(address).packed
    return _FRAME.pack(_BROADCAST, own, _ETHERTYPE) + _ARP.pack(
        1, 0x0800, 6, 4, _REQUEST, own, bytes(4), bytes(6), wanted
    )


def claimant(frame: bytes, address: str) -> str:
    """Return the MAC that says it has the address, empty for any other frame."""
    if len(frame) < _FRAME.size + _ARP.size:
        return ""
    _, _, kind = _FRAME.unpack_from(frame)
    hardware, protocol, _, _, operation, mac, claimed, _, _ = _ARP.unpack_from(frame, _FRAME.size)
    if (kind, hardware, protocol) != (_ETHERTYPE, 1, 0x0800) or operation not in {_REQUEST, _REPLY}:
        return ""
    if claimed != ipaddress.IPv4Address(address).packed:
        return ""
    return ":".join(f"{each:02x}" for each in mac)
