"""Tickets to cases, through the same rules as every other change.

A ticket whose external id the central does not know becomes a new incident: registered at the
time of its acceptance, or reported and waiting for one. Its folio is the external id where that
is free.

A ticket that is known changes little, because people have worked on it here meanwhile:

* accepted in the file and still waiting here: it is acknowledged, with the file's time;
* another count of affected users, or severity, while the last classification came from an import
  too: it is reclassified; a person's classification stands, and the report says so;
* another title or description: a note tells the new words, once;
* times, state, visits, site and service of the incident never change, nor anything that is over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.dialect import lock_rows, within
from fieldtech.central.folio import take_folios
from fieldtech.central.importing.catalogue import ticket_id
from fieldtech.central.importing.problems import Problem
from fieldtech.central.importing.tickets import Ticket
from fieldtech.domain.apply import apply
from fieldtech.domain.case import Case, Context, Rejection
from fieldtech.domain.commands import (
    Acknowledge,
    Actor,
    AddNote,
    Command,
    Reclassify,
    RegisterIncident,
    ReportIncident,
)
from fieldtech.domain.incident import Incident
from fieldtech.domain.reference import Service, Site
from fieldtech.domain.severity import suggested
from fieldtech.domain.words import IncidentKind, IncidentState, Role, Severity
from fieldtech.protocol.codec import decode_body
from fieldtech.protocol.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.domain.policy import Rulebook

IMPORTER = Actor(id="import", role=Role.SYSTEM, device="import")
LONGEST_NUMBER = 40

_COLUMNS = {
    "affected_invalid": "affected_users",
    "affected_over_total": "affected_users",
    "severity_needed": "severity",
    "override_reason_needed": "severity",
    "in_future": "reported_at",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a ticket is about, as the central has it after the file."""

    ticket: Ticket
    site: Site
    service: Service


