"""The one way anything changes: ``apply`` judges a command against a case.

Pure and total: the same arguments give the same answer on a laptop and at the central, and no
well-typed command makes it raise. That an ``op_id`` is applied once is the caller's business.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fieldtech.domain import (
    authority,
    fact_rules,
    incident_rules,
    judgement_rules,
    merging,
    restoration_rules,
    visit_rules,
)
from fieldtech.domain.case import Applied, Case, Rejection
from fieldtech.domain.commands import COMMANDS, FACTS, AssignVisit
from fieldtech.domain.expectations import expectation_refusal
from fieldtech.domain.moves import Move, VisitMove
from fieldtech.domain.policy import UnknownPolicy
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.sla import clocks
from fieldtech.domain.timeline import changes_between, entries_for, merger_entry
from fieldtech.domain.transitions import incident_step, visit_step
from fieldtech.domain.validity import in_utc, problem_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fieldtech.domain.case import Context
    from fieldtech.domain.commands import Command
    from fieldtech.domain.facts import FieldChange
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.policy import Rulebook

CREATIONS: Mapping[str, Callable[[Case, Command, Any, Context], Case | Rejection]] = (
    MappingProxyType(
        {
            "incident.report": incident_rules.report,
            "incident.register": incident_rules.register,
        }
    )
)

INCIDENT_RULES: Mapping[str, Callable[[Move[Any]], Case | Rejection]] = MappingProxyType(
    {
        "incident.acknowledge": incident_rules.acknowledge,
        "incident.reclassify": incident_rules.reclassify,
        "incident.pause": incident_rules.pause,
        "incident.resume": incident_rules.resume,
        "incident.restore": restoration_rules.restore,
        "incident.record_restoration": fact_rules.record_restoration,
        "incident.correct_restoration": restoration_rules.correct_restoration,
        "incident.refail": restoration_rules.refail,
        "incident.close": incident_rules.close,
        "incident.cancel": incident_rules.end_early,
        "incident.reject": incident_rules.end_early,
        "incident.mark_duplicate": merging.mark_duplicate,
        "incident.note": fact_rules.note,
        "visit.assign": visit_rules.assign,
        "exclusion.propose": judgement_rules.propose_exclusion,
        "exclusion.confirm": judgement_rules.judge_exclusion,
        "exclusion.refuse": judgement_rules.judge_exclusion,
        "escalation.log": judgement_rules.log_escalation,
        "correction.propose": judgement_rules.propose_correction,
        "correction.accept": judgement_rules.judge_correction,
        "correction.refuse": judgement_rules.judge_correction,
        "attachment.add": fact_rules.attach,
        "equipment.swap": fact_rules.swap,
    }
)

VISIT_RULES: Mapping[str, Callable[[VisitMove[Any]], Case | Rejection]] = MappingProxyType(
    {
        "visit.reassign": visit_rules.reassign,
        "visit.accept": visit_rules.advance,
        "visit.start_travel": visit_rules.advance,
        "visit.arrive": visit_rules.advance,
        "visit.leave": visit_rules.advance,
        "visit.resume": visit_rules.advance,
        "visit.finish": visit_rules.advance,
        "visit.decline": visit_rules.end,
        "visit.unable": visit_rules.end,
        "visit.cancel": visit_rules.end,
        "visit.abandon": visit_rules.end,
        "visit.request_followup": visit_rules.request_followup,
        "visit.add_companion": visit_rules.add_companion,
        "visit.record_time": fact_rules.record_time,
        "visit.correct_time": visit_rules.correct_time,
        "check.answer": fact_rules.answer,
        "check.waive": fact_rules.waive,
        "check.measure": fact_rules.measure,
    }
)


def apply(case: Case, command: Command, context: Context) -> Applied | Rejection:
    """Return the case after ``command`` with its timeline entries, or why it is refused.

    Commands on planned works go to ``planned_rules.apply_planned``.
    """
    expected = COMMANDS.get(command.name)
    if expected is None:
        return refuse(Refusal.UNKNOWN_COMMAND, command.name)
    if not isinstance(command.args, expected):
        return refuse(Refusal.INVALID, "args")
    problem = problem_of(command)
    if problem is not None:
        return problem
    command = in_utc(command)
    try:
        after = _decide(case, command, context)
    except UnknownPolicy as unknown:
        return refuse(Refusal.UNKNOWN_POLICY, unknown.policy_id)
    if isinstance(after, Rejection):
        return after
    return _recorded(case, after, command, context.rules)


def _decide(case: Case, command: Command, context: Context) -> Case | Rejection:
    if command.name in CREATIONS:
        return _create(case, command, context)
    if command.name in VISIT_RULES:
        return _on_visit(case, command, context)
    if command.name in INCIDENT_RULES:
        return _on_incident(case, command, context)
    return refuse(Refusal.UNKNOWN_TARGET, command.target)


def _create(case: Case, command: Command, context: Context) -> Case | Rejection:
    if command.target_kind != "incident":
        return refuse(Refusal.UNKNOWN_TARGET, command.target)
    if case.incident is not None:
        return refuse(Refusal.ALREADY_EXISTS, case.incident.id)
    region_id = getattr(command.args, "region_id", "")
    refusal = authority.creation_refusal(command, region_id, context)
    if refusal is not None:
        return refusal
    return CREATIONS[command.name](case, command, command.args, context)


def _on_incident(case: Case, command: Command, context: Context) -> Case | Rejection:
    incident = case.incident
    if incident is None or not _names_incident(case, incident, command):
        return refuse(Refusal.UNKNOWN_TARGET, command.target)
    visit = case.visit(command.target_id) if command.target_kind == "visit" else None
    # Being on the visit a command happens to name is not enough here: it must still be his.
    refusal = authority.refusal(case, incident.region_id, None, command, context)
    if refusal is None and command.name not in FACTS:
        refusal = expectation_refusal(case, None, command)
    if refusal is not None:
        return refusal
    step = incident_step(incident, command.name)
    if isinstance(step, Rejection):
        return step
    move = Move(
        case=case,
        incident=incident,
        target_visit=visit,
        command=command,
        context=context,
        args=command.args,
    )
    return INCIDENT_RULES[command.name](move)


def _names_incident(case: Case, incident: Incident, command: Command) -> bool:
    """Tell whether the command is about this case: by the incident's id or one of its visits."""
    if isinstance(command.args, AssignVisit):
        return command.target_kind == "visit" and command.args.incident_id == incident.id
    if command.target_kind == "visit":
        return case.visit(command.target_id) is not None
    return command.target == f"incident:{incident.id}"


