"""A command beside what is in force: field by field, the way a person compares two versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldtech.domain.transitions import INCIDENT_STEPS, VISIT_STEPS
from fieldtech.domain.words import IncidentKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fieldtech.domain.words import IncidentState, VisitState
    from fieldtech.store.opening import Store
    from fieldtech.store.outbox import OutboxItem

MOST = 240
"""Longest text shown of one field; the whole of it is in the export."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSides:
    """One field: what this laptop's command says, and what the central has.

    ``kind`` says how both are to be read: ``text``, ``time`` (RFC 3339), ``visit_state``,
    ``incident_state``, ``severity``, ``attribution``, ``check``, ``number``, or the words of a
    measurement: ``probe_cause``, ``probe_link``, ``profile``. A side that says nothing is empty.
    """

    field: str
    kind: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Both sides say something, and not the same."""
        return bool(self.mine and self.theirs) and self.mine != self.theirs


@dataclass(frozen=True, slots=True)
class Names:
    """Codes that only the reference data can put into words, in one language."""

    people: Mapping[str, str]
    codes: Mapping[str, str]
    items: Mapping[str, str]

    @classmethod
    def of(cls, store: Store, language: str) -> Names:
        """Read them once for a whole list."""
        rules = store.reference.rules()
        codes: dict[str, str] = {}
        for policy in rules.rulebook.policies:
            codes |= {cause.code: cause.label(language) for cause in policy.causes}
            codes |= {done.code: done.label(language) for done in policy.solutions}
            codes |= {pause.code: pause.label(language) for pause in policy.pauses}
        return cls(
            people={person.id: person.name for person in store.reference.people()},
            codes=codes,
            items={
                item.id: item.title(language)
                for template in rules.templates.values()
                for item in template.items
            },
        )


def sides_of(item: OutboxItem, names: Names) -> tuple[FieldSides, ...]:
    """Compare a command with the bodies that its refusal brought along, if any.

    Fields on which the two differ come first.
    """
    found = [each for each in _sides(item, names) if each.mine or each.theirs]
    return tuple(sorted(found, key=lambda each: not each.differs))


def _sides(item: OutboxItem, names: Names) -> Iterator[FieldSides]:
    args = item.envelope.args
    incident = _current(item, f"incident:{item.incident_id}")
    visit = _current(item, f"visit:{item.visit_id}")
    yield from _states(item.cmd, incident, visit)
    told = {**_in_force(item.cmd, args, incident, visit), **_contested(item)}
    kinds = _KINDS | _KINDS_OF.get(item.cmd, {})
    for field in {**args, **told}:
        kind = kinds.get(field, "text")
        if kind != "hidden":
            yield FieldSides(
                field=field,
                kind=kind,
                mine=_said(field, kind, args.get(field), names),
                theirs=_said(field, kind, told.get(field), names),
            )


def _states(
    cmd: str, incident: Mapping[str, Any], visit: Mapping[str, Any]
) -> Iterator[FieldSides]:
    """Where the step leads, and where the visit or the incident stands."""
    target: VisitState | IncidentState | None
    if cmd in VISIT_STEPS:
        target = VISIT_STEPS[cmd].target
        field, now = "visit_state", visit.get("state", "")
    else:
        kind = IncidentKind(incident.get("kind", IncidentKind.TECHNICAL))
        step = INCIDENT_STEPS[kind].get(cmd)
        target = step.target if step is not None else None
        field, now = "incident_state", incident.get("state", "")
    yield FieldSides(
        field=field,
        kind=field,
        mine=target.value if target is not None else "",
        theirs=str(now),
    )


def _in_force(
    cmd: str, args: Mapping[str, Any], incident: Mapping[str, Any], visit: Mapping[str, Any]
) -> dict[str, Any]:
    """The central's values of the fields that the command is about."""
    found: Mapping[str, Any]
    fields: tuple[str, ...]
    match cmd:
        case "incident.restore" | "incident.record_restoration" | "incident.correct_restoration":
            found = incident.get("restoration") or {}
            time = "at" if cmd == "incident.correct_restoration" else "restored_at"
            return {time: found.get("at")} | _picked(
                found, ("attribution", "cause", "solution", "affected")
            )
        case "incident.reclassify":
            found = _last(incident.get("classifications"))
            fields = ("severity", "affected")
        case "check.answer" | "check.waive":
            found = _of_item(visit.get("answers"), args.get("item"))
            fields = ("status", "value", "note", "reason")
        case "visit.assign" | "visit.reassign":
            found, fields = visit, ("technician_id", "window_start", "window_end")
        case "visit.record_time" | "visit.correct_time":
            found, fields = _of_kind(visit.get("times"), args.get("kind")), ("at",)
        case _:
            reason = (visit or incident).get("state_reason", "")
            return {"reason" if "reason" in args else "state_reason": reason}
    return _picked(found, fields)


