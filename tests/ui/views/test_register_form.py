"""Registering by telephone: found, judged and acknowledged from the keyboard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import field_office
import pytest
from board_hands import choose, newest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDateTimeEdit,
    QLabel,
    QLineEdit,
    QListWidget,
)
from stage import Stage, double_click, find, pick, shown

from fieldtech.errors import EnvironmentProblem
from fieldtech.services.dispatch import DispatchService
from ui.views.dispatcher.register_form import RegisterForm

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office


@pytest.fixture
def form(board_stage: Stage) -> RegisterForm:
    """The empty form."""
    made = RegisterForm(board_stage.kit)
    board_stage.show(made, 440, 900)
    made.open()
    board_stage.settle()
    return made


def read(form: RegisterForm, name: str) -> str:
    label = find(form, f"register.{name}", QLabel)
    return label.text() if label.isVisible() else ""


@pytest.mark.parametrize("text", ["Cliente Tij", "calle primera", "Sucursal Tijuana"])
def test_a_service_is_found_by_what_the_caller_says(
    board_stage: Stage, form: RegisterForm, text: str
) -> None:
    board_stage.type(form, "register.search", text)
    results = find(form, "register.results", QListWidget)
    texts = [results.item(row).text() for row in range(results.count())]
    assert any(found.startswith("Cliente Tijuana · Internet dedicado") for found in texts)


def test_enter_before_the_answer_takes_what_is_found_then(
    board_stage: Stage, form: RegisterForm
) -> None:
    field = find(form, "register.search", QLineEdit)
    field.setFocus()
    QTest.keyClicks(field, "Cliente Tij")
    QTest.keyClick(field, Qt.Key.Key_Return)
    board_stage.settle()
    assert find(form, "register.results", QListWidget).currentRow() == 0
    assert find(form, "register.title", QLineEdit).hasFocus()


def test_the_rule_is_told_while_one_types(board_stage: Stage, form: RegisterForm) -> None:
    choose(board_stage, form, "Cliente zap")
    board_stage.type(form, "register.affected", "4")
    assert read(form, "preview") == ("Minor fault (10 %): response 30 min, restoration 4 h 0 min")
    board_stage.type(form, "register.affected", "0")
    assert read(form, "preview") == ("Major fault (100 %): response 15 min, restoration 2 h 0 min")
    board_stage.type(form, "register.affected", "0")
    assert read(form, "preview") == ""
    assert find(form, "register.affected", QLineEdit).placeholderText() == "of 40"


def test_a_severity_by_hand_shows_its_own_times(board_stage: Stage, form: RegisterForm) -> None:
    choose(board_stage, form, "Cliente zap")
    severity = find(form, "register.severity", QComboBox)
    pick(severity, "minor")
    board_stage.settle()
    assert read(form, "preview") == "Minor fault: response 30 min, restoration 4 h 0 min"
    board_stage.type(form, "register.affected", "4")
    assert read(form, "preview") == "Minor fault (10 %): response 30 min, restoration 4 h 0 min"
    pick(severity, "major")
    board_stage.settle()
    assert read(form, "preview") == (
        "Major fault (10 %): response 15 min, restoration 2 h 0 min."
        " By hand: the rule says Minor fault."
    )
    board_stage.type(form, "register.search", "x")
    assert read(form, "preview") == "", "no service is chosen any more"


def test_an_open_incident_of_the_same_service_is_warned_of(
    board_stage: Stage, form: RegisterForm, dora: FieldLaptop
) -> None:
    choose(board_stage, form, "Cliente Tij")
    minor = dora.desk.cases.detail("minor")
    assert minor is not None
    assert read(form, "duplicate") == (
        f"This service already has an open incident: {minor.incident.number}"
    )


def test_saving_registers_and_acknowledges(
    board_stage: Stage, form: RegisterForm, dora: FieldLaptop, office: Office
) -> None:
    choose(board_stage, form, "Cliente Tij")
    board_stage.type(form, "register.title", "Sin tono")
    board_stage.type(form, "register.affected", "12")
    pick(find(form, "register.channel", QComboBox), "whatsapp")
    with board_stage.qtbot.waitSignal(form.closed):
        board_stage.click(form, "register.submit")
    incident = newest(dora)
    assert (incident.title, incident.channel, incident.region_id) == ("Sin tono", "whatsapp", "tij")
    assert incident.acknowledged_at == field_office.NOW
    assert incident.clocks.response.state.value == "met"
    assert incident.severity is not None
    assert incident.severity.value == "major"
    assert dora.desk.drafts.load("register") is None
    board_stage.sync(office)
    assert dora.desk.sync.outbox() == ()
    known = dora.desk.cases.detail(incident.id)
    assert known is not None
    assert known.incident.number.startswith("INC-")


def test_the_time_of_the_call_is_the_sites(
    board_stage: Stage, form: RegisterForm, dora: FieldLaptop
) -> None:
    field = find(form, "register.notified", QDateTimeEdit)
    assert field.dateTime().toString("HH:mm") == "10:00"
    choose(board_stage, form, "Cliente Tij")
    assert field.dateTime().toString("HH:mm") == "08:00"
    field.setDateTime(field.dateTime().addSecs(-20 * 60))
    board_stage.type(form, "register.title", "Sin tono")
    board_stage.type(form, "register.affected", "12")
    board_stage.click(form, "register.submit")
    incident = newest(dora)
    assert incident.notified_at == datetime(2026, 11, 4, 15, 40, tzinfo=UTC)
    # Twenty minutes from the call to the acknowledgement: more than the fifteen of a major fault.
    assert incident.clocks.response.state.value == "missed"


def test_writing_it_down_is_part_of_the_response(
    board_stage: Stage, form: RegisterForm, dora: FieldLaptop
) -> None:
    board_stage.laptop.machine.advance(16 * 60)
    choose(board_stage, form, "Cliente Tij")
    assert find(form, "register.notified", QDateTimeEdit).dateTime().toString("HH:mm") == "08:00"
    board_stage.type(form, "register.title", "Sin tono")
    board_stage.type(form, "register.affected", "12")
    board_stage.click(form, "register.submit")
    incident = newest(dora)
    assert incident.notified_at == field_office.NOW
    assert incident.acknowledged_at == field_office.NOW + timedelta(minutes=16)
    assert incident.clocks.response.state.value == "missed"


def test_an_hour_by_hand_has_no_seconds_that_nobody_sees(
    board_stage: Stage, form: RegisterForm, dora: FieldLaptop
) -> None:
    board_stage.laptop.machine.advance(45)
    form.open()
    field = find(form, "register.notified", QDateTimeEdit)
    field.setDateTime(field.dateTime().addSecs(-5 * 60))
    choose(board_stage, form, "Cliente Tij")
    board_stage.type(form, "register.title", "Sin tono")
    board_stage.type(form, "register.affected", "12")
    board_stage.click(form, "register.submit")
    assert newest(dora).notified_at == field_office.NOW - timedelta(minutes=5)


def test_what_was_left_unfinished_keeps_its_time_until_it_is_another_call(
    board_stage: Stage, form: RegisterForm
) -> None:
    board_stage.type(form, "register.title", "Sin tono")
    board_stage.click(form, "register.back")
    board_stage.laptop.machine.advance(30 * 60)
    form.open()
    board_stage.settle()
    field = find(form, "register.notified", QDateTimeEdit)
    title = find(form, "register.title", QLineEdit)
    assert (field.dateTime().toString("HH:mm"), title.text()) == ("10:00", "Sin tono")
    board_stage.click(form, "register.anew")
    assert (field.dateTime().toString("HH:mm"), title.text()) == ("10:30", "")
    assert board_stage.laptop.desk.drafts.load("register") is None


def test_a_severity_by_hand_wants_its_reason(
    board_stage: Stage, form: RegisterForm, dora: FieldLaptop
) -> None:
    choose(board_stage, form, "Cliente zap")
    board_stage.type(form, "register.title", "Lento")
    board_stage.type(form, "register.affected", "2")
    assert not shown(form, "register.reason")
    pick(find(form, "register.severity", QComboBox), "major")
    assert shown(form, "register.reason")
    board_stage.click(form, "register.submit")
    assert read(form, "problem") == "The rule says otherwise: give a reason."
    board_stage.type(form, "register.reason", "hospital")
    board_stage.click(form, "register.submit")
    current = newest(dora).classification
    assert current is not None
    assert (current.severity.value, current.overridden, current.reason) == (
        "major",
        True,
        "hospital",
    )


def test_what_is_missing_is_said(board_stage: Stage, form: RegisterForm, dora: FieldLaptop) -> None:
    board_stage.click(form, "register.submit")
    assert read(form, "problem") == "Choose the service and say what is wrong."
    choose(board_stage, form, "Cliente zap")
    board_stage.type(form, "register.title", "Lento")
    board_stage.type(form, "register.affected", "muchos")
    board_stage.click(form, "register.submit")
    assert read(form, "problem") == "The number of affected users is not possible."
    field = find(form, "register.affected", QLineEdit)
    field.clear()
    board_stage.type(form, "register.affected", "99")
    board_stage.click(form, "register.submit")
    assert read(form, "problem").startswith("More users affected than there are")
    assert dora.waiting() == []


def test_paperwork_has_no_clock(board_stage: Stage, form: RegisterForm, dora: FieldLaptop) -> None:
    choose(board_stage, form, "Cliente zap")
    board_stage.type(form, "register.title", "Factura duplicada")
    board_stage.type(form, "register.affected", "12")
    assert read(form, "preview")
    pick(find(form, "register.kind", QComboBox), "administrative")
    board_stage.settle()
    assert read(form, "preview") == ""
    assert not shown(form, "register.severity")
    assert not shown(form, "register.affected")
    board_stage.click(form, "register.submit")
    incident = newest(dora)
    assert incident.kind.value == "administrative"
    assert incident.clocks.restoration.due is None


def test_a_double_click_registers_once(
    board_stage: Stage, form: RegisterForm, dora: FieldLaptop
) -> None:
    choose(board_stage, form, "Cliente zap")
    board_stage.type(form, "register.title", "Lento")
    board_stage.type(form, "register.affected", "2")
    double_click(find(form, "register.submit", QAbstractButton))
    board_stage.settle()
    assert dora.waiting() == ["incident.register"]


def test_a_full_disk_gives_the_button_back(
    board_stage: Stage, form: RegisterForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(board_stage, form, "Cliente zap")
    board_stage.type(form, "register.title", "Lento")
    board_stage.type(form, "register.affected", "2")

    def full(*_: object, **__: object) -> None:
        raise EnvironmentProblem("The disk is full.", code="disk_full")

    monkeypatch.setattr(DispatchService, "register", full)
    board_stage.click(form, "register.submit")
    assert [str(error) for error in board_stage.failures] == ["The disk is full."]
    board_stage.failures.clear()
    assert find(form, "register.submit", QAbstractButton).isEnabled()
    assert find(form, "register.title", QLineEdit).text() == "Lento"
