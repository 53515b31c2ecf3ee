"""Filling a line: some TCP flows down, then up, through the interface, counted by the second."""

from __future__ import annotations

import contextlib
import http.client
import select
import socket
from itertools import pairwise
from statistics import median
from threading import Event, Thread
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fieldtech.diagnostics.load_facts import Rate
from fieldtech.diagnostics.names import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldtech.diagnostics.context import Context

FLOWS = 4
SHORTEST = 1 << 20
"""What ends before so many bytes is nothing to measure with: a portal's page, or an error's."""
UNSTEADY = "the flows did not keep the line busy"
_SLICES = 8
"""Parts of the time, each counted by itself: half a second of four."""
_QUIET, _RISING = 0.25, 1.5
"""A part with less than this share of the usual one, a half with so many times the other's."""
_BLOCK = 1 << 16
_CONNECT_S = 3.0
_ANSWER_S = 3.0
"""Until an upload is answered: what lies in the queue of a full line has to arrive first."""
_HUNG_UP_S = 0.25
_STEP_S = 0.05


class _RefusedError(OSError):
    """The server did not want it: what moved until then is no measurement."""


class _Flow:
    """Moves bytes, one connection after the other, until it is told to stop."""

    def __init__(self, context: Context, place: tuple[str, int], page: tuple[str, str]) -> None:
        """``place`` is where it connects to, ``page`` what it asks for: host and path."""
        self._context = context
        self._place = place
        self._headers, self._path = {"Host": page[0]}, page[1]
        self._socket: socket.socket | None = None
        self.moved = 0
        self.begun = False
        self.refused = False
        self.problem = ""

    def keep_down(self, stop: Event) -> None:
        """Download, and again where the page ends before its time."""
        self._keep(stop, up=False)

    def keep_up(self, stop: Event) -> None:
        """Upload, and again where the server has had enough before its time."""
        self._keep(stop, up=True)

    def hang_up(self) -> None:
        """End the connection at once, whatever the thread waits for."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _keep(self, stop: Event, *, up: bool) -> None:
        try:
            while not stop.is_set():
                with self._connected() as made:
                    # Set after it was connected, this would find nobody to hang up.
                    if not stop.is_set():
                        (self._send if up else self._receive)(made, stop)
        except _RefusedError as error:
            self.refused, self.problem = True, str(error)
        except (OSError, http.client.HTTPException) as error:
            if not stop.is_set():
                self.problem = str(error) or type(error).__name__

    @contextlib.contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        with self._context.tcp(*self._place, _CONNECT_S) as made:
            # Left to itself it grows, and what merely lies in it would count as sent.
            made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BLOCK)
            self._socket = made
            yield made

    def _receive(self, made: socket.socket, stop: Event) -> None:
        connection = self._over(made)
        connection.request("GET", self._path, headers=self._headers)
        before, room = self.moved, bytearray(_BLOCK)
        with connection.getresponse() as answer:
            if answer.status != http.client.OK:
                raise _RefusedError(f"HTTP {answer.status}")
            self.begun = True
            while not stop.is_set() and (size := answer.readinto(room)):
                self.moved += size
        self._check_length(self.moved - before, stop)

    def _send(self, made: socket.socket, stop: Event) -> None:
        """Send without end; of the answer only the status counts, and no more of it is read."""

        def blocks() -> Iterator[bytes]:
            self.begun = True
            while not stop.is_set() and not _has_answered(made):
                # Counted when the one before it is out of our hands.
                yield block
                self.moved += len(block)

        connection, before, block = self._over(made), self.moved, bytes(_BLOCK)
        try:
            connection.request("POST", self._path, body=blocks(), headers=self._headers)
        except OSError:
            # Who refuses may hang up without having heard all; his answer says more than that.
            if not _has_answered(made):
                raise
        with connection.getresponse() as answer:
            if not 200 <= answer.status < 300:
                raise _RefusedError(f"HTTP {answer.status}")
        self._check_length(self.moved - before, stop)

    def _over(self, made: socket.socket) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(*self._place)
        connection.sock = made
        return connection

    @staticmethod
    def _check_length(moved: int, stop: Event) -> None:
        if moved < SHORTEST and not stop.is_set():
            raise _RefusedError(f"the server ended it after {moved} bytes")


def _has_answered(made: socket.socket) -> bool:
    return bool(select.select([made], [], [], 0)[0])


def fill(context: Context, url: str, *, up: bool, warm_s: float, seconds: float) -> Rate:
    """Run the flows for ``warm_s`` and then count for ``seconds``.

    Raises ``NotResolvedError`` for a name without an address; a server that refuses is a rate of
    nothing with its ``problem``. Without a ``problem`` all flows were at work all the time.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    place = (resolve(context, host), port)
    flows = [_Flow(context, place, (host, parts.path or "/")) for _ in range(FLOWS)]
    stop = Event()
    threads = [
        Thread(
            target=flow.keep_up if up else flow.keep_down,
            args=(stop,),
            name=f"flow-{number}",
            daemon=True,
        )
        for number, flow in enumerate(flows)
    ]
    for thread in threads:
        thread.start()
    context.cancel.wait(warm_s)
    marks = [_mark(flows)]
    for _ in range(_SLICES):
        context.cancel.wait(seconds / _SLICES)
        marks.append(_mark(flows))
    stop.set()
    _end(flows, threads, context.cancel, _ANSWER_S if up else 0.0)
    return _rate(flows, marks)


def _mark(flows: Sequence[_Flow]) -> tuple[float, list[int]]:
    """Return the moment, and what each flow had moved by then."""
    return perf_counter(), [flow.moved for flow in flows]


def _end(flows: Sequence[_Flow], threads: Sequence[Thread], cancel: Event, answer_s: float) -> None:
    """Give the flows that long for their answers, and hang up on those that have none."""
    end = perf_counter() + answer_s
    while perf_counter() < end and any(thread.is_alive() for thread in threads):
        if cancel.wait(_STEP_S):
            break
    for flow, thread in zip(flows, threads, strict=True):
        if thread.is_alive():
            if answer_s and not flow.problem:
                flow.problem = "no answer to the upload"
            flow.hang_up()
    for thread in threads:
        thread.join(_HUNG_UP_S)


def _rate(flows: Sequence[_Flow], marks: Sequence[tuple[float, list[int]]]) -> Rate:
    """Put together what the flows moved that were not refused."""
    wanted = [place for place, flow in enumerate(flows) if not flow.refused]
    totals = [sum(moved[place] for place in wanted) for _, moved in marks]
    moved, took = totals[-1] - totals[0], max(marks[-1][0] - marks[0][0], 1e-6)
    problem = next((flow.problem for flow in flows if flow.problem), "")
    if not problem and not is_steady([after - before for before, after in pairwise(totals)]):
        problem = UNSTEADY
    return Rate(
        mbps=moved * 8 / took / 1e6,
        bytes=moved,
        seconds=took,
        flows=sum(flow.begun and not flow.problem for flow in flows),
        problem=problem,
    )


def is_steady(parts: Sequence[int]) -> bool:
    """Tell whether bytes moved all the time, at a rate that neither rose nor fell much.

    A radio's rate varies, so this is no narrow band: it finds pauses, and a rate that still grows.
    """
    usual, half = median(parts), len(parts) // 2
    first, second = sum(parts[:half]), sum(parts[half:])
    even = max(first, second) <= _RISING * min(first, second)
    return usual > 0 and min(parts) >= _QUIET * usual and even
