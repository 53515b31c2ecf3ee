"""Published service levels as values, and the book of all versions an installation knows.

Nothing in here is a number of one operator: those stand in ``resources/policy/*.toml`` and are
read by ``domain.policy_file``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from fieldtech.domain.codes import (
    CauseCode,
    EscalationLevel,
    Indicator,
    PauseReason,
    ResolutionCode,
)
from fieldtech.domain.probe_targets import ProbeTargets
from fieldtech.domain.words import Attribution, Severity
from fieldtech.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

ANY_REGION = "*"
"""Key of the targets that hold where no nearer region has its own."""


class UnknownPolicy(EnvironmentProblem):
    """A policy, or a version of it, that this installation does not hold."""

    def __init__(self, policy_id: str, version: int | None = None) -> None:
        """Name the policy asked for and, if one was, the version."""
        wanted = policy_id if version is None else f"{policy_id} version {version}"
        super().__init__(
            f"The service-level policy {wanted} is not known here.",
            code="unknown_policy",
            what_was_kept="Nothing was changed.",
            what_to_do="Synchronise; the central sends every policy an open incident refers to.",
        )
        self.policy_id = policy_id
        self.version = version


class MajorWhen(StrEnum):
    """How the share of affected users decides on Falla Mayor."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class PlannedRule(StrEnum):
    """Which planned works take their downtime out of the availability."""

    PRIOR_NOTICE = "prior_notice"
    FULL_NOTICE = "full_notice"


class Period(StrEnum):
    """Over what the availability objective is measured, in the site's zone."""

    CALENDAR_MONTH = "calendar_month"


class RestoreNeed(StrEnum):
    """What a restoration from the field must bring."""

    ATTRIBUTION = "attribution"
    CAUSE = "cause"
    SOLUTION = "solution"
    CHECKLIST = "checklist"


class LockRule(StrEnum):
    """Whether a laptop must have a lock of its own: a PIN, or a passphrase without a keyring."""

    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The two published times of one severity, in seconds."""

    response_s: int
    restoration_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of an operator's published service levels. Times in seconds, shares 0 to 1.

    ``targets_by_region`` maps a region id (or ``ANY_REGION``) to the targets of each severity.
    ``strict`` lists the clocks whose target is "less than": stopping exactly at the deadline is
    a breach there and is in time elsewhere. ``external`` lists the attributions that lie outside
    own and allied infrastructure. ``alarm_shares`` are the used shares of the restoration target
    at which a laptop warns by itself. ``probes``: whom its laptops measure against.
    """

    id: str
    version: int
    name_es: str
    name_en: str
    note_es: str
    note_en: str
    major_when: MajorWhen
    major_share: float
    targets_by_region: Mapping[str, Mapping[Severity, Targets]]
    strict: frozenset[Indicator]
    at_risk_share: float
    refail_window_s: int
    external: frozenset[Attribution]
    external_excluded_from: frozenset[Indicator]
    pauses: tuple[PauseReason, ...]
    escalation: tuple[EscalationLevel, ...]
    alarm_shares: tuple[float, ...]
    availability_target: float
    period: Period
    planned_rule: PlannedRule
    notice_working_days: int
    technicians_may_close: bool
    restore_needs: frozenset[RestoreNeed]
    offline_lease_s: int
    pin: LockRule = LockRule.OPTIONAL
    causes: tuple[CauseCode, ...]
    solutions: tuple[ResolutionCode, ...]
    probes: ProbeTargets = field(default_factory=ProbeTargets)

    def targets(self, severity: Severity, region_path: Iterable[str]) -> Targets:
        """Return the times of ``severity`` for a region, nearest ancestor first.

        ``region_path`` is the region, its parent and so on (``Rulebook.path``).
        """
        for region_id in region_path:
            if region_id in self.targets_by_region:
                return self.targets_by_region[region_id][severity]
        return self.targets_by_region[ANY_REGION][severity]

    def stops(self, reason: str, clock: Indicator) -> bool:
        """Tell whether a pause for ``reason`` stops ``clock``; an unknown reason stops none."""
        return any(pause.code == reason and clock in pause.stops for pause in self.pauses)

    def pause_reason(self, code: str) -> PauseReason | None:
        """Return the pause reason of that code, if the policy lists it."""
        return next((pause for pause in self.pauses if pause.code == code), None)

    def cause(self, code: str) -> CauseCode | None:
        """Return the cause of that code, if the policy lists it."""
        return next((cause for cause in self.causes if cause.code == code), None)

    def solution(self, code: str) -> ResolutionCode | None:
        """Return the solution of that code, if the policy lists it."""
        return next((solution for solution in self.solutions if solution.code == code), None)

    def level(self, level: int) -> EscalationLevel | None:
        """Return that rung of the ladder, if there is one."""
        return next((step for step in self.escalation if step.level == level), None)

    def level_at(self, share: float) -> EscalationLevel | None:
        """Return the highest rung due when ``share`` of the target is used."""
        due = [step for step in self.escalation if step.share <= share]
        return due[-1] if due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Every policy version known here, and which one governs a region now.

    ``region_parents`` maps each region to its parent ("" at the root). ``region_policies`` lets a
    region, and what lies below it, follow another policy than ``default_policy_id``.
    """

    policies: tuple[Policy, ...]
    default_policy_id: str
    region_parents: Mapping[str, str] = field(default_factory=dict)
    region_policies: Mapping[str, str] = field(default_factory=dict)

    def current(self, region_id: str) -> Policy:
        """Return the newest version of the policy that governs ``region_id``.

        Raises ``UnknownPolicy`` when no version of it is here.
        """
        wanted = next(
            (self.region_policies[r] for r in self.path(region_id) if r in self.region_policies),
            self.default_policy_id,
        )
        versions = [policy for policy in self.policies if policy.id == wanted]
        if not versions:
            raise UnknownPolicy(wanted)
        return max(versions, key=lambda policy: policy.version)

    def version(self, policy_id: str, version: int) -> Policy:
        """Return exactly that version; raises ``UnknownPolicy``."""
        for policy in self.policies:
            if policy.id == policy_id and policy.version == version:
                return policy
        raise UnknownPolicy(policy_id, version)

    def path(self, region_id: str) -> tuple[str, ...]:
        """Return the region, its parent, and so on to the root; a cycle ends the walk."""
        walked: list[str] = []
        while region_id and region_id not in walked:
            walked.append(region_id)
            region_id = self.region_parents.get(region_id, "")
        return tuple(walked)