def _contested(item: OutboxItem) -> dict[str, str]:
    """A field that somebody else changed first is told as ``field=present``."""
    field, equals, present = item.detail.partition("=")
    known = item.code == "expected_changed" and equals and field != "state"
    return {field: present} if known else {}


def _current(item: OutboxItem, name: str) -> Mapping[str, Any]:
    body = item.result.current.get(name) if item.result is not None else None
    return body if isinstance(body, dict) else {}


def _picked(record: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {field: record[field] for field in fields if field in record}


def _last(records: Any) -> Mapping[str, Any]:  # noqa: ANN401  what the central sent
    return records[-1] if isinstance(records, list) and records else {}


def _of_item(answers: Any, item: Any) -> Mapping[str, Any]:  # noqa: ANN401  the same
    return next((each for each in answers or () if each.get("item") == item), {})


def _of_kind(times: Any, kind: Any) -> Mapping[str, Any]:  # noqa: ANN401  the same
    return _last([each for each in times or () if each.get("kind") == kind])


def _said(field: str, kind: str, value: Any, names: Names) -> str:  # noqa: ANN401  any argument
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return _cut(", ".join(_said(field, kind, each, names) for each in value))
    text = str(value)
    if kind != "text":
        return _cut(text)
    known: Mapping[str, str] = {}
    if field in _PEOPLE:
        # Of an incident, everybody with an open visit, in one text.
        return ", ".join(names.people.get(each, each) for each in text.split(",") if each)
    if field in {"cause", "solution", "reason"}:
        known = names.codes
    elif field == "item":
        known = names.items
    return known.get(text) or _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= MOST else text[: MOST - 1] + "…"


_PEOPLE = frozenset({"technician_id"})
_KINDS = {
    "at": "time",
    "restored_at": "time",
    "failed_at": "time",
    "notified_at": "time",
    "window_start": "time",
    "window_end": "time",
    "start": "time",
    "end": "time",
    "attribution": "attribution",
    "severity": "severity",
    "status": "check",
    "affected": "number",
    "level": "number",
    # Names of records, and what says nothing to a person.
    **dict.fromkeys(
        (
            "uncertainty_s",
            "source",
            "checklist",
            "incident_id",
            "new_visit_id",
            "correction_id",
            "exclusion_id",
            "attachment_id",
            "equipment_id",
            "site_id",
            "customer_id",
            "service_id",
            "region_id",
            "entity_id",
            "followup_of",
            "repeat_of",
            "sha256",
            "of",
        ),
        "hidden",
    ),
}
_KINDS_OF = {
    "attachment.add": {"kind": "hidden", "size": "hidden"},
    # The readings stand in the checklist and in the run; here it is told what they come to.
    "check.measure": {
        "started_at": "time",
        "profile": "profile",
        "cause": "probe_cause",
        "verdict": "check",
        "link": "probe_link",
        **dict.fromkeys(("measurement_id", "seconds", "readings", "evidence_id"), "hidden"),
    },
}
"""What the fields of one command are, where they are not what all others call so."""
