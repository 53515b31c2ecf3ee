"""How much longer a round trip takes while the line is full: queues that are too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured, number
from fieldtech.diagnostics.saturation import increase, saturate, why_not_full

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.load_facts import Load

GRADES = ((30.0, "A"), (60.0, "B"), (200.0, "C"), (400.0, "D"))
TOO_LONG_MS = 60.0
"""From grade C on a queue was seen that nobody calls good, whatever else was not loaded."""


def run(context: Context) -> Outcome:
    """Fill the line, which only then shows its queues, and compare with the idle line."""
    if not context.targets.throughput or context.targets.reflector is None:
        return not_measured(Reason.NO_TARGET)
    try:
        load = context.load.get(lambda: saturate(context), context.cancel)
    except OSError as error:
        return not_measured(Reason.NOT_RESOLVED, detail=str(error))
    return outcome_of(load, context.site.speed_mbps)


def outcome_of(load: Load, agreed_mbps: float | None = None) -> Outcome:
    """Return the larger increase of the two directions, and its grade.

    A line that was not full in both has not shown that its queues are short: only that one of them
    is too long can be told all the same. The agreed speed is that of the download.
    """
    down = increase(load.idle, load.loaded_down) if load.down.bytes else None
    up = increase(load.idle, load.loaded_up) if load.up.bytes else None
    not_full = {
        "down": why_not_full(load.down, down, agreed_mbps),
        "up": why_not_full(load.up, up, None),
    }
    evidence = {
        "idle_ms": list(load.idle),
        "down_ms": list(load.loaded_down),
        "up_ms": list(load.loaded_up),
        "increase_down": down,
        "increase_up": up,
        "not_full": {way: why for way, why in not_full.items() if why},
    }
    worse = max((each for each in (down, up) if each is not None), default=None)
    if worse is None or (worse < TOO_LONG_MS and any(not_full.values())):
        silent = worse is None or not (load.down.bytes and load.up.bytes)
        return Outcome(reason=Reason.UNREACHED if silent else Reason.NOT_FILLED, evidence=evidence)
    values = {"internet.bufferbloat": number(worse)}
    return Outcome(values=values, evidence={**evidence, "grade": grade(worse)})


def grade(increase_ms: float) -> str:
    """Return the grade of an increase, A to F."""
    return next((name for limit, name in GRADES if increase_ms < limit), "F")
