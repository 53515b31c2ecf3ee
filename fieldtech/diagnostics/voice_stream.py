"""The voice stream: 50 packets a second to a reflector, as a program in a process of its own.

Beside a busy Python thread the same stream would measure that thread (round trips of 50 ms instead
of 41, jitter of 7 instead of 0.7). So ``probes.voice`` starts this file, hands it one ``Request``
as JSON and reads JSON lines: ``{"sent": n}`` on the way, at the end ``{"packets", "lost_there"}``,
or ``{"problem"}``. Against a STUN server (no reflector) it measures the round trip alone.
"""

from __future__ import annotations

import gc
import json
import os
import select
import socket
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from fieldtech.clock import SystemClock
from fieldtech.diagnostics import stamp, stun
from fieldtech.diagnostics.arrival import ask_for_stamps, receive
from fieldtech.diagnostics.binding import binding_to
from fieldtech.diagnostics.call_quality import Packet

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.clock import Clock

INTERVAL_S = 0.02
TAIL_S = 1.0
"""What is not back this long after the last packet was sent is lost: no call would wait for it."""
SILENT_S = 2.0
"""Where nothing at all came back for so long there is nobody, and the rest is not sent."""
TELL_EVERY = 25
_EXPEDITED = 0xB8
"""DSCP EF, as phones mark their voice (RFC 3246)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to measure; ``reflects`` is ``stamp`` or ``stun``."""

    host: str
    port: int
    interface: str
    packets: int
    reflects: str = "stamp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as its dialect read it: to which packet, the reflector's times and its count."""

    number: int
    held: timedelta = timedelta()
    there_ms: float | None = None
    left_after_ms: float | None = None
    count: int | None = None


class Dialect(Protocol):
    """How packets look to one kind of reflector."""

    def packet(self, number: int) -> bytes:
        """Return the packet of that number."""
        ...

    def read(self, data: bytes) -> Answer | None:
        """Return what an answer says, ``None`` for what is no answer of this stream."""
        ...


class StampDialect:
    """RFC 8762: the reflector tells when a packet came and left, and how many came."""

    def __init__(self, clock: Clock) -> None:
        self._begun = clock.now()
        self._at = perf_counter()
        self._session = int.from_bytes(os.urandom(2), "big") or 1

    def packet(self, number: int) -> bytes:
        """Return the packet of that number, dated by a clock that nobody sets meanwhile."""
        at = self._begun + timedelta(seconds=perf_counter() - self._at)
        return stamp.Sent(number=number, at=at, session=self._session).encode()

    def read(self, data: bytes) -> Answer | None:
        """Return what an answer says, ``None`` for what is no answer of this stream."""
        try:
            back = stamp.decode_reflected(data)
        except stamp.MalformedError:
            return None
        if back.session != self._session:
            return None
        return Answer(
            number=back.sent_number,
            held=back.left - back.came,
            there_ms=_ms(back.came - back.sent_at),
            left_after_ms=_ms(back.left - self._begun),
            count=back.number + 1,
        )


class StunDialect:
    """A STUN server answers too, but tells nothing of the ways apart."""

    def __init__(self) -> None:
        self._prefix = os.urandom(8)

    def packet(self, number: int) -> bytes:
        """Return a request of the size of a voice packet; the answer to it is smaller."""
        transaction = self._prefix + number.to_bytes(4, "big")
        return stun.binding_request(transaction, size=stamp.VOICE)

    def read(self, data: bytes) -> Answer | None:
        """Return which packet it answers; an error is an answer as well."""
        try:
            message = stun.decode(data)
        except stun.MalformedError:
            return None
        answers = message.kind in {stun.Class.SUCCESS, stun.Class.ERROR}
        if not answers or message.transaction[:8] != self._prefix:
            return None
        return Answer(number=int.from_bytes(message.transaction[8:], "big"))


