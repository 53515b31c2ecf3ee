"""Measuring from the checklist: filled as it goes, kept, and what it comes to."""

from __future__ import annotations

import pytest
from measured_runs import DEAD, HEALTHY, Measuring
from measuring_hands import (
    begin,
    chain,
    heard,
    measure,
    node,
    repeat,
    script,
    show_visit,
    text,
    visit,
    wait_until_heard,
)
from PySide6.QtWidgets import QWidget
from stage import Stage, find

from fieldtech.domain.words import CheckStatus
from fieldtech.services.measuring import Depth, Link
from ui.views.technician.checklist_tab import ChecklistTab
from ui.views.technician.measure_card import MeasureCard
from ui.views.technician.visit_panel import VisitPanel


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
    begin(panel)
    wait_until_heard(stage, panel, "router.gateway_loss", "Pass")
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
    said = chain(panel).accessibleDescription()
    assert "Provider: Fail, it breaks here" in said
    assert "DNS: behind the break" in said
    assert node(panel, Link.PROVIDER).status is CheckStatus.FAIL
    assert node(panel, Link.SIP).status is None, "what follows from it is no fault"


def test_one_probe_is_repeated(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring({"dns": {"internet.dns_answers": "none"}}))
    assert node(panel, Link.DNS).broken
    run = repeat(stage, panel, monkeypatch, "internet.dns_answers", Measuring())
    assert run.orders[0].probes == ("dns",)
    assert [each.profile for each in visit(stage).measurements] == ["quick", "part"]
    assert "Pass" in heard(panel, "internet.dns_answers")
    assert text(panel, "measure.verdict") == "Earlier verdict: The DNS servers do not answer.", (
        "one probe makes no new verdict of the chain"
    )
    assert "measured since: DNS. Measure everything" in text(panel, "measure.progress")
    assert text(panel, "measure.next") == "", "what it advised may be done by now"
    assert find(panel, "measure.attribution", QWidget).isHidden()
    assert (node(panel, Link.DNS).broken, node(panel, Link.DNS).status) == (False, CheckStatus.PASS)


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


def test_a_probe_that_fails_when_repeated_makes_a_good_verdict_one_of_earlier(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring())
    assert text(panel, "measure.verdict").startswith("No fault found")
    silent = Measuring({"dns": {"internet.dns_answers": "none"}})
    repeat(stage, panel, monkeypatch, "internet.dns_answers", silent)
    assert node(panel, Link.DNS).status is CheckStatus.FAIL
    assert text(panel, "measure.verdict").startswith("Earlier verdict: No fault found")
    measure(stage, panel, monkeypatch, Measuring())
    assert text(panel, "measure.verdict").startswith("No fault found")
    assert "since" not in text(panel, "measure.progress")


def test_a_link_behind_a_break_is_judged_again_once_it_was_measured_again(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring(DEAD))
    assert node(panel, Link.PROVIDER).broken
    repeat(stage, panel, monkeypatch, "internet.mtu", Measuring())
    assert not [each for each in chain(panel).nodes if each.broken]
    assert node(panel, Link.PROVIDER).status is CheckStatus.PASS
    assert "behind the break" not in chain(panel).accessibleDescription()


def test_what_is_only_odd_breaks_nothing(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Measuring({"dns": {**HEALTHY["dns"], "internet.dns": "180"}})
    measure(stage, panel, monkeypatch, slow)
    found = node(panel, Link.DNS)
    assert (found.broken, found.odd, found.status) == (False, True, CheckStatus.WARN)
    assert "DNS: Warning, something is odd here" in chain(panel).accessibleDescription()
    assert "breaks" not in chain(panel).accessibleDescription()
    assert node(panel, Link.INTERNET).status is CheckStatus.PASS, "it is judged all the same"


def test_the_interface_stands_beside_the_progress_and_the_verdict(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    begin(panel)
    wait_until_heard(stage, panel, "router.gateway_loss", "Pass")
    assert text(panel, "measure.progress").endswith(" · lan0")
    run.release.set()
    stage.settle()
    assert text(panel, "measure.progress").endswith("Quick · lan0")


def test_what_a_full_run_costs_can_be_read(stage: Stage, panel: VisitPanel) -> None:
    assert "uses the customer's data" in text(panel, "measure.costs")
    show_visit(stage, panel, "run")
    assert text(panel, "measure.costs") == "", "nothing can be measured there"


def test_who_does_not_see_the_chain_hears_what_a_run_comes_to(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = find(panel, "measure.card", MeasureCard)
    told: list[str] = []
    monkeypatch.setattr(card, "announce", told.append)
    measure(stage, panel, monkeypatch, Measuring(DEAD))
    assert told == ["The router answers, and nothing behind it does."]


def test_the_chain_is_never_milder_than_its_rows(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = {"wifi": {"wifi.signal": "-80"}}
    measure(stage, panel, monkeypatch, Measuring(weak))
    assert "Fail" in heard(panel, "wifi.signal")
    assert (node(panel, Link.CABLE).status, node(panel, Link.CABLE).odd) == (CheckStatus.FAIL, True)
    assert not any(each.broken for each in chain(panel).nodes), "alone it breaks nothing"
