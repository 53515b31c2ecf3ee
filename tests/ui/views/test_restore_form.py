"""The resolution: its effect is shown before it is saved, and a refusal says what is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import field_office
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from stage import Stage, double_click, find, pick, shown

from fieldtech.domain.commands import Reclassify
from ui.tasks.announcer import Changes
from ui.views.technician.visit_panel import VisitPanel

if TYPE_CHECKING:
    from field_office import FieldLaptop

    from fieldtech.domain.facts import Restoration


@pytest.fixture
def panel(stage: Stage) -> VisitPanel:
    """The form of the visit at Cancún, opened."""
    return open_form(stage, "onsite")


def open_form(stage: Stage, incident_id: str) -> VisitPanel:
    made = VisitPanel(stage.kit)
    made.show_incident(incident_id, "")
    stage.show(made, 420)
    stage.click(made, "action.incident.restore")
    return made


def fill(panel: VisitPanel) -> None:
    for name, code in (("cause", "lan_cabling"), ("solution", "cable_replaced")):
        pick(find(panel, f"restore.{name}", QComboBox), code)


def affect(stage: Stage, panel: VisitPanel, count: str) -> str:
    """Type a user count and read what it would change."""
    field = find(panel, "restore.affected", QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, count)
    stage.settle()
    return read(panel, "restore.preview")


def read(panel: VisitPanel, name: str) -> str:
    label = find(panel, name, QLabel)
    return label.text() if label.isVisible() else ""


def restoration(laptop: FieldLaptop, incident_id: str) -> Restoration:
    detail = laptop.desk.cases.detail(incident_id)
    assert detail is not None
    assert detail.incident.restoration is not None
    return detail.incident.restoration


def test_a_new_count_shows_both_deadlines_before_saving(stage: Stage, panel: VisitPanel) -> None:
    assert read(panel, "restore.preview") == "Major fault (100 %) · due 12:40"
    assert affect(stage, panel, "4") == (
        "Reclassified: Major fault, due 12:40 → Minor fault (10 %), due 14:40"
    )
    assert affect(stage, panel, "10") == "Major fault (25 %) · due 12:40"
    assert affect(stage, panel, "41").startswith("More users affected than there are")
    assert affect(stage, panel, "x") == ""
    assert stage.laptop.waiting() == []


def test_the_reclassification_is_saved_with_the_restoration(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    ana.answer_mandatory("onsite")
    fill(panel)
    affect(stage, panel, "4")
    stage.click(panel, "restore.submit")
    detail = ana.desk.cases.detail("onsite")
    assert detail is not None
    assert [c.severity.value for c in detail.incident.classifications] == ["major", "minor"]
    due = detail.incident.clocks.restoration.due
    assert due == field_office.NOW - timedelta(minutes=20) + timedelta(hours=4)


def test_a_count_nobody_typed_decides_nothing(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    """The desk may have counted anew since the form was opened."""
    ana.answer_mandatory("onsite")
    fill(panel)
    assert find(panel, "restore.affected", QLineEdit).text() == "40"
    stage.click(panel, "restore.submit")
    assert restoration(ana, "onsite").affected is None
    detail = ana.desk.cases.detail("onsite")
    assert detail is not None
    assert len(detail.incident.classifications) == 1


def test_a_count_from_elsewhere_shows_until_one_types_ones_own(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    ana.do("incident.reclassify", "incident:onsite", Reclassify(affected=12))
    stage.kit.announcer.announce(Changes(incidents=frozenset({"onsite"})))
    stage.settle()
    field = find(panel, "restore.affected", QLineEdit)
    assert field.text() == "12"
    affect(stage, panel, "13")
    ana.do("incident.reclassify", "incident:onsite", Reclassify(affected=14))
    stage.kit.announcer.announce(Changes(incidents=frozenset({"onsite"})))
    stage.settle()
    assert field.text() == "13"


def test_missing_items_are_named_until_they_are_answered(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    said = find(panel, "restore.missing", QLabel)
    assert "to answer or waive" in said.text()
    assert "Cable and ports" in said.toolTip()
    assert "Signal (RSSI)" in said.accessibleDescription()
    fill(panel)
    stage.click(panel, "restore.submit")
    assert not shown(panel, "restore.problem")
    assert shown(panel, "restore.checklist")

    ana.answer_mandatory("onsite")
    stage.kit.announcer.announce(Changes(incidents=frozenset({"onsite"})))
    stage.settle()
    assert not shown(panel, "restore.missing")
    assert not shown(panel, "restore.checklist")
    stage.click(panel, "restore.submit")
    assert ana.waiting()[-1] == "incident.restore"
    assert not shown(panel, "restore.submit")
    assert shown(panel, "action.visit.finish")


def test_the_time_shown_is_the_time_kept(stage: Stage, panel: VisitPanel, ana: FieldLaptop) -> None:
    field = find(panel, "restore.time", QDateTimeEdit)
    assert field.dateTime().toString("HH:mm") == "11:00"
    stage.tick(150)
    assert field.dateTime().toString("HH:mm") == "11:02"
    ana.answer_mandatory("onsite")
    fill(panel)
    stage.click(panel, "restore.submit")
    assert restoration(ana, "onsite").at == field_office.NOW + timedelta(seconds=150)


def test_the_time_is_the_sites(stage: Stage, ana: FieldLaptop) -> None:
    ana.do_on_visit("minor", "visit.accept", "visit.start_travel", "visit.arrive")
    ana.answer_mandatory("minor")
    panel = open_form(stage, "minor")
    field = find(panel, "restore.time", QDateTimeEdit)
    assert field.dateTime().toString("yyyy-MM-dd HH:mm") == "2026-11-04 08:00"
    field.setDateTime(field.dateTime().addSecs(-15 * 60))
    fill(panel)
    stage.click(panel, "restore.submit")
    assert restoration(ana, "minor").at == datetime(2026, 11, 4, 15, 45, tzinfo=UTC)


def test_a_time_nobody_touched_is_the_moment_of_saving(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    ana.answer_mandatory("onsite")
    fill(panel)
    stage.tick(90)
    stage.click(panel, "restore.submit")
    assert restoration(ana, "onsite").at == field_office.NOW + timedelta(seconds=90)


def test_a_time_to_come_is_refused(stage: Stage, panel: VisitPanel, ana: FieldLaptop) -> None:
    ana.answer_mandatory("onsite")
    fill(panel)
    field = find(panel, "restore.time", QDateTimeEdit)
    field.setDateTime(field.dateTime().addSecs(3600))
    stage.click(panel, "restore.submit")
    assert read(panel, "restore.problem") == "The time lies in the future."
    assert "incident.restore" not in ana.waiting()


def test_nothing_is_sent_without_attribution_or_with_a_senseless_count(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    ana.answer_mandatory("onsite")
    stage.click(panel, "restore.submit")
    assert read(panel, "restore.problem") == "Say whose infrastructure failed."
    fill(panel)
    affect(stage, panel, "muchos")
    stage.click(panel, "restore.submit")
    assert read(panel, "restore.problem") == "The number of affected users is not possible."
    assert "incident.restore" not in ana.waiting()


def test_a_cause_suggests_whose_it_is_and_never_overrules(panel: VisitPanel) -> None:
    cause = find(panel, "restore.cause", QComboBox)
    attribution = find(panel, "restore.attribution", QComboBox)
    pick(cause, "lan_cabling")
    assert attribution.currentData() == "customer"
    pick(attribution, "ally")
    pick(cause, "fiber_cut")
    assert attribution.currentData() == "ally"
    offered = [attribution.itemData(i) for i in range(attribution.count())]
    assert "planned" not in offered
    assert "undetermined" in offered


def test_a_double_click_restores_once(stage: Stage, panel: VisitPanel, ana: FieldLaptop) -> None:
    ana.answer_mandatory("onsite")
    fill(panel)
    before = len(ana.waiting())
    submit = find(panel, "restore.submit", QAbstractButton)
    double_click(submit)
    stage.settle()
    assert ana.waiting()[before:] == ["incident.restore"]


def test_the_keyboard_goes_on_with_the_next_step(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    ana.answer_mandatory("onsite")
    fill(panel)
    submit = find(panel, "restore.submit", QAbstractButton)
    submit.setFocus()
    QTest.keyClick(submit, Qt.Key.Key_Space)
    stage.settle()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "action.visit.finish"


def test_the_wheel_scrolls_the_form_and_changes_no_answer(panel: VisitPanel) -> None:
    fill(panel)
    find(panel, "restore.note", QPlainTextEdit).setFocus()
    for name in ("cause", "solution", "attribution", "time"):
        field = find(panel, f"restore.{name}", QWidget)
        before = _value(field)
        middle = QPointF(field.rect().center())
        event = QWheelEvent(
            middle,
            field.mapToGlobal(middle),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,  # noqa: FBT003  not inverted
        )
        QApplication.sendEvent(field, event)
        assert _value(field) == before


def _value(field: QWidget) -> object:
    if isinstance(field, QComboBox):
        return field.currentData()
    assert isinstance(field, QDateTimeEdit)
    return field.dateTime()
