"""One incident: everything its screen shows, every command a person gives, every preview."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldtech.domain.authority import is_on
from fieldtech.domain.case import Rejection
from fieldtech.domain.contacts_file import channels_of
from fieldtech.domain.severity import make_classification
from fieldtech.domain.sla import clocks
from fieldtech.domain.transitions import legal_commands
from fieldtech.domain.words import Role
from fieldtech.services.field_times import with_uncertainty
from fieldtech.services.values import (
    AgendaRow,
    CaseDetail,
    Changed,
    ReclassificationPreview,
    Refused,
    Saved,
)
from fieldtech.store.work import NewCommand

if TYPE_CHECKING:
    from fieldtech.domain.case import Case
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.reference import ServiceMonth
    from fieldtech.domain.visit import Visit
    from fieldtech.domain.words import Severity
    from fieldtech.services.central_clock import CentralClock
    from fieldtech.store.opening import Store
    from fieldtech.store.work import Changes

FIELD_STEPS = frozenset(
    {
        "visit.accept",
        "visit.decline",
        "visit.start_travel",
        "visit.arrive",
        "visit.leave",
        "visit.resume",
        "visit.finish",
        "visit.unable",
        "visit.request_followup",
    }
)
"""What only the technician's own screen offers, although the rules let a desk do it too."""


class CaseService:
    """Reads whole cases and takes commands on them."""

    def __init__(self, store: Store, clock: CentralClock) -> None:
        self._cases = store.cases
        self._reference = store.reference
        self._session = store.session
        self._agenda = store.agenda
        self._work = store.work
        self._clock = clock

    def do(
        self, name: str, target: str, args: object, expect: dict[str, str], *, draft: str = ""
    ) -> Saved | Refused:
        """Judge a command and keep it durably; ``Saved`` means it survives a power cut.

        ``draft`` is the key of the form's draft that became this command: it is forgotten at the
        very moment the command is kept, never before and never after.
        """
        new = NewCommand(name=name, target=target, args=args, expect=expect)
        return self.do_all(new, draft=draft)

    def do_all(self, *commands: NewCommand, draft: str = "") -> Saved | Refused:
        """Several commands, all of them or none."""
        moment = self._clock.moment()
        told = [with_uncertainty(new, moment) for new in commands]
        outcome = self._work.queue(*told, draft=draft)
        if isinstance(outcome, Rejection):
            return Refused(code=outcome.code, detail=outcome.detail)
        return Saved(changed=changed_by(outcome.changes))

    def detail(self, incident_id: str, visit_id: str = "") -> CaseDetail | None:
        """Everything about an incident; ``None`` when it is not on this laptop (any more)."""
        case = self._cases.get(incident_id)
        incident = case.incident
        if incident is None:
            return None
        rules = self._reference.rules()
        actor = self._session.get().actor
        visit = _visit_shown(case, visit_id, actor.id)
        current = incident.classification
        policy = (
            rules.rulebook.version(current.policy_id, current.policy_version)
            if current
            else rules.rulebook.current(incident.region_id)
        )
        rows = self._agenda.rows([incident_id])
        legal = legal_commands(
            case, actor.role, visit, technicians_may_close=policy.technicians_may_close
        )
        return CaseDetail(
            incident=incident,
            visit=visit,
            visits=case.visits,
            site=self._reference.site(incident.site_id),
            customer=self._reference.customer(incident.customer_id),
            service=self._reference.service(incident.service_id),
            equipment=tuple(self._reference.equipment(incident.site_id)),
            channels=channels_of(
                tuple(self._reference.channels(incident.region_id)), rules.path(incident.region_id)
            ),
            region_path=rules.path(incident.region_id),
            template=rules.templates.get(visit.checklist if visit else ""),
            policy=policy,
            month=_last(self._reference.months(incident.service_id)),
            people=self._people(),
            legal=_offered(legal, actor.role),
            same_service=self._others(incident) if "incident.mark_duplicate" in legal else (),
            waiting=max((row.waiting for row in rows), default=0),
            refused=max((row.refused for row in rows), default=0),
            mine=visit is not None and is_on(visit, actor),
        )

    def detail_of_visit(self, visit_id: str) -> CaseDetail | None:
        """The same, found by a visit."""
        incident_id = self._cases.incident_of_visit(visit_id)
        return self.detail(incident_id, visit_id) if incident_id else None

    def _others(self, incident: Incident) -> tuple[AgendaRow, ...]:
        found = self._agenda.on_service(incident.site_id, incident.service_id)
        return tuple(row for row in found if row.incident_id != incident.id)

    def preview_reclassification(
        self, incident_id: str, affected: int | None, severity: Severity | None = None
    ) -> ReclassificationPreview | Refused:
        """Both deadlines as a new user count or an override would make them; nothing is stored."""
        incident = self._cases.get(incident_id).incident
        if incident is None:
            return Refused(code="unknown_target")
        rules = self._reference.rules().rulebook
        total = self._total_users(incident)
        before = incident.classification
        after = make_classification(
            rules,
            incident.region_id,
            affected=affected,
            total=total,
            severity=severity,
            reason="preview" if severity else "",
            by=self._session.get().actor.id,
            at=self._clock.now(),
            keep=before,
        )
        if isinstance(after, Rejection):
            return Refused(code=after.code, detail=after.detail)
        changed = replace(incident, classifications=(*incident.classifications, after))
        return ReclassificationPreview(
            before=clocks(incident, rules),
            after=clocks(changed, rules),
            severity_before=before.severity.value if before else "",
            severity_after=after.severity.value,
            share=after.affected / total if total and after.affected is not None else None,
        )

    def _total_users(self, incident: Incident) -> int | None:
        for device in self._reference.equipment(incident.site_id):
            if device.id == incident.equipment_id and device.total_users is not None:
                return device.total_users
        service = self._reference.service(incident.service_id)
        return service.total_users if service else None

    def _people(self) -> dict[str, str]:
        return {person.id: person.name for person in self._reference.people()}


def changed_by(changes: Changes) -> Changed:
    """A store's changes as the screens announce them."""
    return Changed(
        incidents=changes.incidents,
        visits=changes.visits,
        outbox=changes.outbox,
        reference=changes.reference or changes.everything,
    )


def _offered(legal: tuple[str, ...], role: Role) -> tuple[str, ...]:
    """What a screen offers: a desk may take a field step, but never by a slip of the mouse."""
    if role is Role.TECHNICIAN:
        return legal
    return tuple(name for name in legal if name not in FIELD_STEPS)


def _visit_shown(case: Case, visit_id: str, user_id: str) -> Visit | None:
    """The visit asked for, unless it has ended and another one goes on."""
    asked, current = case.visit(visit_id), _visit_of(case, user_id)
    if asked is None or (not asked.state.is_open and current and current.state.is_open):
        return current
    return asked


def _visit_of(case: Case, user_id: str) -> Visit | None:
    """The person's own visit, an open one first, else the last of anybody."""
    own = [
        visit
        for visit in case.visits
        if visit.technician_id == user_id or user_id in visit.companions
    ]
    candidates = own or list(case.visits)
    is_open = [visit for visit in candidates if visit.state.is_open]
    wanted = is_open or candidates
    return wanted[-1] if wanted else None


def _last(months: list[ServiceMonth]) -> ServiceMonth | None:
    return months[-1] if months else None
