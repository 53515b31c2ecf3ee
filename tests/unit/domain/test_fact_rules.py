"""Facts are kept, whatever has become of the visit meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from service_desk import (
    ADMIN,
    COLLEAGUE,
    DISPATCHER,
    FAR_DISPATCHER,
    SYSTEM,
    TECHNICIAN,
    Desk,
    at,
    restore_args,
)

from fieldtech.domain.check_commands import AnswerCheck, WaiveCheck
from fieldtech.domain.commands import (
    AddAttachment,
    AddNote,
    CloseIncident,
    FieldTime,
    MarkDuplicate,
    Reason,
    ReassignVisit,
    RecordRestoration,
    RecordTime,
    SwapEquipment,
)
from fieldtech.domain.facts import LateWork
from fieldtech.domain.words import CheckStatus, IncidentState, VisitState

PHOTO = AddAttachment(
    attachment_id="a1", kind="photo", name="rack.jpg", sha256="00ff", size=12, item="lan.cable"
)
PASSED = AnswerCheck(item="lan.cable", status=CheckStatus.PASS, value="-52 dBm")


def _reassigned() -> Desk:
    desk = Desk().registered().on_site()
    args = ReassignVisit(new_visit_id="v2", technician_id=COLLEAGUE.id, reason="Cambio")
    desk.do("visit.reassign", args, minutes=35)
    return desk


def test_notes_are_appended_under_the_commands_id() -> None:
    desk = Desk().registered()
    desk.do("incident.note", AddNote(text="Llamó de nuevo"), minutes=12)
    desk.do("incident.note", AddNote(text="Llamó otra vez"), minutes=13)
    assert [(note.id, note.text) for note in desk.incident().notes] == [
        ("op-2", "Llamó de nuevo"),
        ("op-3", "Llamó otra vez"),
    ]
    assert desk.refused("incident.note", AddNote(text=" \n")) == ("invalid", "text")


def test_an_answer_replaces_the_one_before_and_keeps_it() -> None:
    desk = Desk().registered().on_site()
    first = AnswerCheck(item="lan.cable", status=CheckStatus.FAIL, note="Conector roto")
    desk.do("check.answer", first, TECHNICIAN, minutes=31)
    desk.do("check.answer", PASSED, TECHNICIAN, minutes=45)
    visit = desk.visit()
    assert [answer.status for answer in visit.answers] == [CheckStatus.PASS]
    assert [answer.note for answer in visit.answer_history] == ["Conector roto"]
    assert visit.answers[0].at == at(45)


def test_an_item_the_template_does_not_have_is_kept_all_the_same() -> None:
    desk = Desk().registered().on_site()
    desk.do("check.answer", replace(PASSED, item="wifi.survey"), TECHNICIAN)
    assert desk.visit().answer("wifi.survey") is not None


def test_leaving_an_item_out_needs_a_reason() -> None:
    desk = Desk().registered().on_site()
    assert desk.refused("check.waive", WaiveCheck(item="lan.cable", reason=""), TECHNICIAN) == (
        "missing_reason",
        "reason",
    )
    waived = AnswerCheck(item="lan.cable", status=CheckStatus.WAIVED)
    assert desk.refused("check.answer", waived, TECHNICIAN) == ("missing_reason", "note")
    desk.do("check.answer", replace(waived, note="Sin llave"), TECHNICIAN)
    answer = desk.visit().answer("lan.cable")
    assert answer is not None
    assert (answer.status, answer.reason) == (CheckStatus.WAIVED, "Sin llave")


@pytest.mark.parametrize(
    ("name", "args", "field"),
    [
        ("check.answer", replace(PASSED, item=" "), "item"),
        ("check.waive", WaiveCheck(item="", reason="x"), "item"),
        ("visit.record_time", RecordTime(kind=" ", at=at(5)), "kind"),
        ("attachment.add", replace(PHOTO, attachment_id=""), "attachment_id"),
        ("attachment.add", replace(PHOTO, size=-1), "size"),
        (
            "equipment.swap",
            SwapEquipment(
                equipment_id="e1", old_serial="1", old_mac="", new_serial=" ", new_mac=""
            ),
            "new_serial",
        ),
    ],
)
def test_a_fact_that_says_nothing_is_refused(name: str, args: object, field: str) -> None:
    desk = Desk().registered().on_site()
    assert desk.refused(name, args, TECHNICIAN) == ("invalid", field)


def test_a_file_attached_twice_is_kept_once() -> None:
    desk = Desk().registered().on_site()
    desk.do("attachment.add", PHOTO, TECHNICIAN, target="visit:v1")
    answer = desk.do("attachment.add", PHOTO, TECHNICIAN, target="visit:v1")
    assert len(desk.incident().attachments) == 1
    assert [(entry.subject, entry.changes) for entry in answer.entries] == [("visit:v1", ())]
    desk.do("attachment.add", replace(PHOTO, sha256="11aa"), TECHNICIAN)
    assert len(desk.incident().attachments) == 2


def test_a_swap_is_kept() -> None:
    desk = Desk().registered().on_site()
    args = SwapEquipment(
        equipment_id="e1", old_serial="A1", old_mac="00:11", new_serial="B2", new_mac="00:22"
    )
    desk.do("equipment.swap", args, TECHNICIAN, minutes=40)
    swap = desk.incident().swaps[0]
    assert (swap.new_serial, swap.by, swap.at) == ("B2", TECHNICIAN.id, at(40))


def test_a_swap_made_before_the_reassignment_was_known_is_kept_as_late_work() -> None:
    desk = Desk().registered().on_site()
    away = ReassignVisit(new_visit_id="v2", technician_id=COLLEAGUE.id, reason="Turno")
    desk.do("visit.reassign", away, minutes=35)
    args = SwapEquipment(
        equipment_id="e1", old_serial="A1", old_mac="00:11", new_serial="B2", new_mac="00:22"
    )
    desk.do("equipment.swap", args, TECHNICIAN, minutes=40, expect={"state": "in_progress"})
    assert [swap.old_serial for swap in desk.incident().swaps] == ["A1"]
    (late,) = desk.incident().late_work
    assert (late.cmd, late.by, late.summary) == ("equipment.swap", TECHNICIAN.id, "equipment B2")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("incident.note", AddNote(text="Ya estaba terminado")),
        ("visit.record_time", RecordTime(kind="departure", at=at(50))),
        ("check.answer", PASSED),
        ("check.waive", WaiveCheck(item="sip.call", reason="Sin teléfono")),
        ("attachment.add", PHOTO),
        ("incident.record_restoration", RecordRestoration(restored_at=at(48))),
    ],
)
def test_on_a_reassigned_visit_a_fact_is_kept_and_listed_as_late_work(
    name: str, args: object
) -> None:
    desk = _reassigned()
    desk.do(name, args, TECHNICIAN, minutes=60)
    (late,) = desk.incident().late_work
    assert (late.visit_id, late.cmd, late.by, late.at) == ("v1", name, TECHNICIAN.id, at(60))
    assert late.summary


def test_late_answers_and_times_also_stand_on_the_old_visit() -> None:
    desk = _reassigned()
    desk.do("check.answer", PASSED, TECHNICIAN)
    desk.do("visit.record_time", RecordTime(kind="departure", at=at(50)), TECHNICIAN)
    assert desk.visit().answer("lan.cable") is not None
    assert desk.visit().times[-1].kind == "departure"
    assert desk.visit("v2").answers == ()


@pytest.mark.parametrize("name", ["visit.cancel", "visit.abandon"])
def test_work_on_a_visit_that_was_taken_away_is_late(name: str) -> None:
    desk = Desk().registered().on_site()
    desk.do(name, Reason(reason="x"), minutes=35)
    desk.do("check.answer", PASSED, TECHNICIAN, minutes=40)
    assert [late.cmd for late in desk.incident().late_work] == ["check.answer"]


def test_what_comes_after_the_closing_is_late() -> None:
    desk = Desk().registered().on_site().checked().restored(60, TECHNICIAN)
    desk.do("visit.finish", FieldTime(), TECHNICIAN, minutes=62)
    desk.do("attachment.add", PHOTO, TECHNICIAN, minutes=63)
    assert desk.incident().late_work == ()
    desk.do("incident.close", CloseIncident(), minutes=65)
    desk.do("attachment.add", replace(PHOTO, attachment_id="a2"), TECHNICIAN, minutes=70)
    desk.do("incident.note", AddNote(text="Cliente conforme"), minutes=71)
    assert [late.cmd for late in desk.incident().late_work] == ["attachment.add"]


def test_somebody_once_assigned_but_no_longer_in_the_case_is_heard() -> None:
    desk = Desk().registered()
    desk.do("incident.note", AddNote(text="Dejé el router"), COLLEAGUE)
    assert desk.incident().late_work == (
        LateWork(
            visit_id="",
            cmd="incident.note",
            at=at(10),
            by=COLLEAGUE.id,
            summary="Dejé el router",
        ),
    )
    answered = Desk().registered().assigned()
    answered.do("check.answer", PASSED, COLLEAGUE)
    assert answered.incident().late_work[0].visit_id == "v1"


def test_a_stranger_is_not_heard() -> None:
    desk = Desk().registered().assigned()
    desk.context = replace(desk.context, was_assigned=False)
    assert desk.refused("incident.note", AddNote(text="x"), COLLEAGUE) == ("not_assigned", "")
    assert desk.refused("check.answer", PASSED, COLLEAGUE) == ("not_assigned", "")
    desk.do("check.answer", PASSED, TECHNICIAN)


def test_who_reported_a_fault_adds_what_he_saw() -> None:
    desk = Desk().reported()
    desk.context = replace(desk.context, was_assigned=False)
    desk.do("attachment.add", PHOTO, TECHNICIAN)
    desk.do("incident.note", AddNote(text="El poste está caído"), TECHNICIAN)
    assert desk.incident().late_work == ()
    assert desk.refused("incident.note", AddNote(text="x"), COLLEAGUE)[0] == "not_assigned"
    desk.do("incident.reject", Reason(reason="Duplicado"))
    desk.do("incident.note", AddNote(text="Sigue caído"), TECHNICIAN)
    assert len(desk.incident().late_work) == 1


def test_the_desk_and_the_sweeper_write_facts_but_admins_and_far_desks_do_not() -> None:
    desk = Desk().registered().assigned()
    desk.do("incident.note", AddNote(text="x"), DISPATCHER)
    desk.do("incident.note", AddNote(text="x"), SYSTEM)
    desk.do("check.answer", PASSED, DISPATCHER)
    assert desk.incident().late_work == ()
    assert desk.refused("incident.note", AddNote(text="x"), ADMIN)[0] == "not_authorised"
    assert desk.refused("incident.note", AddNote(text="x"), FAR_DISPATCHER) == (
        "not_authorised",
        "monterrey",
    )


def test_a_recorded_restoration_waits_on_the_visit_for_the_transition() -> None:
    desk = Desk().registered().on_site()
    args = RecordRestoration(restored_at=at(58), uncertainty_s=4.0)
    desk.do("incident.record_restoration", args, TECHNICIAN, minutes=61)
    assert desk.incident().state is IncidentState.IN_PROGRESS
    assert desk.visit().times[-1].kind == "restoration"
    assert desk.incident().late_work == ()
    desk.checked()
    desk.do("incident.restore", restore_args(58, uncertainty_s=4.0), TECHNICIAN, minutes=62)
    kinds = [record.kind for record in desk.visit().times]
    assert kinds.count("restoration") == 1
    desk.do("incident.record_restoration", args, TECHNICIAN, minutes=63)
    assert desk.incident().late_work == ()


def test_a_refused_restoration_loses_no_fact_and_can_be_reissued() -> None:
    """The dispatcher cancels while the technician restores offline."""
    desk = Desk().registered().on_site().checked()
    desk.do("incident.cancel", Reason(reason="Cliente dio de baja"), minutes=45)
    refused = desk.refused("incident.restore", restore_args(50), TECHNICIAN, minutes=70)
    assert refused == ("not_assigned", "cancelled")
    args = RecordRestoration(restored_at=at(50), note="Quedó operando")
    desk.do("incident.record_restoration", args, TECHNICIAN, minutes=70)
    assert desk.incident().state is IncidentState.CANCELLED
    assert desk.visit().times[-1].at == at(50)
    (late,) = desk.incident().late_work
    assert late.summary == "restoration 2026-03-04T15:50:00+00:00 Quedó operando"


def test_a_restoration_refused_for_its_checklist_is_reissued() -> None:
    desk = Desk().registered().on_site()
    assert desk.refused("incident.restore", restore_args(50), TECHNICIAN)[0] == "missing_items"
    args = RecordRestoration(restored_at=at(50))
    desk.do("incident.record_restoration", args, TECHNICIAN, minutes=51)
    desk.checked()
    desk.do("incident.restore", restore_args(50), TECHNICIAN, minutes=55)
    assert desk.restoration().at == at(50)


def test_a_restoration_nobody_was_sent_for_is_for_review() -> None:
    desk = Desk().registered()
    desk.do("incident.record_restoration", RecordRestoration(restored_at=at(9)), DISPATCHER)
    assert desk.incident().late_work[0].cmd == "incident.record_restoration"
    paperwork = Desk().paperwork()
    paperwork.do("incident.record_restoration", RecordRestoration(restored_at=at(9)))
    assert len(paperwork.incident().late_work) == 1


def test_another_restoration_time_than_the_known_one_is_for_review() -> None:
    desk = Desk().registered().on_site().checked().restored(60, TECHNICIAN)
    args = RecordRestoration(restored_at=at(66))
    desk.do("incident.record_restoration", args, TECHNICIAN, minutes=70)
    assert desk.incident().late_work[0].cmd == "incident.record_restoration"
    assert desk.restoration().at == at(60)


def test_a_fact_reaches_a_merged_incident() -> None:
    desk = Desk().registered().on_site()
    original = replace(desk.incident(), id="i0")
    desk.case = replace(desk.case, original=original)
    desk.do("incident.mark_duplicate", MarkDuplicate(of="i0"), minutes=40)
    assert desk.visit().state is VisitState.CANCELLED
    desk.do("check.answer", PASSED, TECHNICIAN, minutes=41)
    assert len(desk.incident().late_work) == 1


def test_a_fact_needs_no_expectation() -> None:
    desk = Desk().registered().on_site()
    desk.do("check.answer", PASSED, TECHNICIAN, expect={"state": "assigned"})
