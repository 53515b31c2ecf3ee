"""The search for the path's MTU: soon over, not misled by a loss, and what is told is weighed."""

from __future__ import annotations

import errno
import random
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import pytest
from diagnosing import LAN, a_context, shipped_template

from fieldtech.diagnostics import stamp
from fieldtech.diagnostics.outcome import Reason
from fieldtech.diagnostics.probes import path_mtu
from fieldtech.diagnostics.probes.path_mtu import Found, Search
from fieldtech.diagnostics.registry import probe_named
from fieldtech.diagnostics.runner import Run
from fieldtech.domain.probe_targets import Host, ProbeTargets

LOOPBACK = "127.0.0.1"
MTUS = range(path_mtu.SMALLEST, path_mtu.ETHERNET + 1)
MOST_ROUNDS = 5
"""The ladder, twice between two rungs, the size that decides; one more where a bound gave way."""


def whole() -> bool:
    """Lose nothing."""
    return True


def searched(
    mtu: int, *, limit: int = 1500, step: int = 1, arrives: Callable[[], bool] = whole
) -> tuple[Found, int, int]:
    """Search a path that swallows what is larger; return rounds and packets too."""
    search = Search(limit, step)
    rounds = packets = 0
    while asked := search.next_sizes():
        rounds += 1
        for size in asked:
            if size > search.found.largest:
                packets += 1
                search.sent(size)
                if size <= mtu and arrives():
                    search.found.answered.add(size)
        assert rounds < 20, "it comes to an end"
    return search.found, rounds, packets


def test_every_mtu_is_found_within_a_few_round_trips() -> None:
    for mtu in MTUS:
        found, rounds, packets = searched(mtu)
        assert found.largest == mtu
        assert rounds <= MOST_ROUNDS
        # 20 ms each: with the round trips of an ordinary line some 2 s, of 6 that there are.
        assert packets <= 70


def test_losses_mislead_nobody() -> None:
    """A tenth is lost: a bound that rests on one packet would be wrong for every tenth path."""
    draw = random.Random(11)  # noqa: S311  not a secret
    for mtu in MTUS:
        found, _, _ = searched(mtu, arrives=lambda: draw.random() > 0.1)
        assert found.largest == mtu


def test_any_one_packet_may_be_lost() -> None:
    for mtu in (1500, 1492, 1437, 1280, 900, 576):
        _, _, packets = searched(mtu)
        for lost in range(packets):
            left = iter(range(packets * 3))
            found, rounds, _ = searched(mtu, arrives=lambda left=left, n=lost: next(left) != n)  # type: ignore[misc]
            assert found.largest == mtu
            assert rounds <= MOST_ROUNDS + 2


@pytest.mark.parametrize(("limit", "largest"), [(1500, 1492), (1499, 1492), (1410, 1408)])
def test_a_server_of_stun_is_asked_in_steps(limit: int, largest: int) -> None:
    """Its messages have a multiple of 4 bytes: a size between would be another one in truth."""
    found, _, _ = searched(min(1495, limit), limit=limit, step=4)
    assert found.largest == largest


def test_packets_have_the_size_that_they_are_sent_for() -> None:
    context = a_context()
    for sizes in (path_mtu.StampSizes(context.clock), path_mtu.StunSizes()):
        for size in (576, 1280, 1492, 1500):
            assert len(sizes.packet(size)) == size - path_mtu.HEADERS


def test_nobody_there_is_tried_so_often_and_no_more() -> None:
    found, rounds, _ = searched(0)
    assert (found.answered, rounds) == (set(), path_mtu.ROUNDS)


@pytest.mark.parametrize(
    ("answered", "told", "limit", "mtu", "black_hole"),
    [
        (1500, (), 1500, "1500", "no"),
        (1492, (1492,), 1500, "1492", "no"),
        # Of two routers both tell; the smaller counts.
        (1440, (1492, 1440), 1500, "1440", "no"),
        (1440, (), 1500, "1440", "yes"),
        # PPPoE is told, and the tunnel behind it swallows what is left.
        (1440, (1492,), 1500, "1440", "yes"),
        # An old router says "too big" and not how big it may be (RFC 1191, section 5).
        (1440, (0,), 1500, "1440", "no"),
        (1440, (1492, 0), 1500, "1440", "no"),
        # The interface's own MTU is no fault of the path.
        (1400, (), 1400, "1400", "no"),
    ],
)
def test_the_largest_that_came_through_and_what_was_told(
    answered: int, told: tuple[int, ...], limit: int, mtu: str, black_hole: str
) -> None:
    found = Found(answered={576, answered}, told=set(told))
    outcome = path_mtu.outcome_of(found, limit)
    assert outcome.values == {"internet.mtu": mtu, "internet.black_hole": black_hole}
    assert outcome.evidence["told_mtu"] == sorted(set(told) - {0})


