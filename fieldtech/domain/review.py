"""When a time cannot be taken at its word: a restoration's, or an acceptance's.

A command made offline arrives late and is honest, so its own time counts and is never clamped to
its arrival. But nobody moves a verdict by it unseen: where the central had the acceptance only
after the deadline that it claims to have met, or it claims to precede the notification, a person
looks at it. A time that lies in the central's future is refused: no honest clock says that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.sla import clocks, crosses_deadline
from fieldtech.domain.tolerance import CLOCK_TOLERANCE
from fieldtech.domain.words import ClockState

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.case import Context, Rejection
    from fieldtech.domain.incident import Incident


def is_skewed(context: Context) -> bool:
    """Tell whether the sender's clock is off by more than two sound ones may differ.

    His times are the central's all the same, as his laptop reckons them; a person sees that they
    are reckoned.
    """
    return abs(context.skew_s) > CLOCK_TOLERANCE.total_seconds()


def reviewed(incident: Incident, context: Context) -> Incident:
    """Mark the restoration for review where its time is doubtful; no mark is taken away here.

    Doubtful is a time before the report, in the future, or so uncertain that it may lie on either
    side of the deadline.
    Raises ``UnknownPolicy`` when the policy version of the incident is not here.
    """
    restoration = incident.restoration
    if restoration is None:
        return incident
    due = clocks(incident, context.rules).restoration.due
    doubtful = (
        restoration.needs_review
        or restoration.at < incident.reported_at
        or restoration.at > context.now + CLOCK_TOLERANCE
        or crosses_deadline(restoration.at, restoration.uncertainty_s, due)
    )
    return replace(incident, restoration=replace(restoration, needs_review=doubtful))


def future_refusal(context: Context, **times: datetime) -> Rejection | None:
    """Refuse the first of these times that lies in the future of the side that judges.

    The command's own ``occurred_at`` is known to be sound on the laptop that has just made it;
    the central holds it against its receipt.
    """
    now = context.received or context.now
    for name, time in times.items():
        if time > now + CLOCK_TOLERANCE:
            return refuse(Refusal.IN_FUTURE, name)
    return None


def accepted(incident: Incident, told: datetime, by: str, context: Context) -> Incident:
    """Return ``incident`` accepted at ``told``, marked for review where only the laptop says so.

    Doubtful is an acceptance before the notification by more than two clocks may differ (within
    that it counts as simultaneous), and one that meets the target but reached the central after
    it.
    Raises ``UnknownPolicy`` when the policy version of the incident is not here.
    """
    at = max(told, incident.notified_at)
    accepted_then = replace(incident, acknowledged_at=at, acknowledged_by=by)
    doubtful = told < incident.notified_at - CLOCK_TOLERANCE or _decided_by_delay(
        accepted_then, context
    )
    return replace(accepted_then, response_needs_review=doubtful)


def _decided_by_delay(incident: Incident, context: Context) -> bool:
    told, received = incident.acknowledged_at, context.received
    if told is None or received is None or received - told <= CLOCK_TOLERANCE:
        return False
    on_receipt = replace(incident, acknowledged_at=received)
    verdicts = [clocks(each, context.rules).response.state for each in (incident, on_receipt)]
    return verdicts == [ClockState.MET, ClockState.MISSED]
