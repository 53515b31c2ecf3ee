"""Why a command can be refused: a closed set of stable codes, each with its one-line meaning."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from fieldtech.domain.case import Rejection

if TYPE_CHECKING:
    from collections.abc import Mapping


class Refusal(StrEnum):
    """The codes a ``Rejection`` can carry; they travel on the wire and never change meaning."""

    UNKNOWN_COMMAND = "unknown_command"
    UNKNOWN_TARGET = "unknown_target"
    UNKNOWN_POLICY = "unknown_policy"
    UNKNOWN_CHECKLIST = "unknown_checklist"
    UNKNOWN_CAUSE = "unknown_cause"
    UNKNOWN_SOLUTION = "unknown_solution"
    UNKNOWN_PAUSE_REASON = "unknown_pause_reason"
    UNKNOWN_LEVEL = "unknown_level"
    NO_SUCH_ITEM = "no_such_item"
    INVALID = "invalid"
    BAD_CHARACTER = "bad_character"
    TOO_LONG = "too_long"
    NOT_AUTHORISED = "not_authorised"
    NOT_ASSIGNED = "not_assigned"
    OWN_PROPOSAL = "own_proposal"
    WRONG_STATE = "wrong_state"
    WRONG_KIND = "wrong_kind"
    OTHER_SERVICE = "other_service"
    EXPECTED_CHANGED = "expected_changed"
    ALREADY_EXISTS = "already_exists"
    ALREADY_ASSIGNED = "already_assigned"
    EARLIER_REFUSED = "earlier_refused"
    HELD_AT_CENTRAL = "held_at_central"
    VISIT_ON_SITE = "visit_on_site"
    REFAIL_TOO_LATE = "refail_too_late"
    IN_FUTURE = "in_future"
    MISSING_REASON = "missing_reason"
    MISSING_ITEMS = "missing_items"
    MISSING_ATTRIBUTION = "missing_attribution"
    MISSING_EVIDENCE = "missing_evidence"
    NOT_EXCLUDABLE = "not_excludable"
    AFFECTED_INVALID = "affected_invalid"
    AFFECTED_OVER_TOTAL = "affected_over_total"
    SEVERITY_NEEDED = "severity_needed"
    OVERRIDE_REASON_NEEDED = "override_reason_needed"


REJECTIONS: Mapping[Refusal, str] = MappingProxyType(
    {
        Refusal.UNKNOWN_COMMAND: "no command of that name (detail: the name)",
        Refusal.UNKNOWN_TARGET: "the target, or the record it refers to, is not in this case",
        Refusal.UNKNOWN_POLICY: "the policy version this incident refers to is not here",
        Refusal.UNKNOWN_CHECKLIST: "the checklist template is not here (detail: its key)",
        Refusal.UNKNOWN_CAUSE: "the cause is not in the policy's list (detail: the code)",
        Refusal.UNKNOWN_SOLUTION: "the solution is not in the policy's list (detail: the code)",
        Refusal.UNKNOWN_PAUSE_REASON: "the pause reason is not in the policy's list",
        Refusal.UNKNOWN_LEVEL: "the policy's ladder has no such level (detail: the level)",
        Refusal.NO_SUCH_ITEM: "no such proposal or time record in this case (detail: its id)",
        Refusal.INVALID: "an argument cannot be right (detail: the field)",
        Refusal.BAD_CHARACTER: "a text holds U+0000 or half a surrogate pair (detail: the field)",
        Refusal.TOO_LONG: "a text is longer than 64 KiB in UTF-8 (detail: the field)",
        Refusal.NOT_AUTHORISED: "this role may not do that, or not in this region",
        Refusal.NOT_ASSIGNED: "not his visit, or no longer (detail: what became of it)",
        Refusal.OWN_PROPOSAL: "nobody judges a proposal of his own",
        Refusal.WRONG_STATE: "not possible in this state (detail: the state)",
        Refusal.WRONG_KIND: "not possible for an incident of this kind (detail: the kind)",
        Refusal.OTHER_SERVICE: "a fault of another service is no duplicate (detail: its service)",
        Refusal.EXPECTED_CHANGED: "somebody else changed it first (detail: field=current value)",
        Refusal.ALREADY_EXISTS: "that id is taken (detail: the id)",
        Refusal.ALREADY_ASSIGNED: "the technician already has an open visit for this incident",
        Refusal.EARLIER_REFUSED: "an earlier refused step of this incident waits for a decision",
        Refusal.HELD_AT_CENTRAL: "it is at the central, which may still do it: not sent twice",
        Refusal.VISIT_ON_SITE: "somebody is still on site (detail: the visits)",
        Refusal.REFAIL_TOO_LATE: "register a new incident with repeat_of (detail: this one's id)",
        Refusal.IN_FUTURE: "a time lies in the future (detail: the field)",
        Refusal.MISSING_REASON: "a reason is needed (detail: the field)",
        Refusal.MISSING_ITEMS: "mandatory items neither answered nor waived (detail: a,b,c)",
        Refusal.MISSING_ATTRIBUTION: "say whose infrastructure failed, or that it is undetermined",
        Refusal.MISSING_EVIDENCE: "an exclusion needs evidence",
        Refusal.NOT_EXCLUDABLE: "only causes outside own and allied infrastructure qualify",
        Refusal.AFFECTED_INVALID: "the count of affected users is below zero",
        Refusal.AFFECTED_OVER_TOTAL: "more affected users than the service has (detail: a > b)",
        Refusal.SEVERITY_NEEDED: "no user count is known: choose the severity",
        Refusal.OVERRIDE_REASON_NEEDED: "the rule says otherwise: give a reason (detail: its word)",
    }
)
"""Every code and what it tells the person whose command was refused."""


def refuse(code: Refusal, detail: str = "") -> Rejection:
    """Return a refusal with one of the closed codes."""
    return Rejection(code=code.value, detail=detail)
