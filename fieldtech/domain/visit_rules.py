"""Commands on visits: whom the desk sends, and how far the technician has come."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from fieldtech.domain.facts import TimeRecord
from fieldtech.domain.moves import put_incident, put_visit
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.restoration_rules import RESTORATION, retimed, with_time
from fieldtech.domain.transitions import VISIT_STEPS
from fieldtech.domain.visit import Visit
from fieldtech.domain.words import IncidentState, VisitState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fieldtech.domain.case import Case, Rejection
    from fieldtech.domain.commands import (
        AddCompanion,
        AssignVisit,
        CorrectTime,
        FieldTime,
        Reason,
        ReassignVisit,
        RequestFollowup,
    )
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.moves import Move, VisitMove

TIME_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "visit.accept": "acceptance",
        "visit.start_travel": "travel",
        "visit.arrive": "arrival",
        "visit.leave": "departure",
        "visit.resume": "return",
        "visit.finish": "finish",
        "visit.unable": "finish",
    }
)
"""The ``TimeRecord.kind`` that each step of a visit leaves behind."""


def assign(move: Move[AssignVisit]) -> Case | Rejection:
    """Send a technician; one open visit per technician and incident."""
    args = move.args
    checklist = args.checklist or move.context.default_checklist
    followed = args.followup_of
    if move.case.visit(move.command.target_id) is not None:
        return refuse(Refusal.ALREADY_EXISTS, move.command.target_id)
    if followed and move.case.visit(followed) is None:
        return refuse(Refusal.UNKNOWN_TARGET, followed)
    if checklist and checklist not in move.context.templates:
        return refuse(Refusal.UNKNOWN_CHECKLIST, checklist)
    visit = Visit(
        id=move.command.target_id,
        incident_id=move.incident.id,
        technician_id=args.technician_id,
        state=VisitState.ASSIGNED,
        assigned_at=move.at,
        assigned_by=move.actor.id,
        window_start=args.window_start,
        window_end=args.window_end,
        checklist=checklist,
        followup_of=followed,
    )
    return _unassignable(move.case, visit) or put_visit(move.case, visit)


def reassign(move: VisitMove[ReassignVisit]) -> Case | Rejection:
    """End the visit and start another: for another technician, or the same in another window.

    Whoever went along goes along.
    """
    args, old = move.args, move.visit
    if move.case.visit(args.new_visit_id) is not None:
        return refuse(Refusal.ALREADY_EXISTS, args.new_visit_id)
    new = Visit(
        id=args.new_visit_id,
        incident_id=move.incident.id,
        technician_id=args.technician_id,
        state=VisitState.ASSIGNED,
        assigned_at=move.at,
        assigned_by=move.actor.id,
        window_start=args.window_start or old.window_start,
        window_end=args.window_end or old.window_end,
        checklist=old.checklist,
        followup_of=old.followup_of,
        companions=tuple(who for who in old.companions if who != args.technician_id),
    )
    ended = replace(old, state=VisitState.REASSIGNED, state_reason=args.reason)
    case = put_visit(move.case, ended)
    return _unassignable(case, new) or put_visit(case, new)


def _unassignable(case: Case, visit: Visit) -> Rejection | None:
    if not visit.id:
        return refuse(Refusal.INVALID, "id")
    if not visit.technician_id:
        return refuse(Refusal.INVALID, "technician_id")
    start, end = visit.window_start, visit.window_end
    if start is not None and end is not None and end <= start:
        return refuse(Refusal.INVALID, "window_end")
    for other in case.visits:
        if other.state.is_open and other.technician_id == visit.technician_id:
            return refuse(Refusal.ALREADY_ASSIGNED, other.id)
    return None


def advance(move: VisitMove[FieldTime]) -> Case:
    """Move the visit on and keep the field time; arriving puts the incident in progress."""
    record = TimeRecord(
        kind=TIME_KINDS[move.command.name],
        at=move.args.at or move.at,
        uncertainty_s=move.args.uncertainty_s,
        by=move.actor.id,
    )
    case = put_visit(move.case, with_time(_moved(move), record))
    if move.command.name == "visit.arrive":
        return put_incident(case, _started(move.incident))
    return case


def end(move: VisitMove[Reason]) -> Case | Rejection:
    """End the visit with a reason: declined, unable, cancelled or abandoned."""
    reason = move.args.reason
    if not reason.strip():
        return refuse(Refusal.MISSING_REASON, "reason")
    ended = replace(_moved(move), state_reason=reason)
    kind = TIME_KINDS.get(move.command.name)
    if kind is not None:
        ended = with_time(ended, _exact(kind, move.at, move.actor.id))
    return put_visit(move.case, ended)


def request_followup(move: VisitMove[RequestFollowup]) -> Case | Rejection:
    """Ask for another visit; the desk assigns it, while the incident is open."""
    if not move.incident.state.is_open:
        return refuse(Refusal.WRONG_STATE, move.incident.state.value)
    if not move.args.reason.strip():
        return refuse(Refusal.MISSING_REASON, "reason")
    return put_visit(move.case, replace(move.visit, followup_requested=move.args.reason))


def add_companion(move: VisitMove[AddCompanion]) -> Case | Rejection:
    """Let somebody else work on this visit too."""
    companion = move.args.technician_id
    if not companion:
        return refuse(Refusal.INVALID, "technician_id")
    if companion == move.visit.technician_id or companion in move.visit.companions:
        return refuse(Refusal.ALREADY_ASSIGNED, move.visit.id)
    companions = (*move.visit.companions, companion)
    return put_visit(move.case, replace(move.visit, companions=companions))


def correct_time(move: VisitMove[CorrectTime]) -> Case | Rejection:
    """Replace a field time of a kind; the old one stays in the timeline.

    Of several the last is meant, except that of the restoration in force. Correcting that one
    moves the end of the outage, and with it the clock, until closing.
    """
    args, visit, incident = move.args, move.visit, move.incident
    if not args.reason.strip():
        return refuse(Refusal.MISSING_REASON, "reason")
    known = incident.restoration
    in_force = known.at if known is not None and args.kind == RESTORATION else None
    place = _place_of(visit, args.kind, in_force)
    if place is None:
        return refuse(Refusal.NO_SUCH_ITEM, args.kind)
    corrected = replace(_exact(args.kind, args.at, move.actor.id), corrected=True)
    times = (*visit.times[:place], corrected, *visit.times[place + 1 :])
    case = put_visit(move.case, replace(visit, times=times))
    if visit.times[place].at != in_force or incident.state is not IncidentState.RESTORED:
        return case
    return put_incident(case, retimed(incident, args.at, move.context, move.actor))


def _place_of(visit: Visit, kind: str, in_force: datetime | None) -> int | None:
    """Return where the time of a kind stands that is in force, else the last of its kind."""
    places = [n for n, record in enumerate(visit.times) if record.kind == kind]
    fitting = [n for n in places if visit.times[n].at == in_force]
    return next(reversed(fitting or places), None)


def _moved(move: VisitMove[object]) -> Visit:
    return replace(move.visit, state=VISIT_STEPS[move.command.name].target or move.visit.state)


def _exact(kind: str, at: datetime, by: str) -> TimeRecord:
    return TimeRecord(kind=kind, at=at, uncertainty_s=0.0, by=by)


def _started(incident: Incident) -> Incident:
    if incident.state is IncidentState.ACKNOWLEDGED:
        return replace(incident, state=IncidentState.IN_PROGRESS)
    if incident.state is IncidentState.PENDING:
        return replace(incident, paused_from=IncidentState.IN_PROGRESS)
    return incident
