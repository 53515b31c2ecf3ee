"""Codes and moments as a person reads them: nothing left in code, times on the site's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import field_office
import pytest

from fieldtech.domain.commands import COMMANDS
from fieldtech.domain.refusals import Refusal
from fieldtech.domain.words import (
    Attribution,
    CheckStatus,
    ClockState,
    IncidentState,
    Severity,
    VisitState,
)
from fieldtech.errors import Bug, EnvironmentProblem
from fieldtech.services.values import AgendaQuery
from fieldtech.sync.problems import TEXTS
from ui.views import clock_views, formats, problems, words
from ui.views.pins import Pins
from ui.views.refusals import refusal_text
from ui.views.technician.actions_bar import MORE, PRIMARY

if TYPE_CHECKING:
    from collections.abc import Callable

    from field_office import FieldLaptop

NOON = datetime(2026, 11, 4, 18, 0, tzinfo=UTC)
TIJUANA, CANCUN, CAPITAL = "America/Tijuana", "America/Cancun", "America/Mexico_City"


@pytest.mark.parametrize("refusal", list(Refusal))
@pytest.mark.usefixtures("spanish")
def test_every_refusal_is_a_sentence(refusal: Refusal) -> None:
    told = refusal_text(refusal.value, "detalle")
    assert told[0].isupper()
    assert told.rstrip()[-1] in ".:" or told.endswith("detalle")
    assert refusal.value not in told
    assert "Not accepted" not in told


def test_a_refusal_of_a_newer_central_is_not_silent() -> None:
    assert refusal_text("something_new", "x") == "Not accepted (something_new). x"


@pytest.mark.parametrize(
    ("speak", "codes"),
    [
        (words.incident_state_text, [s.value for s in IncidentState]),
        (words.visit_state_text, [s.value for s in VisitState]),
        (words.attribution_text, [a.value for a in Attribution]),
        (words.check_text, [s.value for s in CheckStatus]),
        (words.clock_text, [s.value for s in ClockState]),
        (words.severity_text, [s.value for s in Severity]),
        (
            words.command_text,
            [n for n in COMMANDS if not n.startswith(("planned.", "correction."))],
        ),
        (words.action_text, [*PRIMARY, *MORE]),
        (words.channel_text, ["phone", "email", "whatsapp", "portal"]),
    ],
)
@pytest.mark.usefixtures("spanish")
def test_every_code_has_words_of_its_own(speak: Callable[[str], str], codes: list[str]) -> None:
    told = [speak(code) for code in codes]
    assert not set(codes) & set(told)
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("code", sorted(set(TEXTS) - {"running", "cancelled"}))
@pytest.mark.usefixtures("spanish")
def test_every_problem_of_the_network_is_told_in_the_readers_language(code: str) -> None:
    english = " ".join(TEXTS[code])
    told = problems.problem_text(code)
    assert told
    assert told != english


def test_a_failure_without_a_sentence_falls_back_on_its_own_words() -> None:
    odd = EnvironmentProblem("Odd.", code="odd", what_was_kept="All.", what_to_do="Wait.")
    assert problems.sentence_of(odd) == "Odd. All. Wait."
    assert "ValueError" in problems.sentence_of(ValueError("x"))
    assert "fault of the program" in problems.sentence_of(Bug("x"))


@pytest.mark.parametrize("code", ["unreachable", "timeout", "truncated", "captive_portal"])
def test_at_the_sign_in_nothing_waits_yet(code: str) -> None:
    told = problems.sign_in_text(EnvironmentProblem("x", code=code))
    assert told
    assert "waiting is kept" not in told


# --- times and figures


@pytest.mark.parametrize(
    ("zone", "time"), [(TIJUANA, "10:00"), (CAPITAL, "12:00"), (CANCUN, "13:00")]
)
def test_a_time_is_the_sites(zone: str, time: str) -> None:
    assert formats.clock_time(NOON, zone) == time
    assert formats.day_and_time(NOON, zone) == f"4 Nov {time}"


@pytest.mark.parametrize("zone", ["", "Nowhere/City", "../etc/passwd"])
def test_a_zone_nobody_knows_is_the_capitals(zone: str) -> None:
    assert formats.clock_time(NOON, zone) == "12:00"


def test_summer_time_holds_on_the_northern_border_only() -> None:
    july = datetime(2026, 7, 1, 18, 0, tzinfo=UTC)
    assert formats.clock_time(july, TIJUANA) == "11:00"
    assert formats.clock_time(july, CAPITAL) == "12:00"
    assert formats.clock_time(july, CANCUN) == "13:00"


def test_a_deadline_of_another_day_there_has_its_date() -> None:
    late = datetime(2026, 11, 5, 5, 30, tzinfo=UTC)
    assert formats.due_text(late, NOON, TIJUANA) == "21:30"
    assert formats.due_text(late, NOON, CANCUN) == "5 Nov 00:30"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 min"), (29, "0 min"), (31, "1 min"), (3599, "1 h 0 min"), (-5400, "1 h 30 min")],
)
def test_durations(seconds: float, text: str) -> None:
    assert formats.duration(seconds) == text


@pytest.mark.usefixtures("spanish")
def test_spanish_days_and_figures() -> None:
    assert formats.long_day(NOON, CAPITAL) == "Miércoles, 4 de noviembre de 2026"
    assert formats.day_and_time(NOON, CAPITAL) == "4 nov 12:00"
    assert formats.percent(0.995) == "99.50 %"
    assert formats.number(12345.4) == "12,345"


# --- clocks and pins


def test_response_leads_until_it_is_acknowledged(ana: FieldLaptop) -> None:
    row = next(r for r in ana.desk.agenda.page(AgendaQuery()).rows if r.incident_id == "risk")
    assert clock_views.leading_clock(row.clocks) == (row.clocks.restoration, True)
    waiting = replace(row.clocks.response, state=ClockState.RUNNING, stopped_at=None)
    unacknowledged = replace(row.clocks, response=waiting)
    assert clock_views.leading_clock(unacknowledged) == (waiting, False)


@pytest.mark.parametrize(
    ("incident_id", "minutes", "urgency"),
    [
        ("breached", 0, "danger"),
        ("risk", 0, "warn"),
        ("run", 0, "ok"),
        ("run", 80, "warn"),
        ("run", 110, "danger"),
    ],
)
def test_a_pin_is_as_urgent_as_its_clock(
    ana: FieldLaptop, incident_id: str, minutes: int, urgency: str
) -> None:
    rows = {row.incident_id: row for row in ana.desk.agenda.page(AgendaQuery()).rows}
    now = field_office.NOW + timedelta(minutes=minutes)
    assert clock_views.urgency(rows[incident_id].clocks, now) == urgency
    pins = Pins(ana.desk.agenda.pins(AgendaQuery()), now).all()
    assert {pin.key: pin.urgency for pin in pins}[incident_id] == urgency
