"""What ``apply`` reads and returns: an incident with its visits, and the verdict on a command."""

# ruff: noqa: TC004 - nobody evaluates these annotations, and importing them would go in a circle
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from fieldtech.domain.incident import Incident
from fieldtech.domain.visit import Visit

if TYPE_CHECKING:
    from fieldtech.domain.checklist import Template
    from fieldtech.domain.facts import Entry
    from fieldtech.domain.policy import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An incident, its visits, and (for ``mark_duplicate``) the incident it repeats.

    ``incident`` is ``None`` only before the command that creates it.
    """

    incident: Incident | None = None
    visits: tuple[Visit, ...] = ()
    original: Incident | None = None

    def visit(self, visit_id: str) -> Visit | None:
        """The visit of that id, if this case has it."""
        return next((v for v in self.visits if v.id == visit_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the rules need besides the case; the same shape on the laptop and at the central.

    ``now`` is the applying side's best estimate of central time; ``number`` the folio for a new
    incident; ``total_users`` the user count of the incident's named service or equipment;
    ``service_kind`` that service's kind ("" when unknown: then every checklist item is asked);
    ``templates`` by ``template@version``; ``was_assigned`` says that the central once delivered
    the visit to the command's actor (always true on his own laptop). ``received`` is when the
    central had the command, ``None`` on the laptop: a laptop's ``occurred_at`` is held against it.
    ``skew_s`` is by how much the sender's own clock is off, as his laptop knows it.
    """

    now: datetime
    rules: Rulebook
    number: str = ""
    total_users: int | None = None
    service_kind: str = ""
    templates: dict[str, Template] = field(default_factory=dict)
    was_assigned: bool = True
    default_checklist: str = ""
    received: datetime | None = None
    skew_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The command was accepted: the case after it, and the timeline entries it made."""

    case: Case
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """The command was refused. ``code`` is stable, screens translate it; ``detail`` helps."""

    code: str
    detail: str = ""
