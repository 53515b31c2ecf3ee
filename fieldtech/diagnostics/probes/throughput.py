"""What the line carries down and up; compared with the agreed speed where one is known."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from fieldtech.diagnostics.judging import ENOUGH, SPEED
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured, number
from fieldtech.diagnostics.saturation import saturate

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.load_facts import Load


def run(context: Context) -> Outcome:
    """Fill the line and read the rates."""
    if not context.targets.throughput:
        return not_measured(Reason.NO_TARGET)
    try:
        load = context.load.get(lambda: saturate(context), context.cancel)
    except OSError as error:
        return not_measured(Reason.NOT_RESOLVED, detail=str(error))
    return outcome_of(load, context.site.speed_mbps)


def outcome_of(load: Load, agreed_mbps: float | None = None) -> Outcome:
    """Return both rates; a direction in which nothing moved has none.

    Of flows that broke or came in bursts at least that much is known: enough to be what was agreed,
    and not enough to say that the line has less.
    """
    values: dict[str, str] = {}
    unmeasured: dict[str, Reason] = {}
    for item, rate in (("internet.speed", load.down), ("internet.upload", load.up)):
        short = item == SPEED and agreed_mbps is not None and rate.mbps < ENOUGH * agreed_mbps
        if not rate.bytes:
            unmeasured[item] = Reason.UNREACHED
        elif rate.problem and short:
            unmeasured[item] = Reason.NOT_FILLED
        else:
            values[item] = number(rate.mbps)
    evidence = {"down": asdict(load.down), "up": asdict(load.up)}
    return Outcome(values=values, unmeasured=unmeasured, evidence=evidence)
