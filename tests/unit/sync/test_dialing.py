"""From a name to a socket: resolvers that hang, addresses remembered, strangers that open."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest
from small_feed import open_for

from fieldtech.diagnostics.binding import Binding, InterfaceGoneError
from fieldtech.diagnostics.interfaces import InterfaceFacts
from fieldtech.secrets import MemoryStore
from fieldtech.sync.addresses import KEPT, Addresses, StoredAddresses
from fieldtech.sync.dialing import Dialer
from fieldtech.sync.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOST = "central.example.mx"
GOOD = "127.0.0.1"
DEAD = "127.0.0.9"
"""Nobody listens there: a connection is refused at once."""


@pytest.fixture
def port() -> Iterator[int]:
    """Somebody listens at ``GOOD`` on it."""
    with socket.create_server((GOOD, 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def watch() -> Iterator[Watch]:
    made = Watch()
    yield made
    made.close()


@pytest.fixture
def addresses() -> Addresses:
    return Addresses()


class Resolver:
    """Answers ``answers`` one after the other, the last for ever; counts the questions."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int, *rest: Any) -> list[Any]:
        if host != HOST:
            return list(socket.getaddrinfo(host, port, *rest))
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not found:
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (each, port)) for each in found]


def address_of(dialer: Dialer, watch: Watch, port: int, host: str = HOST) -> str:
    """Dial, close again, and return where it went."""
    connection, handle = dialer.dial(host, port, 5.0, ())
    watch.detach(handle)
    with connection:
        return str(connection.getpeername()[0])


def test_what_the_resolver_says_is_tried_in_its_order(
    watch: Watch, addresses: Addresses, port: int
) -> None:
    dialer = Dialer(watch, addresses, lookup=Resolver([DEAD, GOOD]))
    assert address_of(dialer, watch, port) == GOOD
    assert not watch._sockets, "the one that was refused is watched no more"


def test_a_name_that_cannot_be_looked_up_is_found_where_it_was_last(
    watch: Watch, addresses: Addresses, port: int
) -> None:
    dialer = Dialer(watch, addresses, lookup=Resolver([GOOD], []))
    address_of(dialer, watch, port)
    dialer.was_central(HOST)
    assert address_of(dialer, watch, port) == GOOD


def test_without_anything_remembered_it_is_no_address(
    watch: Watch, addresses: Addresses, port: int
) -> None:
    with pytest.raises(socket.gaierror):
        Dialer(watch, addresses, lookup=Resolver([])).dial(HOST, port, 5.0, ())


@pytest.fixture
def hanging() -> Iterator[Callable[..., list[Any]]]:
    """A resolver that never answers, as long as the test lasts."""
    released = threading.Event()
    asked: list[threading.Thread] = []

    def lookup(*_question: Any) -> list[Any]:
        asked.append(threading.current_thread())
        released.wait()
        return []

    yield lookup
    released.set()
    for thread in asked:
        thread.join()


def test_a_resolver_that_hangs_is_left_behind(
    watch: Watch, addresses: Addresses, port: int, hanging: Callable[..., list[Any]]
) -> None:
    addresses.remember(HOST, GOOD)
    dialer = Dialer(watch, addresses, lookup=hanging, limit_s=0.05)
    assert address_of(dialer, watch, port) == GOOD


def test_waiting_for_a_resolver_can_be_stopped(
    watch: Watch, addresses: Addresses, hanging: Callable[..., list[Any]]
) -> None:
    """The limit is longer than any test may last: only the stop can end this."""
    addresses.remember(HOST, GOOD)
    dialer = Dialer(watch, addresses, lookup=hanging, limit_s=600)
    raised: list[BaseException] = []

    def dial() -> None:
        try:
            dialer.dial(HOST, 1, None, ())
        except OSError as error:
            raised.append(error)

    waiting = threading.Thread(target=dial)
    waiting.start()
    while not watch._sockets:
        waiting.join(0.01)
    watch.cancel()
    waiting.join(30)
    assert len(raised) == 1
    assert not dialer.address, "nothing was tried any more"


def test_a_stranger_is_tried_last_and_forgotten(
    watch: Watch, addresses: Addresses, port: int
) -> None:
    """A network that answers every name with itself: its certificate was wrong."""
    addresses.remember(HOST, GOOD)
    with socket.create_server((DEAD, port)):
        dialer = Dialer(watch, addresses, lookup=Resolver([DEAD]))
        assert address_of(dialer, watch, port) == DEAD
        dialer.was_stranger(HOST)
        assert address_of(dialer, watch, port) == GOOD
        dialer.was_stranger(HOST)
        assert addresses.known(HOST) == ()


def hot0() -> list[InterfaceFacts]:
    return [
        InterfaceFacts(
            name="hot0",
            up=True,
            speed_mbps=0,
            duplex="",
            mtu=1500,
            mac="",
            ipv4=("192.0.2.7",),
            ipv6=(),
        )
    ]


def test_with_an_interface_chosen_the_resolver_is_asked_last(
    watch: Watch, addresses: Addresses, port: int
) -> None:
    """It sits in the network that was not chosen: its silence must cost nothing."""
    addresses.remember(HOST, GOOD)
    resolver = Resolver([])
    dialer = Dialer(watch, addresses, Binding(interface="hot0", read=hot0), lookup=resolver)
    assert address_of(dialer, watch, port) == GOOD
    assert resolver.asked == 0


def test_this_very_machine_is_reached_whatever_was_chosen(
    watch: Watch, addresses: Addresses, port: int
) -> None:
    """A central on the same laptop, as in the demonstration, is behind no interface."""
    dialer = Dialer(watch, addresses, Binding(interface="hot0", read=list), lookup=Resolver([GOOD]))
    assert address_of(dialer, watch, port) == GOOD


def test_an_interface_that_is_gone_ends_it_and_is_told(watch: Watch, addresses: Addresses) -> None:
    dialer = Dialer(
        watch, addresses, Binding(interface="hot0", read=list), lookup=Resolver(["192.0.2.1"])
    )
    with pytest.raises(InterfaceGoneError):
        dialer.dial(HOST, 443, 5.0, ())
    assert dialer.interface_gone


def test_the_last_good_address_outlives_the_program(tmp_path: Path) -> None:
    many = [f"192.0.2.{number}" for number in range(KEPT + 2)]
    secrets = MemoryStore()
    with open_for(tmp_path, secrets=secrets) as store:
        kept = StoredAddresses(store.database)
        for address in many:
            kept.remember(HOST, address)
        kept.remember(HOST, many[-2])
        kept.forget("other.example.mx", many[0])
    with open_for(tmp_path, secrets=secrets) as store:
        known = StoredAddresses(store.database).known(HOST)
    assert known == (many[-2], many[-1], *reversed(many[2:-2]))
