"""The escalation ladder: which steps are due, and what a telephone call changes.

A step is due when the restoration clock has used its share of the target; the first, with share
0, at registration. Each level has at most one entry on the incident, whoever took the step.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldtech.domain.clock_view import moment_of_share
from fieldtech.domain.codes import EscalationLevel
from fieldtech.domain.sla import elapsed, restored_at
from fieldtech.domain.words import ClockState

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.facts import EscalationEntry
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class DueStep:
    """One step that is due and has no entry yet.

    ``fire`` is false for a step that is only marked, because a higher one speaks for it.
    ``message_id`` is the same each time, so that a mail sent twice is recognised as one.
    """

    level: EscalationLevel
    fire: bool
    message_id: str


def due_steps(incident: Incident, policy: Policy, now: datetime) -> tuple[DueStep, ...]:
    """Return the steps due at ``now`` that nobody took yet, lowest first.

    At most one of them fires: the highest, unless a higher level was reached already (by
    telephone, say). None is due without a restoration clock, nor once the service is back. The
    clock's view on the incident must be that of ``domain.sla.clocks``; time in which it was
    paused is not counted.
    """
    if not _climbing(incident):
        return ()
    used = elapsed(incident, policy, now)
    target = incident.clocks.restoration.target_s
    taken = {entry.level for entry in incident.escalations}
    due = [
        step
        for step in policy.escalation
        if step.share * target <= used and step.level not in taken
    ]
    highest = max((step.level for step in due), default=0)
    fires = highest > max(taken, default=0)
    return tuple(
        DueStep(
            level=step,
            fire=fires and step.level == highest,
            message_id=message_id(incident.id, step.level),
        )
        for step in due
    )


def next_step(incident: Incident, policy: Policy) -> tuple[EscalationLevel, datetime] | None:
    """Return the next step that will fire and when it falls due; ``None`` while none will.

    That is the lowest above the highest anybody took: what is below it is only marked.
    """
    if not _climbing(incident):
        return None
    reached = max((entry.level for entry in incident.escalations), default=0)
    step = next((step for step in policy.escalation if step.level > reached), None)
    if step is None:
        return None
    at = moment_of_share(incident.clocks.restoration, step.share)
    return None if at is None else (step, at)


def merged(
    entries: tuple[EscalationEntry, ...], entry: EscalationEntry
) -> tuple[EscalationEntry, ...]:
    """Return ``entries`` with ``entry`` in its place: one entry a level, lowest level first.

    A second entry for a level joins the first: the earlier time stands, what the earlier one says
    (how, who, note) comes first, and a step that was only marked counts as taken.
    """
    same = next((known for known in entries if known.level == entry.level), None)
    others = tuple(known for known in entries if known.level != entry.level)
    joined = entry if same is None else _joined(same, entry)
    return tuple(sorted((*others, joined), key=lambda known: known.level))


def message_id(incident_id: str, level: int) -> str:
    """Return the fixed Message-ID of the mail for one step of one incident."""
    digest = hashlib.sha256(f"{incident_id}/{level}".encode()).hexdigest()[:32]
    return f"<{digest}.{level}@escalation.fieldtech>"


def _climbing(incident: Incident) -> bool:
    running = incident.clocks.restoration.state in (ClockState.RUNNING, ClockState.PAUSED)
    return running and restored_at(incident) is None


def _joined(first: EscalationEntry, second: EscalationEntry) -> EscalationEntry:
    earlier, later = sorted((first, second), key=lambda entry: entry.at)
    note = _one_after_the_other(earlier.note, later.note, "\n")
    if first.suppressed != second.suppressed:
        taken = second if first.suppressed else first
        return replace(taken, at=earlier.at, note=note)
    return replace(
        earlier,
        how=_one_after_the_other(earlier.how, later.how, "+"),
        by=_one_after_the_other(earlier.by, later.by, ", "),
        note=note,
    )


def _one_after_the_other(earlier: str, later: str, glue: str) -> str:
    """Join two texts as they are; one that already stands in the other is not told again."""
    if not later or f"{glue}{later}{glue}" in f"{glue}{earlier}{glue}":
        return earlier
    if not earlier or f"{glue}{earlier}{glue}" in f"{glue}{later}{glue}":
        return later
    return f"{earlier}{glue}{later}"
