"""Which command is possible in which state, as data.

The rules read these tables before anything else, so that a screen which enables its buttons by
``legal_commands`` and the central that validates the command cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from fieldtech.domain.authority import MAY
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.words import (
    LATE_VISIT_STATES,
    OPEN_VISIT_STATES,
    TERMINAL_INCIDENT_STATES,
    CorrectionState,
    ExclusionState,
    IncidentKind,
    IncidentState,
    Role,
    VisitState,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldtech.domain.case import Case, Rejection
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.visit import Visit


@dataclass(frozen=True, slots=True)
class IncidentStep:
    """From which states a command is possible, and the state after it.

    ``target`` ``None``: the state stays (for ``incident.resume``: goes back to ``paused_from``).
    """

    sources: frozenset[IncidentState]
    target: IncidentState | None = None


@dataclass(frozen=True, slots=True)
class VisitStep:
    """From which states of the visit a command is possible, and the state after it, if it moves."""

    sources: frozenset[VisitState]
    target: VisitState | None = None


_REPORTED = IncidentState.REPORTED
_ACKNOWLEDGED = IncidentState.ACKNOWLEDGED
_IN_PROGRESS = IncidentState.IN_PROGRESS
_PENDING = IncidentState.PENDING
_RESTORED = IncidentState.RESTORED
_CLOSED = IncidentState.CLOSED
_ALWAYS = frozenset(IncidentState)
_OPEN = _ALWAYS - TERMINAL_INCIDENT_STATES
_ACCEPTED = _OPEN - {_REPORTED}
_DOWN = frozenset({_ACKNOWLEDGED, _IN_PROGRESS, _PENDING})

_BOTH_KINDS: Mapping[str, IncidentStep] = {
    "incident.acknowledge": IncidentStep(frozenset({_REPORTED}), _ACKNOWLEDGED),
    "incident.reject": IncidentStep(frozenset({_REPORTED}), IncidentState.REJECTED),
    "incident.cancel": IncidentStep(_OPEN, IncidentState.CANCELLED),
    "incident.mark_duplicate": IncidentStep(_OPEN, IncidentState.DUPLICATE),
    "incident.note": IncidentStep(_ALWAYS),
    "incident.record_restoration": IncidentStep(_ALWAYS),
    "visit.assign": IncidentStep(_ACCEPTED),
    "correction.propose": IncidentStep(_ALWAYS),
    "correction.accept": IncidentStep(_ALWAYS),
    "correction.refuse": IncidentStep(_ALWAYS),
    "attachment.add": IncidentStep(_ALWAYS),
    "equipment.swap": IncidentStep(_ALWAYS),
}

INCIDENT_STEPS: Mapping[IncidentKind, Mapping[str, IncidentStep]] = MappingProxyType(
    {
        IncidentKind.TECHNICAL: MappingProxyType(
            {
                **_BOTH_KINDS,
                "incident.reclassify": IncidentStep(_OPEN),
                "incident.pause": IncidentStep(frozenset({_ACKNOWLEDGED, _IN_PROGRESS}), _PENDING),
                "incident.resume": IncidentStep(frozenset({_PENDING})),
                "incident.restore": IncidentStep(_DOWN, _RESTORED),
                "incident.correct_restoration": IncidentStep(frozenset({_RESTORED})),
                "incident.refail": IncidentStep(frozenset({_RESTORED}), _IN_PROGRESS),
                "incident.close": IncidentStep(frozenset({_RESTORED}), _CLOSED),
                # The ladder goes by the restoration clock, which paperwork has not.
                "escalation.log": IncidentStep(_ALWAYS),
                "exclusion.propose": IncidentStep(_ACCEPTED | {_CLOSED}),
                "exclusion.confirm": IncidentStep(_ACCEPTED | {_CLOSED}),
                "exclusion.refuse": IncidentStep(_ACCEPTED | {_CLOSED}),
            }
        ),
        IncidentKind.ADMINISTRATIVE: MappingProxyType(
            {
                **_BOTH_KINDS,
                # No visit need arrive for paperwork, so taking it up is a command of its own.
                "incident.resume": IncidentStep(frozenset({_ACKNOWLEDGED}), _IN_PROGRESS),
                "incident.close": IncidentStep(frozenset({_IN_PROGRESS}), _CLOSED),
            }
        ),
    }
)
"""What is possible on an incident of each kind; a command that is missing is of another kind."""

_ANY_VISIT = frozenset(VisitState)
_STILL_HIS = _ANY_VISIT - LATE_VISIT_STATES


def _from(state: VisitState, target: VisitState) -> VisitStep:
    return VisitStep(frozenset({state}), target)


VISIT_STEPS: Mapping[str, VisitStep] = MappingProxyType(
    {
        "visit.accept": _from(VisitState.ASSIGNED, VisitState.ACCEPTED),
        "visit.decline": _from(VisitState.ASSIGNED, VisitState.DECLINED),
        "visit.start_travel": _from(VisitState.ACCEPTED, VisitState.EN_ROUTE),
        "visit.arrive": _from(VisitState.EN_ROUTE, VisitState.ON_SITE),
        "visit.leave": _from(VisitState.ON_SITE, VisitState.AWAY),
        "visit.resume": _from(VisitState.AWAY, VisitState.ON_SITE),
        "visit.finish": _from(VisitState.ON_SITE, VisitState.DONE),
        "visit.unable": _from(VisitState.ON_SITE, VisitState.UNABLE),
        "visit.cancel": VisitStep(OPEN_VISIT_STATES, VisitState.CANCELLED),
        "visit.reassign": VisitStep(OPEN_VISIT_STATES, VisitState.REASSIGNED),
        "visit.abandon": VisitStep(OPEN_VISIT_STATES, VisitState.ABANDONED),
        "visit.request_followup": VisitStep(_STILL_HIS),
        "visit.add_companion": VisitStep(OPEN_VISIT_STATES),
        "visit.record_time": VisitStep(_ANY_VISIT),
        "visit.correct_time": VisitStep(_STILL_HIS),
        "check.answer": VisitStep(_ANY_VISIT),
        "check.waive": VisitStep(_ANY_VISIT),
        "check.measure": VisitStep(_ANY_VISIT),
    }
)
"""What is possible on a visit, and where it leads."""

WORK_ORDER: tuple[str, ...] = (
    "incident.acknowledge",
    "incident.reject",
    "incident.reclassify",
    "visit.assign",
    "visit.accept",
    "visit.decline",
    "visit.start_travel",
    "visit.arrive",
    "check.measure",
    "check.answer",
    "check.waive",
    "incident.pause",
    "incident.resume",
    "visit.leave",
    "visit.resume",
    "incident.restore",
    "incident.correct_restoration",
    "incident.refail",
    "visit.finish",
    "visit.unable",
    "visit.request_followup",
    "visit.add_companion",
    "visit.correct_time",
    "visit.record_time",
    "visit.reassign",
    "visit.cancel",
    "visit.abandon",
    "incident.note",
    "incident.record_restoration",
    "attachment.add",
    "equipment.swap",
    "exclusion.propose",
    "exclusion.confirm",
    "exclusion.refuse",
    "escalation.log",
    "correction.propose",
    "correction.accept",
    "correction.refuse",
    "incident.close",
    "incident.mark_duplicate",
    "incident.cancel",
)
"""Every command on an existing case, in the order in which the work goes."""


def incident_step(incident: Incident, name: str) -> IncidentStep | Rejection:
    """Return the step of an incident command, or why it is not possible now."""
    step = INCIDENT_STEPS[incident.kind].get(name)
    if step is None:
        return refuse(Refusal.WRONG_KIND, incident.kind.value)
    if name == "incident.refail" and incident.state is IncidentState.CLOSED:
        return refuse(Refusal.REFAIL_TOO_LATE, incident.id)
    if incident.state not in step.sources:
        return refuse(Refusal.WRONG_STATE, incident.state.value)
    return step


def visit_step(visit: Visit, name: str) -> VisitStep | Rejection:
    """Return the step of a visit command, or why it is not possible now."""
    step = VISIT_STEPS[name]
    if visit.state not in step.sources:
        return refuse(Refusal.WRONG_STATE, visit.state.value)
    return step


def legal_commands(
    case: Case,
    role: Role,
    visit: Visit | None = None,
    *,
    technicians_may_close: bool = False,
) -> tuple[str, ...]:
    """Return the commands a person of ``role`` can issue now, in the order of the work.

    ``visit`` is the visit on screen; without one no command on a visit is offered. Region, being
    on the visit and the command's own arguments are judged by ``apply`` alone.
    """
    incident = case.incident
    if incident is None:
        return ()
    barred = _nothing_to_judge(incident)
    if role is Role.TECHNICIAN and not technicians_may_close:
        barred |= {"incident.close"}
    return tuple(
        name
        for name in WORK_ORDER
        if role in MAY[name] and name not in barred and _possible(incident, visit, name)
    )


def _possible(incident: Incident, visit: Visit | None, name: str) -> bool:
    if name in VISIT_STEPS:
        return visit is not None and visit.state in VISIT_STEPS[name].sources
    step = INCIDENT_STEPS[incident.kind].get(name)
    return step is not None and incident.state in step.sources


def _nothing_to_judge(incident: Incident) -> frozenset[str]:
    barred: frozenset[str] = frozenset()
    if all(claim.state is not ExclusionState.PROPOSED for claim in incident.exclusions):
        barred |= {"exclusion.confirm", "exclusion.refuse"}
    if all(c.state is not CorrectionState.PROPOSED for c in incident.corrections):
        barred |= {"correction.accept", "correction.refuse"}
    return barred
