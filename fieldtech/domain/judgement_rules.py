"""What one person proposes and another judges, and the steps of the ladder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldtech.domain.escalation import merged
from fieldtech.domain.facts import Correction, EscalationEntry, Exclusion
from fieldtech.domain.moves import put_incident
from fieldtech.domain.policies import policy_of
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.review import future_refusal
from fieldtech.domain.words import CorrectionState, ExclusionState, Role

if TYPE_CHECKING:
    from fieldtech.domain.case import Case, Rejection
    from fieldtech.domain.commands import (
        JudgeCorrection,
        JudgeExclusion,
        LogEscalation,
        ProposeCorrection,
        ProposeExclusion,
    )
    from fieldtech.domain.moves import Move

_CORRECTABLE = frozenset({"customer", "site", "service", "equipment"})


def propose_exclusion(move: Move[ProposeExclusion]) -> Case | Rejection:
    """Claim, with evidence, that an interval is not the operator's to answer for."""
    args, incident = move.args, move.incident
    if not args.exclusion_id:
        return refuse(Refusal.INVALID, "exclusion_id")
    if any(exclusion.id == args.exclusion_id for exclusion in incident.exclusions):
        return refuse(Refusal.ALREADY_EXISTS, args.exclusion_id)
    if args.attribution not in policy_of(incident, move.context.rules).external:
        return refuse(Refusal.NOT_EXCLUDABLE, args.attribution.value)
    if not args.evidence.strip():
        return refuse(Refusal.MISSING_EVIDENCE, "evidence")
    restored = incident.restoration.at if incident.restoration is not None else None
    end = restored if args.end is None else args.end
    if end is not None and end <= args.start:
        return refuse(Refusal.INVALID, "end" if args.end is not None else "start")
    proposed = Exclusion(
        id=args.exclusion_id,
        attribution=args.attribution,
        start=args.start,
        end=end,
        evidence=args.evidence,
        state=ExclusionState.PROPOSED,
        proposed_by=move.actor.id,
        proposed_at=move.at,
    )
    return put_incident(move.case, replace(incident, exclusions=(*incident.exclusions, proposed)))


def judge_exclusion(move: Move[JudgeExclusion]) -> Case | Rejection:
    """Confirm or refuse a proposed exclusion; never one's own."""
    incident = move.incident
    claim = next((e for e in incident.exclusions if e.id == move.args.exclusion_id), None)
    if claim is None:
        return refuse(Refusal.NO_SUCH_ITEM, move.args.exclusion_id)
    if claim.state is not ExclusionState.PROPOSED:
        return refuse(Refusal.WRONG_STATE, claim.state.value)
    if claim.proposed_by == move.actor.id:
        return refuse(Refusal.OWN_PROPOSAL, claim.id)
    confirmed = move.command.name == "exclusion.confirm"
    judged = replace(
        claim,
        state=ExclusionState.CONFIRMED if confirmed else ExclusionState.REFUSED,
        judged_by=move.actor.id,
        judged_at=move.at,
        judgement=move.args.note,
    )
    exclusions = tuple(judged if e is claim else e for e in incident.exclusions)
    return put_incident(move.case, replace(incident, exclusions=exclusions))


def propose_correction(move: Move[ProposeCorrection]) -> Case | Rejection:
    """Say that customer or site data is wrong, and what it should be."""
    args, incident = move.args, move.incident
    for name, text in (
        ("correction_id", args.correction_id),
        ("entity_id", args.entity_id),
        ("field_name", args.field_name),
    ):
        if not text.strip():
            return refuse(Refusal.INVALID, name)
    if args.entity not in _CORRECTABLE:
        return refuse(Refusal.INVALID, "entity")
    if any(correction.id == args.correction_id for correction in incident.corrections):
        return refuse(Refusal.ALREADY_EXISTS, args.correction_id)
    proposed = Correction(
        id=args.correction_id,
        entity=args.entity,
        entity_id=args.entity_id,
        field_name=args.field_name,
        old=args.old,
        new=args.new,
        note=args.note,
        state=CorrectionState.PROPOSED,
        proposed_by=move.actor.id,
        proposed_at=move.at,
    )
    return put_incident(move.case, replace(incident, corrections=(*incident.corrections, proposed)))


def judge_correction(move: Move[JudgeCorrection]) -> Case | Rejection:
    """Accept or refuse a proposed correction; never one's own."""
    incident = move.incident
    proposal = next((c for c in incident.corrections if c.id == move.args.correction_id), None)
    if proposal is None:
        return refuse(Refusal.NO_SUCH_ITEM, move.args.correction_id)
    if proposal.state is not CorrectionState.PROPOSED:
        return refuse(Refusal.WRONG_STATE, proposal.state.value)
    if proposal.proposed_by == move.actor.id:
        return refuse(Refusal.OWN_PROPOSAL, proposal.id)
    accepted = move.command.name == "correction.accept"
    judged = replace(
        proposal,
        state=CorrectionState.ACCEPTED if accepted else CorrectionState.REFUSED,
        judged_by=move.actor.id,
        judged_at=move.at,
        judgement=move.args.note,
    )
    corrections = tuple(judged if c is proposal else c for c in incident.corrections)
    return put_incident(move.case, replace(incident, corrections=corrections))


def log_escalation(move: Move[LogEscalation]) -> Case | Rejection:
    """Keep a step of the ladder, taken by a person or fired by the clock; one entry a level.

    That a step sent nothing is for the clock to say: a person who logs one has taken it.
    """
    args, incident = move.args, move.incident
    taken_at = args.at or move.at
    if args.suppressed and move.actor.role is not Role.SYSTEM:
        return refuse(Refusal.NOT_AUTHORISED, move.actor.role.value)
    early = future_refusal(move.context, at=taken_at)
    if early is not None:
        return early
    if policy_of(incident, move.context.rules).level(args.level) is None:
        return refuse(Refusal.UNKNOWN_LEVEL, str(args.level))
    if not args.how.strip():
        return refuse(Refusal.INVALID, "how")
    step = EscalationEntry(
        level=args.level,
        at=taken_at,
        how=args.how,
        by=move.actor.id,
        note=args.note,
        suppressed=args.suppressed,
    )
    escalations = merged(incident.escalations, step)
    return put_incident(move.case, replace(incident, escalations=escalations))
