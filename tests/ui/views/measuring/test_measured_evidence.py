"""The evidence of a measured item: shown on demand, fetched once."""

from __future__ import annotations

from threading import Event

import pytest
from measured_runs import Measuring
from measuring_hands import (
    WAIT_MS,
    begin,
    drawer,
    heard,
    measure,
    repeat,
    row_of,
    script,
    show_visit,
    wait_until_heard,
)
from PySide6.QtWidgets import QPlainTextEdit
from stage import Stage, find

from fieldtech.diagnostics.outcome import Outcome
from fieldtech.errors import EnvironmentProblem
from fieldtech.services.attachments import AttachmentService
from ui.views.technician.checklist_tab import ChecklistTab
from ui.views.technician.measuring import run_of
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.check_item import CheckItemRow


def test_the_evidence_is_shown_on_demand(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring())
    stage.click(panel, "measure.all")
    row = find(panel, "check.router.gateway_loss", CheckItemRow)
    row.set_open(True)
    drawer = find(row, "check.drawer", QPlainTextEdit)
    assert drawer.isHidden()
    stage.click(row, "check.evidence")
    assert '"recorded": "gateway"' in drawer.toPlainText()


def test_the_evidence_of_a_kept_run_is_fetched(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring())
    stage.click(panel, "measure.all")
    again = VisitPanel(stage.kit)
    again.show_incident("onsite", "")
    stage.show(again, 480, 768)
    again.open_tab(1)
    stage.settle()
    row = find(again, "check.router.gateway_loss", CheckItemRow)
    row.set_open(True)
    stage.click(row, "check.evidence")
    assert '"recorded": "gateway"' in find(row, "check.drawer", QPlainTextEdit).toPlainText()


def test_what_cannot_be_fetched_is_asked_for_once_each_time_the_drawer_is_opened(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring())
    asked: list[str] = []

    def away(_service: AttachmentService, file_id: str, _sha: str) -> bytes:
        asked.append(file_id)
        raise EnvironmentProblem("It is not here.", code="offline")

    monkeypatch.setattr(AttachmentService, "fetch", away)
    monkeypatch.setattr(run_of(stage.kit), "results", {})
    row = row_of(panel, "router.gateway_loss")
    row.set_open(True)
    stage.click(row, "check.evidence")
    missing = "The evidence is not on this laptop; it comes with a connection."
    assert (drawer(row).toPlainText(), len(asked)) == (missing, 1)
    for _ in range(3):
        show_visit(stage, panel, "onsite")
    assert (drawer(row).toPlainText(), len(asked)) == (missing, 1)
    stage.click(row, "check.evidence")
    stage.click(row, "check.evidence")
    assert len(asked) == 2


def test_evidence_that_is_on_its_way_is_not_fetched_again(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring())
    asked: list[str] = []
    goes_on, fetch = Event(), AttachmentService.fetch

    def slow(service: AttachmentService, file_id: str, sha: str) -> bytes:
        asked.append(file_id)
        assert goes_on.wait(WAIT_MS / 1000)
        return fetch(service, file_id, sha)

    monkeypatch.setattr(AttachmentService, "fetch", slow)
    monkeypatch.setattr(run_of(stage.kit), "results", {})
    row, other = row_of(panel, "router.gateway_loss"), row_of(panel, "internet.dns")
    row.set_open(True)
    begin(row, "check.evidence")
    stage.qtbot.waitUntil(lambda: bool(asked), timeout=WAIT_MS)
    panel.findChildren(ChecklistTab)[0]._show_live()
    other.set_open(True)
    begin(other, "check.evidence")
    goes_on.set()
    stage.settle()
    assert len(asked) == 1, "one file holds the evidence of both"
    assert '"recorded": "gateway"' in drawer(row).toPlainText()
    assert '"recorded": "dns"' in drawer(other).toPlainText()


def test_what_a_stopped_run_had_found_is_no_evidence_of_the_one_that_is_kept(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring())
    slow = Outcome(values={"lan.speed": "100"}, evidence={"recorded": "of the stopped run"})
    script(monkeypatch, Measuring({"link": slow}, hold=("dns",)))
    begin(panel)
    wait_until_heard(stage, panel, "lan.speed", "100 Mbps")
    stage.click(panel, "measure.stop")
    repeat(stage, panel, monkeypatch, "internet.dns", Measuring())
    assert "Pass. 1000 Mbps" in heard(panel, "lan.speed")
    row = row_of(panel, "lan.speed")
    row.set_open(True)
    stage.click(row, "check.evidence")
    assert '"recorded": "link"' in drawer(row).toPlainText()
