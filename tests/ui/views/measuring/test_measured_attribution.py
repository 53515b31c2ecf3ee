"""Whose it is, as the measurements suggest it in the resolution."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from measured_runs import DEAD, HEALTHY, Measuring
from measuring_hands import measure
from PySide6.QtWidgets import QComboBox
from stage import Stage, find, pick

from fieldtech.domain.facts import Outage
from fieldtech.domain.words import Access
from fieldtech.services.values import CaseDetail
from ui.views.technician.measure_words import suggested_attribution
from ui.views.technician.measured import suggesting_run
from ui.views.technician.restore_form import RestoreForm
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.suggested_choice import SuggestedChoice

LATE = {"dns": {**HEALTHY["dns"], "internet.dns": "180"}}
"""Something is left after a repair: names are resolved, and slowly."""


def case(stage: Stage) -> CaseDetail:
    """The incident at Cancún."""
    found = stage.laptop.desk.cases.detail("onsite")
    assert found is not None
    return found


def whose(detail: CaseDetail) -> str:
    """Whose the line to the provider is."""
    assert detail.service is not None
    return "own_network" if detail.service.access is Access.OWN else "ally"


def opened(stage: Stage, detail: CaseDetail) -> RestoreForm:
    """The form for a case."""
    form = RestoreForm(stage.kit)
    stage.show(form, 480, 768)
    form.open_for(detail)
    stage.settle()
    return form


def attribution(form: RestoreForm) -> QComboBox:
    """The list of whom it may be laid at."""
    return find(form, "restore.attribution", QComboBox)


def field_of(form: RestoreForm) -> SuggestedChoice:
    """The field that list stands in."""
    return find(form, "", SuggestedChoice)


def draft(stage: Stage) -> dict[str, Any]:
    """What is kept of the form."""
    return stage.laptop.desk.drafts.load("restore:onsite") or {}


def test_the_measured_attribution_is_suggested_in_the_resolution(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring(DEAD))
    measure(stage, panel, monkeypatch, Measuring())
    detail = case(stage)
    own = whose(detail)
    value, _ = suggested_attribution(detail, "", stage.laptop.clock.now())
    assert value == own, "of the run that found something"
    form = opened(stage, detail)
    assert attribution(form).currentData() == own
    told = field_of(form).editor.accessibleDescription()
    assert told == "Suggested by the measurement of 11:01"


def test_what_is_only_odd_after_the_repair_does_not_change_the_suggestion(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring(DEAD))
    measure(stage, panel, monkeypatch, Measuring(LATE))
    found = suggesting_run(case(stage))
    assert found is not None
    assert found.cause == "nothing_beyond"


def test_what_is_only_odd_is_suggested_where_nothing_is_broken(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring(LATE))
    found = suggesting_run(case(stage))
    assert found is not None
    assert found.cause == "dns_slow"


def test_a_run_of_an_earlier_outage_suggests_nothing(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring(DEAD))
    detail = case(stage)
    began = Outage(start=stage.laptop.clock.now() + timedelta(minutes=1), end=None)
    failed_again = replace(detail.incident, outages=(*detail.incident.outages, began))
    assert suggesting_run(replace(detail, incident=failed_again)) is None


def test_a_suggestion_is_no_choice_and_is_not_kept_as_one(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring(DEAD))
    detail = case(stage)
    form = opened(stage, detail)
    stage.type(form, "restore.evidence", "tres pruebas")
    form.hide()
    stage.settle()
    assert draft(stage)["evidence"] == "tres pruebas"
    assert draft(stage)["attribution"] is None
    form = opened(stage, detail)
    assert attribution(form).currentData() == whose(detail), "it is suggested anew"
    pick(attribution(form), "third_party")
    assert field_of(form).editor.accessibleDescription() == ""
    form.hide()
    stage.settle()
    assert draft(stage)["attribution"] == "third_party"
    form = opened(stage, detail)
    assert attribution(form).currentData() == "third_party"
    pick(find(form, "restore.cause", QComboBox), "lan_cabling")
    assert attribution(form).currentData() == "third_party", "a choice is not overruled"


def test_a_cause_says_better_than_a_measurement_whose_it_is(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(stage, panel, monkeypatch, Measuring(DEAD))
    detail = case(stage)
    form = opened(stage, detail)
    pick(find(form, "restore.cause", QComboBox), "lan_cabling")
    assert attribution(form).currentData() == "customer"
    assert field_of(form).editor.accessibleDescription() == ""


def test_a_run_that_ends_while_the_form_is_open_is_what_suggests(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_link = {"link": {"lan.link": "down"}}
    measure(stage, panel, monkeypatch, Measuring(no_link))
    form = opened(stage, case(stage))
    assert attribution(form).currentData() == "customer"
    measure(stage, panel, monkeypatch, Measuring(DEAD))
    form.refresh(case(stage))
    assert attribution(form).currentData() == whose(case(stage))
    pick(attribution(form), "third_party")
    measure(stage, panel, monkeypatch, Measuring(no_link))
    form.refresh(case(stage))
    assert attribution(form).currentData() == "third_party"
