"""What an action asks before it is sent: the choices it offers and the command they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.domain.commands import (
    LogEscalation,
    MarkDuplicate,
    PauseIncident,
    ProposeExclusion,
    Reason,
    Reclassify,
    RequestFollowup,
)
from fieldtech.domain.words import Attribution, Severity
from ui.views import formats, words

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.services.values import CaseDetail

WITH_REASON = frozenset(
    {
        "visit.decline",
        "incident.pause",
        "incident.reclassify",
        "visit.unable",
        "visit.cancel",
        "visit.abandon",
        "visit.request_followup",
        "exclusion.propose",
        "escalation.log",
        "incident.reject",
        "incident.cancel",
        "incident.mark_duplicate",
    }
)


COUNT = "count"
"""The choice of a reclassification by the rule, from the number of users affected."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something is not filled in yet; ``code`` is a refusal's."""

    code: str


def possible(detail: CaseDetail) -> frozenset[str]:
    """The legal commands that this panel can ask for."""
    names = set(detail.legal)
    if not detail.same_service:
        names.discard("incident.mark_duplicate")
    if not detail.policy.external:
        names.discard("exclusion.propose")
    return frozenset(names)


def choices(name: str, detail: CaseDetail, language: str) -> list[tuple[object, str]]:
    """The codes to choose from with their words; empty where only a text is asked."""
    policy = detail.policy
    if name == "incident.pause":
        return [(pause.code, pause.label(language)) for pause in policy.pauses]
    if name == "escalation.log":
        return [(s.level, f"{s.level} · {s.label(language)}") for s in policy.escalation]
    if name == "exclusion.propose":
        outside = [a.value for a in Attribution if a in policy.external]
        return [(code, words.attribution_text(code)) for code in outside]
    if name == "incident.reclassify":
        others = [s.value for s in Severity if s is not detail.incident.severity]
        by_hand: list[tuple[object, str]] = [(code, words.severity_text(code)) for code in others]
        counted = detail.service is not None and detail.service.total_users is not None
        count = words.translate("ActionsBar", "By a new count of users")
        return [(COUNT, count), *by_hand] if counted else by_hand
    if name == "incident.mark_duplicate":
        return [(row.incident_id, f"{row.number} · {row.title}") for row in detail.same_service]
    return []


def arguments(
    name: str, detail: CaseDetail, *, choice: object, text: str, now: datetime
) -> object | Lacking:
    """The command's arguments, or what is lacking for them.

    A proposed exclusion claims the time from the report until the restoration.
    """
    if name == "incident.pause":
        return PauseIncident(reason=str(choice), note=text)
    if name == "escalation.log":
        return LogEscalation(level=int(str(choice)), how="phone", at=now, note=text)
    if name == "incident.mark_duplicate":
        return MarkDuplicate(of=str(choice))
    if choice == COUNT:
        count = formats.read_count(text)
        return Lacking("affected_invalid") if count is None else Reclassify(affected=count)
    if not text:
        return Lacking("missing_evidence" if name == "exclusion.propose" else "missing_reason")
    return _worded(name, detail, str(choice), text)


def _worded(name: str, detail: CaseDetail, choice: str, text: str) -> object:
    """The commands that are nothing without their text."""
    if name == "exclusion.propose":
        return ProposeExclusion(
            exclusion_id=_new_id(),
            attribution=Attribution(choice),
            start=detail.incident.reported_at,
            evidence=text,
        )
    if name == "incident.reclassify":
        return Reclassify(severity=Severity(choice), reason=text)
    if name == "visit.request_followup":
        return RequestFollowup(reason=text)
    return Reason(reason=text)


def seen(name: str, detail: CaseDetail) -> dict[str, str]:
    """What the person had before his eyes of what two people may change at once."""
    if name != "incident.reclassify":
        return {}
    severity, current = detail.incident.severity, detail.incident.classification
    affected = current.affected if current else None
    return {
        "severity": severity.value if severity else "",
        "affected": "" if affected is None else str(affected),
    }


def _new_id() -> str:
    # Imported here: uuid looks for system libraries, which the first paint does without.
    import uuid

    return str(uuid.uuid4())
