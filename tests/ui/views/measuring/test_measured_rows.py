"""The row of an item: the newest that is known of it, and what was before."""

from __future__ import annotations

import pytest
from measured_runs import HEALTHY, Measuring
from measuring_hands import (
    WAIT_MS,
    begin,
    heard,
    measure,
    row_of,
    script,
    show_visit,
    visit,
    wait_until_heard,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from stage import Stage, find

from fieldtech.diagnostics.outcome import not_measured
from fieldtech.domain.check_commands import AnswerCheck, WaiveCheck
from fieldtech.domain.words import CheckStatus
from fieldtech.services.measuring import Reason
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.check_item import CheckItemRow
from ui.widgets.segmented import SegmentedControl


def test_what_a_person_answers_after_a_stopped_run_is_what_is_shown(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring(hold=("dns",)))
    begin(panel)
    wait_until_heard(stage, panel, "router.gateway_loss", "Pass")
    stage.click(panel, "measure.stop")
    stage.laptop.machine.advance(5)
    args = AnswerCheck(item="router.gateway_loss", status=CheckStatus.FAIL, note="se pierde")
    stage.laptop.do("check.answer", "visit:v-onsite", args)
    panel.show_incident("onsite", "")
    stage.settle()
    said = heard(panel, "router.gateway_loss")
    assert "Fail. before: Pass, 0 %" in said
    assert "since" not in said, "it was measured before"
    control = row_of(panel, "router.gateway_loss").findChild(SegmentedControl)
    assert control is not None
    assert control.current == "fail"


def test_whoever_types_while_a_probe_is_at_work_goes_on_typing(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    row = find(panel, "check.internet.dns", CheckItemRow)
    row.set_open(True)
    _, note = row.findChildren(QLineEdit)
    begin(panel)
    wait_until_heard(stage, panel, "internet.dns", "Measuring")
    note.setFocus()
    QTest.keyClicks(note, "lento desde ayer")
    run.release.set()
    stage.settle()
    assert note.text() == "lento desde ayer"
    assert note.isEnabled()


def test_a_mandatory_item_that_could_not_be_measured_is_still_required(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring())
    stage.click(panel, "measure.all")
    assert "Required · Not measurable here" in heard(panel, "wifi.signal")


SPEED = "router.gateway_time"
NO_LINK = {
    probe: not_measured(Reason.NO_LINK) for probe in HEALTHY if probe not in {"link", "my_ip"}
}


def test_an_old_result_is_not_shown_as_today_s_once_a_run_could_not_tell(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring())
    measure(stage, panel, monkeypatch, Measuring({"link": {"lan.link": "down"}, **NO_LINK}))
    for _ in range(2):
        said = heard(panel, SPEED)
        assert "Not measurable here" in said
        assert "no link · before: Pass, 0.62 ms" in said
        measure(stage, panel, monkeypatch, Measuring({"link": {"lan.link": "down"}, **NO_LINK}))
    answer = visit(stage).answer(SPEED)
    assert answer is not None
    assert answer.status is CheckStatus.PASS
    assert "Required" not in heard(panel, SPEED), "it was answered once"


def test_a_quick_run_takes_nothing_from_what_only_a_full_one_measures(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Measuring({"bufferbloat": {"internet.bufferbloat": "12"}})
    measure(stage, panel, monkeypatch, full, "measure.full")
    assert "Pass. 12 ms" in heard(panel, "internet.bufferbloat")
    measure(stage, panel, monkeypatch, Measuring())
    assert "Pass. 12 ms" in heard(panel, "internet.bufferbloat")


def test_a_row_tells_the_run_just_before_in_words(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = {"captive_portal": not_measured(Reason.NO_REPLY)}
    measure(stage, panel, monkeypatch, Measuring(silent))
    said = heard(panel, "internet.portal")
    assert "Fail" in said
    assert "no reply" in said, "why it failed, once it is kept too"
    measure(stage, panel, monkeypatch, Measuring())
    assert "before: Fail, no reply" in heard(panel, "internet.portal")
    measure(stage, panel, monkeypatch, Measuring())
    assert "before:" not in heard(panel, "internet.portal"), "there is nothing new"


def test_the_run_before_is_the_last_one_and_not_the_last_with_a_value(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for time in ("5.5", "", "30"):
        found = {"router.gateway_time": time} if time else not_measured(Reason.NO_REPLY)
        measure(stage, panel, monkeypatch, Measuring({"gateway": found}))
    assert "Warning. 30 ms. before: Fail, no reply" in heard(panel, SPEED)


def test_what_was_measured_beside_a_persons_answer_is_told(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = WaiveCheck(item=SPEED, reason="el cliente no deja")
    stage.laptop.do("check.waive", "visit:v-onsite", args)
    measure(stage, panel, monkeypatch, Measuring())
    said = heard(panel, SPEED)
    assert "Waived" in said
    assert "measured since: Pass, 0.62 ms" in said


def test_measuring_again_keeps_the_keyboard_in_its_row(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    row = row_of(panel, "internet.dns")
    row.set_open(True)
    again = find(row, "check.repeat", QAbstractButton)
    again.setFocus()
    QTest.keyClick(again, Qt.Key.Key_Space)
    wait_until_heard(stage, panel, "internet.dns", "Measuring")
    stage.qtbot.waitUntil(lambda: again.text() == "Measuring…", timeout=WAIT_MS)
    assert again.hasFocus()
    QTest.keyClick(again, Qt.Key.Key_Space)
    run.release.set()
    stage.settle()
    stage.qtbot.waitUntil(lambda: again.text() == "Measure again", timeout=WAIT_MS)
    assert again.hasFocus()
    assert len(run.orders) == 1


def test_what_a_person_said_is_in_force_beside_a_run_that_is_not_kept(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = AnswerCheck(item="router.gateway_loss", status=CheckStatus.FAIL, note="se pierde")
    stage.laptop.do("check.answer", "visit:v-onsite", args)
    show_visit(stage, panel, "onsite")
    stage.laptop.machine.advance(60)
    script(monkeypatch, Measuring(hold=("dns",)))
    begin(panel)
    wait_until_heard(stage, panel, "router.gateway_loss", "Pass")
    stage.click(panel, "measure.stop")
    said = heard(panel, "router.gateway_loss")
    assert "Fail. not saved · measured since: Pass, 0 %" in said
    control = row_of(panel, "router.gateway_loss").findChild(SegmentedControl)
    assert control is not None
    assert control.current == "fail", "it is the answer in force"


def test_what_could_not_be_told_takes_no_answer_from_a_person(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = AnswerCheck(item=SPEED, status=CheckStatus.FAIL, value="48")
    stage.laptop.do("check.answer", "visit:v-onsite", args)
    measure(stage, panel, monkeypatch, Measuring({"gateway": not_measured(Reason.NO_GATEWAY)}))
    said = heard(panel, SPEED)
    assert "Fail. 48 ms" in said
    assert "measured since: Not measurable here" in said
    answer = visit(stage).answer(SPEED)
    assert answer is not None
    assert (answer.status, answer.value) == (CheckStatus.FAIL, "48")


def test_what_a_later_run_passed_by_is_dated(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Measuring({"bufferbloat": {"internet.bufferbloat": "900"}})
    measure(stage, panel, monkeypatch, full, "measure.full")
    assert "measured 4 Nov" not in heard(panel, "internet.bufferbloat")
    measure(stage, panel, monkeypatch, Measuring())
    assert "Fail. 900 ms. measured 4 Nov" in heard(panel, "internet.bufferbloat")
    assert "measured 4 Nov" not in heard(panel, "router.gateway_loss")
