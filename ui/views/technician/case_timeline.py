"""The timeline of a case: every entry as an event to paint, the newest first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldtech.domain.words import Role
from fieldtech.services.measuring import EVIDENCE
from ui.theme.tokens import Tone
from ui.views import formats, words
from ui.views.technician.item_texts import with_unit
from ui.views.technician.measure_words import cause_text
from ui.widgets.timeline import TimelineEvent

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.facts import Entry
    from fieldtech.services.values import CaseDetail

_SIGNS: dict[str, tuple[str, Tone]] = {
    "incident.restore": ("circle-check", Tone.OK),
    "incident.close": ("circle-check", Tone.OK),
    "incident.refail": ("repeat", Tone.DANGER),
    "incident.reclassify": ("scale", Tone.WARN),
    "incident.pause": ("circle-pause", Tone.WARN),
    "incident.note": ("sticky-note", Tone.INFO),
    "escalation.log": ("siren", Tone.WARN),
    "check.answer": ("list-checks", Tone.NEUTRAL),
    "check.waive": ("list-checks", Tone.NEUTRAL),
    "check.measure": ("activity", Tone.NEUTRAL),
    "visit.arrive": ("map-pin", Tone.INFO),
    "visit.start_travel": ("truck", Tone.INFO),
}


def events_of(detail: CaseDetail, language: str) -> list[TimelineEvent]:
    """What happened, newest first; one command that touched incident and visit is one event."""
    notes = {note.id: note.text for note in detail.incident.notes}
    merged: dict[str, list[Entry]] = {}
    attached = {(f.at, f.by) for f in detail.incident.attachments if f.kind == EVIDENCE}
    for entry in detail.incident.history:
        if entry.cmd == "attachment.add" and (entry.at, entry.by) in attached:
            continue  # its run is told already
        # "op", "op.1", …: the second and later subjects of the same command.
        merged.setdefault(entry.id.partition(".")[0], []).append(entry)
    facts = _facts(detail, language)
    newest = [_event(detail, group, notes, facts) for group in reversed(merged.values())]
    restored = words.command_text("incident.restore")
    for place, event in enumerate(newest):
        if event.title == restored:  # only the last one holds
            told = "\n".join(filter(None, (_restored(detail), event.detail)))
            newest[place] = replace(event, detail=told)
            break
    return newest


def _facts(detail: CaseDetail, language: str) -> dict[tuple[str, datetime, str], str]:
    """What checks, escalations and classifications said, by kind, time and person."""
    told: dict[tuple[str, datetime, str], str] = {}
    for visit in detail.visits:
        for answer in (*visit.answer_history, *visit.answers):
            item = detail.template.item(answer.item) if detail.template else None
            title = item.title(language) if item else answer.item
            value = with_unit(item, answer.value, language) if item else answer.value
            said = (title, words.check_text(answer.status.value), value)
            told["check", answer.at, answer.by] = " · ".join(part for part in said if part)
        kept = [
            entry
            for entry in detail.incident.history
            if entry.cmd == "check.measure" and entry.subject == f"visit:{visit.id}"
        ]
        # A run was begun before it was kept: they are paired by their order.
        for entry, run in zip(kept, visit.measurements, strict=False):
            told["check", entry.at, entry.by] = cause_text(run.cause)[0]
    for step in detail.incident.escalations:
        level = next((s for s in detail.policy.escalation if s.level == step.level), None)
        name = level.label(language) if level else ""
        told["escalation", step.at, step.by] = f"{step.level} · {name}" if name else str(step.level)
    for decision in detail.incident.classifications:
        severity = words.severity_text(decision.severity.value)
        count = f"{decision.affected} / {decision.total}" if decision.total else ""
        told["incident", decision.at, decision.by] = " · ".join(filter(None, (severity, count)))
    return told


def _restored(detail: CaseDetail) -> str:
    """When the service came back, how far off that can be, and whether somebody looks at it."""
    restoration = detail.incident.restoration
    if restoration is None:
        return ""
    when = formats.day_and_time(restoration.at, detail.timezone)
    text = words.translate("Words", "Restored {time}")
    told = text.replace("{time}", when + formats.plus_minus(restoration.uncertainty_s))
    if restoration.needs_review:
        told += " · " + words.translate("Words", "time to be reviewed")
    return told


def _event(
    detail: CaseDetail,
    group: list[Entry],
    notes: dict[str, str],
    facts: dict[tuple[str, datetime, str], str],
) -> TimelineEvent:
    first = group[0]
    icon, tone = _SIGNS.get(first.cmd, ("circle-dot", Tone.NEUTRAL))
    said = [entry.text for entry in group if entry.text] or [notes.get(first.id, "")]
    fact = facts.get((first.cmd.partition(".")[0], first.at, first.by), "")
    moves = [
        f"{_state(change.old)} → {_state(change.new)}"
        for entry in group
        for change in entry.changes
        if change.field == "state" and change.old
    ]
    detail_text = "\n".join(dict.fromkeys(text for text in (fact, *moves, *said) if text))
    return TimelineEvent(
        when=formats.day_and_time(first.at, detail.timezone),
        title=words.command_text(first.cmd),
        detail=detail_text,
        who=_person(detail, first.by),
        tone=tone,
        icon=icon,
    )


def _person(detail: CaseDetail, user_id: str) -> str:
    if user_id == Role.SYSTEM.value:
        return words.translate("Words", "System")
    return detail.people.get(user_id, user_id)


def _state(code: str) -> str:
    known = words.incident_state_text(code)
    return known if known != code else words.visit_state_text(code)
