"""Filling a line: some TCP flows down, then up, through the interface, counted by the second."""

from __future__ import annotations

import http.client
import socket
from threading import Event, Lock, Thread
from time import perf_counter
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from fieldtech.diagnostics.load_facts import Rate
from fieldtech.diagnostics.names import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldtech.diagnostics.context import Context

FLOWS = 4
_BLOCK = 1 << 16
_CONNECT_S = 3.0


class Flow(Protocol):
    """Moves bytes over one connection until it is told to stop."""

    def __call__(
        self,
        connection: http.client.HTTPConnection,
        page: tuple[str, str],
        counter: _Counter,
        stop: Event,
    ) -> None:
        """Ask for ``page`` (its host and its path) and count what moves."""
        ...


class _Counter:
    """Bytes of every flow, and how many there were when the line was full."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.total = 0
        self.flows = 0
        self.problem = ""

    def add(self, size: int) -> None:
        with self._lock:
            self.total += size

    def joined(self) -> None:
        with self._lock:
            self.flows += 1

    def failed(self, why: str) -> None:
        with self._lock:
            self.problem = self.problem or why


def fill(context: Context, url: str, *, up: bool, warm_s: float, seconds: float) -> Rate:
    """Run the flows for ``warm_s`` and then count for ``seconds``.

    Raises ``NotResolvedError`` for a name without an address; a server that refuses is a rate of
    nothing with its ``problem``.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    address = resolve(context, host)
    counter, stop = _Counter(), Event()
    flow = _send if up else _receive
    threads = [
        Thread(
            target=_guarded,
            args=(flow, context, (address, port), (host, parts.path or "/"), counter, stop),
            name=f"flow-{number}",
            daemon=True,
        )
        for number in range(FLOWS)
    ]
    for thread in threads:
        thread.start()
    context.cancel.wait(warm_s)
    before, begun = counter.total, perf_counter()
    context.cancel.wait(seconds)
    moved, took = counter.total - before, perf_counter() - begun
    stop.set()
    for thread in threads:
        thread.join(_CONNECT_S)
    return Rate(
        mbps=moved * 8 / took / 1e6,
        bytes=moved,
        seconds=took,
        flows=counter.flows,
        problem=counter.problem,
    )


def _guarded(  # noqa: PLR0917  the arguments of a thread
    flow: Flow,
    context: Context,
    address: tuple[str, int],
    page: tuple[str, str],
    counter: _Counter,
    stop: Event,
) -> None:
    try:
        connection = http.client.HTTPConnection(*address, timeout=_CONNECT_S)
        connection.sock = context.tcp(*address, _CONNECT_S)
        # Left to itself it grows, and what merely lies in it would count as sent.
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BLOCK)
        try:
            flow(connection, page, counter, stop)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        if not stop.is_set():
            counter.failed(str(error) or type(error).__name__)


def _receive(
    connection: http.client.HTTPConnection, page: tuple[str, str], counter: _Counter, stop: Event
) -> None:
    connection.request("GET", page[1], headers={"Host": page[0]})
    answer = connection.getresponse()
    if answer.status != http.client.OK:
        raise OSError(f"HTTP {answer.status}")
    counter.joined()
    room = bytearray(_BLOCK)
    while not stop.is_set():
        size = answer.readinto(room)
        if not size:
            return
        counter.add(size)


def _send(
    connection: http.client.HTTPConnection, page: tuple[str, str], counter: _Counter, stop: Event
) -> None:
    def blocks() -> Iterator[bytes]:
        counter.joined()
        while not stop.is_set():
            # Counted when the one before it is out of our hands.
            yield block
            counter.add(len(block))

    block = bytes(_BLOCK)
    connection.request("POST", page[1], body=blocks(), headers={"Host": page[0]})
    connection.getresponse().read()
