"""Visits: whom the desk sends, and how far the technician has come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from service_desk import (
    ADMIN,
    CHECKLIST,
    COLLEAGUE,
    DISPATCHER,
    SYSTEM,
    TECHNICIAN,
    Desk,
    at,
)

from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.commands import (
    AddCompanion,
    AssignVisit,
    CloseIncident,
    CorrectTime,
    FieldTime,
    PauseIncident,
    Reason,
    ReassignVisit,
    RecordTime,
    RequestFollowup,
)
from fieldtech.domain.facts import TimeRecord
from fieldtech.domain.words import CheckStatus, IncidentState, VisitState


def _assign(technician: str = "tec-ana", **changes: object) -> AssignVisit:
    plain = AssignVisit(incident_id="i1", technician_id=technician)
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test names its own fields


def test_the_desk_sends_a_technician_with_the_checklist_of_the_day() -> None:
    desk = Desk().registered()
    args = _assign(window_start=at(60), window_end=at(120))
    desk.do("visit.assign", args, minutes=6)
    visit = desk.visit()
    assert visit.state is VisitState.ASSIGNED
    assert (visit.incident_id, visit.technician_id) == ("i1", TECHNICIAN.id)
    assert (visit.assigned_at, visit.assigned_by) == (at(6), DISPATCHER.id)
    assert (visit.window_start, visit.window_end) == (at(60), at(120))
    assert visit.checklist == CHECKLIST


def test_nobody_is_sent_before_the_acknowledgement() -> None:
    assert Desk().reported().refused("visit.assign", _assign()) == ("wrong_state", "reported")


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"technician_id": ""}, ("invalid", "technician_id")),
        ({"window_start": at(60), "window_end": at(60)}, ("invalid", "window_end")),
        ({"checklist": "other@1"}, ("unknown_checklist", "other@1")),
        ({"followup_of": "v9"}, ("unknown_target", "v9")),
        ({"incident_id": "i2"}, ("unknown_target", "visit:v1")),
    ],
)
def test_an_impossible_assignment_is_refused(
    changes: dict[str, Any], refused: tuple[str, str]
) -> None:
    assert Desk().registered().refused("visit.assign", _assign(**changes)) == refused


def test_an_assignment_names_its_new_visit() -> None:
    desk = Desk().registered()
    assert desk.refused("visit.assign", _assign(), target="incident:i1")[0] == "unknown_target"
    assert desk.refused("visit.assign", _assign(), target="visit:") == ("invalid", "id")


def test_one_open_visit_per_technician_and_incident() -> None:
    desk = Desk().registered().assigned()
    again = desk.refused("visit.assign", _assign(), target="visit:v2")
    assert again == ("already_assigned", "v1")
    assert desk.refused("visit.assign", _assign("tec-x")) == ("already_exists", "v1")
    desk.do("visit.assign", _assign(COLLEAGUE.id), target="visit:v2")


def test_a_follow_up_visit_names_the_one_before() -> None:
    desk = Desk().registered().on_site()
    desk.do("visit.request_followup", RequestFollowup(reason="Falta un ODU"), TECHNICIAN)
    assert desk.visit().followup_requested == "Falta un ODU"
    desk.do("visit.finish", FieldTime(), TECHNICIAN, minutes=50)
    desk.do("visit.assign", _assign(followup_of="v1"), target="visit:v2")
    assert desk.visit("v2").followup_of == "v1"


def test_reassigning_ends_one_visit_and_starts_another() -> None:
    desk = Desk().registered()
    desk.do("visit.assign", _assign(window_start=at(60), window_end=at(120)), minutes=6)
    args = ReassignVisit(new_visit_id="v2", technician_id=COLLEAGUE.id, reason="Está más cerca")
    answer = desk.do("visit.reassign", args, minutes=20, expect={"technician_id": "tec-ana"})
    assert desk.visit().state is VisitState.REASSIGNED
    assert desk.visit().state_reason == "Está más cerca"
    new = desk.visit("v2")
    assert (new.state, new.technician_id) == (VisitState.ASSIGNED, COLLEAGUE.id)
    assert (new.window_start, new.checklist) == (at(60), CHECKLIST)
    assert [entry.subject for entry in answer.entries] == ["visit:v1", "visit:v2"]


def test_companions_stay_on_a_visit_that_is_reassigned() -> None:
    desk = Desk().registered().assigned()
    for companion in (COLLEAGUE.id, "tec-ce"):
        desk.do("visit.add_companion", AddCompanion(technician_id=companion))
    desk.do("visit.reassign", ReassignVisit(new_visit_id="v2", technician_id=COLLEAGUE.id))
    assert desk.visit("v2").companions == ("tec-ce",), "who goes himself is nobody's companion"


def test_nothing_follows_a_closed_incident() -> None:
    desk = Desk().registered().on_site().checked().restored(60, TECHNICIAN)
    desk.do("visit.finish", FieldTime(), TECHNICIAN, minutes=61)
    asked = RequestFollowup(reason="Falta un ODU")
    desk.do("visit.request_followup", asked, TECHNICIAN, minutes=62)
    desk.do("incident.close", CloseIncident(), minutes=63)
    refused = desk.refused("visit.request_followup", asked, TECHNICIAN, minutes=64)
    assert refused == ("wrong_state", "closed")


def test_reassigning_to_the_same_technician_moves_the_window() -> None:
    desk = Desk().registered().assigned()
    args = ReassignVisit(
        new_visit_id="v2", technician_id=TECHNICIAN.id, window_start=at(60), window_end=at(90)
    )
    desk.do("visit.reassign", args)
    assert desk.visit("v2").window_end == at(90)


def test_reassigning_meets_the_same_limits_as_assigning() -> None:
    desk = Desk().registered().assigned()
    desk.do("visit.assign", _assign(COLLEAGUE.id), target="visit:v2")
    taken = ReassignVisit(new_visit_id="v2", technician_id="tec-x")
    assert desk.refused("visit.reassign", taken) == ("already_exists", "v2")
    busy = ReassignVisit(new_visit_id="v3", technician_id=COLLEAGUE.id)
    assert desk.refused("visit.reassign", busy) == ("already_assigned", "v2")
    assert desk.visit().state is VisitState.ASSIGNED


def test_two_dispatchers_cannot_reassign_past_each_other() -> None:
    desk = Desk().registered().assigned()
    args = ReassignVisit(new_visit_id="v2", technician_id=COLLEAGUE.id)
    stale = desk.refused("visit.reassign", args, expect={"technician_id": "tec-x"})
    assert stale == ("expected_changed", "technician_id=tec-ana")
    moved = desk.refused("visit.reassign", args, expect={"window_start": "2026-03-04T16:00:00Z"})
    assert moved == ("expected_changed", "window_start=")


def test_assigning_can_expect_that_nobody_was() -> None:
    desk = Desk().registered()
    desk.do("visit.assign", _assign(), expect={"technician_id": ""})
    stale = desk.refused(
        "visit.assign", _assign(COLLEAGUE.id), target="visit:v2", expect={"technician_id": ""}
    )
    assert stale == ("expected_changed", "technician_id=tec-ana")


def test_the_technicians_day_with_its_field_times() -> None:
    desk = Desk().registered().assigned()
    steps = [
        ("visit.accept", VisitState.ACCEPTED, "acceptance"),
        ("visit.start_travel", VisitState.EN_ROUTE, "travel"),
        ("visit.arrive", VisitState.ON_SITE, "arrival"),
        ("visit.leave", VisitState.AWAY, "departure"),
        ("visit.resume", VisitState.ON_SITE, "return"),
        ("visit.finish", VisitState.DONE, "finish"),
    ]
    for minute, (name, state, kind) in enumerate(steps, start=10):
        desk.do(name, FieldTime(uncertainty_s=2.0), TECHNICIAN, minutes=minute)
        assert desk.visit().state is state
        assert desk.visit().times[-1] == TimeRecord(
            kind=kind, at=at(minute), uncertainty_s=2.0, by=TECHNICIAN.id
        )


def test_a_field_time_may_differ_from_when_it_was_typed() -> None:
    desk = Desk().registered().assigned().on_the_way()
    desk.do("visit.arrive", FieldTime(at=at(20), note="Portón 3"), TECHNICIAN, minutes=30)
    assert desk.visit().times[-1].at == at(20)
    assert desk.incident().history[-2].text == "Portón 3"


def test_arriving_puts_the_incident_in_progress() -> None:
    desk = Desk().registered().assigned().on_the_way()
    answer = desk.do("visit.arrive", FieldTime(), TECHNICIAN)
    assert desk.incident().state is IncidentState.IN_PROGRESS
    assert [entry.subject for entry in answer.entries] == ["visit:v1", "incident:i1"]
    assert [entry.id for entry in answer.entries] == ["op-5", "op-5.1"]


def test_arriving_during_a_pause_keeps_it_and_resumes_in_progress() -> None:
    desk = Desk().registered().assigned().on_the_way()
    desk.do("incident.pause", PauseIncident(reason="no_access"), minutes=9)
    desk.do("visit.arrive", FieldTime(), TECHNICIAN)
    assert desk.incident().state is IncidentState.PENDING
    assert desk.incident().paused_from is IncidentState.IN_PROGRESS


def test_arriving_after_a_remote_fix_changes_the_visit_only() -> None:
    desk = Desk().registered().assigned().on_the_way().restored(20)
    desk.do("visit.arrive", FieldTime(), TECHNICIAN, minutes=30)
    assert desk.incident().state is IncidentState.RESTORED


@pytest.mark.parametrize(
    ("name", "state"),
    [("visit.cancel", VisitState.CANCELLED), ("visit.abandon", VisitState.ABANDONED)],
)
def test_the_desk_ends_a_visit_with_a_reason(name: str, state: VisitState) -> None:
    desk = Desk().registered().on_site()
    assert desk.refused(name, Reason(reason="")) == ("missing_reason", "reason")
    assert desk.refused(name, Reason(reason="x"), TECHNICIAN)[0] == "not_authorised"
    desk.do(name, Reason(reason="Laptop perdida"))
    assert (desk.visit().state, desk.visit().state_reason) == (state, "Laptop perdida")


def test_a_technician_declines_or_cannot_go_on_with_a_reason() -> None:
    desk = Desk().registered().assigned()
    assert desk.refused("visit.decline", Reason(reason=" "), TECHNICIAN)[0] == "missing_reason"
    desk.do("visit.decline", Reason(reason="Vacaciones"), TECHNICIAN)
    assert desk.visit().state is VisitState.DECLINED
    unable = Desk().registered().on_site()
    unable.do("visit.unable", Reason(reason="Nadie abre"), TECHNICIAN, minutes=40)
    assert unable.visit().state is VisitState.UNABLE
    assert unable.visit().times[-1].kind == "finish"


def test_a_step_out_of_order_is_refused_with_the_state() -> None:
    desk = Desk().registered().assigned()
    assert desk.refused("visit.arrive", FieldTime(), TECHNICIAN) == ("wrong_state", "assigned")


def test_companions_work_on_the_visit_but_do_not_accept_it() -> None:
    desk = Desk().registered().assigned()
    assert desk.refused("visit.accept", FieldTime(), COLLEAGUE) == ("not_assigned", "")
    desk.do("visit.add_companion", AddCompanion(technician_id=COLLEAGUE.id))
    assert desk.refused("visit.accept", FieldTime(), COLLEAGUE) == ("not_assigned", "")
    assert desk.refused("visit.decline", Reason(reason="x"), COLLEAGUE)[0] == "not_assigned"
    desk.on_the_way()
    desk.do("visit.arrive", FieldTime(), COLLEAGUE)
    answer = AnswerCheck(item="lan.cable", status=CheckStatus.FAIL)
    desk.do("check.answer", answer, COLLEAGUE)
    assert desk.incident().late_work == ()


def test_a_companion_is_somebody_else() -> None:
    desk = Desk().registered().assigned()
    for name, code in (("", "invalid"), (TECHNICIAN.id, "already_assigned")):
        args = AddCompanion(technician_id=name)
        assert desk.refused("visit.add_companion", args, TECHNICIAN)[0] == code
    args = AddCompanion(technician_id=COLLEAGUE.id)
    desk.do("visit.add_companion", args)
    assert desk.refused("visit.add_companion", args)[0] == "already_assigned"


def test_a_corrected_time_leaves_the_old_one_in_the_timeline() -> None:
    desk = Desk().registered().on_site()
    args = CorrectTime(kind="arrival", at=at(25), reason="Llegué antes")
    answer = desk.do("visit.correct_time", args, TECHNICIAN, minutes=50)
    arrivals = [record for record in desk.visit().times if record.kind == "arrival"]
    assert [(record.at, record.corrected) for record in arrivals] == [(at(25), True)]
    change = answer.entries[0].changes[0]
    assert "2026-03-04T15:30:00Z" in change.old
    assert "2026-03-04T15:25:00Z" in change.new
    assert answer.entries[0].text == "Llegué antes"


def test_a_correction_needs_a_reason_and_something_to_correct() -> None:
    desk = Desk().registered().on_site()
    blank = CorrectTime(kind="arrival", at=at(25), reason="")
    assert desk.refused("visit.correct_time", blank) == ("missing_reason", "reason")
    unknown = CorrectTime(kind="departure", at=at(25), reason="x")
    assert desk.refused("visit.correct_time", unknown) == ("no_such_item", "departure")


def test_a_follow_up_request_needs_a_reason() -> None:
    desk = Desk().registered().on_site()
    refused = desk.refused("visit.request_followup", RequestFollowup(reason=""), TECHNICIAN)
    assert refused == ("missing_reason", "reason")


def test_the_last_of_several_times_of_a_kind_is_corrected() -> None:
    desk = Desk().registered().on_site()
    for minute in (31, 32):
        args = RecordTime(kind="signal", at=at(minute))
        desk.do("visit.record_time", args, TECHNICIAN, minutes=minute)
    desk.do("visit.correct_time", CorrectTime(kind="signal", at=at(33), reason="x"), TECHNICIAN)
    signals = [record.at for record in desk.visit().times if record.kind == "signal"]
    assert signals == [at(31), at(33)]


def test_neither_admins_nor_the_sweeper_drive_a_visit() -> None:
    desk = Desk().registered().assigned()
    for actor in (ADMIN, SYSTEM):
        refused = desk.refused("visit.accept", FieldTime(), actor)
        assert refused == ("not_authorised", actor.role.value)
    desk.do("visit.accept", FieldTime(note="Por teléfono"), DISPATCHER)
