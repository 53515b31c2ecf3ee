"""The wire's decisions over each frame, at times that are given: no namespace, no waiting."""

from __future__ import annotations

import math
import socket
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from lab.wire import Direction, Settings

IPV4 = bytes(12) + b"\x08\x00"
ARP = bytes(12) + b"\x08\x06"
HEALTHY = Settings(delay_ms=5.0)


class Way(Direction):
    """One direction that keeps what it sends."""

    def __init__(self, taker: socket.socket) -> None:
        self.out: list[bytes] = []
        super().__init__(taker, self.out.append)


@pytest.fixture
def way() -> Iterator[Way]:
    """A direction to which the frames are given by hand."""
    with socket.socket() as taker:
        yield Way(taker)


def frame(number: int, length: int = 60) -> bytes:
    """An IPv4 packet of so many bytes in its frame; its first bytes are its number."""
    return IPV4 + number.to_bytes(4, "big") + bytes(length - 4)


def flown(way: Way, times: list[float], length: int = 60) -> list[tuple[int, float]]:
    """Take frames at these times; return number and time of those that come out, in order."""
    for number, now in enumerate(times):
        way.take(frame(number, length), now)
    out = []
    while way.next_due() < math.inf:
        due = way.next_due()
        way.deliver(due)
        out += [(int.from_bytes(sent[14:18], "big"), due) for sent in way.out]
        way.out.clear()
    return out


def paced(count: int, apart: float = 0.02) -> list[float]:
    return [100 + number * apart for number in range(count)]


def test_a_healthy_wire_only_takes_its_time(way: Way) -> None:
    way.settings = HEALTHY
    times = paced(10)
    numbers, dues = zip(*flown(way, times), strict=True)
    assert numbers == tuple(range(10))
    assert dues == pytest.approx([now + 0.005 for now in times])
    assert way.counters.sent == way.counters.taken == 10


def test_loss_is_as_large_as_set_and_the_same_for_the_same_seed(way: Way) -> None:
    way.settings = replace(HEALTHY, loss=0.1)
    runs = []
    for seed in ("a", "a", "b"):
        way.dice.seed(seed)
        runs.append([number for number, _ in flown(way, paced(2000))])
    assert runs[0] == runs[1] != runs[2]
    assert 1740 < len(runs[0]) < 1860  # 1800 ± 4 sigma
    assert way.counters.lost == 6000 - sum(map(len, runs))


def test_everything_is_lost_at_one(way: Way) -> None:
    way.settings = replace(HEALTHY, loss=1.0)
    assert flown(way, paced(50)) == []


@pytest.mark.parametrize("jitter", ["uniform", "normal", "slots"])
def test_jitter_pushes_together_and_does_not_reorder(way: Way, jitter: str) -> None:
    way.settings = replace(HEALTHY, jitter_ms=60.0, jitter=jitter)
    times = paced(500, 0.01)
    out = flown(way, times)
    assert [number for number, _ in out] == list(range(500))
    assert all(due >= times[number] for number, due in out)
    assert len({round(due - times[number], 4) for number, due in out}) > 3


@pytest.mark.parametrize("jitter", ["uniform", "normal"])
def test_frames_overtake_each_other_where_that_is_asked(way: Way, jitter: str) -> None:
    way.settings = replace(HEALTHY, jitter_ms=60.0, jitter=jitter, reorder=True)
    numbers = [number for number, _ in flown(way, paced(500, 0.01))]
    assert numbers != sorted(numbers)
    assert sorted(numbers) == list(range(500))


def test_uniform_jitter_lies_between_none_and_its_width(way: Way) -> None:
    way.settings = replace(HEALTHY, jitter_ms=60.0)
    times = paced(500, 0.1)
    extra = [due - times[number] - 0.005 for number, due in flown(way, times)]
    assert -1e-9 <= min(extra) < 0.002
    assert 0.058 < max(extra) <= 0.06


def test_slots_let_go_together_what_has_gathered(way: Way) -> None:
    way.settings = Settings(jitter_ms=160.0, jitter="slots")
    times = paced(800)
    out = flown(way, times)
    assert len({round(due, 6) for _, due in out}) == 101
    transits = [(due - times[number]) * 1000 for number, due in out]
    differences = [abs(b - a) for a, b in pairwise(transits)]
    assert sum(differences) / len(differences) == pytest.approx(35, abs=0.5)


def test_a_rate_sends_one_after_the_other_and_its_queue_ends(way: Way) -> None:
    way.settings = replace(HEALTHY, rate_mbit=10.0, queue_packets=100)
    out = flown(way, [100.0] * 150, length=1236)  # 1250 bytes: a millisecond
    assert [due for _, due in out] == pytest.approx([100.006 + n / 1000 for n in range(100)])
    assert way.counters.overflowed == 50
    # Half of them have gone by then, so as many are taken again.
    assert len(flown(way, [100.0505] * 100, length=1236)) == 50


def test_longer_packets_vanish_but_no_arp(way: Way) -> None:
    way.settings = replace(HEALTHY, mtu=1440)
    for length in (1440, 1441):
        way.take(frame(0, length), 100.0)
    assert way.counters.too_long == 1
    way.take(ARP + bytes(1441), 100.0)
    assert way.counters.too_long == 1


def test_a_change_leaves_what_is_under_way(way: Way) -> None:
    way.settings = replace(HEALTHY, delay_ms=250.0)
    way.take(frame(0), 100.0)
    way.settings = HEALTHY
    way.take(frame(1), 100.01)
    assert way.next_due() == pytest.approx(100.25)
    assert [number for number, _ in flown(way, [])] == [0, 1]


def test_an_interface_that_is_down_is_no_end_of_the_wire() -> None:
    with socket.socket() as taker:
        way = Direction(taker, taker.send)  # not connected: it cannot send
        way.take(frame(0), 100.0)
        way.deliver(101.0)
    assert (way.counters.refused, way.counters.sent, way.next_due()) == (1, 0, math.inf)
