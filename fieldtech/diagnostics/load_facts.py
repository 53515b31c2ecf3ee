"""What filling a line gives: two rates, and the round trips of three phases."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What one direction carried; ``mbps`` of payload, without the first moments of slow start."""

    mbps: float
    bytes: int
    seconds: float
    flows: int
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of it; the round trips in milliseconds, ``None`` for what was lost."""

    down: Rate
    up: Rate
    idle: tuple[float | None, ...] = ()
    loaded_down: tuple[float | None, ...] = ()
    loaded_up: tuple[float | None, ...] = ()
