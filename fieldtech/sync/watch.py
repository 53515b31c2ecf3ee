"""Stopping a request from outside: on a person's wish, or when its time is over.

Closing a connection that another thread reads from can hang for many seconds; shutting its socket
down wakes the reader at once. So every socket of a transport is registered here from its first
moment (through a duplicate that stays valid while TLS wraps the original), and cutting works in
every phase: connecting, handshake, headers, body.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Watch:
    """The sockets of one transport, and why they were cut, if they were. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: dict[int, socket.socket] = {}
        self._next = 0
        self._cancelled = False
        self._halted = False
        self._overdue = False

    @property
    def cancelled(self) -> bool:
        """A person wants it to stop, for good or for now."""
        return self._cancelled or self._halted

    @property
    def overdue(self) -> bool:
        """The present request had no time left."""
        return self._overdue

    @property
    def stopped(self) -> bool:
        """Nothing more is to be tried, for either reason."""
        return self.cancelled or self._overdue

    def attach(self, connection: socket.socket) -> int:
        """Watch a new socket; return the handle to ``detach`` it by."""
        twin = socket.socket(fileno=_duplicate(connection))
        with self._lock:
            self._next += 1
            self._sockets[self._next] = twin
            handle = self._next
            if self.stopped:
                _shut(twin)
        return handle

    def detach(self, handle: int) -> None:
        """Watch a socket no longer; one that is unknown is no error."""
        with self._lock:
            twin = self._sockets.pop(handle, None)
        if twin is not None:
            twin.close()

    def cancel(self) -> None:
        """Stop whatever is going on, and whatever starts from now on."""
        with self._lock:
            self._cancelled = True
            self._cut()

    def halt(self) -> None:
        """Stop whatever is going on, and whatever starts until ``resume``."""
        with self._lock:
            self._halted = True
            self._cut()

    def resume(self) -> None:
        """Let things start again after ``halt``; after ``cancel`` nothing does."""
        with self._lock:
            self._halted = False

    def close(self) -> None:
        """Shut every socket for good: the library closes its own only when it is collected."""
        with self._lock:
            self._cut()
            left, self._sockets = list(self._sockets.values()), {}
        for twin in left:
            twin.close()

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """Cut everything when the block is not left in time."""
        with self._lock:
            self._overdue = False
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _expire(self) -> None:
        with self._lock:
            self._overdue = True
            self._cut()

    def _cut(self) -> None:
        for twin in self._sockets.values():
            _shut(twin)


def _duplicate(connection: socket.socket) -> int:
    # Windows has no dup for sockets in os; the socket module has its own.
    if os.name == "nt":
        return connection.dup().detach()
    return os.dup(connection.fileno())


def _shut(twin: socket.socket) -> None:
    try:
        twin.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # already gone, which is all that was wanted
