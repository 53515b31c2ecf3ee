"""Who may do what: by role, by granted region, by being on the visit."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from fieldtech.domain.commands import FACTS
from fieldtech.domain.policies import policy_of
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.words import LATE_VISIT_STATES, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldtech.domain.case import Case, Context, Rejection
    from fieldtech.domain.commands import Actor, Command
    from fieldtech.domain.policy import Rulebook
    from fieldtech.domain.visit import Visit

_ANYBODY = frozenset({Role.TECHNICIAN, Role.DISPATCHER, Role.SUPERVISOR, Role.SYSTEM})
_PEOPLE = _ANYBODY - {Role.SYSTEM}
_DESK = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
_DESK_AND_SYSTEM = _DESK | {Role.SYSTEM}

MAY: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "incident.report": _ANYBODY,
        "incident.register": _DESK_AND_SYSTEM,
        "incident.acknowledge": _DESK_AND_SYSTEM,
        "incident.reclassify": _ANYBODY,
        "incident.pause": _ANYBODY,
        "incident.resume": _ANYBODY,
        "incident.restore": _ANYBODY,
        "incident.record_restoration": _ANYBODY,
        "incident.correct_restoration": _DESK,
        "incident.refail": _ANYBODY,
        "incident.close": _ANYBODY,
        "incident.cancel": _DESK_AND_SYSTEM,
        "incident.reject": _DESK_AND_SYSTEM,
        "incident.mark_duplicate": _DESK,
        "incident.note": _ANYBODY,
        "visit.assign": _DESK_AND_SYSTEM,
        "visit.reassign": _DESK,
        "visit.accept": _PEOPLE,
        "visit.decline": _PEOPLE,
        "visit.start_travel": _PEOPLE,
        "visit.arrive": _PEOPLE,
        "visit.leave": _PEOPLE,
        "visit.resume": _PEOPLE,
        "visit.finish": _PEOPLE,
        "visit.unable": _PEOPLE,
        "visit.cancel": _DESK_AND_SYSTEM,
        "visit.abandon": _DESK_AND_SYSTEM,
        "visit.request_followup": _PEOPLE,
        "visit.add_companion": _PEOPLE,
        "visit.record_time": _ANYBODY,
        "visit.correct_time": _PEOPLE,
        "check.answer": _ANYBODY,
        "check.waive": _ANYBODY,
        "check.measure": _ANYBODY,
        "exclusion.propose": _PEOPLE,
        "exclusion.confirm": _DESK,
        "exclusion.refuse": _DESK,
        "escalation.log": _ANYBODY,
        "planned.announce": _DESK_AND_SYSTEM,
        "planned.change": _DESK_AND_SYSTEM,
        "planned.cancel": _DESK_AND_SYSTEM,
        "correction.propose": _PEOPLE,
        "correction.accept": _DESK,
        "correction.refuse": _DESK,
        "attachment.add": _ANYBODY,
        "equipment.swap": _PEOPLE,
    }
)
"""The roles that may issue each command at all. Admins write no tickets."""

_OWN_TECHNICIAN_ONLY = frozenset({"visit.accept", "visit.decline"})
"""What a companion may not do in the technician's place."""

_WHILE_AT_WORK = frozenset({"incident.pause", "incident.resume"})
"""What somebody whose visit is over leaves to the colleagues who have one still."""


def is_on(visit: Visit, actor: Actor) -> bool:
    """Tell whether ``actor`` is the technician or a companion of ``visit``, whatever its state."""
    return actor.id == visit.technician_id or actor.id in visit.companions


def is_reporter(case: Case, actor: Actor) -> bool:
    """Tell whether ``actor`` reported the incident from the field: he can add what he saw."""
    history = case.incident.history if case.incident is not None else ()
    return bool(history) and history[0].cmd == "incident.report" and history[0].by == actor.id


def field_visit(case: Case, actor: Actor) -> Visit | None:
    """Return the visit on which ``actor`` works: his open one, else the last that is still his."""
    own = [v for v in case.visits if is_on(v, actor) and v.state not in LATE_VISIT_STATES]
    still_open = [visit for visit in own if visit.state.is_open]
    chosen = still_open or own
    return chosen[-1] if chosen else None


def granted(actor: Actor, region_id: str, rules: Rulebook) -> bool:
    """Tell whether ``region_id`` lies in a region granted to ``actor`` (supervisors: in all)."""
    if actor.role in (Role.SUPERVISOR, Role.SYSTEM):
        return True
    return not set(rules.path(region_id)).isdisjoint(actor.region_ids)


def creation_refusal(command: Command, region_id: str, context: Context) -> Rejection | None:
    """Return why ``command`` may not create something in ``region_id``.

    A technician may report a fault wherever he sees one.
    """
    actor = command.actor
    if actor.role not in MAY[command.name]:
        return refuse(Refusal.NOT_AUTHORISED, actor.role.value)
    if actor.role is not Role.TECHNICIAN and not granted(actor, region_id, context.rules):
        return refuse(Refusal.NOT_AUTHORISED, region_id)
    return None


def refusal(
    case: Case, region_id: str, visit: Visit | None, command: Command, context: Context
) -> Rejection | None:
    """Return why the actor may not issue ``command`` on this case, ``None`` when he may.

    ``visit`` is the visit a visit's own command targets; for all others ``None``, and then a
    technician needs a visit that is still his. Facts are accepted from everybody who is or was on
    a visit of the case, and from who reported it.
    """
    actor = command.actor
    if command.name in FACTS and _was_there(case, command, context):
        return None
    if actor.role not in MAY[command.name]:
        return refuse(Refusal.NOT_AUTHORISED, actor.role.value)
    if actor.role is not Role.TECHNICIAN:
        allowed = granted(actor, region_id, context.rules)
        return None if allowed else refuse(Refusal.NOT_AUTHORISED, region_id)
    return _technician_refusal(case, visit, command, context)


def _was_there(case: Case, command: Command, context: Context) -> bool:
    actor = command.actor
    if any(is_on(visit, actor) for visit in case.visits):
        return True
    return actor.role is Role.TECHNICIAN and (context.was_assigned or is_reporter(case, actor))


def _technician_refusal(
    case: Case, visit: Visit | None, command: Command, context: Context
) -> Rejection | None:
    actor = command.actor
    if visit is not None:
        own_only = command.name in _OWN_TECHNICIAN_ONLY
        on_it = actor.id == visit.technician_id if own_only else is_on(visit, actor)
        return None if on_it else refuse(Refusal.NOT_ASSIGNED)
    own = field_visit(case, actor)
    if own is None:
        lost = [other.state.value for other in case.visits if is_on(other, actor)]
        return refuse(Refusal.NOT_ASSIGNED, lost[-1] if lost else "")
    over_to_others = not own.state.is_open and any(v.state.is_open for v in case.visits)
    if command.name in _WHILE_AT_WORK and over_to_others:
        return refuse(Refusal.NOT_ASSIGNED, own.state.value)
    if command.name == "incident.close" and case.incident is not None:
        may_close = policy_of(case.incident, context.rules).technicians_may_close
        return None if may_close else refuse(Refusal.NOT_AUTHORISED, actor.role.value)
    return None