class Cases:
    """Makes and changes incidents; what it refuses and what it leaves alone gathers here."""

    def __init__(
        self,
        connection: Connection,
        rules: Rulebook,
        tickets: Iterable[Ticket],
        now: datetime,
    ) -> None:
        self._connection = connection
        self._rules = rules
        self._now = now
        named = [ticket.external_id for ticket in tickets]
        self._known = _known(connection, named)
        self._taken = _taken(connection, named)
        self._named = frozenset(named)
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []

    def take(self, subject: Subject) -> tuple[Incident | None, bool]:
        """Return the incident after the ticket (``None``: refused) and whether it is new.

        A known incident that the ticket does not change comes back as it was.
        """
        known = self._known.get(subject.ticket.external_id)
        if known is None:
            return self._made(subject), True
        return self._changed(subject, known), False

    def is_changed(self, incident: Incident) -> bool:
        """Tell whether an incident differs from what the central has."""
        return self._known.get(incident.external_id) != incident

    def _made(self, subject: Subject) -> Incident | None:
        ticket, site, service = subject.ticket, subject.site, subject.service
        accepted = ticket.acknowledged_at
        severity, reason = self._severity(subject)
        what = {
            "site_id": site.id,
            "customer_id": site.customer_id,
            "service_id": service.id,
            "region_id": site.region_id,
            "title": ticket.title,
            "notified_at": ticket.notified_at,
            "kind": ticket.kind,
            "description": ticket.description,
            "channel": ticket.channel,
            "affected": ticket.affected,
            "severity": severity,
        }
        args: object
        if accepted is None:
            name, at = "incident.report", ticket.registered_at
            args = ReportIncident(**what, provisional_number=ticket.external_id)  # type: ignore[arg-type]
        else:
            name, at = "incident.register", accepted
            args = RegisterIncident(**what, override_reason=reason)  # type: ignore[arg-type]
        case = self._applied(Case(), subject, name, args, at)
        if case is None or case.incident is None:
            return None
        return replace(case.incident, external_id=ticket.external_id)

    def _changed(self, subject: Subject, known: Incident) -> Incident | None:
        ticket = subject.ticket
        if not known.state.is_open:
            self._remark(subject, "external_id", f"already {known.state.value} here: left alone")
            return known
        if (known.site_id, known.service_id) != (subject.site.id, subject.service.id):
            self._remark(subject, "service", "the incident is about another service here: it stays")
        case: Case | None = Case(incident=known)
        if self._new_class(subject, known):
            severity, reason = self._severity(subject)
            anew = Reclassify(affected=ticket.affected, severity=severity, reason=reason)
            case = case and self._applied(case, subject, "incident.reclassify", anew, self._now)
        if known.state is IncidentState.REPORTED and ticket.acknowledged_at is not None:
            accept = Acknowledge()
            at = ticket.acknowledged_at
            case = case and self._applied(case, subject, "incident.acknowledge", accept, at)
        text = _news(ticket, known)
        if text and all(note.text != text for note in known.notes):
            note = AddNote(text=text)
            case = case and self._applied(case, subject, "incident.note", note, self._now)
        return case.incident if case else None

    def _new_class(self, subject: Subject, known: Incident) -> bool:
        """Tell whether the file's count or severity differs, and may be taken over."""
        ticket, current = subject.ticket, known.classification
        if known.kind is IncidentKind.ADMINISTRATIVE:
            return False
        if ticket.affected is None and ticket.severity is None:
            return False
        if current is None:
            return ticket.severity is not None or bool(subject.service.total_users)
        wanted = ticket.severity or suggested(
            self._rules.version(current.policy_id, current.policy_version),
            ticket.affected,
            subject.service.total_users,
        )
        same_count = ticket.affected in (None, current.affected)
        if same_count and wanted in (None, current.severity):
            return False
        if current.by != IMPORTER.id:
            told = f"classified by {current.by} here: the file's count or severity was not taken"
            self._remark(subject, "affected_users", told)
            return False
        return True

    def _severity(self, subject: Subject) -> tuple[Severity | None, str]:
        """The severity to name, and the reason where the rule would say otherwise."""
        ticket = subject.ticket
        policy = self._rules.current(subject.site.region_id)
        by_rule = suggested(policy, ticket.affected, subject.service.total_users)
        if ticket.severity is None or ticket.severity is by_rule:
            return None, ""
        reason = ticket.severity_reason or "Severidad indicada en el sistema de origen."
        return ticket.severity, reason

    def _applied(
        self,
        case: Case,
        subject: Subject,
        name: str,
        args: object,
        at: datetime,
    ) -> Case | None:
        external_id = subject.ticket.external_id
        incident_id = case.incident.id if case.incident else ticket_id(external_id)
        command = Command(
            op_id=uuid7(at),
            name=name,
            target=f"incident:{incident_id}",
            actor=IMPORTER,
            occurred_at=at,
            args=args,
        )
        context = Context(
            now=self._now,
            rules=self._rules,
            number=self._number(external_id) if case.incident is None else "",
            total_users=subject.service.total_users,
            service_kind=subject.service.kind,
        )
        verdict = apply(case, command, context)
        if isinstance(verdict, Rejection):
            column = _COLUMNS.get(verdict.code, "external_id")
            reason = f"refused by the rules: {verdict.code} {verdict.detail}".strip()
            self.problems.append(Problem(subject.ticket.line, column, external_id, reason))
            return None
        return verdict.case

    def _number(self, external_id: str) -> str:
        if len(external_id) <= LONGEST_NUMBER and external_id not in self._taken:
            return external_id
        while True:
            # Another line of this file may be about to take the next one as its own.
            folio = take_folios(self._connection, self._now)[0]
            if folio not in self._named:
                return folio

    def _remark(self, subject: Subject, column: str, text: str) -> None:
        ticket = subject.ticket
        self.remarks.append(Problem(ticket.line, column, ticket.external_id, text))


def _news(ticket: Ticket, known: Incident) -> str:
    """What the file says otherwise than the incident, as a note; empty when nothing."""
    told = []
    if ticket.title != known.title:
        told.append(f"Título en el sistema de origen: {ticket.title}")
    if ticket.description and ticket.description != known.description:
        told.append(f"Descripción en el sistema de origen: {ticket.description}")
    return "\n".join(told)


def _known(connection: Connection, external_ids: list[str]) -> dict[str, Incident]:
    incident, body = tables.incident.c, tables.body.c
    known = select(incident.id).where(within(incident.external_id, external_ids))
    ids = list(connection.execute(known).scalars())
    lock_rows(connection, tables.body, (body.entity == "incident") & within(body.id, ids))
    query = (
        select(incident.external_id, body.text)
        .join(tables.body, (body.entity == "incident") & (body.id == incident.id))
        .where(within(incident.id, ids))
    )
    return {row.external_id: decode_body("incident", row.text) for row in connection.execute(query)}


def _taken(connection: Connection, numbers: list[str]) -> set[str]:
    number = tables.incident.c.number
    query = select(number).where(within(number, numbers))
    return set(connection.execute(query).scalars())
