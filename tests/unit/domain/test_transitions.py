"""Every command in every state: the tables, ``legal_commands`` and ``apply`` tell the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from service_desk import (
    CHECKLIST,
    COLLEAGUE,
    DISPATCHER,
    SUPERVISOR,
    TECHNICIAN,
    Desk,
    at,
    restore_args,
)

from fieldtech.domain.apply import CREATIONS, INCIDENT_RULES, VISIT_RULES, apply
from fieldtech.domain.authority import MAY
from fieldtech.domain.case import Applied, Case, Rejection
from fieldtech.domain.check_commands import AnswerCheck, RecordMeasurement, WaiveCheck
from fieldtech.domain.commands import (
    COMMANDS,
    Acknowledge,
    AddAttachment,
    AddCompanion,
    AddNote,
    AssignVisit,
    CloseIncident,
    Command,
    CorrectTime,
    FieldTime,
    JudgeCorrection,
    JudgeExclusion,
    LogEscalation,
    MarkDuplicate,
    PauseIncident,
    ProposeCorrection,
    ProposeExclusion,
    Reason,
    ReassignVisit,
    Reclassify,
    RecordRestoration,
    RecordTime,
    RefailIncident,
    RequestFollowup,
    ResumeIncident,
    SwapEquipment,
)
from fieldtech.domain.facts import (
    Correction,
    Exclusion,
    Outage,
    Pause,
    Restoration,
    TimeRecord,
)
from fieldtech.domain.incident import Incident
from fieldtech.domain.restoration_commands import CorrectRestoration
from fieldtech.domain.transitions import (
    INCIDENT_STEPS,
    VISIT_STEPS,
    WORK_ORDER,
    legal_commands,
)
from fieldtech.domain.visit import Visit
from fieldtech.domain.words import (
    Attribution,
    CheckStatus,
    CorrectionState,
    ExclusionState,
    IncidentKind,
    IncidentState,
    Role,
    VisitState,
)

TECHNICAL = {
    "incident.acknowledge": {"reported": "acknowledged"},
    "incident.reject": {"reported": "rejected"},
    "incident.pause": {"acknowledged": "pending", "in_progress": "pending"},
    "incident.resume": {"pending": "acknowledged"},
    "incident.restore": {
        "acknowledged": "restored",
        "in_progress": "restored",
        "pending": "restored",
    },
    "incident.refail": {"restored": "in_progress"},
    "incident.close": {"restored": "closed"},
    "incident.cancel": dict.fromkeys(
        ("reported", "acknowledged", "in_progress", "pending", "restored"), "cancelled"
    ),
    "incident.mark_duplicate": dict.fromkeys(
        ("reported", "acknowledged", "in_progress", "pending", "restored"), "duplicate"
    ),
}
ADMINISTRATIVE = {
    "incident.acknowledge": {"reported": "acknowledged"},
    "incident.reject": {"reported": "rejected"},
    "incident.resume": {"acknowledged": "in_progress"},
    "incident.close": {"in_progress": "closed"},
    "incident.cancel": dict.fromkeys(("reported", "acknowledged", "in_progress"), "cancelled"),
    "incident.mark_duplicate": dict.fromkeys(
        ("reported", "acknowledged", "in_progress"), "duplicate"
    ),
}
VISIT = {
    "visit.accept": {"assigned": "accepted"},
    "visit.decline": {"assigned": "declined"},
    "visit.start_travel": {"accepted": "en_route"},
    "visit.arrive": {"en_route": "on_site"},
    "visit.leave": {"on_site": "away"},
    "visit.resume": {"away": "on_site"},
    "visit.finish": {"on_site": "done"},
    "visit.unable": {"on_site": "unable"},
    "visit.cancel": dict.fromkeys(
        ("assigned", "accepted", "en_route", "on_site", "away"), "cancelled"
    ),
    "visit.reassign": dict.fromkeys(
        ("assigned", "accepted", "en_route", "on_site", "away"), "reassigned"
    ),
    "visit.abandon": dict.fromkeys(
        ("assigned", "accepted", "en_route", "on_site", "away"), "abandoned"
    ),
}
STATES_OF = {
    IncidentKind.TECHNICAL: tuple(IncidentState),
    IncidentKind.ADMINISTRATIVE: tuple(
        state
        for state in IncidentState
        if state not in (IncidentState.PENDING, IncidentState.RESTORED)
    ),
}

ARGS: dict[str, object] = {
    "incident.acknowledge": Acknowledge(),
    "incident.reclassify": Reclassify(affected=5),
    "incident.pause": PauseIncident(reason="no_access"),
    "incident.resume": ResumeIncident(),
    "incident.restore": restore_args(60),
    "incident.record_restoration": RecordRestoration(restored_at=at(60)),
    "incident.correct_restoration": CorrectRestoration(at=at(50), reason="x"),
    "incident.refail": RefailIncident(failed_at=at(70)),
    "incident.close": CloseIncident(),
    "incident.cancel": Reason(reason="x"),
    "incident.reject": Reason(reason="x"),
    "incident.mark_duplicate": MarkDuplicate(of="i0"),
    "incident.note": AddNote(text="x"),
    "visit.assign": AssignVisit(incident_id="i1", technician_id="tec-new"),
    "visit.reassign": ReassignVisit(new_visit_id="v9", technician_id="tec-new"),
    "visit.accept": FieldTime(),
    "visit.decline": Reason(reason="x"),
    "visit.start_travel": FieldTime(),
    "visit.arrive": FieldTime(),
    "visit.leave": FieldTime(),
    "visit.resume": FieldTime(),
    "visit.finish": FieldTime(),
    "visit.unable": Reason(reason="x"),
    "visit.cancel": Reason(reason="x"),
    "visit.abandon": Reason(reason="x"),
    "visit.request_followup": RequestFollowup(reason="x"),
    "visit.add_companion": AddCompanion(technician_id="tec-new"),
    "visit.record_time": RecordTime(kind="arrival", at=at(20)),
    "visit.correct_time": CorrectTime(kind="arrival", at=at(20), reason="x"),
    "check.answer": AnswerCheck(item="lan.cable", status=CheckStatus.PASS),
    "check.waive": WaiveCheck(item="lan.cable", reason="x"),
    "check.measure": RecordMeasurement(
        measurement_id="m1",
        started_at=at(20),
        profile="quick",
        interface="eth0",
        seconds=6.1,
        cause="healthy",
    ),
    "exclusion.propose": ProposeExclusion(
        exclusion_id="new", attribution=Attribution.CUSTOMER, start=at(0), evidence="x"
    ),
    "exclusion.confirm": JudgeExclusion(exclusion_id="x1"),
    "exclusion.refuse": JudgeExclusion(exclusion_id="x1"),
    "escalation.log": LogEscalation(level=2, how="phone"),
    "correction.propose": ProposeCorrection(
        correction_id="new", entity="site", entity_id="s", field_name="phone", old="", new="1"
    ),
    "correction.accept": JudgeCorrection(correction_id="c1"),
    "correction.refuse": JudgeCorrection(correction_id="c1"),
    "attachment.add": AddAttachment(
        attachment_id="a1", kind="photo", name="x.jpg", sha256="00", size=1
    ),
    "equipment.swap": SwapEquipment(
        equipment_id="e1", old_serial="", old_mac="", new_serial="1", new_mac=""
    ),
}


def incident_in(state: IncidentState, kind: IncidentKind = IncidentKind.TECHNICAL) -> Incident:
    """An incident of that kind in that state, with something to judge."""
    made = Desk().reported() if kind is IncidentKind.TECHNICAL else Desk().paperwork()
    incident = replace(made.incident(), state=state, acknowledged_at=at(5))
    if kind is IncidentKind.ADMINISTRATIVE:
        return replace(incident, corrections=(_CORRECTION,))
    is_back = state in (IncidentState.RESTORED, IncidentState.CLOSED)
    paused = state is IncidentState.PENDING
    return replace(
        incident,
        exclusions=(_EXCLUSION,),
        corrections=(_CORRECTION,),
        paused_from=IncidentState.ACKNOWLEDGED if paused else None,
        pauses=(Pause(reason="no_access", start=at(6), end=None, by="x"),) if paused else (),
        outages=(Outage(start=at(0), end=at(60) if is_back else None),),
        restoration=_RESTORATION if is_back else None,
    )


_EXCLUSION = Exclusion(
    id="x1",
    attribution=Attribution.CUSTOMER,
    start=at(0),
    end=None,
    evidence="x",
    state=ExclusionState.PROPOSED,
    proposed_by="somebody",
    proposed_at=at(6),
)
_CORRECTION = Correction(
    id="c1",
    entity="site",
    entity_id="s",
    field_name="phone",
    old="",
    new="1",
    note="",
    state=CorrectionState.PROPOSED,
    proposed_by="somebody",
    proposed_at=at(6),
)
_RESTORATION = Restoration(
    at=at(60),
    uncertainty_s=0.0,
    attribution=Attribution.ALLY,
    cause="fiber_cut",
    solution="x",
    affected=None,
    evidence="",
    by="x",
)


def visit_in(state: VisitState) -> Visit:
    """A visit of the technician in that state, with an arrival to correct."""
    return Visit(
        id="v1",
        incident_id="i1",
        technician_id=TECHNICIAN.id,
        state=state,
        assigned_at=at(6),
        assigned_by=DISPATCHER.id,
        checklist=CHECKLIST,
        times=(TimeRecord(kind="arrival", at=at(30), uncertainty_s=0.0, by="x"),),
    )


def issue(case: Case, name: str) -> Applied | Rejection:
    """Let the dispatcher issue a command in its plain form."""
    on_visit = name in VISIT_STEPS
    target = "visit:v1" if on_visit else "visit:new" if name == "visit.assign" else "incident:i1"
    command = Command(
        op_id="op",
        name=name,
        target=target,
        actor=DISPATCHER,
        occurred_at=at(80),
        args=ARGS[name],
    )
    desk = Desk()
    return apply(case, command, replace(desk.context, now=at(80)))


def test_every_command_of_the_wire_has_its_rule_its_roles_and_its_place() -> None:
    on_a_case = {name for name in COMMANDS if not name.startswith("planned.")}
    assert on_a_case == set(CREATIONS) | set(INCIDENT_RULES) | set(VISIT_RULES)
    assert set(VISIT_STEPS) == set(VISIT_RULES)
    assert set(INCIDENT_STEPS[IncidentKind.TECHNICAL]) == set(INCIDENT_RULES)
    assert set(INCIDENT_STEPS[IncidentKind.ADMINISTRATIVE]) < set(INCIDENT_RULES)
    assert set(MAY) == set(COMMANDS)
    assert set(WORK_ORDER) == on_a_case - set(CREATIONS) == set(ARGS)
    assert len(WORK_ORDER) == len(set(WORK_ORDER))


@pytest.mark.parametrize("name", sorted(INCIDENT_RULES))
@pytest.mark.parametrize(
    ("kind", "state"), [(kind, state) for kind, states in STATES_OF.items() for state in states]
)
def test_an_incident_command_in_every_state(
    name: str, kind: IncidentKind, state: IncidentState
) -> None:
    incident = incident_in(state, kind)
    case = Case(incident=incident, original=replace(incident_in(_ORIGINAL, kind), id="i0"))
    answer = issue(case, name)
    allowed = name in legal_commands(case, Role.DISPATCHER)
    assert isinstance(answer, Applied) is allowed, answer
    table = TECHNICAL if kind is IncidentKind.TECHNICAL else ADMINISTRATIVE
    target = table.get(name, {}).get(state.value)
    assert allowed or target is None
    if isinstance(answer, Rejection):
        assert answer.code in {"wrong_state", "wrong_kind", "refail_too_late"}
    else:
        assert answer.case.incident is not None
        assert answer.case.incident.state.value == (target or state.value)
        assert target is not None or name not in table


_ORIGINAL = IncidentState.ACKNOWLEDGED


@pytest.mark.parametrize("name", sorted(VISIT_RULES))
@pytest.mark.parametrize("state", list(VisitState))
def test_a_visit_command_in_every_state(name: str, state: VisitState) -> None:
    visit = visit_in(state)
    case = Case(incident=incident_in(IncidentState.IN_PROGRESS), visits=(visit,))
    answer = issue(case, name)
    allowed = name in legal_commands(case, Role.DISPATCHER, visit)
    assert isinstance(answer, Applied) is allowed, answer
    target = VISIT.get(name, {}).get(state.value)
    if isinstance(answer, Rejection):
        assert (answer.code, answer.detail) == ("wrong_state", state.value)
        assert target is None
    else:
        after = answer.case.visit("v1")
        assert after is not None
        assert after.state.value == (target or state.value)
        assert target is not None or name not in VISIT


def test_the_buttons_come_in_the_order_of_the_work() -> None:
    desk = Desk().registered().on_site()
    offered = legal_commands(desk.case, Role.TECHNICIAN, desk.visit())
    assert offered[:7] == (
        "incident.reclassify",
        "check.measure",
        "check.answer",
        "check.waive",
        "incident.pause",
        "visit.leave",
        "incident.restore",
    )
    assert "visit.cancel" not in offered
    assert "visit.arrive" not in offered


def test_without_a_visit_on_screen_only_the_incident_has_buttons() -> None:
    desk = Desk().registered().on_site()
    offered = legal_commands(desk.case, Role.DISPATCHER)
    assert not set(offered) & set(VISIT_STEPS)
    assert "visit.assign" in offered


def test_there_is_nothing_to_do_without_an_incident_or_as_an_admin() -> None:
    assert legal_commands(Case(), Role.SUPERVISOR) == ()
    assert legal_commands(Desk().registered().case, Role.ADMIN) == ()


def test_a_technician_is_offered_closing_where_the_policy_lets_him() -> None:
    case = Desk().registered().restored().case
    assert "incident.close" not in legal_commands(case, Role.TECHNICIAN)
    assert "incident.close" in legal_commands(case, Role.TECHNICIAN, technicians_may_close=True)
    assert "incident.close" in legal_commands(case, SUPERVISOR.role)


def test_judging_is_offered_while_there_is_something_to_judge() -> None:
    judging = {"exclusion.confirm", "exclusion.refuse", "correction.accept", "correction.refuse"}
    desk = Desk().registered()
    assert not judging & set(legal_commands(desk.case, Role.DISPATCHER))
    desk.do("exclusion.propose", ARGS["exclusion.propose"])
    assert {"exclusion.confirm", "exclusion.refuse"} == judging & set(
        legal_commands(desk.case, Role.DISPATCHER)
    )


def test_a_companion_of_the_case_is_offered_what_the_technician_is() -> None:
    desk = Desk().registered().on_site()
    desk.do("visit.add_companion", AddCompanion(technician_id=COLLEAGUE.id))
    for name in legal_commands(desk.case, Role.TECHNICIAN, desk.visit()):
        if name in ("incident.restore", "visit.add_companion"):
            continue
        fresh = Desk(desk.case)
        fresh.do(name, ARGS[name], COLLEAGUE, minutes=80)
