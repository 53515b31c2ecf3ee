"""The checklist: answered by hand, judged by its limits, and never in the technician's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTabBar
from stage import Stage, button, find

from fieldtech.domain.words import CheckStatus
from fieldtech.services.cases import CaseService
from fieldtech.services.values import Refused
from ui.views.technician import checklist_tab
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.check_header import CheckHeader
from ui.widgets.check_item import CheckItemRow

if TYPE_CHECKING:
    from field_office import Office

    from fieldtech.domain.facts import Answer

FACTS = {"lan.ip": "192.168.1.40", "lan.speed": "100", "lan.duplex": "full"}


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own interfaces are not the test's business."""
    monkeypatch.setattr(checklist_tab, "_measured_facts", lambda: FACTS)


@pytest.fixture
def panel(stage: Stage) -> VisitPanel:
    """The checklist of the visit at Cancún."""
    made = VisitPanel(stage.kit)
    made.show_incident("onsite", "")
    stage.show(made, 420, 768)
    made.open_tab(1)
    stage.settle()
    return made


def row(panel: VisitPanel, item: str) -> CheckItemRow:
    return find(panel, f"check.{item}", CheckItemRow)


def unfold(panel: VisitPanel, item: str) -> tuple[QLineEdit, QLineEdit]:
    """Open a row; return its value and its note."""
    row(panel, item).set_open(True)
    value, note = row(panel, item).findChildren(QLineEdit)
    return value, note


def heard(panel: VisitPanel, item: str) -> str:
    """What a screen reader says of a row."""
    return find(row(panel, item), "", CheckHeader).accessibleName()


def answer(stage: Stage, item: str) -> Answer:
    detail = stage.laptop.desk.cases.detail("onsite")
    assert detail is not None
    assert detail.visit is not None
    found = detail.visit.answer(item)
    assert found is not None
    return found


def press(stage: Stage, panel: VisitPanel, item: str, text: str) -> None:
    QTest.mouseClick(button(row(panel, item), text), Qt.MouseButton.LeftButton)
    stage.settle()


def progress(panel: VisitPanel) -> str:
    return find(panel, "visit.tabs", QTabBar).tabText(1)


def test_an_answer_is_kept_with_its_note_and_counted(stage: Stage, panel: VisitPanel) -> None:
    assert progress(panel) == "Checklist 0/30"
    assert "Required" in heard(panel, "lan.cable")
    _, note = unfold(panel, "lan.cable")
    QTest.keyClicks(note, "roseta floja")
    press(stage, panel, "lan.cable", "Warning")
    kept = answer(stage, "lan.cable")
    assert (kept.status, kept.note, kept.source) == (CheckStatus.WARN, "roseta floja", "person")
    assert progress(panel) == "Checklist 1/30"
    assert "Warning" in heard(panel, "lan.cable")
    assert not row(panel, "lan.cable").is_open


def test_items_of_other_services_are_not_asked(panel: VisitPanel) -> None:
    asked = [each.key for each in panel.findChildren(CheckItemRow)]
    assert "wifi.signal" in asked
    assert not [key for key in asked if key.startswith("sip.")]


@pytest.mark.parametrize(
    ("item", "value", "status"),
    [
        ("wifi.signal", "-60", CheckStatus.PASS),
        ("wifi.signal", "-80", CheckStatus.FAIL),
        ("router.gateway_loss", "0", CheckStatus.PASS),
        ("internet.mtu", "1300", CheckStatus.WARN),
        ("router.wan_ip", "100.64.3.2", CheckStatus.WARN),
        ("internet.public_ip", "192.168.0.9", CheckStatus.FAIL),
        ("lan.duplex", "half", CheckStatus.FAIL),
    ],
)
def test_a_typed_value_is_judged_on_enter(
    stage: Stage, panel: VisitPanel, item: str, value: str, status: CheckStatus
) -> None:
    field, _ = unfold(panel, item)
    field.clear()
    QTest.keyClicks(field, value)
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    kept = answer(stage, item)
    assert (kept.status, kept.value) == (status, value)


@pytest.mark.parametrize("written", ["WPA2", "wpa2"])
def test_a_choice_is_kept_by_its_value_however_it_is_written(
    stage: Stage, panel: VisitPanel, written: str
) -> None:
    assert "WPA3 / WPA2 / Enhanced open (OWE) / WPA1 / WEP / Open" in heard(panel, "wifi.security")
    field, _ = unfold(panel, "wifi.security")
    QTest.keyClicks(field, written)
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    kept = answer(stage, "wifi.security")
    assert (kept.status, kept.value) == (CheckStatus.PASS, "wpa2")
    assert row(panel, "wifi.security").value == "WPA2"


