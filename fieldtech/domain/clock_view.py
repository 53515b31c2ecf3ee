"""A service-level clock as a value, and how to read it at a moment.

Apart from the rules that make clocks (``sla``): a list of cards needs nothing but this, and the
first paint of the window waits for every import.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldtech.domain.words import ClockState


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """A service-level clock as a value: enough to draw a countdown without the rules.

    ``due`` is ``None`` when there is no such clock, or while it is paused; then ``remaining_s`` is
    the frozen remainder in seconds (negative after the deadline). ``stopped_at`` is when it was
    met or missed. ``state`` never says running, at risk or breached as of *now*: that follows from
    ``due``, ``at_risk_at`` and the reader's clock (``state_at``). ``strict`` is the policy's word
    on this clock: reaching the deadline is already a breach ("less than").
    """

    state: ClockState = ClockState.NONE
    target_s: int = 0
    start: datetime | None = None
    due: datetime | None = None
    at_risk_at: datetime | None = None
    remaining_s: float | None = None
    stopped_at: datetime | None = None
    strict: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The two published clocks of an incident; recomputed by every applied command."""

    response: ClockView = ClockView()
    restoration: ClockView = ClockView()


def state_at(view: ClockView, now: datetime) -> ClockState:
    """Refine a stored clock by the reader's time: running becomes at risk or breached.

    A paused clock whose target is used up is breached all the same.
    """
    left = remaining(view, now)
    if view.state not in (ClockState.RUNNING, ClockState.PAUSED) or left is None:
        return view.state
    if left < 0 or (view.strict and left == 0):
        return ClockState.BREACHED
    if view.state is ClockState.RUNNING and view.at_risk_at is not None and now >= view.at_risk_at:
        return ClockState.AT_RISK
    return view.state


def remaining(view: ClockView, now: datetime) -> float | None:
    """Return the seconds left (negative after the deadline); a stopped clock stands still.

    ``None`` when there is no such clock or it is excluded.
    """
    if view.due is None:
        return view.remaining_s
    moment = now if view.stopped_at is None else view.stopped_at
    return (view.due - moment).total_seconds()


def used_share(view: ClockView, now: datetime) -> float:
    """Return which share of the target is used: 0 at the start, 1 at the deadline, then more."""
    left = remaining(view, now)
    if left is None or view.target_s <= 0:
        return 0.0
    return max(0.0, 1.0 - left / view.target_s)


def moment_of_share(view: ClockView, share: float) -> datetime | None:
    """Return when a running clock will have used ``share`` of its target, for a local alarm."""
    if view.due is None or view.state is not ClockState.RUNNING:
        return None
    return view.due - timedelta(seconds=(1.0 - share) * view.target_s)
