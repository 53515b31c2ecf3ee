"""A time limit for a whole exchange over a socket, whatever trickles in meanwhile."""

from __future__ import annotations

import contextlib
import socket
from contextlib import contextmanager
from threading import Event, Thread
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEP_S = 0.05


@contextmanager
def within(connection: socket.socket, limit_s: float, cancel: Event) -> Iterator[None]:
    """Shut a connection down when the limit has passed or the run is cancelled.

    A socket's own time-out counts from the last byte: a server that drips would hold it for ever.
    Whoever reads then meets the end of the stream, or an ``OSError``.
    """
    over = Event()

    def watch() -> None:
        end = perf_counter() + limit_s
        while not over.wait(_STEP_S):
            if cancel.is_set() or perf_counter() > end:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                return

    Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()
