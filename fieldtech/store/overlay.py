"""Pending work laid over the mirror by replaying it through the same rules as the central's.

Only subjects that have pending commands are replayed, and only when they or their mirror change.
A subject is an incident's id, or ``planned:<id>`` for a planned work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldtech.domain.apply import apply
from fieldtech.domain.case import Applied, Case, Context, Rejection
from fieldtech.domain.commands import AssignVisit, Command, MarkDuplicate
from fieldtech.domain.planned import PlannedWork
from fieldtech.domain.planned_rules import apply_planned
from fieldtech.protocol.codec import decode, encode_body, from_stamp
from fieldtech.protocol.upcasting import read_args
from fieldtech.store import cases, mirror, outbox

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

    from fieldtech.domain.commands import Actor
    from fieldtech.protocol.wire import Envelope
    from fieldtech.store.reference import Rules

PLANNED = "planned:"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a command acts on: a case, or a planned work."""

    case: Case = field(default_factory=Case)
    planned: PlannedWork | None = None

    @property
    def told(self) -> frozenset[str]:
        """The ids of the commands in its history."""
        about = self.planned or self.case.incident
        return frozenset(entry.id for entry in about.history) if about is not None else frozenset()

    def without(self, names: Collection[str], before: State) -> State:
        """Return this state, but those parts (``entity:id``) as they were ``before``."""
        if not names:
            return self
        incident, planned = self.case.incident, self.planned
        if incident is not None and f"incident:{incident.id}" in names:
            incident = before.case.incident
        if planned is not None and f"{PLANNED}{planned.id}" in names:
            planned = before.planned
        visits = (
            (before.case.visit(visit.id) or visit) if f"visit:{visit.id}" in names else visit
            for visit in self.case.visits
        )
        return State(case=Case(incident=incident, visits=tuple(visits)), planned=planned)


def subject_of(connection: Connection, command: Command) -> str:
    """Return which incident (or planned work) a command is about, "" when it is not here."""
    if command.target_kind == "planned":
        return command.target
    if isinstance(command.args, AssignVisit):
        return command.args.incident_id
    if command.target_kind == "visit":
        return cases.incident_of_visit(connection, command.target_id) or ""
    return command.target_id


def confirmed(connection: Connection, subject: str) -> State:
    """Return a subject without this laptop's pending work."""
    if subject.startswith(PLANNED):
        return State(planned=mirror.value(connection, "planned", subject.removeprefix(PLANNED)))
    return State(case=cases.confirmed(connection, subject))


def current(connection: Connection, subject: str) -> State:
    """Return a subject with this laptop's pending work in it."""
    if subject.startswith(PLANNED):
        row = connection.exec_driver_sql(
            "SELECT body FROM overlay WHERE incident_id = ?", (subject,)
        ).first()
        if row is not None:
            return State(planned=decode(row[0], PlannedWork))
        return confirmed(connection, subject)
    return State(case=cases.view(connection, subject))


def step(
    connection: Connection, state: State, command: Command, rules: Rules, *, skew_s: float
) -> State | Rejection:
    """Apply one command; ``now`` for the rules is the moment it was made.

    ``skew_s`` is by how much this laptop's clock was off then.
    Judging it by that moment, at once and at every later replay, gives the same answer each time.
    """
    context = _context(connection, state.case, command, rules, skew_s)
    if command.target_kind == "planned":
        planned = apply_planned(state.planned, command, context)
        return planned if isinstance(planned, Rejection) else State(planned=planned[0])
    case = state.case
    if isinstance(command.args, MarkDuplicate):
        original = cases.view(connection, command.args.of).incident
        case = Case(incident=case.incident, visits=case.visits, original=original)
    outcome = apply(case, command, context)
    if not isinstance(outcome, Applied):
        return outcome
    return State(case=Case(incident=outcome.case.incident, visits=outcome.case.visits))


def replay(connection: Connection, subject: str, actor: Actor, rules: Rules) -> None:
    """Compute a subject's overlay anew from its mirror and its pending commands.

    A pending command that the new state refuses is left out of the view; the central will refuse
    it too, and then it is shown. What the mirror shows of a command already is not done again: a
    page may end between an incident and its visit, and a command offered again may have been kept.
    """
    _clear(connection, subject)
    pending = outbox.replayable(connection, subject)
    if not pending:
        return
    base = confirmed(connection, subject)
    told = base.told
    state = base
    for envelope, revs in pending:
        shown = mirror.reached(connection, revs)
        if envelope.op_id in told and shown == revs.keys():
            continue
        after = step(
            connection, state, command_of(envelope, actor), rules, skew_s=envelope.offset_s
        )
        if isinstance(after, State):
            state = after.without(shown, state)
    save(connection, subject, base, state)


def save(connection: Connection, subject: str, base: State, state: State) -> None:
    """Write what ``state`` has that ``base`` has not; earlier rows of the subject stay."""
    rows: list[tuple[str, str, str, str]] = []
    incident = state.case.incident
    if incident is not None and incident != base.case.incident:
        rows.append(("incident", incident.id, subject, encode_body(incident)))
    rows.extend(
        ("visit", visit.id, subject, encode_body(visit))
        for visit in state.case.visits
        if visit != base.case.visit(visit.id)
    )
    if state.planned is not None and state.planned != base.planned:
        rows.append(("planned", state.planned.id, subject, encode_body(state.planned)))
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO overlay (entity, id, incident_id, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (entity, id) DO UPDATE SET"
            " incident_id = excluded.incident_id, body = excluded.body",
            rows,
        )


def replay_all(connection: Connection, subjects: Iterable[str], actor: Actor, rules: Rules) -> None:
    """Replay many subjects."""
    for subject in sorted(subjects):
        replay(connection, subject, actor, rules)


def subjects(connection: Connection) -> frozenset[str]:
    """Return every subject that has something laid over it."""
    rows = connection.exec_driver_sql("SELECT DISTINCT incident_id FROM overlay")
    return frozenset(row[0] for row in rows)


def command_of(envelope: Envelope, actor: Actor) -> Command:
    """Return an envelope as the rules see it."""
    return Command(
        op_id=envelope.op_id,
        name=envelope.cmd,
        target=envelope.target,
        actor=actor,
        occurred_at=from_stamp(envelope.occurred_at),
        args=read_args(envelope.cmd, envelope.v, envelope.args),
        expect=envelope.expect,
    )


def _clear(connection: Connection, subject: str) -> None:
    connection.exec_driver_sql("DELETE FROM overlay WHERE incident_id = ?", (subject,))


def _context(
    connection: Connection, case: Case, command: Command, rules: Rules, skew_s: float
) -> Context:
    subject = case.incident if case.incident is not None else command.args
    service = mirror.value(connection, "service", getattr(subject, "service_id", ""))
    device = mirror.value(connection, "equipment", getattr(subject, "equipment_id", ""))
    totals = (each.total_users for each in (device, service) if each is not None)
    return Context(
        now=command.occurred_at,
        rules=rules.rulebook,
        total_users=next((total for total in totals if total is not None), None),
        templates=rules.templates,
        default_checklist=rules.default_checklist,
        service_kind=service.kind if service is not None else "",
        skew_s=skew_s,
    )
