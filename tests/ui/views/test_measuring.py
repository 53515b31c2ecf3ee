"""Measuring from the checklist: filled as it goes, kept, compared, repeated, stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from measured_runs import DEAD, HEALTHY, Measuring
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableWidget,
    QWidget,
)
from stage import Stage, find

from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.words import Access, CheckStatus
from fieldtech.errors import EnvironmentProblem
from fieldtech.services import measuring
from fieldtech.services.measuring import Depth, Link
from ui.views.technician import checklist_tab
from ui.views.technician.checklist_tab import ChecklistTab
from ui.views.technician.measured import suggested_attribution
from ui.views.technician.restore_form import RestoreForm
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.chain import ChainView
from ui.widgets.check_header import CheckHeader
from ui.widgets.check_item import CheckItemRow

if TYPE_CHECKING:
    from fieldtech.domain.visit import Visit
    from ui.widgets.chain import ChainNode


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own interfaces are not the test's business."""
    monkeypatch.setattr(checklist_tab, "_measured_facts", dict)


@pytest.fixture
def panel(stage: Stage) -> VisitPanel:
    """The checklist of the visit at Cancún, where the technician is."""
    made = VisitPanel(stage.kit)
    made.show_incident("onsite", "")
    stage.show(made, 480, 768)
    made.open_tab(1)
    stage.settle()
    return made


def script(monkeypatch: pytest.MonkeyPatch, run: Measuring) -> Measuring:
    monkeypatch.setattr(measuring, "measure", run)
    return run


def visit(stage: Stage) -> Visit:
    detail = stage.laptop.desk.cases.detail("onsite")
    assert detail is not None
    assert detail.visit is not None
    return detail.visit


def heard(panel: VisitPanel, item: str) -> str:
    row = find(panel, f"check.{item}", CheckItemRow)
    return find(row, "", CheckHeader).accessibleName()


def text(panel: QWidget, name: str) -> str:
    label = find(panel, name, QLabel)
    return "" if label.isHidden() else label.text()


def node(panel: VisitPanel, link: Link) -> ChainNode:
    return find(panel, "measure.chain", ChainView).nodes[tuple(Link).index(link)]


def test_a_run_fills_the_checklist_and_is_kept(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring())
    assert text(panel, "measure.verdict") == "Not measured yet."
    stage.click(panel, "measure.all")
    kept = visit(stage).measurements
    assert [(each.cause, each.profile) for each in kept] == [("healthy", "quick")]
    assert run.orders[0].depth is Depth.QUICK
    answered = visit(stage).answer("router.gateway_time")
    assert answered is not None
    assert (answered.value, answered.source) == ("0.62", "probe")
    assert "Pass. 0.62 ms" in heard(panel, "router.gateway_time")
    assert text(panel, "measure.verdict").startswith("No fault found")
    assert node(panel, Link.LAN).status is CheckStatus.PASS
    assert "not a wireless interface" in heard(panel, "wifi.signal")
    assert visit(stage).answer("wifi.signal") is None


def test_the_evidence_goes_along_as_a_file_of_the_incident(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring())
    stage.click(panel, "measure.all")
    kept = visit(stage).measurements[0]
    detail = stage.laptop.desk.cases.detail("onsite")
    assert detail is not None
    file = next(each for each in detail.incident.attachments if each.id == kept.evidence_id)
    assert file.kind == "measurement"
    raw = stage.laptop.desk.files.fetch(file.id, file.sha256)
    assert b'"recorded": "gateway"' in raw


