"""Who sends to the reflector: a count of each session's packets, and a limit for each address."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeVar

_K = TypeVar("_K")
_V = TypeVar("_V")

MOST = 10_000
"""Sessions and addresses that are remembered; whoever was quiet longest is forgotten first."""
RATE = 400.0
"""Packets a second that one address may have reflected: eight streams, or a busy office."""
BURST = 400.0
_IDLE_S = 60.0


@dataclass(slots=True)
class _Session:
    received: int
    seen: float


@dataclass(slots=True)
class _Allowance:
    left: float
    seen: float


class Sessions:
    """Kept by the one thread that reads the socket; times are seconds of a growing clock."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._sessions: OrderedDict[tuple[str, int, int], _Session] = OrderedDict()
        self._allowances: OrderedDict[str, _Allowance] = OrderedDict()

    def count(self, source: tuple[str, int], session: int, now: float) -> int:
        """Return the number, from 0, of this packet among those of its session that came."""
        key = (*source, session)
        known = self._sessions.get(key)
        if known is None or now - known.seen > _IDLE_S:
            known = self._sessions[key] = _Session(received=0, seen=now)
        number, known.received, known.seen = known.received, known.received + 1, now
        _keep(self._sessions, key, self._most)
        return number

    def allows(self, address: str, now: float) -> bool:
        """Tell whether a packet of that address is still within its rate, and count it."""
        known = self._allowances.get(address)
        if known is None:
            known = self._allowances[address] = _Allowance(left=BURST, seen=now)
        known.left = min(BURST, known.left + (now - known.seen) * RATE)
        known.seen = now
        _keep(self._allowances, address, self._most)
        if known.left < 1:
            return False
        known.left -= 1
        return True


def _keep(entries: OrderedDict[_K, _V], key: _K, most: int) -> None:
    entries.move_to_end(key)
    while len(entries) > most:
        entries.popitem(last=False)
