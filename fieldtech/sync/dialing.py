"""From the central's name to a connected socket: bounded, stoppable, through a chosen interface."""

from __future__ import annotations

import ipaddress
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fieldtech.diagnostics.binding import InterfaceGoneError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fieldtech.diagnostics.binding import Binding
    from fieldtech.sync.addresses import Addresses
    from fieldtech.sync.watch import Watch

LOOKUP_LIMIT_S = 4.0
"""A resolver that has not answered by then is one of a dead network: what is remembered is tried.

Systems give their resolvers 5 s or more before they ask the second one; waiting for that would use
up the patience of the whole connection.
"""

_Place = tuple[int, tuple[Any, ...]]
"""An address family and what ``connect`` takes for it."""


class Dialer:
    """Opens connections, one at a time; ``interface_gone`` and ``address`` tell of the last one."""

    def __init__(
        self,
        watch: Watch,
        addresses: Addresses,
        binding: Binding | None = None,
        *,
        lookup: Callable[..., Sequence[Any]] = socket.getaddrinfo,
        limit_s: float = LOOKUP_LIMIT_S,
    ) -> None:
        self._watch = watch
        self._addresses = addresses
        self._binding = binding
        self._lookup = lookup
        self._limit_s = limit_s
        self._strangers: set[str] = set()
        self.interface_gone = False
        self.address = ""

    def dial(
        self, host: str, port: int, timeout: float | None, options: Sequence[Any]
    ) -> tuple[socket.socket, int]:
        """Return a connected socket and its handle at the watch.

        ``timeout`` is each attempt's and the lookup's, in seconds. Raises ``OSError``:
        ``socket.gaierror`` when there is no address to try, ``InterfaceGoneError``, or what the
        last attempt met.
        """
        self.interface_gone, self.address = False, ""
        failed: OSError | None = None
        for family, place in self._places(host, port, self._limit(timeout)):
            if self._watch.stopped:
                break
            try:
                opened = self._connect(family, place, timeout, options)
            except InterfaceGoneError:
                self.interface_gone = True
                raise
            except OSError as error:
                failed = error
            else:
                self.address = place[0]
                return opened
        raise failed or socket.gaierror(socket.EAI_NONAME, "no address to try")

    def was_central(self, host: str) -> None:
        """``host`` has shown its certificate at the address dialled last."""
        if self.address and not _is_address(host):
            self._addresses.remember(host, self.address)

    def was_stranger(self, host: str) -> None:
        """Somebody else opened there: next time the other addresses come first."""
        if self.address:
            self._strangers.add(self.address)
            self._addresses.forget(host, self.address)

    def _connect(
        self, family: int, place: tuple[Any, ...], timeout: float | None, options: Sequence[Any]
    ) -> tuple[socket.socket, int]:
        connection = socket.socket(family, socket.SOCK_STREAM)
        handle = 0
        try:
            for option in options:
                connection.setsockopt(*option)
            # This very machine is reached through no interface that could be chosen.
            if self._binding is not None and not ipaddress.ip_address(place[0]).is_loopback:
                self._binding.apply(connection)
            connection.settimeout(timeout)
            handle = self._watch.attach(connection)
            connection.connect(place)
        except BaseException:
            self._watch.detach(handle)
            connection.close()
            raise
        return connection, handle

    def _limit(self, timeout: float | None) -> float:
        return self._limit_s if timeout is None else min(self._limit_s, timeout)

    def _places(self, host: str, port: int, limit_s: float) -> Iterator[_Place]:
        """Yield what to try, each once, strangers last.

        With an interface chosen the last good addresses come first: the resolver is reached over
        the very network that was not chosen.
        """
        if _is_address(host):
            yield from _resolved(self._lookup, host, port)
            return
        seen: set[str] = set()
        later: list[_Place] = []
        for remembered in (True, False) if self._binding is not None else (False, True):
            found = self._known(host, port) if remembered else self._asked(host, port, limit_s)
            for place in found:
                address = place[1][0]
                if address in seen:
                    continue
                seen.add(address)
                if address in self._strangers:
                    later.append(place)
                else:
                    yield place
        yield from later

    def _known(self, host: str, port: int) -> Iterator[_Place]:
        for address in self._addresses.known(host):
            yield from _resolved(socket.getaddrinfo, address, port)

    def _asked(self, host: str, port: int, limit_s: float) -> Sequence[_Place]:
        """Ask the resolver, for so long and no longer; nothing when it fails or hangs.

        Its call cannot be stopped, so a thread of its own makes it and is left behind when it
        hangs. The waiting is done on a socket, which the watch can cut as any other.
        """
        found: list[_Place] = []
        mine, its = socket.socketpair()

        def ask() -> None:
            with its, suppress(OSError, UnicodeError):
                found.extend(_resolved(self._lookup, host, port))
                its.send(b"!")

        mine.settimeout(limit_s)
        handle = self._watch.attach(mine)
        threading.Thread(target=ask, name="lookup", daemon=True).start()
        try:
            told = mine.recv(1)
        except OSError:
            told = b""
        finally:
            self._watch.detach(handle)
            mine.close()
        return tuple(found) if told else ()


def _resolved(lookup: Callable[..., Sequence[Any]], host: str, port: int) -> tuple[_Place, ...]:
    found = lookup(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM)
    return tuple((family, place) for family, _type, _protocol, _name, place in found)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True
