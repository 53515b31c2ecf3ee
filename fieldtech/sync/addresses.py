"""Where a central was reached last: for the day when its name cannot be looked up.

Names are looked up through the system's resolver, which asks the default route's network, and that
one is often the broken one. An address from here is only a place to knock at: whoever opens must
still show a certificate for the central's name.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import msgspec

from fieldtech.store import meta

if TYPE_CHECKING:
    from fieldtech.store.database import Database

KEY = "central_addresses"
KEPT = 4
"""How many addresses of one name are remembered, the last good one first."""


class Addresses:
    """Remembers for as long as the program runs; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, list[str]] = {}

    def known(self, host: str) -> tuple[str, ...]:
        """Return the addresses at which ``host`` showed its certificate, the last one first."""
        with self._lock:
            return tuple(self._known.get(host, ()))

    def remember(self, host: str, address: str) -> None:
        """Put the address first; ``host`` has just shown its certificate there."""
        with self._lock:
            before = self._known.get(host, [])
            after = [address, *(other for other in before if other != address)][:KEPT]
            if after == before:
                return
            self._known[host] = after
            self._keep(self._known)

    def forget(self, host: str, address: str) -> None:
        """Take the address out: somebody else opens there."""
        with self._lock:
            before = self._known.get(host, [])
            if address in before:
                self._known[host] = [other for other in before if other != address]
                self._keep(self._known)

    def _keep(self, known: dict[str, list[str]]) -> None:
        """Make it outlive the program, where there is a place for that."""


class StoredAddresses(Addresses):
    """Remembers in the store, over a restart. Raises ``EnvironmentProblem`` as the store does."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        with database.read() as connection:
            text = meta.get(connection, KEY)
        if text is not None:
            self._known = msgspec.json.decode(text, type=dict[str, list[str]])

    def _keep(self, known: dict[str, list[str]]) -> None:
        with self._database.write() as connection:
            meta.put(connection, KEY, msgspec.json.encode(known).decode())
