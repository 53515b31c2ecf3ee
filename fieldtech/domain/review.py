"""When a restoration's time cannot be taken at its word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from fieldtech.domain.sla import clocks, crosses_deadline

if TYPE_CHECKING:
    from fieldtech.domain.case import Context
    from fieldtech.domain.incident import Incident

CLOCK_TOLERANCE = timedelta(seconds=120)
"""How far two sound clocks may differ before a time counts as lying in the future."""


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