def _on_visit(case: Case, command: Command, context: Context) -> Case | Rejection:
    incident = case.incident
    visit = case.visit(command.target_id) if command.target_kind == "visit" else None
    if incident is None or visit is None:
        return refuse(Refusal.UNKNOWN_TARGET, command.target)
    refusal = authority.refusal(case, incident.region_id, visit, command, context)
    if refusal is None and command.name not in FACTS:
        refusal = expectation_refusal(case, visit, command)
    if refusal is not None:
        return refusal
    step = visit_step(visit, command.name)
    if isinstance(step, Rejection):
        return step
    move = VisitMove(
        case=case,
        incident=incident,
        target_visit=visit,
        visit=visit,
        command=command,
        context=context,
        args=command.args,
    )
    return VISIT_RULES[command.name](move)


def _recorded(before: Case, after: Case, command: Command, rules: Rulebook) -> Applied:
    """Append the timeline entries and bring the clocks up to date."""
    if after.incident is None:
        return Applied(case=after, entries=())
    entries = entries_for(command, _changes(before, after))
    incident = replace(after.incident, history=(*after.incident.history, *entries))
    case = replace(after, incident=_timed(incident, rules))
    original = after.original
    if command.name != "incident.mark_duplicate" or original is None:
        return Applied(case=case, entries=entries)
    merged = merger_entry(command, before.original, original, incident.number)
    original = replace(original, history=(*original.history, merged))
    return Applied(case=replace(case, original=_timed(original, rules)), entries=(*entries, merged))


def _changes(before: Case, after: Case) -> list[tuple[str, tuple[FieldChange, ...]]]:
    told: list[tuple[str, tuple[FieldChange, ...]]] = []
    if after.incident is not None:
        changes = changes_between(before.incident, after.incident)
        told.append((f"incident:{after.incident.id}", changes))
    for visit in after.visits:
        changes = changes_between(before.visit(visit.id), visit)
        told.append((f"visit:{visit.id}", changes))
    return [(subject, changes) for subject, changes in told if changes]


def _timed(incident: Incident, rules: Rulebook) -> Incident:
    try:
        return replace(incident, clocks=clocks(incident, rules))
    except UnknownPolicy:
        # A laptop without that policy version yet: the fact counts, the clocks follow at the
        # central, which holds every version an open incident refers to.
        return incident
