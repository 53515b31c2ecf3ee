"""The life of an incident from the report to the closing; restoration stands apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldtech.domain.case import Case, Rejection
from fieldtech.domain.facts import Outage, Pause
from fieldtech.domain.incident import Incident
from fieldtech.domain.moves import put_incident, put_visit
from fieldtech.domain.policies import policy_of
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.review import accepted, future_refusal, reviewed
from fieldtech.domain.severity import in_force, in_order, make_classification, suggested
from fieldtech.domain.transitions import INCIDENT_STEPS
from fieldtech.domain.words import AT_THE_SITE_STATES, IncidentKind, IncidentState, VisitState

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.case import Context
    from fieldtech.domain.commands import (
        Acknowledge,
        CloseIncident,
        Command,
        PauseIncident,
        Reason,
        Reclassify,
        RegisterIncident,
        ReportIncident,
        ResumeIncident,
    )
    from fieldtech.domain.moves import Move
    from fieldtech.domain.words import Severity


def report(
    case: Case, command: Command, args: ReportIncident, context: Context
) -> Case | Rejection:
    """Take in a fault seen in the field; it waits for its acceptance.

    Where the user counts are known the rule decides on the severity and the reporter's own choice
    is dropped: a report has no room for an override's reason.
    """
    early = future_refusal(context, notified_at=args.notified_at, occurred_at=command.occurred_at)
    if early is not None:
        return early
    number = context.number or args.provisional_number or _provisional(command)
    incident = _new_incident(command, args, number)
    if isinstance(incident, Rejection):
        return incident
    if args.kind is IncidentKind.ADMINISTRATIVE:
        return put_incident(case, incident)
    by_rule = suggested(context.rules.current(args.region_id), args.affected, context.total_users)
    decision = make_classification(
        context.rules,
        args.region_id,
        affected=args.affected,
        total=context.total_users,
        severity=by_rule or args.severity,
        reason="",
        by=command.actor.id,
        at=command.occurred_at,
        keep=None,
    )
    if not isinstance(decision, Rejection):
        return put_incident(case, replace(incident, classifications=(decision,)))
    if decision.code == Refusal.SEVERITY_NEEDED:
        return put_incident(case, incident)
    return decision


def register(
    case: Case, command: Command, args: RegisterIncident, context: Context
) -> Case | Rejection:
    """Register and accept at once: the response clock stops at the moment of registration.

    That moment is the dispatcher's, online or not; see ``review`` for when it is doubted.
    """
    incident = _new_incident(command, args, context.number or _provisional(command))
    if isinstance(incident, Rejection):
        return incident
    early = future_refusal(context, notified_at=args.notified_at, occurred_at=command.occurred_at)
    if early is not None:
        return early
    registered = replace(incident, state=IncidentState.ACKNOWLEDGED, repeat_of=args.repeat_of)
    told, by = command.occurred_at, command.actor.id
    if args.kind is IncidentKind.ADMINISTRATIVE:
        return put_incident(case, accepted(registered, told, by, context))
    decision = make_classification(
        context.rules,
        args.region_id,
        affected=args.affected,
        total=context.total_users,
        severity=args.severity,
        reason=args.override_reason,
        by=command.actor.id,
        at=command.occurred_at,
        keep=None,
    )
    if isinstance(decision, Rejection):
        return decision
    registered = replace(registered, classifications=(decision,))
    return put_incident(case, accepted(registered, told, by, context))


def _provisional(command: Command) -> str:
    """Return a folio that two laptops without contact will not both give."""
    return f"P-{command.target_id[-8:].upper()}"


def _new_incident(
    command: Command, args: ReportIncident | RegisterIncident, number: str
) -> Incident | Rejection:
    for name, text in (
        ("id", command.target_id),
        ("title", args.title),
        ("region_id", args.region_id),
        ("site_id", args.site_id),
    ):
        if not text.strip():
            return refuse(Refusal.INVALID, name)
    technical = args.kind is IncidentKind.TECHNICAL
    return Incident(
        id=command.target_id,
        number=number,
        kind=args.kind,
        state=IncidentState.REPORTED,
        title=args.title,
        region_id=args.region_id,
        customer_id=args.customer_id,
        site_id=args.site_id,
        service_id=args.service_id,
        reported_at=args.notified_at,
        notified_at=args.notified_at,
        registered_at=command.occurred_at,
        channel=args.channel,
        description=args.description,
        equipment_id=args.equipment_id,
        outages=(Outage(start=args.notified_at, end=None),) if technical else (),
    )


def acknowledge(move: Move[Acknowledge]) -> Case | Rejection:
    """Accept a reported incident; a technical one must have its severity by then."""
    incident = move.incident
    if incident.kind is IncidentKind.TECHNICAL and incident.classification is None:
        return refuse(Refusal.SEVERITY_NEEDED)
    early = future_refusal(move.context, occurred_at=move.at)
    if early is not None:
        return early
    taken = replace(incident, state=IncidentState.ACKNOWLEDGED)
    return put_incident(move.case, accepted(taken, move.at, move.actor.id, move.context))


def reclassify(move: Move[Reclassify]) -> Case | Rejection:
    """Decide anew on the severity; both due times follow from the original report."""
    args = move.args
    if args.affected is None and args.severity is None:
        return refuse(Refusal.INVALID, "affected")
    decided = reclassified(move, affected=args.affected, severity=args.severity, reason=args.reason)
    if isinstance(decided, Rejection):
        return decided
    return put_incident(move.case, reviewed(decided, move.context))


def reclassified(
    move: Move[object], *, affected: int | None, severity: Severity | None, reason: str
) -> Incident | Rejection:
    """Return the incident with one more classification; the others stay as its history.

    It takes its place by when it was decided: one that was made without contact and arrives late
    does not overrule what was decided meanwhile.
    """
    incident = move.incident
    current = in_force(incident.classifications, move.at)
    total = move.context.total_users
    decision = make_classification(
        move.context.rules,
        incident.region_id,
        affected=affected,
        total=total if total is not None or current is None else current.total,
        severity=severity,
        reason=reason,
        by=move.actor.id,
        at=move.at,
        keep=current,
    )
    if isinstance(decision, Rejection):
        return decision
    history = in_order((*incident.classifications, decision))
    return replace(incident, classifications=history)


def pause(move: Move[PauseIncident]) -> Case | Rejection:
    """Record that nobody can work, for a reason of the policy's list."""
    incident = move.incident
    if policy_of(incident, move.context.rules).pause_reason(move.args.reason) is None:
        return refuse(Refusal.UNKNOWN_PAUSE_REASON, move.args.reason)
    begun = Pause(reason=move.args.reason, start=move.at, end=None, by=move.actor.id)
    return put_incident(
        move.case,
        replace(
            incident,
            state=IncidentState.PENDING,
            paused_from=incident.state,
            pauses=(*incident.pauses, begun),
        ),
    )


