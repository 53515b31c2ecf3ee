"""Twenty pings to the gateway: what is lost or slow here is lost inside the customer's LAN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.diagnostics.icmp.facts import NotMeasurableError, summarize
from fieldtech.diagnostics.icmp.reading import ping
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.icmp.facts import Echo

COUNT, INTERVAL_S, WAIT_S = 20, 0.05, 1.0
REASONS = {
    "not_permitted": Reason.NOT_PERMITTED,
    "no_interface": Reason.NO_LINK,
    "cancelled": Reason.CANCELLED,
    "missing": Reason.NO_TOOL,
}


def run(context: Context) -> Outcome:
    """Ping the interface's gateway."""
    try:
        echoes = ping(
            context.gateway,
            interface=context.interface,
            count=COUNT,
            interval_s=INTERVAL_S,
            wait_s=WAIT_S,
            cancel=context.cancel,
        )
    except NotMeasurableError as error:
        return not_measured(reason_of(error), detail=error.detail)
    return outcome_of(context.gateway, echoes)


def reason_of(error: NotMeasurableError) -> Reason:
    """Return why no ping could be sent here."""
    return REASONS.get(error.reason, Reason.NOT_TOLD)


def outcome_of(gateway: str, echoes: Sequence[Echo]) -> Outcome:
    """Return loss and mean time; a gateway that answers nothing has no time."""
    numbers = summarize(echoes)
    if numbers is None:
        return not_measured(Reason.CANCELLED)
    values = {"router.gateway_loss": number(numbers.loss_percent)}
    unmeasured = {}
    if numbers.avg_ms is None:
        unmeasured["router.gateway_time"] = Reason.GATEWAY_SILENT
    else:
        values["router.gateway_time"] = number(numbers.avg_ms, 2)
    evidence = {
        "gateway": gateway,
        "sent": numbers.sent,
        "received": numbers.received,
        "min_ms": numbers.min_ms,
        "avg_ms": numbers.avg_ms,
        "max_ms": numbers.max_ms,
        "mdev_ms": numbers.mdev_ms,
        "rtt_ms": [None if each.rtt_ms is None else round(each.rtt_ms, 2) for each in echoes],
        "errors": sorted({each.error for each in echoes if each.error}),
    }
    return Outcome(values=values, unmeasured=unmeasured, evidence=evidence)
