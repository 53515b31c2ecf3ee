"""Who may do what: by role, by granted region, by being on the visit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from service_desk import (
    ADMIN,
    COLLEAGUE,
    DISPATCHER,
    FAR_DISPATCHER,
    SUPERVISOR,
    SYSTEM,
    TECHNICIAN,
    Desk,
    register_args,
    report_args,
    rulebook,
)

from fieldtech.domain.authority import MAY, field_visit, granted
from fieldtech.domain.case import Case
from fieldtech.domain.commands import (
    COMMANDS,
    AddNote,
    AssignVisit,
    FieldTime,
    MarkDuplicate,
    PauseIncident,
    Reason,
    ResumeIncident,
)
from fieldtech.domain.words import Role, VisitState


def test_admins_write_no_tickets() -> None:
    assert all(Role.ADMIN not in roles for roles in MAY.values())


def test_every_command_has_somebody_who_may_issue_it() -> None:
    assert set(MAY) == set(COMMANDS)
    assert all(Role.SUPERVISOR in roles for roles in MAY.values())
    assert all(Role.DISPATCHER in roles for roles in MAY.values())


def test_technicians_neither_dispatch_nor_judge() -> None:
    theirs = {name for name, roles in MAY.items() if Role.TECHNICIAN in roles}
    assert not theirs & {
        "incident.register",
        "incident.acknowledge",
        "incident.reject",
        "incident.cancel",
        "incident.mark_duplicate",
        "visit.assign",
        "visit.reassign",
        "visit.cancel",
        "visit.abandon",
        "exclusion.confirm",
        "exclusion.refuse",
        "correction.accept",
        "correction.refuse",
        "planned.announce",
        "planned.change",
        "planned.cancel",
    }


def test_programs_do_not_judge_what_people_claim() -> None:
    theirs = {name for name, roles in MAY.items() if Role.SYSTEM in roles}
    assert not theirs & {
        "exclusion.confirm",
        "exclusion.refuse",
        "correction.accept",
        "correction.refuse",
    }


def test_a_region_is_granted_with_all_below_it() -> None:
    rules = rulebook()
    assert granted(DISPATCHER, "monterrey", rules)
    assert granted(DISPATCHER, "norte", rules)
    assert not granted(DISPATCHER, "mx", rules)
    assert not granted(DISPATCHER, "merida", rules)
    assert not granted(replace(DISPATCHER, region_ids=()), "monterrey", rules)
    assert granted(SUPERVISOR, "merida", rules)
    assert granted(SYSTEM, "merida", rules)


def test_a_technician_reports_wherever_he_sees_a_fault() -> None:
    Desk().do("incident.report", report_args(), TECHNICIAN)
    assert Desk().refused("incident.report", report_args(), FAR_DISPATCHER)[0] == "not_authorised"
    assert Desk().refused("incident.register", register_args(), TECHNICIAN) == (
        "not_authorised",
        "technician",
    )
    Desk().do("incident.register", register_args(), SYSTEM)


def test_a_technician_works_on_his_own_incidents() -> None:
    desk = Desk().registered().assigned()
    args = PauseIncident(reason="no_access")
    assert desk.refused("incident.pause", args, COLLEAGUE) == ("not_assigned", "")
    assert desk.refused("visit.accept", FieldTime(), COLLEAGUE) == ("not_assigned", "")
    desk.do("incident.pause", args, TECHNICIAN)


def test_whose_visit_is_over_leaves_the_pause_to_whoever_still_works() -> None:
    desk = Desk().registered().on_site()
    desk.do("visit.finish", FieldTime(), TECHNICIAN, minutes=40)
    args = PauseIncident(reason="waiting_parts")
    desk.do("incident.pause", args, TECHNICIAN, minutes=41)
    desk.do("incident.resume", ResumeIncident(), TECHNICIAN, minutes=42)
    desk.assigned(COLLEAGUE, "v2")
    refused = desk.refused("incident.pause", args, TECHNICIAN, minutes=43)
    assert refused == ("not_assigned", "done")
    desk.do("incident.pause", args, COLLEAGUE, minutes=44)
    refused = desk.refused("incident.resume", ResumeIncident(), TECHNICIAN, minutes=45)
    assert refused == ("not_assigned", "done")


@pytest.mark.parametrize("name", ["visit.cancel", "visit.abandon"])
def test_who_lost_the_visit_is_told_what_became_of_it(name: str) -> None:
    desk = Desk().registered().assigned()
    desk.do(name, Reason(reason="x"))
    refused = desk.refused("incident.pause", PauseIncident(reason="no_access"), TECHNICIAN)
    assert refused == ("not_assigned", desk.visit().state.value)


def test_being_assigned_once_gives_facts_and_nothing_more() -> None:
    desk = Desk().registered()
    desk.context = replace(desk.context, was_assigned=True)
    desk.do("incident.note", AddNote(text="x"), COLLEAGUE)
    refused = desk.refused("incident.pause", PauseIncident(reason="no_access"), COLLEAGUE)
    assert refused[0] == "not_assigned"
    assert desk.refused("incident.note", AddNote(text="x"), ADMIN) == ("not_authorised", "admin")


def test_the_sweeper_does_not_merge() -> None:
    desk = Desk().registered()
    refused = desk.refused("incident.mark_duplicate", MarkDuplicate(of="i0"), SYSTEM)
    assert refused == ("not_authorised", "system")


def test_a_technician_works_on_his_open_visit_before_an_old_one() -> None:
    desk = Desk().registered().on_site()
    assert field_visit(Case(), TECHNICIAN) is None
    assert field_visit(desk.case, COLLEAGUE) is None
    desk.do("visit.finish", FieldTime(), TECHNICIAN, minutes=40)
    done = field_visit(desk.case, TECHNICIAN)
    assert done is not None
    assert done.state is VisitState.DONE
    args = AssignVisit(incident_id="i1", technician_id=TECHNICIAN.id)
    desk.do("visit.assign", args, target="visit:v2")
    current = field_visit(desk.case, TECHNICIAN)
    assert current is not None
    assert current.id == "v2"
    desk.do("visit.cancel", Reason(reason="x"), target="visit:v2")
    assert field_visit(desk.case, TECHNICIAN) == done