class Stream:
    """One run over one socket, connected to its reflector."""

    def __init__(self, connection: socket.socket, dialect: Dialect, clock: Clock) -> None:
        self._socket = connection
        self._dialect = dialect
        self._clock = clock
        self._sent: list[float] = []
        self._answers: dict[int, tuple[float, Answer]] = {}
        self._begun = 0.0

    def run(self, packets: int, tell: Callable[[int], None]) -> tuple[list[Packet], int | None]:
        """Send so many, and return every packet with its times, and how many were lost there."""
        self._begun = perf_counter()
        tell(0)
        for number in range(packets):
            self._listen_until(self._begun + number * INTERVAL_S)
            if not self._answers and perf_counter() - self._begun > SILENT_S:
                break
            self._send(number)
            if number % TELL_EVERY == TELL_EVERY - 1:
                tell(number + 1)
        end = perf_counter() + TAIL_S
        while len(self._answers) < len(self._sent) and perf_counter() < end:
            self._listen_until(min(end, perf_counter() + INTERVAL_S))
        return self._packets(), self._lost_there()

    def _send(self, number: int) -> None:
        self._sent.append(perf_counter())
        try:
            self._socket.send(self._dialect.packet(number))
        except OSError:  # of an earlier packet, or no route at this moment: this one is lost
            return

    def _listen_until(self, moment: float) -> None:
        while (left := moment - perf_counter()) > 0:
            if select.select([self._socket], [], [], left)[0]:
                self._take()

    def _take(self) -> None:
        try:
            arrival = receive(self._socket, self._clock.now())
        except OSError:  # somebody on the way says that nobody is there; silence will tell
            return
        read_at = perf_counter()
        answer = self._dialect.read(arrival.data)
        if answer is None or answer.number >= len(self._sent):
            return
        came = read_at - arrival.waited.total_seconds()
        if came < self._sent[answer.number]:  # nothing comes before it is sent: a clock was set
            came = read_at
        self._answers.setdefault(answer.number, (came, answer))

    def _packets(self) -> list[Packet]:
        return [self._packet(number, at) for number, at in enumerate(self._sent)]

    def _packet(self, number: int, at: float) -> Packet:
        known = self._answers.get(number)
        if known is None:
            return Packet(number=number, rtt=None)
        came, answer = known
        rtt = round_trip((came - at) * 1000, _ms(answer.held))
        back = None
        if answer.left_after_ms is not None:
            back = round((came - self._begun) * 1000 - answer.left_after_ms, 3)
        there = None if answer.there_ms is None else round(answer.there_ms, 3)
        return Packet(number=number, rtt=round(rtt, 3), there=there, back=back)

    def _lost_there(self) -> int | None:
        """How many never came to the reflector, ``None`` where it does not count.

        Behind its last answer nothing is known: what was sent after that counts as lost there.
        """
        counts = [answer.count for _, answer in self._answers.values() if answer.count is not None]
        return max(len(self._sent) - max(counts), 0) if counts else None


def round_trip(elapsed: float, held: float) -> float:
    """Return a round trip without the reflector's own time, all in ms.

    A reflector whose clock was set meanwhile tells a time below nothing, or one longer than all
    that went by here: then nothing is taken off, so that its word makes no line better than it is.
    """
    return elapsed - held if 0 <= held <= elapsed else elapsed


def measure(
    request: Request, clock: Clock, tell: Callable[[int], None]
) -> tuple[list[Packet], int | None]:
    """Run one stream; raises ``OSError`` when there is no way to send anything."""
    family, kind, _, _, address = socket.getaddrinfo(
        request.host, request.port, type=socket.SOCK_DGRAM
    )[0]
    with socket.socket(family, kind) as connection:
        binding = binding_to(request.interface)
        if binding is not None:
            binding.apply(connection)
        ask_for_stamps(connection)
        mark_as_voice(connection)
        connection.connect(address)
        connection.setblocking(False)  # noqa: FBT003  the name of the method says it
        dialect = StampDialect(clock) if request.reflects == "stamp" else StunDialect()
        return Stream(connection, dialect, clock).run(request.packets, tell)


def mark_as_voice(connection: socket.socket) -> None:
    """Mark packets as phones do; where the system keeps that to itself, they go unmarked."""
    if connection.family == socket.AF_INET:
        try:
            connection.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, _EXPEDITED)
        except OSError:
            return


def main() -> int:
    """Measure what standard input asks for; tell it on standard output."""
    request = Request(**json.loads(sys.stdin.readline()))
    # The collector would stop the stream for milliseconds; there is little here to collect.
    gc.disable()
    try:
        packets, lost_there = measure(request, SystemClock(), lambda n: _say({"sent": n}))
    except OSError as error:
        _say({"problem": error.strerror or str(error)})
        return 1
    _say({"packets": [asdict(each) for each in packets], "lost_there": lost_there})
    return 0


def _say(document: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def _ms(span: timedelta) -> float:
    return span.total_seconds() * 1000


if __name__ == "__main__":
    sys.exit(main())
