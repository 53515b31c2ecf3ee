"""The reflector's connections: one address holds only so many, and none that asks for nothing."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Thread

import pytest
import uvicorn
from typing_extensions import override

from fieldtech.central.reflector import connections
from fieldtech.central.reflector.connections import OF_ONE, GuardedProtocol
from fieldtech.central.reflector.web import create_app, network_of

CHECK = b"GET /generate_204 HTTP/1.1\r\nHost: x\r\n\r\n"
Open = Callable[..., socket.socket]
Place = tuple[str, int]


class Server(uvicorn.Server):
    """Tells when it listens."""

    listens = Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@pytest.fixture
def server() -> Iterator[Place]:
    """The reflector's web server in this process, on a port of its own."""
    config = uvicorn.Config(
        create_app(), http=GuardedProtocol, log_config=None, lifespan="on", limit_concurrency=512
    )
    made = Server(config)
    made.listens = Event()
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        thread = Thread(target=made.run, args=([listener],), daemon=True)
        thread.start()
        assert made.listens.wait(20)
        yield listener.getsockname()
        made.should_exit = True
        thread.join(20)


@contextmanager
def opening(place: Place) -> Iterator[Open]:
    """Open connections which are closed in the end."""
    with ExitStack() as stack:

        def opened(own: str = "127.0.0.1") -> socket.socket:
            made = socket.create_connection(place, timeout=20, source_address=(own, 0))
            return stack.enter_context(made)

        yield opened


def answer(made: socket.socket) -> bytes:
    """Read what comes until the head of an answer is whole or the connection ends."""
    data = b""
    while b"\r\n\r\n" not in data and (more := made.recv(4096)):
        data += more
    return data[:12]


def was_closed(made: socket.socket) -> bool:
    """Wait until the other side ends the connection, and fail where it only sends something."""
    try:
        return made.recv(1) == b""
    except ConnectionResetError:
        return True


def test_an_address_holds_so_many_and_no_more(server: Place) -> None:
    with opening(server) as opened:
        held = [opened() for _ in range(OF_ONE)]
        surplus = opened()
        assert answer(surplus) == b"HTTP/1.1 503"
        assert surplus.recv(1) == b"", "and it is closed, whatever it would have asked"
        held[-1].sendall(CHECK)
        assert answer(held[-1]) == b"HTTP/1.1 204", "the others are served"


def test_whoever_goes_makes_room(server: Place) -> None:
    for _ in range(3):
        with opening(server) as opened:
            held = [opened() for _ in range(OF_ONE)]
            assert answer(opened()) == b"HTTP/1.1 503"
            for each in held:
                each.sendall(CHECK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
                while each.recv(4096):
                    pass


@pytest.mark.parametrize("said", [b"", b"GET /generate_204 HTTP/1.1\r\nHost: x\r\n"])
def test_a_head_that_does_not_come_ends_a_connection(
    server: Place, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.2)
    with opening(server) as opened:
        made = opened()
        made.sendall(said)
        assert was_closed(made)


def test_the_beginning_of_a_next_head_buys_no_time(
    server: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """uvicorn's own limit ends with the first byte, and then nothing would ever close it."""
    monkeypatch.setattr(connections, "HEAD_S", 0.2)
    with opening(server) as opened:
        made = opened()
        made.sendall(CHECK)
        assert answer(made) == b"HTTP/1.1 204"
        made.sendall(CHECK[:10])
        assert was_closed(made)


def test_a_measurement_may_take_its_time(server: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.05)
    with opening(server) as opened:
        made = opened()
        made.sendall(b"GET /throughput HTTP/1.1\r\nHost: x\r\n\r\n")
        got = 0
        while got < 64 << 20:
            more = len(made.recv(1 << 18))
            assert more, "it was cut off"
            got += more


@pytest.mark.skipif(sys.platform != "linux", reason="needs a second loopback address")
def test_the_process_answers_others_while_one_floods_it() -> None:
    words = [sys.executable, "-m", "fieldtech.central.cli", "reflector"]
    with subprocess.Popen(
        [*words, "--voice-port", "0", "--http-port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            host, _, port = json.loads(process.stdout.readline())["url"][7:].partition(":")
            with opening((host, int(port))) as opened:
                for _ in range(515):
                    opened()
                technician = opened("127.0.0.2")
                technician.sendall(CHECK)
                assert answer(technician) == b"HTTP/1.1 204"
        finally:
            process.terminate()
            process.wait(20)


def test_an_address_of_version_4_is_the_same_on_a_socket_for_both() -> None:
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")
    assert network_of("::ffff:192.0.2.1") != network_of("::ffff:192.0.2.2")
