"""Falla Mayor or Falla Menor: the policy's rule, the override with a reason, the target times."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from fieldtech.domain.facts import Classification
from fieldtech.domain.policy import MajorWhen
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.words import Severity

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.case import Rejection
    from fieldtech.domain.policy import Policy, Rulebook


def classify(policy: Policy, affected: int, total: int) -> Severity:
    """Apply the policy's rule to ``affected`` of ``total`` users (``total`` above zero).

    The comparison is exact: 25 of 100 is exactly 25 %, whatever floats make of it.
    """
    share = Fraction(affected, total)
    edge = Fraction(str(policy.major_share))
    major = share >= edge if policy.major_when is MajorWhen.AT_LEAST else share <= edge
    return Severity.MAJOR if major else Severity.MINOR


def suggested(policy: Policy, affected: int | None, total: int | None) -> Severity | None:
    """Return what the rule says, or ``None`` where a count is missing and a person must choose."""
    if affected is None or not total:
        return None
    return classify(policy, affected, total)


def count_refusal(affected: int | None, total: int | None) -> Rejection | None:
    """Return why so many users cannot be affected, ``None`` where that is possible or unknown."""
    if affected is not None and affected < 0:
        return refuse(Refusal.AFFECTED_INVALID, str(affected))
    if affected is not None and total and affected > total:
        return refuse(Refusal.AFFECTED_OVER_TOTAL, f"{affected} > {total}")
    return None


def in_order(history: tuple[Classification, ...]) -> tuple[Classification, ...]:
    """Return the classifications by when they were decided, whenever they arrived.

    Of two decided at the same moment the one that arrived later stays the later one.
    """
    return tuple(sorted(history, key=lambda decision: decision.at))


def in_force(history: tuple[Classification, ...], at: datetime) -> Classification | None:
    """Return the classification in force at ``at``; before the first one, the first.

    ``history`` is in order; ``None`` when it is empty.
    """
    earlier = [decision for decision in history if decision.at <= at]
    if earlier:
        return earlier[-1]
    return history[0] if history else None


def make_classification(
    rules: Rulebook,
    region_id: str,
    *,
    affected: int | None,
    total: int | None,
    severity: Severity | None,
    reason: str,
    by: str,
    at: datetime,
    keep: Classification | None,
) -> Classification | Rejection:
    """Decide on the severity of an incident in ``region_id`` and fix its target times.

    ``severity`` is what a person chose (``None``: the rule decides). ``keep`` is the
    classification now in force when this is a reclassification: its policy version still governs
    (the promise is that of the day of the report) and its count stands unless ``affected`` is new.

    Refusals: ``affected_invalid``, ``affected_over_total``, ``severity_needed`` (no user count and
    nothing chosen), ``override_reason_needed``.
    """
    if keep is None:
        policy = rules.current(region_id)
    else:
        policy = rules.version(keep.policy_id, keep.policy_version)
        affected = keep.affected if affected is None else affected
    impossible = count_refusal(affected, total)
    if impossible is not None:
        return impossible
    by_rule = suggested(policy, affected, total)
    chosen = severity or by_rule
    if chosen is None:
        return refuse(Refusal.SEVERITY_NEEDED)
    before = by_rule or (keep.severity if keep else None)
    if before is not None and chosen is not before and not reason.strip():
        return refuse(Refusal.OVERRIDE_REASON_NEEDED, before.value)
    targets = policy.targets(chosen, rules.path(region_id))
    return Classification(
        severity=chosen,
        policy_id=policy.id,
        policy_version=policy.version,
        response_s=targets.response_s,
        restoration_s=targets.restoration_s,
        affected=affected,
        total=total if by_rule is not None else None,
        overridden=by_rule is not None and chosen is not by_rule,
        reason=reason,
        by=by,
        at=at,
    )
