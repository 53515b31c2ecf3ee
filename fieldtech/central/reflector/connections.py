"""Who may hold a connection to the reflector's web server: so many of one address, none idly.

uvicorn itself only counts all of them, and lets one stay that never asks for anything: whoever
opened enough of those, and said nothing, would have everybody else's connectivity check answered
with 503. Counted is the address that connects, so it is not to stand behind a proxy, which could
not tell anybody's own address either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.utils import get_remote_addr

from fieldtech.central.reflector.web import network_of

if TYPE_CHECKING:
    import asyncio

OF_ONE = 32
"""Connections of one address: its measurements (``web.FLOWS_OF_ONE``), and the checks of an office
behind the same NAT."""
HEAD_S = 5.0
"""A request's head is there by then, counted from the connection or from the answer before it."""
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n"
    b"Content-Length: 0\r\n\r\n"
)


class GuardedProtocol(H11Protocol):
    """One connection, which is closed where it is one too many or keeps the server waiting."""

    network = ""
    _waiting: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        address = get_remote_addr(transport)
        self.network = network_of(address[0]) if address else ""
        others = [each for each in self.connections if isinstance(each, GuardedProtocol)]
        if sum(each.network == self.network for each in others) >= OF_ONE:
            # Not taken in, so it is none of those that uvicorn counts.
            transport.write(_FULL)
            transport.close()
            return
        super().connection_made(transport)
        self._wait_for_head()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_longer()
        if self.transport is not None:
            super().connection_lost(exc)

    @override
    def handle_events(self) -> None:
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._wait_no_longer()

    @override
    def on_response_complete(self) -> None:
        # Before the next request is looked at, which may be there already.
        self._wait_for_head()
        super().on_response_complete()

    def _wait_for_head(self) -> None:
        """Other than uvicorn's own limit, what trickles in does not set it back."""
        self._wait_no_longer()
        self._waiting = self.loop.call_later(HEAD_S, self._give_up)

    def _wait_no_longer(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self.transport.abort()