def test_a_value_without_a_limit_waits_for_a_verdict(stage: Stage, panel: VisitPanel) -> None:
    field, _ = unfold(panel, "internet.speed")
    QTest.keyClicks(field, "87")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    assert stage.laptop.waiting() == []
    press(stage, panel, "internet.speed", "Pass")
    assert answer(stage, "internet.speed").value == "87"
    assert "87 Mbps" in heard(panel, "internet.speed")


def test_a_value_that_means_nothing_is_said_and_kept_in_the_field(
    stage: Stage, panel: VisitPanel
) -> None:
    field, _ = unfold(panel, "wifi.signal")
    QTest.keyClicks(field, "buena")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    assert stage.laptop.waiting() == []
    assert field.text() == "buena"
    assert _said(panel) == ["This value has no verdict of its own: choose the result."]


def test_to_waive_needs_a_reason(stage: Stage, panel: VisitPanel) -> None:
    _, note = unfold(panel, "wifi.signal")
    press(stage, panel, "wifi.signal", "Waive")
    assert stage.laptop.waiting() == []
    assert _said(panel) == ["To waive an item, write the reason into its note first."]
    assert note.hasFocus()
    QTest.keyClicks(note, "sin WiFi en el sitio")
    press(stage, panel, "wifi.signal", "Waive")
    kept = answer(stage, "wifi.signal")
    assert (kept.status, kept.reason) == (CheckStatus.WAIVED, "sin WiFi en el sitio")
    assert "Waived" in heard(panel, "wifi.signal")
    assert _said(panel) == []


def test_only_mandatory_items_can_be_waived(panel: VisitPanel) -> None:
    unfold(panel, "wifi.snr")
    waive = [b for b in row(panel, "wifi.snr").findChildren(QAbstractButton) if b.text() == "Waive"]
    assert waive
    assert not any(b.isVisible() for b in waive)


def test_not_applicable_answers_a_mandatory_item(stage: Stage, panel: VisitPanel) -> None:
    unfold(panel, "router.state")
    press(stage, panel, "router.state", "Not applicable")
    assert answer(stage, "router.state").status is CheckStatus.NOT_APPLICABLE
    assert "Not applicable" in heard(panel, "router.state")


def test_the_machine_fills_in_what_it_sees_and_judges_nothing(
    stage: Stage, panel: VisitPanel
) -> None:
    assert row(panel, "lan.ip").value == "192.168.1.40"
    assert "100 Mbps" in heard(panel, "lan.speed")
    assert "Full" in heard(panel, "lan.duplex")
    assert stage.laptop.waiting() == []
    field, _ = unfold(panel, "lan.speed")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    kept = answer(stage, "lan.speed")
    assert (kept.status, kept.value) == (CheckStatus.WARN, "100")


def test_a_refresh_keeps_the_open_row_and_what_is_typed_in_it(
    stage: Stage, panel: VisitPanel, office: Office
) -> None:
    field, note = unfold(panel, "wifi.signal")
    field.setFocus()
    QTest.keyClicks(field, "-7")
    QTest.keyClicks(note, "lejos")
    field.setFocus()
    args = {"item": "lan.cable", "status": "pass"}
    told = office.desk_of("ana").do("check.answer", "visit:v-onsite", **args)
    assert told["status"] == "applied"
    stage.sync(office)
    assert "Pass" in heard(panel, "lan.cable")
    assert row(panel, "wifi.signal").is_open
    assert (field.text(), note.text()) == ("-7", "lejos")
    QTest.keyClicks(field, "1")
    assert row(panel, "wifi.signal").value == "-71"


def test_one_row_is_open_at_a_time(panel: VisitPanel) -> None:
    unfold(panel, "lan.cable")
    unfold(panel, "router.state")
    assert not row(panel, "lan.cable").is_open
    assert row(panel, "router.state").is_open


def test_a_refused_answer_is_said_in_its_row(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = Refused(code="not_assigned")
    monkeypatch.setattr(CaseService, "do", lambda *_, **_kw: refused)
    unfold(panel, "lan.cable")
    press(stage, panel, "lan.cable", "Pass")
    assert _said(panel) == ["This visit is no longer yours. Facts are kept."]
    assert row(panel, "lan.cable").is_open


def test_an_incident_without_a_visit_says_so(board_stage: Stage) -> None:
    made = VisitPanel(board_stage.kit)
    made.show_incident("free", "")
    board_stage.show(made, 420)
    made.open_tab(1)
    texts = [label.text() for label in made.findChildren(QLabel) if label.isVisible()]
    assert "There is no checklist for this incident." in texts
    assert progress(made) == "Checklist"


def _said(panel: VisitPanel) -> list[str]:
    """The complaint in a row, if any."""
    return [
        label.text()
        for label in panel.findChildren(QLabel, "check.problem")
        if label.isVisible() and label.text()
    ]
