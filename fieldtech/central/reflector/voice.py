"""The voice reflector: each STAMP packet goes back with the times it came and left (RFC 8762).

Never more goes back than came, only so much a second for one address, and never to what may be
another reflector: with a forged sender it is no amplifier. What is no such packet is dropped
without a word. Of the recommendation it takes what a call's measurement needs: the sender's TTL is
told as 0 (not known).
"""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import sys
from threading import Event, Thread
from typing import TYPE_CHECKING, Self

from fieldtech.central.reflector.sessions import Sessions
from fieldtech.diagnostics import stamp
from fieldtech.diagnostics.arrival import Arrival, ask_for_stamps, receive
from fieldtech.errors import EnvironmentProblem

if TYPE_CHECKING:
    from types import TracebackType

    from fieldtech.clock import Clock

PORT = 8620
_WAKE_S = 0.2
_FIRST_FREE = 1024
"""Below it ports are services': nobody measures from there, but forged senders are from there."""
_RECEIVE_BUFFER = 1 << 20

log = logging.getLogger(__name__)


class VoiceReflector:
    """A socket and the thread that answers on it, from ``with`` to its end."""

    def __init__(self, clock: Clock, *, host: str, port: int) -> None:
        """Listen at once; raises ``EnvironmentProblem`` when the address cannot be had."""
        self._clock = clock
        self._sessions = Sessions()
        self._stop = Event()
        self._socket = _listen(host, port)
        self._thread = Thread(target=self._serve, name="voice-reflector", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._socket.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            if not select.select([self._socket], [], [], _WAKE_S)[0]:
                continue
            # Whoever asked last may be gone: the socket then tells so instead of a packet.
            with contextlib.suppress(OSError):
                self._answer(receive(self._socket, self._clock.now()))

    def _answer(self, arrival: Arrival) -> None:
        came = self._clock.now() - arrival.waited
        moment = self._clock.boot()
        address = arrival.source[0]
        try:
            sent = stamp.decode_sent(arrival.data)
        except stamp.MalformedError:
            return
        # A reflector that is asked by its own like answers itself without end.
        privileged = arrival.source[1] < _FIRST_FREE or arrival.source[1] == self.port
        if privileged or not self._sessions.allows(address, moment):
            return
        answer = stamp.Reflected(
            number=self._sessions.count(arrival.source, sent.session, moment),
            left=self._clock.now(),
            came=came,
            session=sent.session,
            sent_number=sent.number,
            sent_at=sent.at,
            sent_ttl=0,
        )
        self._socket.sendto(answer.encode(len(arrival.data)), arrival.source)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if family == socket.AF_INET6 and host == "::" and sys.platform != "win32":
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        listener.bind((host, port))
        listener.setblocking(False)  # noqa: FBT003  the name of the method says it
        ask_for_stamps(listener)
    except OSError as problem:
        listener.close()
        raise EnvironmentProblem(
            f"Cannot listen on {host} port {port} (UDP): {problem.strerror}.",
            code="address_unavailable",
            what_to_do="Choose another --host or --voice-port.",
        ) from problem
    return listener
