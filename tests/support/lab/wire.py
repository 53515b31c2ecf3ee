"""The line between customer and provider: frames go from one interface to the other, badly.

A program of its own, with the standard library alone, started as ``wire.py NEAR FAR``. *Up* is from
NEAR to FAR. Each line on standard input is a JSON object with any of these, and is answered by a
line on standard output with the counters of both directions:

``seed``
    starts the dice of both directions anew
``up``, ``down``
    the settings of a direction, see ``Settings``; what is not named has its default again

The first line on standard output says that frames pass. The end of standard input is the end.
"""

from __future__ import annotations

import contextlib
import heapq
import json
import math
import os
import random
import select
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

_ETH_P_ALL = 0x0003
_ETHERNET_HEADER = 14
_INTERNET = {b"\x08\x00", b"\x86\xdd"}  # IPv4, IPv6
_SOL_PACKET = 263
_PACKET_STATISTICS = 6
_PACKET_IGNORE_OUTGOING = 23
_PRIORITY = 50
_AT_ONCE = 64
_SOCKET_BUFFER = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one direction does to frames."""

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    jitter: str = "uniform"
    """What ``jitter_ms`` (J) means.

    ``uniform``: between 0 and J on top of the delay, each frame on its own. ``normal``: a standard
    deviation of J around the delay, never below none. ``slots``: what has gathered goes on together
    at every multiple of J, as on a shared medium (WiFi, cable, mobile).
    """
    loss: float = 0.0
    """The part of frames that vanish, 0 to 1."""
    rate_mbit: float | None = None
    """Bits of whole Ethernet frames (without preamble and checksum)."""
    queue_packets: int = 1000
    """How many frames may wait for a rate, the one under way included; more are dropped."""
    mtu: int | None = None
    """IP packets longer than this vanish without a word."""
    reorder: bool = False
    """Whether a frame may overtake another; else jitter only pushes frames together."""


@dataclass(slots=True, kw_only=True)
class Counters:
    """What became of the frames of a direction since the start."""

    taken: int = 0
    lost: int = 0
    too_long: int = 0
    overflowed: int = 0
    sent: int = 0
    refused: int = 0
    """The interface was down."""
    missed: int = 0
    """The system had no room left for them before they were taken: the wire was too slow."""


class Direction:
    """One way of the wire.

    Its dice are its own and rolled only for what needs them: the same frames in the same order meet
    the same fate, whatever goes the other way.
    """

    def __init__(self, taker: socket.socket, send: Callable[[bytes], object]) -> None:
        self.taker = taker
        self._send = send
        self.settings = Settings()
        self.counters = Counters()
        self.dice = random.Random(0)  # noqa: S311 - repeatable on purpose
        self._flying: list[tuple[float, int, bytes]] = []
        self._finishes: deque[float] = deque()  # when each frame has gone through the rate
        self._last_due = 0.0

    def take(self, frame: bytes, now: float) -> None:
        """Decide over a frame that has come in."""
        wanted, count = self.settings, self.counters
        count.taken += 1
        if wanted.loss and self.dice.random() < wanted.loss:
            count.lost += 1
            return
        length = len(frame) - _ETHERNET_HEADER
        if wanted.mtu is not None and length > wanted.mtu and frame[12:14] in _INTERNET:
            count.too_long += 1
            return
        gone = self._through_the_rate(len(frame), now)
        if gone is None:
            count.overflowed += 1
            return
        due = self._jittered(gone + wanted.delay_ms / 1000)
        if not wanted.reorder:
            due = max(due, self._last_due)
        self._last_due = due
        heapq.heappush(self._flying, (due, count.taken, frame))

    def _through_the_rate(self, length: int, now: float) -> float | None:
        """When the frame's last bit has left, or None if the queue is full."""
        rate = self.settings.rate_mbit
        if rate is None:
            return now
        while self._finishes and self._finishes[0] <= now:
            self._finishes.popleft()
        if len(self._finishes) >= self.settings.queue_packets:
            return None
        start = self._finishes[-1] if self._finishes else now
        self._finishes.append(start + length * 8 / (rate * 1e6))
        return self._finishes[-1]

    def _jittered(self, due: float) -> float:
        spread = self.settings.jitter_ms / 1000
        if not spread:
            return due
        if self.settings.jitter == "normal":
            return due + max(-self.settings.delay_ms / 1000, self.dice.gauss(0.0, spread))
        if self.settings.jitter == "slots":
            return math.ceil(due / spread) * spread
        return due + self.dice.uniform(0.0, spread)

    def next_due(self) -> float:
        """When the next frame must go on; infinity if there is none."""
        return self._flying[0][0] if self._flying else math.inf

    def ask_for_missed(self) -> None:
        """Count what the system has dropped since it was last asked."""
        told = self.taker.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8)
        self.counters.missed += int.from_bytes(told[4:8], sys.byteorder)

    def deliver(self, now: float) -> None:
        """Send on what is due."""
        while self._flying and self._flying[0][0] <= now:
            frame = heapq.heappop(self._flying)[2]
            try:
                self._send(frame)
                self.counters.sent += 1
            except OSError:
                self.counters.refused += 1


class Wire:
    """Both directions, and who asks for changes."""

    def __init__(self, near: str, far: str) -> None:
        one, other = _opened(near), _opened(far)
        self.ways = {"up": Direction(one, other.send), "down": Direction(other, one.send)}

    def run(self) -> None:
        """Pass frames on until nobody is there to ask for it."""
        ways = list(self.ways.values())
        commands = sys.stdin.fileno()
        sources = [commands, *(way.taker for way in ways)]
        pending = b""
        while True:
            wait = min(way.next_due() for way in ways) - time.monotonic()
            timeout = None if wait == math.inf else max(0.0, wait)
            ready = select.select(sources, [], [], timeout)[0]
            for way in ways:
                if way.taker in ready:
                    self._drain(way)
                way.deliver(time.monotonic())
            if commands in ready:
                received = os.read(commands, 65536)
                if not received:
                    return
                *lines, pending = (pending + received).split(b"\n")
                for line in lines:
                    self._obey(json.loads(line))

    def _drain(self, way: Direction) -> None:
        # No more than this at once, so that frames of the other direction keep their time.
        for _ in range(_AT_ONCE):
            try:
                frame = way.taker.recv(65535, socket.MSG_DONTWAIT)
            except OSError:  # nothing more, or the interface went down
                return
            way.take(frame, time.monotonic())

    def _obey(self, command: dict[str, Any]) -> None:
        for name, way in self.ways.items():
            if "seed" in command:
                way.dice.seed(f"{name} {command['seed']}")
            way.ask_for_missed()
            if name in command:
                way.settings = Settings(**command[name])
        say({name: asdict(way.counters) for name, way in self.ways.items()})


def _opened(interface: str) -> socket.socket:
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
    end.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
    try:
        end.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_RCVBUFFORCE", 33), _SOCKET_BUFFER)
    except PermissionError:  # in a user namespace: as much as anybody gets
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SOCKET_BUFFER)
    end.bind((interface, _ETH_P_ALL))
    return end


def say(words: object) -> None:
    """Write one line of JSON."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run between the two interfaces named on the command line."""
    if sys.platform != "linux":
        sys.exit("the wire needs Linux")
    # Under load an ordinary process would double the delays; not everybody may ask for this.
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
    wire = Wire(*sys.argv[1:3])
    say({"ready": True, "realtime": os.sched_getscheduler(0) == os.SCHED_FIFO})
    wire.run()


if __name__ == "__main__":
    main()
