"""The severity, changed away from the resolution: by a count or by hand, its effect shown first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMenu
from stage import Stage, find, pick

from fieldtech.domain.words import Severity
from ui.views.technician.visit_panel import VisitPanel

if TYPE_CHECKING:
    from field_office import FieldLaptop

    from fieldtech.domain.incident import Incident


@pytest.fixture
def panel(stage: Stage) -> VisitPanel:
    """The question is open on the visit at Cancún: a Falla Mayor of 40 users, all of them."""
    made = VisitPanel(stage.kit)
    made.show_incident("onsite", "")
    stage.show(made, 420)
    actions = [a for menu in made.findChildren(QMenu) for a in menu.actions()]
    next(a for a in actions if a.text() == "Change the severity").trigger()
    stage.settle()
    return made


def preview(panel: VisitPanel) -> str:
    label = find(panel, "reason.preview", QLabel)
    return label.text() if label.isVisible() else ""


def incident(laptop: FieldLaptop) -> Incident:
    detail = laptop.desk.cases.detail("onsite")
    assert detail is not None
    return detail.incident


def test_a_new_count_decides_by_the_rule(stage: Stage, panel: VisitPanel, ana: FieldLaptop) -> None:
    assert find(panel, "reason.text", QLineEdit).placeholderText() == "Users affected"
    assert preview(panel) == ""
    stage.type(panel, "reason.text", "4")
    assert preview(panel) == "Reclassified: Major fault, due 12:40 → Minor fault (10 %), due 14:40"
    stage.click(panel, "reason.save")
    decided = incident(ana).classification
    assert decided is not None
    assert (decided.severity, decided.affected, decided.overridden) == (Severity.MINOR, 4, False)


def test_what_is_no_count_is_said(stage: Stage, panel: VisitPanel, ana: FieldLaptop) -> None:
    stage.type(panel, "reason.text", "pocos")
    stage.click(panel, "reason.save")
    said = find(panel, "action.problem", QLabel).text()
    assert said == "The number of affected users is not possible."
    assert ana.waiting() == []


def test_by_hand_it_needs_its_reason_and_shows_both_deadlines(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    pick(find(panel, "reason.choice", QComboBox), "minor")
    stage.settle()
    assert preview(panel).startswith("Reclassified: Major fault, due 12:40 → Minor fault")
    stage.click(panel, "reason.save")
    assert ana.waiting() == []
    field = find(panel, "reason.text", QLineEdit)
    field.setFocus()
    QTest.keyClicks(field, "solo la caja")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    decided = incident(ana).classification
    assert decided is not None
    assert (decided.overridden, decided.reason) == (True, "solo la caja")


def test_a_desk_merges_what_is_the_same_fault(board_stage: Stage) -> None:
    """The other open incidents of the service are offered, and the earliest report governs."""
    made = VisitPanel(board_stage.kit)
    made.show_incident("run", "")
    board_stage.show(made, 420)
    actions = [a for menu in made.findChildren(QMenu) for a in menu.actions()]
    next(a for a in actions if a.text() == "It is the same fault as…").trigger()
    board_stage.settle()
    choice = find(made, "reason.choice", QComboBox)
    offered = [choice.itemData(n) for n in range(choice.count())]
    assert "breached" in offered
    assert "run" not in offered
    assert not find(made, "reason.text", QLineEdit).isVisible()
    pick(choice, "breached")
    board_stage.click(made, "reason.save")
    detail = board_stage.laptop.desk.cases.detail("run")
    assert detail is not None
    assert (detail.incident.state, detail.incident.duplicate_of) == ("duplicate", "breached")


def test_a_technician_merges_nothing(stage: Stage, panel: VisitPanel) -> None:
    assert "It is the same fault as…" not in [
        a.text() for menu in panel.findChildren(QMenu) for a in menu.actions()
    ]
    assert stage.laptop.waiting() == []