def resume(move: Move[ResumeIncident]) -> Case:
    """Go back to the state before the pause; for paperwork: take it up."""
    incident = move.incident
    state = incident.paused_from or IncidentState.IN_PROGRESS
    return put_incident(
        move.case,
        replace(
            incident,
            state=state,
            paused_from=None,
            pauses=ended_pauses(incident.pauses, move.at),
        ),
    )


def ended_pauses(pauses: tuple[Pause, ...], at: datetime) -> tuple[Pause, ...]:
    """End the open pauses at ``at``; one that began after it holds no time at all."""
    return tuple(
        pause if pause.end is not None else replace(pause, end=max(at, pause.start))
        for pause in pauses
    )


def close(move: Move[CloseIncident]) -> Case | Rejection:
    """Finish the paperwork; visits that nobody has begun on site end with it."""
    at_the_site = [visit.id for visit in move.case.visits if visit.state in AT_THE_SITE_STATES]
    if at_the_site:
        return refuse(Refusal.VISIT_ON_SITE, ",".join(at_the_site))
    closed = replace(move.incident, state=IncidentState.CLOSED, closed_at=move.at)
    return without_open_visits(put_incident(move.case, closed), move)


def end_early(move: Move[Reason]) -> Case | Rejection:
    """Cancel or reject, with a reason; the technicians on their way are called off."""
    if not move.args.reason.strip():
        return refuse(Refusal.MISSING_REASON, "reason")
    over = ended(move, state_reason=move.args.reason)
    return without_open_visits(put_incident(move.case, over), move)


def ended(move: Move[object], *, state_reason: str) -> Incident:
    """Return the incident in the final state the command leads to; no pause goes on."""
    incident = move.incident
    return replace(
        incident,
        state=INCIDENT_STEPS[incident.kind][move.command.name].target or incident.state,
        state_reason=state_reason,
        paused_from=None,
        pauses=ended_pauses(incident.pauses, move.at),
    )


def without_open_visits(case: Case, move: Move[object]) -> Case:
    """Call off everybody who is still expected at the site."""
    for visit in case.visits:
        if visit.state.is_open:
            called_off = replace(visit, state=VisitState.CANCELLED, state_reason=move.command.name)
            case = put_visit(case, called_off)
    return case
