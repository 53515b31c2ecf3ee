"""Filling a line against servers that do what a throughput server should not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event, Thread

import pytest
from diagnosing import a_context

from fieldtech.diagnostics.context import Context
from fieldtech.diagnostics.load import FLOWS, SHORTEST, UNSTEADY, fill, is_steady
from fieldtech.diagnostics.load_facts import Rate

OK = b"HTTP/1.1 200 OK\r\n"
BLOCK = bytes(1 << 16)
Serve = Callable[[socket.socket], None]


@contextmanager
def serving(serve: Serve) -> Iterator[str]:
    """Run a server whose every connection is handed to ``serve`` on a thread of its own."""
    taken: list[tuple[socket.socket, Thread]] = []
    over = Event()

    def one(made: socket.socket) -> None:
        with made, suppress(OSError):
            serve(made)

    def listen() -> None:
        while True:
            made = listener.accept()[0]
            taken.append((made, Thread(target=one, args=(made,), daemon=True)))
            taken[-1][1].start()
            if over.is_set():
                return

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        listening = Thread(target=listen, daemon=True)
        listening.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/throughput"
        over.set()
        socket.create_connection(listener.getsockname()).close()
        listening.join(20)
        for made, thread in taken:
            with suppress(OSError):
                made.shutdown(socket.SHUT_RDWR)
            thread.join(20)


def filled(serve: Serve, *, up: bool, context: Context | None = None) -> Rate:
    """Fill for a moment, and see that no flow goes on when it is over."""
    context = context or replace(a_context(), interface="")
    with serving(serve) as url:
        rate = fill(context, url, up=up, warm_s=0.1, seconds=0.4)
        left = [each.name for each in threading.enumerate() if each.name.startswith("flow-")]
    assert left == []
    return rate


def head_of(made: socket.socket) -> bytes:
    """Read until the head of a request is complete; what came of its body as well."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += made.recv(1 << 16) or b"\r\n\r\n"
    return data


def whole(made: socket.socket) -> None:
    """Read a request in chunks to its end."""
    data = head_of(made)
    while not data.endswith(b"0\r\n\r\n") and (more := made.recv(1 << 18)):
        data = data[-8:] + more


def test_an_upload_that_is_refused_is_none() -> None:
    def refuses(made: socket.socket) -> None:
        head_of(made)
        made.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        while made.recv(1 << 16):
            pass

    rate = filled(refuses, up=True)
    assert (rate.bytes, rate.mbps, rate.flows) == (0, 0.0, 0)
    assert rate.problem == "HTTP 503"


def test_an_upload_that_is_refused_in_the_end_is_none_either() -> None:
    def takes_all(made: socket.socket) -> None:
        whole(made)
        made.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")

    rate = filled(takes_all, up=True)
    assert (rate.bytes, rate.flows, rate.problem) == (0, 0, "HTTP 413")


def test_who_hangs_up_on_an_upload_is_heard_first() -> None:
    def hangs_up(made: socket.socket) -> None:
        head_of(made)
        made.sendall(b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n")
        made.shutdown(socket.SHUT_RDWR)

    assert filled(hangs_up, up=True).problem == "HTTP 403"


def test_an_answer_without_end_is_not_read() -> None:
    given: list[int] = []

    def pours(made: socket.socket) -> None:
        whole(made)
        made.sendall(OK + b"\r\n")
        with suppress(OSError):
            while True:
                given.append(made.send(BLOCK))

    rate = filled(pours, up=True)
    assert rate.bytes > 0
    assert sum(given) < FLOWS * (8 << 20), "what the buffers on the way take, and no more"


def test_an_answer_that_never_gets_to_its_status_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fieldtech.diagnostics.load._ANSWER_S", 0.2)

    def goes_on_promising(made: socket.socket) -> None:
        whole(made)
        while True:
            made.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    rate = filled(goes_on_promising, up=True)
    assert rate.bytes > 0
    assert (rate.flows, rate.problem) == (0, "no answer to the upload")


def test_a_page_that_ends_is_fetched_again() -> None:
    served: list[bytes] = []

    def finite(made: socket.socket) -> None:
        served.append(head_of(made))
        made.sendall(OK + b"Content-Length: %d\r\n\r\n" % SHORTEST)
        made.sendall(bytes(SHORTEST))

    rate = filled(finite, up=False)
    assert len(served) > FLOWS
    assert rate.bytes > FLOWS * SHORTEST
    assert (rate.flows, rate.problem) in {(FLOWS, ""), (FLOWS, UNSTEADY)}


@pytest.mark.parametrize("up", [False, True])
def test_a_portals_page_is_no_rate(up: bool) -> None:  # noqa: FBT001
    def welcomes(made: socket.socket) -> None:
        head_of(made)
        made.sendall(OK + b"Content-Length: 20\r\n\r\n<title>Hola</title>\r\n")

    rate = filled(welcomes, up=up)
    assert (rate.bytes, rate.flows) == (0, 0)
    assert "ended it after" in rate.problem


def test_a_server_that_says_nothing_holds_nobody() -> None:
    def listens(made: socket.socket) -> None:
        while made.recv(1 << 16):
            pass

    rate = filled(listens, up=False)
    assert (rate.bytes, rate.flows) == (0, 0)


def test_who_is_cancelled_hangs_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldtech.diagnostics.load._ANSWER_S", 3600.0)
    cancel = Event()

    def takes_and_cancels(made: socket.socket) -> None:
        head_of(made)
        cancel.set()
        while made.recv(1 << 16):
            pass

    filled(takes_and_cancels, up=True, context=replace(a_context(cancel=cancel), interface=""))


def test_no_more_of_an_answer_than_its_status_is_waited_for() -> None:
    def status_only(made: socket.socket) -> None:
        whole(made)
        made.sendall(OK + b"Content-Length: 1000\r\n\r\n")
        while made.recv(1 << 16):
            pass

    rate = filled(status_only, up=True)
    assert rate.flows == FLOWS
    assert rate.bytes > 0


@pytest.mark.parametrize(
    ("parts", "steady"),
    [
        ([100] * 8, True),
        ([90, 110, 80, 120, 95, 100, 70, 130], True),
        ([100, 100, 40, 100, 100, 100, 60, 100], True),
        ([10, 20, 40, 60, 80, 100, 120, 140], False),
        ([200, 200, 180, 200, 90, 80, 90, 80], False),
        ([100, 100, 0, 100, 100, 100, 100, 100], False),
        ([400, 0, 0, 0, 400, 0, 0, 0], False),
        ([0] * 8, False),
    ],
)
def test_a_line_that_is_kept_busy(parts: list[int], steady: bool) -> None:  # noqa: FBT001
    assert is_steady(parts) is steady
