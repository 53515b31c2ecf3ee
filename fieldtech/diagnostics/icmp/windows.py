"""Echoes and hops on Windows without rights: ``IcmpSendEcho2Ex`` of ``iphlpapi``.

The call waits for its answer, so that each echo has a thread of its own: a lost one holds up no
other. Structures are read from their bytes, which any system can check.
"""

from __future__ import annotations

import ipaddress
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from fieldtech.diagnostics.icmp.facts import DEEPEST, Echo, Hop, NotMeasurableError
from fieldtech.diagnostics.interfaces import read_interfaces

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

SUCCESS, TIMED_OUT, TTL_EXPIRED, TOO_BIG = 0, 11010, 11013, 11009
_ERRORS = {
    11002: "net_unreachable",
    11003: "host_unreachable",
    11004: "protocol_unreachable",
    11005: "port_unreachable",
    TOO_BIG: "packet_too_big",
    TIMED_OUT: "no_reply",
    TTL_EXPIRED: "ttl_exceeded",
    11014: "ttl_exceeded",
    11018: "net_unreachable",
    11050: "failed",
    1231: "net_unreachable",
    1232: "host_unreachable",
}
"""IP_STATUS of ``ipexport.h`` and two of ``winerror.h``; what is not among them is ``failed``."""
_DONT_FRAGMENT = 0x02
_DEFAULT_TTL = 128
_PAYLOAD = b"fieldtech echo\0\0"
_ICMP_HEADERS = 28
_ROOM = 8 + 16
"""Behind the reply and its data Windows wants room for an ICMP error and an IO_STATUS_BLOCK."""
# ICMP_ECHO_REPLY of ipexport.h: address, status, round trip, data size, reserved, pointer to the
# data, then IP_OPTION_INFORMATION: TTL, type of service, flags, size, pointer to the options.
_REPLIES = {4: struct.Struct("<4sIIHHIBBBBI"), 8: struct.Struct("<4sIIHHQBBBB4xQ")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What Windows says of one echo: ``status`` is an IP_STATUS, ``rtt_ms`` in whole ms."""

    status: int
    address: str = ""
    rtt_ms: int = 0
    ttl: int | None = None
    elapsed_ms: float = 0.0

    @property
    def error(self) -> str:
        """The word for the status, ``""`` for an answer."""
        return "" if self.status == SUCCESS else _ERRORS.get(self.status, "failed")

    @property
    def finer_ms(self) -> float:
        """The round trip: below one millisecond Windows says 0, and the call's own time is taken.

        That time is an upper bound, and never more than the millisecond that Windows rules out.
        """
        return float(self.rtt_ms) if self.rtt_ms else min(self.elapsed_ms, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One echo to send; ``source`` is the address of the interface, ``""`` for the system's."""

    address: str
    source: str = ""
    ttl: int = _DEFAULT_TTL
    size: int = _ICMP_HEADERS + len(_PAYLOAD)
    whole: bool = False
    wait_s: float = 1.0

    @property
    def payload(self) -> bytes:
        """The data behind the headers, filled up to the size asked for."""
        length = max(0, self.size - _ICMP_HEADERS)
        return (_PAYLOAD * (length // len(_PAYLOAD) + 1))[:length]


def decode_reply(data: bytes, pointer_size: int) -> Reply | None:
    """Return the first ICMP_ECHO_REPLY of a buffer; ``pointer_size`` is 4 or 8 bytes.

    ``None`` for a buffer too short, and for an answer of nobody.
    """
    layout = _REPLIES.get(pointer_size)
    if layout is None or len(data) < layout.size:
        return None
    raw, status, rtt, _, _, _, ttl, _, _, _, _ = layout.unpack(data[: layout.size])
    address = ipaddress.IPv4Address(raw)
    if status == SUCCESS and address.is_unspecified:
        return None
    return Reply(
        status=status,
        address="" if address.is_unspecified else str(address),
        rtt_ms=rtt,
        ttl=ttl or None,
    )


def pack_options(*, ttl: int, whole: bool, pointer_size: int) -> bytes:
    """Return an IP_OPTION_INFORMATION: the TTL, and whether the packet must stay whole."""
    flags = _DONT_FRAGMENT if whole else 0
    return struct.pack("<BBBB4xQ" if pointer_size == 8 else "<BBBBI", ttl, 0, flags, 0, 0)


def ping(
    address: str,
    *,
    interface: str = "",
    count: int = 20,
    interval_s: float = 0.05,
    wait_s: float = 1.0,
    cancel: Event | None = None,
    send: Callable[[Request], Reply] | None = None,
) -> tuple[Echo, ...]:
    """Send echoes at a steady rate, each in a thread, and wait for the last.

    Raises ``NotMeasurableError`` when cancelled or without the interface, ``OSError`` when this
    Windows has no such call.
    """
    request = Request(address=address, source=_source(interface), wait_s=wait_s)
    stop = cancel or Event()
    sender = send or send_echo
    started = monotonic()
    running: list[tuple[float, Future[Reply]]] = []
    with ThreadPoolExecutor(max_workers=_at_once(count, interval_s, wait_s)) as pool:
        for number in range(count):
            if stop.wait(max(0.0, started + number * interval_s - monotonic())):
                break
            running.append((monotonic() - started, pool.submit(sender, request)))
    if stop.is_set():
        raise NotMeasurableError("cancelled")
    return tuple(_echo(at_s, future.result(), address) for at_s, future in running)


def hops(
    address: str,
    *,
    interface: str = "",
    max_ttl: int = 3,
    wait_s: float = 1.0,
    size: int = 60,
    cancel: Event | None = None,
    send: Callable[[Request], Reply] | None = None,
) -> tuple[Hop, ...]:
    """Ask who is at each of the first distances, all at once; hops beyond the target are left out.

    Raises as ``ping`` does.
    """
    source = _source(interface)
    sender = send or send_echo
    with ThreadPoolExecutor(max_workers=DEEPEST) as pool:
        running = [
            pool.submit(
                sender,
                Request(
                    address=address, source=source, ttl=ttl, size=size, whole=True, wait_s=wait_s
                ),
            )
            for ttl in range(1, max_ttl + 1)
        ]
    if cancel is not None and cancel.is_set():
        raise NotMeasurableError("cancelled")
    found = [_hop(ttl, future.result(), address) for ttl, future in enumerate(running, start=1)]
    last = next((number for number, hop in enumerate(found) if hop.reached), len(found))
    return tuple(found[: last + 1])


def _at_once(count: int, interval_s: float, wait_s: float) -> int:
    """Return how many echoes may be waiting at one time when every one of them is lost."""
    return max(1, min(count, int(wait_s / max(interval_s, 0.001)) + 8, 64))


def _echo(at_s: float, reply: Reply, address: str) -> Echo:
    answered = reply.status == SUCCESS and reply.address == address
    return Echo(
        sent_at_s=at_s,
        rtt_ms=reply.finer_ms if answered else None,
        source=reply.address,
        ttl=reply.ttl if answered else None,
        error=reply.error or ("" if answered else "other_source"),
    )


def _hop(ttl: int, reply: Reply, address: str) -> Hop:
    reached = reply.status == SUCCESS and reply.address == address
    if (reached or reply.status == TTL_EXPIRED) and reply.address:
        return Hop(ttl=ttl, address=reply.address, rtt_ms=reply.finer_ms, reached=reached)
    if reply.status == TIMED_OUT:
        return Hop(ttl=ttl)
    return Hop(ttl=ttl, error=reply.error or "other_source", reporter=reply.address)


def _source(interface: str) -> str:
    """Return the address that makes Windows send through an interface (its strong host model)."""
    if not interface:
        return ""
    own = next((each for each in read_interfaces() if each.name == interface), None)
    if own is None or not own.ipv4:
        raise NotMeasurableError("no_interface", interface)
    return own.main_ipv4


if sys.platform == "win32":
    import ctypes

    def send_echo(request: Request) -> Reply:
        """Send one echo and wait for what comes of it; raises ``OSError`` without the call."""
        library = _library()
        pointer_size = ctypes.sizeof(ctypes.c_void_p)
        options = ctypes.create_string_buffer(
            pack_options(ttl=request.ttl, whole=request.whole, pointer_size=pointer_size)
        )
        payload = request.payload
        buffer = ctypes.create_string_buffer(
            _REPLIES[pointer_size].size + len(payload) + _ROOM + pointer_size
        )
        handle = library.IcmpCreateFile()
        if handle in {None, ctypes.c_void_p(-1).value}:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            started = monotonic()
            replies = library.IcmpSendEcho2Ex(
                handle,
                None,
                None,
                None,
                _number(request.source) if request.source else 0,
                _number(request.address),
                payload,
                len(payload),
                options,
                buffer,
                len(buffer),
                max(1, int(request.wait_s * 1000)),
            )
            elapsed = (monotonic() - started) * 1000.0
            failure = ctypes.get_last_error()
        finally:
            library.IcmpCloseHandle(handle)
        decoded = decode_reply(buffer.raw, pointer_size)
        if replies and decoded:
            return Reply(
                status=decoded.status,
                address=decoded.address,
                rtt_ms=decoded.rtt_ms,
                ttl=decoded.ttl,
                elapsed_ms=elapsed,
            )
        return Reply(status=failure or TIMED_OUT)

    def _number(address: str) -> int:
        """Return an IPAddr: the bytes of the address in the order of the network."""
        return int.from_bytes(ipaddress.IPv4Address(address).packed, sys.byteorder)

    def _library() -> ctypes.WinDLL:
        library = ctypes.WinDLL("iphlpapi", use_last_error=True)
        library.IcmpCreateFile.argtypes = []
        library.IcmpCreateFile.restype = ctypes.c_void_p
        library.IcmpCloseHandle.argtypes = [ctypes.c_void_p]
        library.IcmpSendEcho2Ex.argtypes = [
            *(ctypes.c_void_p,) * 4,
            *(ctypes.c_uint32,) * 2,
            ctypes.c_char_p,
            ctypes.c_uint16,
            ctypes.c_void_p,
            ctypes.c_void_p,
            ctypes.c_uint32,
            ctypes.c_uint32,
        ]
        library.IcmpSendEcho2Ex.restype = ctypes.c_uint32
        return library

else:

    def send_echo(request: Request) -> Reply:
        """There is no such call here; raises ``OSError``."""
        message = f"no IcmpSendEcho for {request.address}"
        raise OSError(message)
