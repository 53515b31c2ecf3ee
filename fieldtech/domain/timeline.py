"""The append-only timeline: what a command changed, as short texts for people."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from fieldtech.domain.facts import Entry, FieldChange

if TYPE_CHECKING:
    from fieldtech.domain.commands import Command
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.planned import PlannedWork
    from fieldtech.domain.visit import Visit

    Subject = Incident | Visit | PlannedWork

_LONGEST_TEXT = 300
_NOT_TOLD = frozenset({"history", "clocks", "answer_history", "superseded", "measurements"})
"""The timeline itself, what follows from the rest, and what only keeps an earlier value."""


def value_text(value: object) -> str:
    """Return the short text of a field's value, as the timeline and ``Command.expect`` have it.

    Times are UTC in ISO 8601 with ``Z``; ``None`` is the empty text.
    """
    match value:
        case None:
            text = ""
        case datetime():
            text = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Enum():
            text = str(value.value)
        case bool():
            text = "true" if value else "false"
        case tuple():
            text = ", ".join(value_text(part) for part in value)
        case _ if is_dataclass(value):
            told = ((spec.name, value_text(getattr(value, spec.name))) for spec in fields(value))
            text = "; ".join(f"{name}={said}" for name, said in told if said)
        case _:
            text = str(value)
    return text


def changes_between(before: Subject | None, after: Subject) -> tuple[FieldChange, ...]:
    """Return every field that differs, old and new.

    ``before`` ``None``: it was just created. Then only its state (or title) is told: the record
    itself is the rest, and telling it twice made every body a third larger on the wire.
    """
    if before is None:
        told = "title" if not hasattr(after, "state") else "state"
        return (FieldChange(field=told, old="", new=value_text(getattr(after, told))),)
    changes = []
    for spec in fields(after):
        if spec.name in _NOT_TOLD:
            continue
        old, new = getattr(before, spec.name), getattr(after, spec.name)
        if old != new:
            old_text, new_text = _texts(old, new)
            if old_text != new_text:
                changes.append(FieldChange(field=spec.name, old=old_text, new=new_text))
    return tuple(changes)


def entries_for(
    command: Command, changed: list[tuple[str, tuple[FieldChange, ...]]]
) -> tuple[Entry, ...]:
    """Return one entry per changed subject, the command's own target first.

    A command that left its target as it was still gets its entry, with the first other change.
    """
    own = [changes for subject, changes in changed if subject == command.target]
    others = [(subject, changes) for subject, changes in changed if subject != command.target]
    if not own and others:
        own, others = [others[0][1]], others[1:]
    told = [(command.target, own[0] if own else ()), *others]
    return tuple(
        Entry(
            id=command.op_id if place == 0 else f"{command.op_id}.{place}",
            cmd=command.name,
            subject=subject,
            at=command.occurred_at,
            by=command.actor.id,
            device=command.actor.device,
            changes=changes,
            text=_said(command.args) if place == 0 else "",
        )
        for place, (subject, changes) in enumerate(told)
    )


def merger_entry(
    command: Command, before: Incident | None, after: Incident, duplicate: str
) -> Entry:
    """Return the original's own entry of ``incident.mark_duplicate``: which number joined it."""
    joined = FieldChange(field="duplicate", old="", new=duplicate)
    return Entry(
        id=f"{command.op_id}.original",
        cmd=command.name,
        subject=f"incident:{after.id}",
        at=command.occurred_at,
        by=command.actor.id,
        device=command.actor.device,
        changes=(joined, *changes_between(before, after)),
    )


def _texts(old: object, new: object) -> tuple[str, str]:
    """Return the texts of both values; of two lists only the parts that differ."""
    if isinstance(new, tuple):
        before = old if isinstance(old, tuple) else ()
        old, new = _without(before, new), _without(new, before)
    return _short(value_text(old)), _short(value_text(new))


def _without(parts: tuple[object, ...], others: tuple[object, ...]) -> tuple[object, ...]:
    """Return the parts that are not among the others.

    Most are the very same objects: looking those up by identity keeps a long list cheap.
    """
    same = {id(other) for other in others}
    return tuple(part for part in parts if id(part) not in same and part not in others)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def _said(args: object) -> str:
    for name in ("note", "reason", "override_reason"):
        text = getattr(args, name, "")
        if text:
            return str(text)
    return ""
