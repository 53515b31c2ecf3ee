"""Two reports of one fault become one incident: what the original takes over from its duplicate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldtech.domain.authority import granted
from fieldtech.domain.incident_rules import ended, without_open_visits
from fieldtech.domain.moves import put_incident
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.review import reviewed
from fieldtech.domain.words import IncidentState

if TYPE_CHECKING:
    from fieldtech.domain.case import Case, Rejection
    from fieldtech.domain.commands import MarkDuplicate
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.moves import Move


def mark_duplicate(move: Move[MarkDuplicate]) -> Case | Rejection:
    """Merge into the original: the earliest report, and the earliest acceptance, govern there."""
    original = move.case.original
    if original is None or original.id != move.args.of:
        return refuse(Refusal.UNKNOWN_TARGET, move.args.of)
    refusal = _unmergeable(move, original)
    if refusal is not None:
        return refusal
    duplicate = replace(ended(move, state_reason=""), duplicate_of=original.id)
    merged = _with_earlier_acceptance(_with_earlier_report(original, move.incident), move.incident)
    case = replace(move.case, original=reviewed(merged, move.context))
    return without_open_visits(put_incident(case, duplicate), move)


def _unmergeable(move: Move[MarkDuplicate], original: Incident) -> Rejection | None:
    """Return why the incident is not the same fault as ``original``.

    A duplicate counts no downtime of its own, so it may only be one of the same service, and none
    that goes on where the original's service is already back: that is a failure of its own.
    """
    incident = move.incident
    restored_before = original.restoration is not None and incident.restoration is None
    in_reach = granted(move.actor, original.region_id, move.context.rules)
    obstacles = (
        (original.id == incident.id, Refusal.INVALID, "of"),
        (not original.state.is_open, Refusal.WRONG_STATE, original.state.value),
        (original.kind is not incident.kind, Refusal.WRONG_KIND, original.kind.value),
        (not in_reach, Refusal.NOT_AUTHORISED, original.region_id),
        (original.service_id != incident.service_id, Refusal.OTHER_SERVICE, original.service_id),
        (restored_before, Refusal.WRONG_STATE, original.state.value),
    )
    return next((refuse(code, detail) for met, code, detail in obstacles if met), None)


def _with_earlier_report(original: Incident, duplicate: Incident) -> Incident:
    reported = min(original.reported_at, duplicate.reported_at)
    return replace(
        original,
        reported_at=reported,
        notified_at=min(original.notified_at, duplicate.notified_at),
        outages=tuple(
            replace(outage, start=reported) if outage.start == original.reported_at else outage
            for outage in original.outages
        ),
    )


def _with_earlier_acceptance(original: Incident, duplicate: Incident) -> Incident:
    """Take over the duplicate's acceptance where it is the first: with who, and with its doubt.

    An original that only waited for its acceptance has it now, and with it a severity.
    """
    mine, theirs = original.acknowledged_at, duplicate.acknowledged_at
    if theirs is None or (mine is not None and mine <= theirs):
        return original
    waiting = original.state is IncidentState.REPORTED
    return replace(
        original,
        state=IncidentState.ACKNOWLEDGED if waiting else original.state,
        acknowledged_at=theirs,
        acknowledged_by=duplicate.acknowledged_by,
        response_needs_review=duplicate.response_needs_review,
        classifications=original.classifications or duplicate.classifications,
    )