def test_results_come_while_others_are_still_at_work(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    find(panel, "measure.all", QWidget).click()  # type: ignore[attr-defined]
    stage.qtbot.waitUntil(lambda: "Pass" in heard(panel, "router.gateway_loss"), timeout=10_000)
    assert "Measuring" in heard(panel, "internet.dns")
    assert node(panel, Link.DNS).busy
    assert text(panel, "measure.progress").startswith("Measuring: ")
    assert visit(stage).measurements == (), "it is kept when it is whole"
    assert find(panel, "measure.all", QWidget).isHidden()
    run.release.set()
    stage.settle()
    assert len(visit(stage).measurements) == 1
    assert not node(panel, Link.DNS).busy


def test_the_broken_link_is_drawn_and_laid_at_a_door(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring(DEAD))
    stage.click(panel, "measure.all")
    assert node(panel, Link.PROVIDER).broken
    assert not node(panel, Link.LAN).broken
    assert text(panel, "measure.verdict") == "The router answers, and nothing behind it does."
    assert "WAN light" in text(panel, "measure.next")
    badge = find(panel, "measure.attribution", QWidget)
    assert badge.accessibleName().startswith("Suggested: ")
    chain = find(panel, "measure.chain", ChainView)
    said = chain.accessibleName()
    assert "Provider: Fail, it breaks here" in said
    assert "DNS: behind the break" in said
    assert node(panel, Link.PROVIDER).status is CheckStatus.FAIL
    assert node(panel, Link.SIP).status is None, "what follows from it is no fault"


def test_before_and_after_stand_side_by_side(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = {
        "gateway": {"router.gateway_loss": "30", "router.gateway_time": "48"},
        "voice": {**HEALTHY["voice"], "sip.loss": "28"},
    }
    script(monkeypatch, Measuring(slow))
    stage.click(panel, "measure.all")
    assert find(panel, "measure.compare", QWidget).isHidden()
    stage.laptop.machine.advance(600)
    script(monkeypatch, Measuring())
    stage.click(panel, "measure.all")
    assert "before: 48 ms" in heard(panel, "router.gateway_time")
    stage.click(panel, "measure.compare")
    dialog = find(panel, "comparison", QDialog)
    table = find(dialog, "comparison.table", QTableWidget)
    rows = [[table.item(r, c).text() for c in range(3)] for r in range(table.rowCount())]
    assert rows[0][0].startswith("● "), "what differs is first"
    assert ["● Loss to the gateway", "Fail · 30 %", "Pass · 0 %"] in rows
    dialog.reject()
    stage.settle()


def test_one_probe_is_repeated(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring({"dns": {"internet.dns_answers": "none"}}))
    stage.click(panel, "measure.all")
    assert node(panel, Link.DNS).broken
    stage.laptop.machine.advance(60)
    run = script(monkeypatch, Measuring())
    row = find(panel, "check.internet.dns_answers", CheckItemRow)
    row.set_open(True)
    stage.click(row, "check.repeat")
    assert run.orders[0].probes == ("dns",)
    assert [each.profile for each in visit(stage).measurements] == ["quick", "part"]
    assert "Pass" in heard(panel, "internet.dns_answers")
    assert text(panel, "measure.verdict") == "The DNS servers do not answer.", (
        "one probe makes no new verdict of the chain"
    )


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


def test_a_run_can_be_stopped_and_is_then_not_kept(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring(hold=("dns",)))
    find(panel, "measure.all", QWidget).click()  # type: ignore[attr-defined]
    stage.qtbot.waitUntil(lambda: "Pass" in heard(panel, "router.gateway_loss"), timeout=10_000)
    stage.click(panel, "measure.stop")
    assert visit(stage).measurements == ()
    assert "Pass" in heard(panel, "router.gateway_loss"), "what was found stays to be read"
    assert not find(panel, "measure.all", QWidget).isHidden()
    assert text(panel, "measure.progress") == "Stopped: nothing of it is kept."


def test_what_a_person_answers_after_a_stopped_run_is_what_is_shown(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring(hold=("dns",)))
    find(panel, "measure.all", QWidget).click()  # type: ignore[attr-defined]
    stage.qtbot.waitUntil(lambda: "Pass" in heard(panel, "router.gateway_loss"), timeout=10_000)
    stage.click(panel, "measure.stop")
    stage.laptop.machine.advance(5)
    args = AnswerCheck(item="router.gateway_loss", status=CheckStatus.FAIL, note="se pierde")
    stage.laptop.do("check.answer", "visit:v-onsite", args)
    panel.show_incident("onsite", "")
    stage.settle()
    assert "Fail" in heard(panel, "router.gateway_loss")


def test_another_visit_on_the_screen_takes_nothing_from_a_run(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    find(panel, "measure.all", QWidget).click()  # type: ignore[attr-defined]
    stage.qtbot.waitUntil(lambda: bool(run.orders), timeout=10_000)
    panel.show_incident("minor", "")
    begin = find(panel, "measure.all", QWidget)
    stage.qtbot.waitUntil(lambda: not begin.isEnabled(), timeout=10_000)
    run.release.set()
    stage.settle()
    assert [each.cause for each in visit(stage).measurements] == ["healthy"]


def test_a_window_that_is_built_anew_finds_the_run_that_is_under_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    first, again = VisitPanel(stage.kit), VisitPanel(stage.kit)
    first.show_incident("onsite", "")
    first.show()
    first.open_tab(1)
    stage.settle()
    find(first, "measure.all", QWidget).click()  # type: ignore[attr-defined]
    stage.qtbot.waitUntil(lambda: "Pass" in heard(first, "router.gateway_loss"), timeout=10_000)
    first.deleteLater()
    again.resize(480, 768)
    stage.qtbot.addWidget(again)
    again.show_incident("onsite", "")
    again.show()
    again.open_tab(1)
    stage.qtbot.waitUntil(lambda: bool(again.findChildren(CheckItemRow)), timeout=10_000)
    stage.qtbot.waitUntil(lambda: "Measuring" in heard(again, "internet.dns"), timeout=10_000)
    run.release.set()
    stage.settle()
    assert [each.cause for each in visit(stage).measurements] == ["healthy"]
    stage.qtbot.waitUntil(lambda: "Pass" in heard(again, "internet.dns"), timeout=10_000)
    assert len(run.orders) == 1


def test_a_run_that_the_disk_did_not_take_can_be_kept_again(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring())
    shelf = stage.laptop.desk.store.shelf
    full = EnvironmentProblem("The disk is full.", code="disk_full")

    def refuses(_data: bytes, _name: str) -> None:
        raise full

    with monkeypatch.context() as patched:
        patched.setattr(type(shelf), "put_bytes", lambda _self, data, name: refuses(data, name))
        stage.click(panel, "measure.all")
    assert stage.failures == [full]
    stage.failures.clear()
    assert text(panel, "measure.problem") == "This measurement is not kept."
    assert visit(stage).measurements == ()
    stage.click(panel, "measure.keep")
    assert [each.cause for each in visit(stage).measurements] == ["healthy"]
    assert text(panel, "measure.problem") == ""


def test_an_internet_customer_is_not_asked_for_his_telephone(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring({"sip_options": {"sip.options": "silent"}}))
    stage.click(panel, "measure.all")
    kept = visit(stage).measurements[0]
    assert kept.cause == "healthy"
    assert not [each.item for each in kept.readings if each.item.startswith("sip.")]
    assert visit(stage).answer("sip.options") is None
    assert node(panel, Link.SIP).status is None


def test_whoever_types_while_a_probe_is_at_work_goes_on_typing(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    row = find(panel, "check.internet.dns", CheckItemRow)
    row.set_open(True)
    _, note = row.findChildren(QLineEdit)
    find(panel, "measure.all", QWidget).click()  # type: ignore[attr-defined]
    stage.qtbot.waitUntil(lambda: "Measuring" in heard(panel, "internet.dns"), timeout=10_000)
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


def test_the_measured_attribution_is_suggested_in_the_resolution(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring(DEAD))
    stage.click(panel, "measure.all")
    stage.laptop.machine.advance(600)
    script(monkeypatch, Measuring())
    stage.click(panel, "measure.all")
    detail = stage.laptop.desk.cases.detail("onsite")
    assert detail is not None
    assert detail.service is not None
    own = "own_network" if detail.service.access is Access.OWN else "ally"
    assert suggested_attribution(detail) == own, "of the run that found something"
    form = RestoreForm(stage.kit)
    stage.show(form, 480, 768)
    form.open_for(detail)
    chosen = [box.currentData() for box in form.findChildren(QComboBox)]
    assert own in chosen


def test_ending_the_program_ends_the_run(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    find(panel, "measure.all", QWidget).click()  # type: ignore[attr-defined]
    stage.qtbot.waitUntil(lambda: bool(run.orders), timeout=10_000)
    stage.runner.shutdown()
    assert not run.release.is_set(), "it came to its end without what it waited for"


def test_elsewhere_there_is_nothing_to_measure(stage: Stage) -> None:
    made = VisitPanel(stage.kit)
    made.show_incident("run", "")
    stage.show(made, 480, 768)
    made.open_tab(1)
    stage.settle()
    if find(made, "measure.all", QWidget).isEnabled():
        pytest.fail("a visit that has not begun cannot be measured")
    assert "at the site" in text(made, "measure.progress")


def test_another_visit_starts_with_a_clean_sheet(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, Measuring())
    stage.click(panel, "measure.all")
    panel.show_incident("run", "")
    stage.settle()
    tab = panel.findChild(ChecklistTab)
    assert tab is not None
    assert text(panel, "measure.verdict") == "Not measured yet."
