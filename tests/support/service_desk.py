"""A service desk for tests of the rules: people, a small checklist, and a case one plays with.

Times are minutes after ``NINE``, the moment the customer called.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from fieldtech.domain.apply import apply
from fieldtech.domain.case import Applied, Case, Context, Rejection
from fieldtech.domain.check_commands import WaiveCheck
from fieldtech.domain.checklist import Template
from fieldtech.domain.checklist_file import parse_template
from fieldtech.domain.commands import (
    Actor,
    AssignVisit,
    Command,
    FieldTime,
    RegisterIncident,
    ReportIncident,
    RestoreIncident,
)
from fieldtech.domain.facts import Restoration
from fieldtech.domain.incident import Incident
from fieldtech.domain.policy import Policy, Rulebook
from fieldtech.domain.policy_file import load_policy
from fieldtech.domain.visit import Visit
from fieldtech.domain.words import Attribution, IncidentKind, Role
from fieldtech.paths import resources_dir

NINE = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)

TECHNICIAN = Actor(id="tec-ana", role=Role.TECHNICIAN, device="laptop-1")
COLLEAGUE = Actor(id="tec-beto", role=Role.TECHNICIAN, device="laptop-2")
DISPATCHER = Actor(id="dis-carla", role=Role.DISPATCHER, region_ids=("norte",), device="desk-1")
SECOND_DISPATCHER = Actor(id="dis-dora", role=Role.DISPATCHER, region_ids=("norte",))
FAR_DISPATCHER = Actor(id="dis-efra", role=Role.DISPATCHER, region_ids=("sur",))
SUPERVISOR = Actor(id="sup-fina", role=Role.SUPERVISOR)
ADMIN = Actor(id="adm-gus", role=Role.ADMIN, region_ids=("mx",))
SYSTEM = Actor(id="sweeper", role=Role.SYSTEM)

REGION_PARENTS = {"monterrey": "norte", "merida": "sur", "norte": "mx", "sur": "mx", "mx": ""}
CHECKLIST = "short@1"
MANDATORY = ("lan.cable", "sip.call")


def at(minutes: float) -> datetime:
    """The moment so many minutes after the customer's call."""
    return NINE + timedelta(minutes=minutes)


@cache
def policy() -> Policy:
    """The published policy, as shipped."""
    return load_policy(resources_dir() / "policy" / "clever.toml")


def rulebook(*policies: Policy) -> Rulebook:
    """A book of the given policies (the published one by default); the first is the default."""
    held = policies or (policy(),)
    return Rulebook(policies=held, default_policy_id=held[0].id, region_parents=REGION_PARENTS)


@cache
def template() -> Template:
    """Two mandatory items, one of them only for SIP trunks, and an optional one."""
    return parse_template(
        {
            "id": "short",
            "version": 1,
            "title": {"es": "Corta", "en": "Short"},
            "sections": [
                {
                    "id": "all",
                    "title": {"es": "Todo", "en": "All"},
                    "items": [
                        _item("lan.cable", mandatory=True),
                        _item("lan.speed", mandatory=False),
                        {**_item("sip.call", mandatory=True), "when": ["sip_trunk"]},
                    ],
                }
            ],
        },
        "short.toml",
    )


def _item(name: str, *, mandatory: bool) -> dict[str, object]:
    return {
        "id": name,
        "title": {"es": name, "en": name},
        "help": {"es": name, "en": name},
        "kind": "person",
        "mandatory": mandatory,
    }


