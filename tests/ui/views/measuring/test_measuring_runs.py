"""A run outlives pages and not its seat: stopped, refused, kept later, never lost unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from measured_runs import DEAD, Measuring
from measuring_hands import (
    WAIT_MS,
    begin,
    causes,
    heard,
    measure,
    repeat,
    row_of,
    script,
    show_visit,
    text,
    visit,
    wait_until_heard,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from stage import Stage, find

from fieldtech.clock import Clock
from fieldtech.errors import EnvironmentProblem
from fieldtech.services.measured import Report
from fieldtech.services.measuring import MeasuringService, Order
from fieldtech.services.values import Refused
from ui.views.technician.checklist_tab import ChecklistTab
from ui.views.technician.measuring import end_run, run_of
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.check_item import CheckItemRow
from ui.widgets.segmented import SegmentedControl


class Heeded(Measuring):
    """Remembers what each run was to be ended by."""

    def __init__(self, *, hold: tuple[str, ...] = ()) -> None:
        super().__init__(hold=hold)
        self.cancels: list[Event] = []

    def __call__(self, order: Order, clock: Clock, **more: Any) -> Report:
        self.cancels.append(more["cancel"])
        return super().__call__(order, clock, **more)


@contextmanager
def full_disk(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing can be kept meanwhile, and the window tells of it."""
    full = EnvironmentProblem("The disk is full.", code="disk_full")

    def refuses(*_: object) -> None:
        raise full

    with monkeypatch.context() as patched:
        patched.setattr(type(stage.laptop.desk.store.shelf), "put_bytes", refuses)
        yield
    assert set(stage.failures) == {full}
    stage.failures.clear()


