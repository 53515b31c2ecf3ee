"""The timeline tells every change as short texts, and expectations speak the same words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from service_desk import NINE, TECHNICIAN, Desk, at

from fieldtech.domain.case import Case
from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.commands import (
    AddNote,
    Reclassify,
)
from fieldtech.domain.expectations import expected_values
from fieldtech.domain.facts import Note, Pause
from fieldtech.domain.timeline import changes_between, value_text
from fieldtech.domain.words import CheckStatus, Severity

EIGHT_IN_MEXICO = datetime(2026, 3, 4, 8, 0, tzinfo=timezone(timedelta(hours=-6)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("hola", "hola"),
        (Severity.MAJOR, "major"),
        (True, "true"),
        (False, "false"),
        (30, "30"),
        (2.5, "2.5"),
        (NINE, "2026-03-04T15:00:00Z"),
        (EIGHT_IN_MEXICO, "2026-03-04T14:00:00Z"),
        (("a", "b"), "a, b"),
        (
            Pause(reason="no_access", start=NINE, end=None, by="x"),
            "reason=no_access; start=2026-03-04T15:00:00Z; by=x",
        ),
    ],
)
def test_values_as_texts(value: object, text: str) -> None:
    assert value_text(value) == text


def test_a_change_names_old_and_new() -> None:
    before = Desk().registered().incident()
    (change,) = changes_between(before, replace(before, title="Sin tono"))
    assert (change.field, change.old, change.new) == ("title", "Sin servicio", "Sin tono")
    assert changes_between(before, before) == ()


def test_a_new_subject_is_told_by_everything_that_is_set() -> None:
    incident = Desk().registered().incident()
    told = {change.field: change for change in changes_between(None, incident)}
    assert told["state"].new == "acknowledged"
    assert told["state"].old == ""
    assert "description" not in told
    assert not {"history", "clocks"} & set(told)


def test_of_a_list_only_what_differs_is_told() -> None:
    notes = tuple(Note(id=f"n{n}", at=at(n), by="x", text=f"nota {n}") for n in range(3))
    before = replace(Desk().registered().incident(), notes=notes[:2])
    (change,) = changes_between(before, replace(before, notes=notes))
    assert change.old == ""
    assert "nota 2" in change.new
    assert "nota 1" not in change.new
    swapped = replace(before, notes=(notes[0], replace(notes[1], text="otra")))
    (change,) = changes_between(before, swapped)
    assert "nota 1" in change.old
    assert "otra" in change.new


def test_a_long_text_is_cut_in_the_timeline_and_whole_in_the_note() -> None:
    desk = Desk().registered()
    desk.do("incident.note", AddNote(text="x" * 5000))
    change = desk.incident().history[-1].changes[0]
    assert len(change.new) == 300
    assert change.new.endswith("…")
    assert len(desk.incident().notes[0].text) == 5000


def test_both_answers_to_an_item_stand_in_the_timeline() -> None:
    desk = Desk().registered().on_site()
    for status in (CheckStatus.FAIL, CheckStatus.PASS):
        desk.do("check.answer", AnswerCheck(item="lan.cable", status=status), TECHNICIAN)
    (change,) = desk.incident().history[-1].changes
    assert change.field == "answers"
    assert "status=fail" in change.old
    assert "status=pass" in change.new


def test_expectations_are_copied_from_the_case() -> None:
    desk = Desk().registered().assigned()
    assert expected_values(Case(), None) == {}
    assert expected_values(desk.case, None) == {
        "severity": "major",
        "affected": "30",
        "state": "acknowledged",
        "technician_id": TECHNICIAN.id,
    }
    assert expected_values(desk.case, desk.visit()) == {
        "technician_id": TECHNICIAN.id,
        "window_start": "",
        "window_end": "",
        "state": "assigned",
    }
    assert expected_values(Desk().paperwork().case, None)["severity"] == ""


def test_a_reclassification_past_somebody_elses_is_refused() -> None:
    desk = Desk().registered()
    seen = expected_values(desk.case, None)
    desk.do("incident.reclassify", Reclassify(affected=10), expect={"severity": seen["severity"]})
    stale = desk.refused("incident.reclassify", Reclassify(affected=50), expect=seen)
    assert stale == ("expected_changed", "severity=minor")


def test_an_expectation_of_something_else_is_refused() -> None:
    desk = Desk().registered()
    refused = desk.refused("incident.reclassify", Reclassify(affected=1), expect={"colour": ""})
    assert refused == ("invalid", "expect.colour")
