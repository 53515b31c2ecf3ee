"""What echoes and short routes give: each one by itself, and in numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 1000
"""More echoes than this at once would be a load, not a measurement."""
DEEPEST = 30
"""No route is followed further than this many hops."""


class NotMeasurableError(Exception):
    """No answer can be given here; ``reason`` is a word for programs.

    ``not_permitted``, ``no_interface``, ``ipv6``, ``cancelled``, ``unreadable`` (a tool whose
    output tells nothing), or why there is no tool: ``missing``, ``slow``, ``failed``.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class NotPermittedError(NotMeasurableError):
    """This system keeps echoes to its administrators (Linux: ``net.ipv4.ping_group_range``)."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("not_permitted", detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """One echo request: lost while ``rtt_ms`` is ``None``.

    ``sent_at_s`` counts from the first request. ``source`` is who answered: the target, or whoever
    reported the error that ``error`` names.
    """

    sent_at_s: float
    rtt_ms: float | None
    source: str = ""
    ttl: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """What answered at one distance: nobody while ``address`` is empty.

    ``reached`` says that it is the target itself. ``error`` names what was reported instead and
    ``reporter`` who did, which tells nothing of who is at that distance: it may be this machine.
    ``mtu`` is the largest packet that the reporter said it can pass on (RFC 1191).
    """

    ttl: int
    address: str = ""
    rtt_ms: float | None = None
    reached: bool = False
    error: str = ""
    reporter: str = ""
    mtu: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Echoes in numbers; the times are in ms and ``None`` when nothing came back.

    ``mdev_ms`` is what ``ping`` calls so: the standard deviation of all round trips.
    """

    sent: int
    received: int
    loss_percent: float
    min_ms: float | None
    avg_ms: float | None
    max_ms: float | None
    mdev_ms: float | None


def summarize(echoes: Sequence[Echo]) -> Summary | None:
    """Return the numbers of some echoes, ``None`` when none was sent."""
    if not echoes:
        return None
    times = [echo.rtt_ms for echo in echoes if echo.rtt_ms is not None]
    average = math.fsum(times) / len(times) if times else None
    return Summary(
        sent=len(echoes),
        received=len(times),
        loss_percent=100.0 * (len(echoes) - len(times)) / len(echoes),
        min_ms=min(times, default=None),
        avg_ms=average,
        max_ms=max(times, default=None),
        mdev_ms=_deviation(times, average) if average is not None else None,
    )


def _deviation(times: list[float], average: float) -> float:
    return math.sqrt(math.fsum((each - average) ** 2 for each in times) / len(times))
