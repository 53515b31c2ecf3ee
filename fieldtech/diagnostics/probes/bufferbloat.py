"""How much longer a round trip takes while the line is full: queues that are too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured, number
from fieldtech.diagnostics.saturation import increase, saturate

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.load_facts import Load

GRADES = ((30.0, "A"), (60.0, "B"), (200.0, "C"), (400.0, "D"))


def run(context: Context) -> Outcome:
    """Fill the line, which only then shows its queues, and compare with the idle line."""
    if not context.targets.throughput or context.targets.reflector is None:
        return not_measured(Reason.NO_TARGET)
    try:
        load = context.load.get(lambda: saturate(context))
    except OSError as error:
        return not_measured(Reason.NOT_RESOLVED, detail=str(error))
    return outcome_of(load)


def outcome_of(load: Load) -> Outcome:
    """Return the larger increase of the two directions, and its grade."""
    down = increase(load.idle, load.loaded_down) if load.down.bytes else None
    up = increase(load.idle, load.loaded_up) if load.up.bytes else None
    evidence = {
        "idle_ms": list(load.idle),
        "down_ms": list(load.loaded_down),
        "up_ms": list(load.loaded_up),
        "increase_down": down,
        "increase_up": up,
    }
    known = [each for each in (down, up) if each is not None]
    if not known:
        return Outcome(reason=Reason.UNREACHED, evidence=evidence)
    worse = max(known)
    values = {"internet.bufferbloat": number(worse)}
    return Outcome(values=values, evidence={**evidence, "grade": grade(worse)})


def grade(increase_ms: float) -> str:
    """Return the grade of an increase, A to F."""
    return next((name for limit, name in GRADES if increase_ms < limit), "F")