def register_args(**changes: object) -> RegisterIncident:
    """A technical fault in Monterrey with 30 of 100 users affected: a Falla Mayor."""
    plain = RegisterIncident(
        site_id="site-1",
        customer_id="cust-1",
        service_id="serv-1",
        region_id="monterrey",
        title="Sin servicio",
        notified_at=NINE,
        affected=30,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test names its own fields


def report_args(**changes: object) -> ReportIncident:
    """The same fault, reported from the field."""
    plain = ReportIncident(
        site_id="site-1",
        customer_id="cust-1",
        service_id="serv-1",
        region_id="monterrey",
        title="Sin servicio",
        notified_at=NINE,
        provisional_number="P-LAPTOP-1",
        affected=30,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test names its own fields


def restore_args(minutes: float, **changes: object) -> RestoreIncident:
    """A complete restoration at that minute."""
    plain = RestoreIncident(
        restored_at=at(minutes),
        attribution=Attribution.OWN_NETWORK,
        cause="fiber_cut",
        solution=policy().solutions[0].code,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test names its own fields


class Desk:
    """A case on the table, with the context that commands meet. ``now`` follows the commands."""

    def __init__(self, case: Case | None = None, *, rules: Rulebook | None = None) -> None:
        self.case = case or Case()
        self.context = Context(
            now=NINE,
            rules=rules or rulebook(),
            number="MTY-0001",
            total_users=100,
            service_kind="internet",
            templates={CHECKLIST: template()},
            default_checklist=CHECKLIST,
        )
        self.count = 0

    def incident(self) -> Incident:
        """The incident, which must be there (a call, so that mypy forgets its state)."""
        assert self.case.incident is not None
        return self.case.incident

    def restoration(self) -> Restoration:
        """The restoration, which must be there."""
        restoration = self.incident().restoration
        assert restoration is not None
        return restoration

    def visit(self, visit_id: str = "v1") -> Visit:
        """That visit, which must be there."""
        visit = self.case.visit(visit_id)
        assert visit is not None
        return visit

    def try_(
        self,
        name: str,
        args: object,
        actor: Actor = DISPATCHER,
        *,
        minutes: float = 10,
        target: str = "",
        expect: dict[str, str] | None = None,
    ) -> Applied | Rejection:
        """Issue a command and return the answer; the case changes only when it was accepted."""
        self.count += 1
        default = "visit:v1" if name.startswith(("visit.", "check.")) else "incident:i1"
        command = Command(
            op_id=f"op-{self.count}",
            name=name,
            target=target or default,
            actor=actor,
            occurred_at=at(minutes),
            args=args,
            expect=expect or {},
        )
        moment = max(self.context.now, at(minutes))
        self.context = replace(self.context, now=moment)
        answer = apply(self.case, command, self.context)
        if isinstance(answer, Applied):
            self.case = answer.case
        return answer

    def do(
        self,
        name: str,
        args: object,
        actor: Actor = DISPATCHER,
        *,
        minutes: float = 10,
        target: str = "",
        expect: dict[str, str] | None = None,
    ) -> Applied:
        """Issue a command that must be accepted."""
        answer = self.try_(name, args, actor, minutes=minutes, target=target, expect=expect)
        assert isinstance(answer, Applied), answer
        return answer

    def refused(
        self,
        name: str,
        args: object,
        actor: Actor = DISPATCHER,
        *,
        minutes: float = 10,
        target: str = "",
        expect: dict[str, str] | None = None,
    ) -> tuple[str, str]:
        """Issue a command that must be refused; return code and detail."""
        answer = self.try_(name, args, actor, minutes=minutes, target=target, expect=expect)
        assert isinstance(answer, Rejection), answer
        return answer.code, answer.detail

    # --- the usual steps, told in the words of the trade

    def registered(self, **changes: object) -> Desk:
        """The dispatcher registers at 9:05."""
        self.do("incident.register", register_args(**changes), minutes=5)
        return self

    def reported(self, **changes: object) -> Desk:
        """The technician reports from the field at 9:05."""
        self.do("incident.report", report_args(**changes), TECHNICIAN, minutes=5)
        return self

    def paperwork(self) -> Desk:
        """An administrative incident is registered."""
        return self.registered(kind=IncidentKind.ADMINISTRATIVE, affected=None)

    def assigned(self, actor: Actor = TECHNICIAN, visit_id: str = "v1") -> Desk:
        """The dispatcher sends a technician at 9:06."""
        args = AssignVisit(incident_id=self.incident().id, technician_id=actor.id)
        self.do("visit.assign", args, minutes=6, target=f"visit:{visit_id}")
        return self

    def on_the_way(self, actor: Actor = TECHNICIAN, visit_id: str = "v1") -> Desk:
        """Accepted at 9:07, leaving at 9:08."""
        target = f"visit:{visit_id}"
        self.do("visit.accept", FieldTime(), actor, minutes=7, target=target)
        self.do("visit.start_travel", FieldTime(), actor, minutes=8, target=target)
        return self

    def on_site(self, actor: Actor = TECHNICIAN, visit_id: str = "v1") -> Desk:
        """Sent, and there at 9:30."""
        self.assigned(actor, visit_id).on_the_way(actor, visit_id)
        self.do("visit.arrive", FieldTime(), actor, minutes=30, target=f"visit:{visit_id}")
        return self

    def checked(self, actor: Actor = TECHNICIAN) -> Desk:
        """Every mandatory item is waived."""
        for item in MANDATORY:
            self.do("check.waive", WaiveCheck(item=item, reason="no aplica"), actor, minutes=40)
        return self

    def restored(self, minutes: float = 60, actor: Actor = DISPATCHER) -> Desk:
        """The service is back."""
        self.do("incident.restore", restore_args(minutes), actor, minutes=minutes)
        return self
