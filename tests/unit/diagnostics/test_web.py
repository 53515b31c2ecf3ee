"""One limit for a whole request, whatever part of it takes the time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest
from diagnosing import a_context

from fieldtech.diagnostics import web
from fieldtech.diagnostics.context import Context
from fieldtech.diagnostics.names import NotResolvedError

URL = "http://check.example.mx/generate_204"


class Hours:
    """A clock that only moves when something takes time, and the limits that were given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, resolving: float) -> None:
        self.now = 100.0
        self.connect_s: list[float] = []
        self.exchange_s: list[float] = []
        self.far: list[socket.socket] = []
        self._resolving = resolving
        monkeypatch.setattr(web, "perf_counter", lambda: self.now)
        monkeypatch.setattr(web, "resolve", self._resolve)
        monkeypatch.setattr(web, "within", self._within)
        monkeypatch.setattr(Context, "tcp", self._tcp)

    def _resolve(self, _context: Context, _host: str) -> str:
        self.now += self._resolving
        return "192.0.2.9"

    def _tcp(self, _host: str, _port: int, limit_s: float) -> socket.socket:
        self.connect_s.append(limit_s)
        self.now += 0.5
        near, far = socket.socketpair()
        far.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        self.far.append(far)
        return near

    @contextmanager
    def _within(self, _made: socket.socket, limit_s: float, _cancel: Event) -> Iterator[None]:
        self.exchange_s.append(limit_s)
        yield


def test_each_part_has_what_the_others_left(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = Hours(monkeypatch, resolving=2.5)
    assert web.fetch(a_context(), URL, limit_s=4.0).status == 204
    assert (hours.connect_s, hours.exchange_s) == ([1.5], [1.0])
    hours.far[0].close()


def test_a_name_that_takes_all_the_time_is_the_names_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = Hours(monkeypatch, resolving=4.0)
    with pytest.raises(NotResolvedError, match="too late"):
        web.fetch(a_context(), URL, limit_s=4.0)
    assert hours.connect_s == []