@pytest.mark.parametrize(
    ("told", "limit", "black_hole"),
    [(1454, 1500, "no"), (1455, 1500, "no"), (1456, 1500, "yes"), (0, 1455, "no")],
)
def test_steps_are_no_difference(told: int, limit: int, black_hole: str) -> None:
    found = Found(answered={1452}, told={told} if told else set(), step=4)
    assert path_mtu.outcome_of(found, limit).values["internet.black_hole"] == black_hole


def test_nothing_came_through() -> None:
    assert path_mtu.outcome_of(Found(), 1500).reason is Reason.UNREACHED


class Refusing:
    """A socket whose system refuses what is larger than it knows the path to carry."""

    def __init__(self, mtu: int, reports: list[tuple[int, int]]) -> None:
        self.mtu = mtu
        self.pending = [errno.EMSGSIZE] if reports else []
        self.reports = reports
        self.sent: list[int] = []

    def send(self, packet: bytes) -> int:
        if self.pending:
            raise OSError(self.pending.pop(), "an earlier one's")
        if len(packet) + path_mtu.HEADERS > self.mtu:
            raise OSError(errno.EMSGSIZE, "this one's own")
        self.sent.append(len(packet))
        return len(packet)

    def recvmsg(self, *_: int) -> tuple[bytes, list[tuple[int, int, bytes]], int, None]:
        if not self.reports:
            raise BlockingIOError
        number, mtu = self.reports.pop(0)
        report = struct.pack("=IBBBxII", number, 2, 3, 4, mtu, 0) + bytes(16)
        return b"", [(socket.IPPROTO_IP, 11, report)], 0, None


def sent_by(connection: Refusing, size: int) -> set[int]:
    """Send one size; return what was told of by that."""
    context, search = a_context(), Search(1500)
    sizes = path_mtu.StampSizes(context.clock)
    path_mtu.Exchange(context, connection, sizes, search)._send(size)  # type: ignore[arg-type]
    return search.found.told


@pytest.mark.skipif(sys.platform != "linux", reason="the error queue is Linux's")
def test_linux_keeps_what_routers_told() -> None:
    reports = [(errno.EMSGSIZE, 1492), (errno.ECONNREFUSED, 7), (errno.EMSGSIZE, 1480)]
    connection = Refusing(1500, reports)
    assert sent_by(connection, 1300) == {1492, 1480}
    assert connection.sent == [1272], "an earlier packet's error is no reason not to send this one"


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_what_is_refused_is_told(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    connection = Refusing(1480, [])
    assert sent_by(connection, 1493) == {1492}
    assert sent_by(connection, 1480) == set()
    connection.pending = [errno.EMSGSIZE]
    assert sent_by(connection, 1480) == {0}, "an earlier packet's, of which nothing more is told"


@contextmanager
def swallowing(mtu: int) -> Iterator[Host]:
    """Run a reflector behind a path that takes what is larger and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((LOOPBACK, 0))
        place = server.getsockname()
        thread = Thread(target=_reflect, args=(server, mtu), daemon=True)
        thread.start()
        try:
            yield Host(host=LOOPBACK, port=place[1])
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", place)
            thread.join(20)


def _reflect(server: socket.socket, mtu: int) -> None:
    while True:
        data, source = server.recvfrom(2048)
        if not data:
            return
        if len(data) + path_mtu.HEADERS > mtu:
            continue
        sent = stamp.decode_sent(data)
        answer = stamp.Reflected(
            number=0,
            left=sent.at,
            came=sent.at,
            session=sent.session,
            sent_number=sent.number,
            sent_at=sent.at,
            sent_ttl=0,
        )
        server.sendto(answer.encode(len(data)), source)


def test_a_small_mtu_is_found_within_the_probes_own_limit() -> None:
    probe = probe_named("path_mtu")
    assert probe is not None
    with swallowing(1200 - 1) as reflector:
        here = replace(LAN, ipv4=(LOOPBACK,))
        context = a_context(here, targets=ProbeTargets(reflector=reflector))
        (result,) = Run(context, shipped_template()).run([probe]).results
    assert result.value("internet.mtu") == "1199"
    assert result.value("internet.black_hole") == "yes"
