"""How much of what a voice stream suffers is suffered before the gateway already.

Pings to the gateway and the stream run at the same time over the same cable or radio. What is bad
there is bad for the stream, and no provider can mend it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HALF = 0.5
_FEWEST = 5
"""Of fewer round trips nothing is concluded."""
_AUDIBLE_MS = 10.0
"""Less than this on the LAN explains no bad call, whatever its share is."""


def explains_delay(gateway: Sequence[float], stream: Sequence[float]) -> bool:
    """Tell whether the way to the gateway makes half of the shortest round trip, in ms."""
    if len(gateway) < _FEWEST or not stream:
        return False
    return min(gateway) >= max(_AUDIBLE_MS, _HALF * min(stream))


def explains_jitter(gateway: Sequence[float], stream: Sequence[float]) -> bool:
    """Tell whether round trips to the gateway spread at least half as far as the stream's."""
    if len(gateway) < _FEWEST or not stream:
        return False
    return spread(gateway) >= max(_AUDIBLE_MS, _HALF * spread(stream))


def spread(times: Sequence[float]) -> float:
    """Return the distance from the first tenth of some times to the last: one is no spread."""
    ordered, last = sorted(times), len(times) - 1
    return ordered[round(0.9 * last)] - ordered[round(0.1 * last)]
