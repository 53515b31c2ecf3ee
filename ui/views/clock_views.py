"""From a service-level clock's value to what the countdown widgets draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.domain.clock_view import remaining, state_at
from fieldtech.domain.words import ClockState
from ui.widgets.countdown import CountdownView

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.clock_view import Clocks, ClockView
    from fieldtech.services.values import AgendaRow

STOPPED = frozenset({ClockState.MET, ClockState.MISSED, ClockState.NONE})


def leading_clock(clocks: Clocks) -> tuple[ClockView, bool]:
    """The clock that matters now, and whether that is the restoration.

    That is the response until it is acknowledged, then the restoration.
    """
    if clocks.response.state is ClockState.RUNNING:
        return clocks.response, False
    return clocks.restoration, True


def countdown_of(row: AgendaRow, now: datetime) -> CountdownView:
    """The chip of a card."""
    return countdown(leading_clock(row.clocks)[0], now)


def countdown(view: ClockView, now: datetime) -> CountdownView:
    """The picture of one clock at ``now``."""
    return CountdownView(
        state=state_at(view, now).value,
        due=view.due,
        total_seconds=float(view.target_s),
        frozen_remaining=remaining(view, now),
        start=view.start,
    )


def urgency(clocks: Clocks, now: datetime) -> str:
    """The pin's class on the map: danger, warn, ok or neutral."""
    state = state_at(leading_clock(clocks)[0], now)
    if state in {ClockState.BREACHED, ClockState.MISSED}:
        return "danger"
    if state is ClockState.AT_RISK:
        return "warn"
    if state in {ClockState.RUNNING, ClockState.MET}:
        return "ok"
    return "neutral"
