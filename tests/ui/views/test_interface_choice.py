"""Which interface is measured: offered, marked where there is no link, likely or chosen."""

from __future__ import annotations

import pytest
from measured_runs import Measuring
from measuring_hands import WAIT_MS, leave_out_the_machine, measure, open_checklist, show_visit
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from stage import Stage, find, pick

from fieldtech.services import machine
from fieldtech.services.machine import MeasurableInterface
from ui.views.technician import checklist_tab
from ui.views.technician.interface_choice import InterfaceChoice

CARD = MeasurableInterface(name="eth0", up=True)
OUT = MeasurableInterface(name="eth0", up=False)
RADIO = MeasurableInterface(name="wlan0", up=True)
LIKELY = MeasurableInterface(name="eth0", up=False, likely=True)


def texts(box: InterfaceChoice) -> list[str]:
    return [box.itemText(place) for place in range(box.count())]


@pytest.fixture
def box(stage: Stage) -> InterfaceChoice:
    made = InterfaceChoice()
    stage.qtbot.addWidget(made)
    return made


def test_a_card_without_a_link_is_marked(box: InterfaceChoice) -> None:
    box.offer((OUT, RADIO))
    assert texts(box) == ["Interface in use", "eth0 (no link)", "wlan0"]
    assert (box.interface, box.is_needed) == ("", True)


def test_of_one_interface_nothing_is_to_be_chosen(box: InterfaceChoice) -> None:
    box.offer((CARD,))
    assert not box.is_needed


def test_the_likely_one_stands_until_a_person_has_chosen(box: InterfaceChoice) -> None:
    box.offer((LIKELY, RADIO))
    assert box.interface == "eth0"
    box.offer((OUT, RADIO))
    assert box.interface == "", "it is likely no more"
    pick(box, "")
    box.offer((LIKELY, RADIO))
    assert box.interface == "", "that was a choice as well"


def test_an_interface_that_goes_stays_chosen(box: InterfaceChoice) -> None:
    box.offer((CARD, RADIO))
    pick(box, "wlan0")
    box.offer((CARD,))
    assert (box.interface, box.currentText()) == ("wlan0", "wlan0 (no link)")
    assert box.is_needed, "one can choose another"
    box.offer((CARD, RADIO))
    assert box.currentText() == "wlan0"


def test_the_wheel_scrolls_past_it(box: InterfaceChoice) -> None:
    box.offer((CARD, RADIO))
    here = QPointF(box.rect().center())
    turn = QWheelEvent(
        here,
        QPointF(box.mapToGlobal(here.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003  Qt's constructor
    )
    QApplication.sendEvent(box, turn)
    assert box.interface == ""


def test_the_checklist_measures_the_customers_interface(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "interfaces_to_measure", lambda _networks: (LIKELY, RADIO))
    panel = open_checklist(stage)
    assert find(panel, "measure.interface", InterfaceChoice).currentText() == "eth0 (no link)"
    leave_out_the_machine(monkeypatch)
    run = measure(stage, panel, monkeypatch, Measuring())
    assert run.orders[0].interface == "eth0"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_nothing_changes_under_whoever_is_just_choosing(box: InterfaceChoice, stage: Stage) -> None:
    box.offer((CARD, RADIO))
    box.show()
    box.showPopup()
    stage.qtbot.waitUntil(lambda: box.view().isVisible(), timeout=WAIT_MS)
    box.offer((OUT, RADIO))
    assert texts(box) == ["Interface in use", "eth0", "wlan0"]
    box.hidePopup()
    box.offer((OUT, RADIO))
    assert "eth0 (no link)" in texts(box)


def test_a_choice_is_of_its_visit_and_outlives_the_page(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "interfaces_to_measure", lambda _networks: (LIKELY, RADIO))
    panel = open_checklist(stage)
    pick(find(panel, "measure.interface", InterfaceChoice), "wlan0")
    show_visit(stage, panel, "minor")
    assert find(panel, "measure.interface", InterfaceChoice).interface == "eth0"
    show_visit(stage, panel, "onsite")
    assert find(panel, "measure.interface", InterfaceChoice).interface == "wlan0"
    again = open_checklist(stage)
    assert find(again, "measure.interface", InterfaceChoice).interface == "wlan0"


def test_an_adapter_that_is_plugged_in_later_is_offered(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [CARD]
    monkeypatch.setattr(machine, "interfaces_to_measure", lambda _networks: tuple(found))
    monkeypatch.setattr(checklist_tab, "LOOK_MS", 10)
    panel = open_checklist(stage)
    box = find(panel, "measure.interface", InterfaceChoice)
    assert box.isHidden(), "there is nothing to choose"
    found.append(RADIO)
    stage.qtbot.waitUntil(lambda: not box.isHidden(), timeout=WAIT_MS)
    panel.hide()
    stage.settle()
