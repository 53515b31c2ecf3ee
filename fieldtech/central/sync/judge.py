"""One command's verdict: read it, load its case, ask the rules, check what it refers to."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.folio import take_folios
from fieldtech.central.sync.effects import Put, effects_of
from fieldtech.central.sync.envelopes import VOID, read_command
from fieldtech.central.sync.references import (
    kind_of_service,
    reference_refusal,
    scope_refusal,
    users_of,
)
from fieldtech.central.sync.sizes import size_refusal
from fieldtech.domain.apply import CREATIONS, apply
from fieldtech.domain.authority import granted, is_on
from fieldtech.domain.case import Applied, Case, Context, Rejection
from fieldtech.domain.commands import (
    FACTS,
    Actor,
    AddAttachment,
    AssignVisit,
    MarkDuplicate,
)
from fieldtech.domain.planned_rules import apply_planned
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.salvage import SALVAGED, fact_of
from fieldtech.domain.words import Role
from fieldtech.protocol import wire
from fieldtech.protocol.codec import BadMessageError, decode
from fieldtech.protocol.upcasting import version_of
from fieldtech.protocol.wire import Envelope

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.central.auth.principal import Principal
    from fieldtech.central.sync.cases import Cases
    from fieldtech.central.sync.ground import Ground
    from fieldtech.domain.commands import Command
    from fieldtech.domain.incident import Incident

_MAKERS = frozenset({*CREATIONS, "visit.assign"})
"""Commands whose target is what they make."""
_NEW = "new_visit_id"
"""The argument that names what a command makes beside its target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a command: its status, and what to write.

    A refused one writes only the fact in it.
    """

    status: str
    code: str = ""
    detail: str = ""
    subject: str = ""
    puts: tuple[Put, ...] = ()
    shown: tuple[tuple[str, str], ...] = field(default=())
    attached: AddAttachment | None = None


class Judge:
    """Judges the commands of one push, one after the other, against what earlier ones left."""

    def __init__(
        self,
        connection: Connection,
        *,
        principal: Principal,
        device_id: str,
        ground: Ground,
        cases: Cases,
        now: datetime,
        restored_lately: bool,
    ) -> None:
        self._connection = connection
        self._principal = principal
        self._ground = ground
        self._cases = cases
        self._now = now
        self._restored_lately = restored_lately
        self._folio = ""
        self._never: set[str] = set()
        self._skew_s = 0.0
        self._actor = Actor(
            id=principal.id,
            role=principal.role,
            region_ids=principal.region_ids,
            device=device_id,
        )

    def subject_of(self, envelope: Envelope) -> str:
        """The case or planned work a command is about: what a quarantined one holds up."""
        kind, _, each = envelope.target.partition(":")
        if kind == "visit":
            named = envelope.args.get("incident_id") if envelope.cmd == "visit.assign" else ""
            incident_id = str(named or "") or self._cases.incident_of(each)
            return f"incident:{incident_id}" if incident_id else envelope.target
        return envelope.target

    def judge(self, envelope: Envelope) -> Verdict:
        """Return the verdict; whatever this raises is the command's own fault."""
        subject = self.subject_of(envelope)
        if envelope.cmd == VOID:
            return Verdict(status=wire.APPLIED, subject=subject)
        if envelope.v > version_of(envelope.cmd):
            return Verdict(status=wire.DEFERRED, code="newer_version", subject=subject)
        try:
            command = read_command(envelope, self._actor)
        except BadMessageError as problem:
            code = Refusal.UNKNOWN_COMMAND if "unknown command" in str(problem) else "invalid"
            return Verdict(status=wire.REJECTED, code=code, detail=str(problem), subject=subject)
        self._skew_s = envelope.offset_s
        if command.target_kind == "planned":
            return self._on_planned(command, subject)
        return self._on_case(command, subject.partition(":")[2], subject)

    def _on_case(self, command: Command, incident_id: str, subject: str) -> Verdict:
        before = self._cases.case(incident_id)
        shown = _shown(before, command)
        if isinstance(command.args, MarkDuplicate):
            before = Case(
                incident=before.incident,
                visits=before.visits,
                original=self._visible(self._cases.case(command.args.of).incident),
            )
        decided = apply(before, command, self._context(before, command))
        if isinstance(decided, Applied):
            decided = self._misplaced(decided.case, incident_id) or decided
        if isinstance(decided, Applied):
            rules, incident = self._ground.rules, decided.case.incident
            misled = reference_refusal(self._connection, command, rules, incident)
            decided = misled or decided
        if isinstance(decided, Rejection):
            return self._refused(decided, before, command, subject, shown)
        after = decided.case
        effects = effects_of(self._connection, command, after.incident) if after.incident else []
        if isinstance(effects, Rejection):
            return self._refused(effects, before, command, subject, shown)
        puts = [*_differences(before, after), *effects]
        too_long = size_refusal(command, puts)
        if too_long is not None:
            return self._refused(too_long, before, command, subject, shown)
        if command.name in CREATIONS:
            self._folio = ""
        self._cases.keep(after, incident_id)
        if after.original is not None and after.original != before.original:
            original = self._cases.case(after.original.id)
            self._cases.keep(
                Case(incident=after.original, visits=original.visits), after.original.id
            )
        return Verdict(
            status=wire.APPLIED,
            subject=subject,
            puts=tuple(puts),
            attached=command.args if isinstance(command.args, AddAttachment) else None,
        )

    def _visible(self, incident: Incident | None) -> Incident | None:
        """The incident, unless the actor may not know that it is there."""
        if incident is None or not granted(self._actor, incident.region_id, self._ground.rules):
            return None
        return incident

    def _misplaced(self, after: Case, incident_id: str) -> Rejection | None:
        """Refuse a new visit whose id another incident's visit has."""
        for visit in after.visits:
            if self._cases.incident_of(visit.id) not in {"", incident_id}:
                return refuse(Refusal.ALREADY_EXISTS, visit.id)
        return None

    def _on_planned(self, command: Command, subject: str) -> Verdict:
        before = self._cases.planned(command.target_id)
        context = Context(now=self._now, rules=self._ground.rules, received=self._now)
        decided = apply_planned(before, command, context)
        if not isinstance(decided, Rejection):
            scope = decided[0].scope
            misled = scope_refusal(self._connection, scope, command, self._ground.rules)
            too_long = size_refusal(command, [("planned", decided[0].id, decided[0])])
            decided = misled or too_long or decided
        if isinstance(decided, Rejection):
            shown = (("planned", before.id),) if before is not None else ()
            return Verdict(
                status=wire.REJECTED,
                code=decided.code,
                detail=decided.detail,
                subject=subject,
                shown=shown,
            )
        work = decided[0]
        self._cases.keep_planned(work)
        put: Put = ("planned", work.id, work)
        return Verdict(status=wire.APPLIED, subject=subject, puts=(put,))

    def _refused(
        self,
        why: Rejection,
        before: Case,
        command: Command,
        subject: str,
        shown: tuple[tuple[str, str], ...],
    ) -> Verdict:
        """A refusal; after a restore, an unknown case may only be late and is asked for again."""
        unknown = before.incident is None and why.code == Refusal.UNKNOWN_TARGET
        may_be_late = unknown and self._restored_lately and command.name not in CREATIONS
        if may_be_late and not self._will_never_be(command):
            return Verdict(status=wire.DEFERRED, code=why.code, subject=subject)
        self._never |= _made_by(command.name, command.target, getattr(command.args, _NEW, ""))
        return Verdict(
            status=wire.REJECTED,
            code=why.code,
            detail=why.detail,
            subject=subject,
            puts=self._salvaged(why, before, command),
            shown=shown,
        )

    def _will_never_be(self, command: Command) -> bool:
        """Tell whether this laptop's own command that was to make the target was refused."""
        op = tables.op.c
        refused = select(op.envelope).where(
            op.device_id == self._actor.device,
            op.status == wire.REJECTED,
            op.envelope.contains(command.target_id, autoescape=True),
        )
        for text in self._connection.execute(refused).scalars():
            with suppress(BadMessageError):  # of what was refused for its shape nothing is known
                earlier = decode(text, Envelope)
                self._never |= _made_by(earlier.cmd, earlier.target, earlier.args.get(_NEW, ""))
        return command.target_id in self._never

    def _salvaged(self, why: Rejection, before: Case, command: Command) -> tuple[Put, ...]:
        """Keep the fact of a refused transition, from whoever was once sent there."""
        fact = fact_of(command) if why.code in SALVAGED else None
        if fact is None or before.incident is None or not self._was_sent(before, fact):
            return ()
        decided = apply(before, fact, self._context(before, fact))
        if isinstance(decided, Rejection):
            return ()
        self._cases.keep(decided.case, before.incident.id)
        return tuple(_differences(before, decided.case))

    def _was_sent(self, case: Case, fact: Command) -> bool:
        on_one = any(is_on(visit, self._actor) for visit in case.visits)
        return on_one or self._was_delivered(case, fact)

    def _context(self, case: Case, command: Command) -> Context:
        if command.name in CREATIONS and not self._folio:
            self._folio = take_folios(self._connection, self._now)[0]
        return Context(
            now=self._now,
            rules=self._ground.rules,
            number=self._folio if command.name in CREATIONS else "",
            total_users=users_of(self._connection, command, case.incident),
            service_kind=kind_of_service(self._connection, command, case.incident),
            templates=self._ground.templates,
            was_assigned=self._was_delivered(case, command),
            default_checklist=self._ground.default_checklist,
            received=self._now,
            skew_s=self._skew_s,
        )

    def _was_delivered(self, case: Case, command: Command) -> bool:
        """Tell whether a visit of this case once stood on the actor's laptop as his."""
        if command.name not in FACTS or not case.visits or self._actor.role != Role.TECHNICIAN:
            return False
        if any(is_on(visit, self._actor) for visit in case.visits):
            return True
        delivered = tables.delivered.c
        ids = [visit.id for visit in case.visits]
        query = select(delivered.visit_id).where(
            delivered.visit_id.in_(ids), delivered.user_id == self._principal.id
        )
        return self._connection.execute(query.limit(1)).first() is not None


def _made_by(cmd: str, target: str, new: object) -> set[str]:
    """The ids of what a command was to make."""
    made = {new} if isinstance(new, str) and new else set()
    return made | ({target.partition(":")[2]} if cmd in _MAKERS else set())


def _differences(before: Case, after: Case) -> list[Put]:
    puts: list[Put] = []
    if after.incident is not None and after.incident != before.incident:
        puts.append(("incident", after.incident.id, after.incident))
    if after.original is not None and after.original != before.original:
        puts.append(("incident", after.original.id, after.original))
    puts += [
        ("visit", visit.id, visit) for visit in after.visits if visit != before.visit(visit.id)
    ]
    return puts


def _shown(case: Case, command: Command) -> tuple[tuple[str, str], ...]:
    """What a refused sender is shown as it stands: the incident and the visit he meant."""
    keys: list[tuple[str, str]] = []
    if case.incident is not None:
        keys.append(("incident", case.incident.id))
    if case.visit(command.target_id) is not None:
        keys.append(("visit", command.target_id))
    elif isinstance(command.args, AssignVisit):
        keys += [("visit", visit.id) for visit in case.visits]
    return tuple(keys)