@contextmanager
def refused(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The visit is somebody else's by now."""
    with monkeypatch.context() as patched:
        patched.setattr(MeasuringService, "keep", lambda *_: Refused(code="not_yours"))
        yield


def test_a_run_can_be_stopped_and_is_then_not_kept(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring(hold=("dns",)))
    begin(panel)
    wait_until_heard(stage, panel, "router.gateway_loss", "Pass")
    stage.click(panel, "measure.stop")
    assert visit(stage).measurements == ()
    assert "Pass" in heard(panel, "router.gateway_loss"), "what was found stays to be read"
    assert not find(panel, "measure.all", QWidget).isHidden()
    assert text(panel, "measure.progress") == "Stopped: nothing of it is kept."
    assert "not saved" in heard(panel, "router.gateway_loss")


def test_another_visit_on_the_screen_takes_nothing_from_a_run(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    begin(panel)
    stage.qtbot.waitUntil(lambda: bool(run.orders), timeout=WAIT_MS)
    panel.show_incident("minor", "")
    begins = find(panel, "measure.all", QWidget)
    stage.qtbot.waitUntil(lambda: not begins.isEnabled(), timeout=WAIT_MS)
    run.release.set()
    stage.settle()
    assert causes(stage) == ["healthy"]


def test_a_window_that_is_built_anew_finds_the_run_that_is_under_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    first, again = VisitPanel(stage.kit), VisitPanel(stage.kit)
    first.show_incident("onsite", "")
    first.show()
    first.open_tab(1)
    stage.settle()
    begin(first)
    wait_until_heard(stage, first, "router.gateway_loss", "Pass")
    first.deleteLater()
    again.resize(480, 768)
    stage.qtbot.addWidget(again)
    again.show_incident("onsite", "")
    again.show()
    again.open_tab(1)
    stage.qtbot.waitUntil(lambda: bool(again.findChildren(CheckItemRow)), timeout=WAIT_MS)
    wait_until_heard(stage, again, "internet.dns", "Measuring")
    run.release.set()
    stage.settle()
    assert causes(stage) == ["healthy"]
    wait_until_heard(stage, again, "internet.dns", "Pass")
    assert len(run.orders) == 1


def test_a_run_that_the_disk_did_not_take_can_be_kept_again(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_disk(stage, monkeypatch):
        measure(stage, panel, monkeypatch, Measuring())
    assert text(panel, "measure.problem") == "This measurement is not kept."
    assert visit(stage).measurements == ()
    stage.click(panel, "measure.keep")
    assert causes(stage) == ["healthy"]
    assert text(panel, "measure.problem") == ""


def test_ending_the_program_ends_the_run(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Heeded(hold=("dns",))
    script(monkeypatch, run)
    begin(panel)
    stage.qtbot.waitUntil(lambda: bool(run.orders), timeout=WAIT_MS)
    stage.runner.shutdown()
    assert [each.is_set() for each in run.cancels] == [True]
    assert causes(stage) == []


def test_stopped_is_said_beside_an_older_verdict(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring())
    stage.laptop.machine.advance(60)
    script(monkeypatch, Measuring({"link": {"lan.speed": "100"}}, hold=("dns",)))
    begin(panel)
    wait_until_heard(stage, panel, "lan.speed", "Warning")
    stage.click(panel, "measure.stop")
    assert text(panel, "measure.progress").startswith("Stopped: nothing of it is kept. Verdict of ")
    assert text(panel, "measure.verdict").startswith("Earlier verdict: No fault found")
    said = heard(panel, "lan.speed")
    assert "Warning. 100 Mbps. not saved · before: Pass, 1000 Mbps" in said
    control = row_of(panel, "lan.speed").findChild(SegmentedControl)
    assert control is not None
    assert control.current == "", "it is no answer"


def test_a_refused_run_says_so_whenever_its_visit_is_looked_at(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    begin(panel)
    stage.qtbot.waitUntil(lambda: bool(run.orders), timeout=WAIT_MS)
    panel.show_incident("minor", "")
    begins = find(panel, "measure.all", QWidget)
    stage.qtbot.waitUntil(lambda: not begins.isEnabled(), timeout=WAIT_MS)
    with refused(monkeypatch):
        run.release.set()
        stage.settle()
    assert text(panel, "measure.problem") == "", "it is no matter of that visit"
    for _ in range(2):
        show_visit(stage, panel, "onsite")
        assert text(panel, "measure.problem").startswith("This measurement is not kept. ")
        assert "not saved" in heard(panel, "router.gateway_loss")
        assert find(panel, "measure.keep", QWidget).isHidden(), "nothing would keep it"
        show_visit(stage, panel, "minor")
    show_visit(stage, panel, "onsite")
    measure(stage, panel, monkeypatch, Measuring())
    assert text(panel, "measure.problem") == ""
    assert causes(stage) == ["healthy"]


def test_a_run_that_is_not_kept_yet_is_kept_before_a_new_one_begins(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_disk(stage, monkeypatch):
        measure(stage, panel, monkeypatch, Measuring(DEAD))
        again = measure(stage, panel, monkeypatch, Measuring())
        assert again.orders == [], "it would take the place of the other"
    assert text(panel, "measure.problem") == (
        "This measurement is not kept. A new one would take its place, so none was begun."
    )
    assert not find(panel, "measure.keep", QWidget).isHidden()
    measure(stage, panel, monkeypatch, Measuring())
    assert causes(stage) == ["nothing_beyond", "healthy"]
    assert text(panel, "measure.problem") == ""


def test_what_another_visit_has_not_kept_yet_is_named_and_kept_from_anywhere(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_disk(stage, monkeypatch):
        measure(stage, panel, monkeypatch, Measuring())
    show_visit(stage, panel, "minor")
    assert text(panel, "measure.problem") == "A measurement of another visit is not kept yet."
    stage.click(panel, "measure.keep")
    assert text(panel, "measure.problem") == ""
    assert causes(stage) == ["healthy"]


def test_keeping_twice_keeps_once(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_disk(stage, monkeypatch):
        measure(stage, panel, monkeypatch, Measuring())
    run_of(stage.kit).keep_again()
    run_of(stage.kit).keep_again()
    stage.settle()
    assert causes(stage) == ["healthy"]


def test_a_run_ends_with_the_seat_it_was_begun_in(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Heeded(hold=("dns",))
    script(monkeypatch, run)
    begin(panel)
    stage.qtbot.waitUntil(lambda: bool(run.orders), timeout=WAIT_MS)
    before = run_of(stage.kit)
    end_run(stage.runner)
    stage.settle()
    assert [each.is_set() for each in run.cancels] == [True]
    assert causes(stage) == []
    assert run_of(stage.kit) is not before
    begin(panel)
    stage.settle()
    assert len(run.orders) == 1, "the page of before begins nothing any more"


def test_another_seat_has_a_run_of_its_own(stage: Stage) -> None:
    desk = stage.laptop.desk
    mine = run_of(stage.kit)
    assert run_of(replace(stage.kit, language="es")) is mine, "the same window in another language"
    assert run_of(replace(stage.kit, desk=lambda: desk)) is not mine
    stage.settle()


def test_what_the_disk_did_not_take_has_a_last_try_when_its_seat_is_left(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_disk(stage, monkeypatch):
        measure(stage, panel, monkeypatch, Measuring())
    end_run(stage.runner)
    stage.settle()
    assert causes(stage) == ["healthy"]


def test_a_run_that_is_kept_stays_on_the_screen_until_it_was_read_back(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring())
    script(monkeypatch, Measuring(DEAD))
    stage.laptop.machine.advance(60)
    before, goes_on = type(stage.laptop.desk.cases).detail_of_visit, Event()
    run = run_of(stage.kit)
    seen: list[tuple[str, str]] = []

    def slow(*args: Any) -> object:
        if run.report is not None:  # the page asks for what has just been kept
            assert goes_on.wait(WAIT_MS / 1000)
        return before(*args)

    monkeypatch.setattr(type(stage.laptop.desk.cases), "detail_of_visit", slow)
    begin(panel)
    with stage.qtbot.waitSignal(run.kept, timeout=WAIT_MS):
        pass
    panel.findChildren(ChecklistTab)[0]._measuring._show_now()
    seen.append((text(panel, "measure.verdict"), heard(panel, "internet.dns_answers")))
    assert not run.is_unsaved
    goes_on.set()
    stage.settle()
    seen.append((text(panel, "measure.verdict"), heard(panel, "internet.dns_answers")))
    for verdict, row in seen:
        assert verdict == "The router answers, and nothing behind it does."
        assert "Fail" in row
        assert "not saved" not in row
    assert run.report is None, "it is known from the store now"


def test_a_run_that_is_held_back_says_so_at_its_own_visit(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_disk(stage, monkeypatch):
        measure(stage, panel, monkeypatch, Measuring())
        run_of(stage.kit).start("v-minor")
        stage.settle()
        show_visit(stage, panel, "minor")
        assert text(panel, "measure.problem") == (
            "A measurement of another visit is not kept yet."
            " A new one would take its place, so none was begun."
        )
    stage.click(panel, "measure.keep")
    assert text(panel, "measure.problem") == ""


def test_keeping_it_now_leaves_the_keyboard_at_the_buttons(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_disk(stage, monkeypatch):
        measure(stage, panel, monkeypatch, Measuring())
    button = find(panel, "measure.keep", QWidget)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    stage.settle()
    assert find(panel, "measure.all", QWidget).hasFocus()


def test_without_a_verdict_it_says_why(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert text(panel, "measure.verdict") == "Not measured yet."
    dns = {"dns": {"internet.dns_answers": "none"}}
    repeat(stage, panel, monkeypatch, "internet.dns_answers", Measuring(dns))
    assert text(panel, "measure.verdict") == (
        "Only a part was measured. Measure everything for a verdict."
    )
    run = script(monkeypatch, Measuring(hold=("dns",)))
    begin(panel)
    wait_until_heard(stage, panel, "router.gateway_loss", "Pass")
    assert text(panel, "measure.verdict") == "Measuring…"
    run.release.set()
    stage.settle()
    assert text(panel, "measure.verdict").startswith("No fault found")
