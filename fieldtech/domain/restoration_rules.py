"""The service works again, or fails again: the commands that stop and restart the main clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from fieldtech.domain.authority import field_visit
from fieldtech.domain.case import Case, Rejection
from fieldtech.domain.checklist import missing_items
from fieldtech.domain.facts import Exclusion, Outage, Pause, Restoration, TimeRecord
from fieldtech.domain.incident_rules import ended_pauses, reclassified
from fieldtech.domain.moves import put_incident, put_visit
from fieldtech.domain.policies import policy_of
from fieldtech.domain.policy import RestoreNeed
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.review import future_refusal, is_skewed, reviewed
from fieldtech.domain.severity import count_refusal
from fieldtech.domain.tolerance import CLOCK_TOLERANCE
from fieldtech.domain.words import AT_THE_SITE_STATES, IncidentState, Role

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.case import Context
    from fieldtech.domain.commands import Actor, RefailIncident, RestoreIncident
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.moves import Move
    from fieldtech.domain.policy import Policy
    from fieldtech.domain.restoration_commands import CorrectRestoration
    from fieldtech.domain.visit import Visit

RESTORATION = "restoration"
"""The ``TimeRecord.kind`` under which a visit keeps the time of a restoration."""


def restore(move: Move[RestoreIncident]) -> Case | Rejection:
    """Stop the restoration clock at the field time, with the cause, the solution and whose fault.

    The time is never clamped: one outside [report, now], one whose uncertainty reaches across the
    deadline, or one from a clock that is far off is kept as measured and marked for review.
    """
    policy = policy_of(move.incident, move.context.rules)
    refusal = _incomplete(move, policy) or _checklist_refusal(move, policy)
    if refusal is not None:
        return refusal
    incident = _with_new_count(move)
    if isinstance(incident, Rejection):
        return incident
    args = move.args
    restored = replace(
        incident,
        state=IncidentState.RESTORED,
        paused_from=None,
        pauses=ended_pauses(incident.pauses, args.restored_at),
        exclusions=_ended_exclusions(incident.exclusions, None, args.restored_at),
        outages=_ended_outages(incident.outages, args.restored_at, args.uncertainty_s),
        restoration=Restoration(
            at=args.restored_at,
            uncertainty_s=args.uncertainty_s,
            attribution=args.attribution,
            cause=args.cause,
            solution=args.solution,
            affected=args.affected,
            evidence=args.evidence,
            by=move.actor.id,
            needs_review=is_skewed(move.context),
        ),
    )
    case = put_incident(move.case, reviewed(restored, move.context))
    visit = field_visit(case, move.actor)
    if visit is None:
        return case
    record = TimeRecord(
        kind=RESTORATION,
        at=args.restored_at,
        uncertainty_s=args.uncertainty_s,
        by=move.actor.id,
    )
    return case if record in visit.times else put_visit(case, with_time(visit, record))


def with_time(visit: Visit, record: TimeRecord) -> Visit:
    """Return ``visit`` with one more field time."""
    return replace(visit, times=(*visit.times, record))


def correct_restoration(move: Move[CorrectRestoration]) -> Case | Rejection:
    """Move the restoration to where the desk knows it was, whoever recorded it, until closing."""
    if not move.args.reason.strip():
        return refuse(Refusal.MISSING_REASON, "reason")
    early = future_refusal(move.context, at=move.args.at)
    if early is not None:
        return early
    moved = retimed(move.incident, move.args.at, move.context, move.actor)
    return put_incident(move.case, moved)


def retimed(incident: Incident, at: datetime, context: Context, by: Actor) -> Incident:
    """Return the incident with its restoration, and what ended with it, at a corrected time.

    A technician who moves the time his own work is judged by has it reviewed; the desk's word
    settles an earlier doubt.
    """
    restoration = incident.restoration
    if restoration is None:
        return incident
    last = incident.outages[-1]
    moved = replace(
        incident,
        restoration=replace(
            restoration, at=at, uncertainty_s=0.0, needs_review=by.role is Role.TECHNICIAN
        ),
        outages=(*incident.outages[:-1], replace(last, end=at, uncertainty_s=0.0)),
        pauses=_ended_anew(incident.pauses, restoration.at, at),
        exclusions=_ended_exclusions(incident.exclusions, restoration.at, at),
    )
    return reviewed(moved, context)


def _ended_anew(pauses: tuple[Pause, ...], was: datetime, at: datetime) -> tuple[Pause, ...]:
    """End the last pause at ``at`` where the restoration had ended it: it was the open one."""
    if not pauses or pauses[-1].end != max(was, pauses[-1].start):
        return pauses
    return (*pauses[:-1], replace(pauses[-1], end=max(at, pauses[-1].start)))


def _ended_exclusions(
    exclusions: tuple[Exclusion, ...], was: datetime | None, at: datetime
) -> tuple[Exclusion, ...]:
    """End at ``at`` the exclusions that ended at ``was``: ``None``, those until the restoration.

    So they do not reach over an outage that comes after it.
    """
    return tuple(
        replace(claim, end=max(at, claim.start)) if _ended_with(claim, was) else claim
        for claim in exclusions
    )


def _ended_with(claim: Exclusion, restored_at: datetime | None) -> bool:
    if restored_at is None:
        return claim.end is None
    return claim.end == max(restored_at, claim.start)


def refail(move: Move[RefailIncident]) -> Case | Rejection:
    """Void the restoration that did not hold; the clock goes on from the original report."""
    incident = move.incident
    restoration = incident.restoration
    if restoration is None:
        return refuse(Refusal.WRONG_STATE, incident.state.value)
    failed_at = move.args.failed_at
    if failed_at > move.context.now + CLOCK_TOLERANCE:
        return refuse(Refusal.IN_FUTURE, "failed_at")
    if failed_at < restoration.at:
        return refuse(Refusal.INVALID, "failed_at")
    window = timedelta(seconds=policy_of(incident, move.context.rules).refail_window_s)
    if failed_at - restoration.at > window:
        return refuse(Refusal.REFAIL_TOO_LATE, incident.id)
    last = incident.outages[-1]
    return put_incident(
        move.case,
        replace(
            incident,
            state=IncidentState.IN_PROGRESS,
            restoration=None,
            # The new outage starts where the void one did: the service counts as down throughout.
            outages=(
                *incident.outages[:-1],
                replace(last, void=True, failed_at=failed_at),
                Outage(start=last.start, end=None),
            ),
        ),
    )


def _incomplete(move: Move[RestoreIncident], policy: Policy) -> Rejection | None:
    args = move.args
    if not args.attribution and RestoreNeed.ATTRIBUTION in policy.restore_needs:
        return refuse(Refusal.MISSING_ATTRIBUTION)
    if (args.cause or RestoreNeed.CAUSE in policy.restore_needs) and policy.cause(
        args.cause
    ) is None:
        return refuse(Refusal.UNKNOWN_CAUSE, args.cause)
    if (args.solution or RestoreNeed.SOLUTION in policy.restore_needs) and policy.solution(
        args.solution
    ) is None:
        return refuse(Refusal.UNKNOWN_SOLUTION, args.solution)
    return None


def _checklist_refusal(move: Move[RestoreIncident], policy: Policy) -> Rejection | None:
    if RestoreNeed.CHECKLIST not in policy.restore_needs:
        return None
    missing: list[str] = []
    for visit in _visits_to_complete(move):
        template = move.context.templates.get(visit.checklist)
        if template is None:
            return refuse(Refusal.UNKNOWN_CHECKLIST, visit.checklist)
        missing.extend(missing_items(template, visit, move.context.service_kind))
    return refuse(Refusal.MISSING_ITEMS, ",".join(missing)) if missing else None


def _visits_to_complete(move: Move[RestoreIncident]) -> list[Visit]:
    """Return whose checklists count: the technician's own visit, for the desk those on site.

    The desk's remote fix without a visit has none.
    """
    own = field_visit(move.case, move.actor) if move.actor.role is Role.TECHNICIAN else None
    counted = (
        [own] if own else [visit for visit in move.case.visits if visit.state in AT_THE_SITE_STATES]
    )
    return [visit for visit in counted if visit.checklist]


def _with_new_count(move: Move[RestoreIncident]) -> Incident | Rejection:
    """Reclassify on the count the technician found, where a user count makes a rule possible.

    A class that a person chose against the rule, with a reason, outweighs any count.
    """
    current = move.incident.classification
    affected = move.args.affected
    total = move.context.total_users or (current.total if current else None)
    impossible = count_refusal(affected, total)
    if impossible is not None:
        return impossible
    known = current is not None and (current.overridden or current.affected == affected)
    if affected is None or not total or known:
        return move.incident
    return reclassified(move, affected=affected, severity=None, reason="")


def _ended_outages(
    outages: tuple[Outage, ...], at: datetime, uncertainty_s: float
) -> tuple[Outage, ...]:
    return tuple(
        outage if outage.end is not None else replace(outage, end=at, uncertainty_s=uncertainty_s)
        for outage in outages
    )
