"""The service came back at another time than was told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from service_desk import TECHNICIAN, Desk, at, policy, restore_args, rulebook

from fieldtech.domain.codes import Indicator
from fieldtech.domain.commands import (
    CloseIncident,
    CorrectTime,
    FieldTime,
    PauseIncident,
    RecordRestoration,
    ResumeIncident,
)
from fieldtech.domain.restoration_commands import CorrectRestoration
from fieldtech.domain.words import ClockState


def test_correcting_the_restoration_moves_the_outage_and_the_verdict() -> None:
    desk = Desk().registered().on_site().checked().restored(125, TECHNICIAN)
    assert desk.incident().clocks.restoration.state is ClockState.MISSED
    args = CorrectTime(kind="restoration", at=at(115), reason="Hora del registro del router")
    desk.do("visit.correct_time", args, TECHNICIAN, minutes=130)
    assert desk.incident().clocks.restoration.state is ClockState.MET
    assert desk.incident().outages[-1].end == at(115)
    assert desk.restoration().needs_review
    again = CorrectTime(kind="restoration", at=at(116), reason="Visto en el monitoreo")
    desk.do("visit.correct_time", again, minutes=140)
    assert desk.restoration().at == at(116)
    assert not desk.restoration().needs_review


def test_after_closing_a_corrected_time_stays_on_the_visit() -> None:
    desk = Desk().registered().on_site().checked().restored(100, TECHNICIAN)
    desk.do("visit.finish", FieldTime(), TECHNICIAN, minutes=105)
    desk.do("incident.close", CloseIncident(), minutes=110)
    args = CorrectTime(kind="restoration", at=at(90), reason="x")
    desk.do("visit.correct_time", args, minutes=130)
    assert desk.restoration().at == at(100)


def test_of_several_restorations_the_one_in_force_is_corrected() -> None:
    desk = Desk().registered().on_site().checked()
    desk.do("incident.restore", restore_args(60), TECHNICIAN, minutes=60)
    later = RecordRestoration(restored_at=at(70))
    desk.do("incident.record_restoration", later, TECHNICIAN, minutes=71)
    args = CorrectTime(kind="restoration", at=at(58), reason="Visto en el monitoreo")
    desk.do("visit.correct_time", args, minutes=80)
    assert desk.restoration().at == at(58)
    times = [record.at for record in desk.visit().times if record.kind == "restoration"]
    assert times == [at(58), at(70)]


def test_the_desk_corrects_a_restoration_without_a_visit() -> None:
    desk = Desk().registered().restored(125)
    assert desk.incident().clocks.restoration.state is ClockState.MISSED
    args = CorrectRestoration(at=at(118), reason="Visto en el monitoreo")
    answer = desk.do("incident.correct_restoration", args, minutes=130)
    assert desk.restoration().at == at(118)
    assert not desk.restoration().needs_review
    assert desk.incident().outages[-1].end == at(118)
    assert desk.incident().clocks.restoration.state is ClockState.MET
    assert answer.entries[0].text == "Visto en el monitoreo"


@pytest.mark.parametrize(
    ("args", "refused"),
    [
        (CorrectRestoration(at=at(50), reason=" "), ("missing_reason", "reason")),
        (CorrectRestoration(at=at(500), reason="x"), ("in_future", "at")),
    ],
)
def test_a_correction_has_a_reason_and_lies_in_the_past(
    args: CorrectRestoration, refused: tuple[str, str]
) -> None:
    desk = Desk().registered().restored()
    assert desk.refused("incident.correct_restoration", args, minutes=70) == refused


def test_only_the_desk_corrects_and_only_what_is_restored_and_not_closed() -> None:
    args = CorrectRestoration(at=at(50), reason="x")
    desk = Desk().registered().on_site()
    running = desk.refused("incident.correct_restoration", args, minutes=65)
    assert running == ("wrong_state", "in_progress")
    desk.checked().restored(60, TECHNICIAN)
    mine = desk.refused("incident.correct_restoration", args, TECHNICIAN, minutes=65)
    assert mine == ("not_authorised", "technician")
    desk.do("visit.finish", FieldTime(), TECHNICIAN, minutes=66)
    desk.do("incident.close", CloseIncident(), minutes=70)
    closed = desk.refused("incident.correct_restoration", args, minutes=75)
    assert closed == ("wrong_state", "closed")


def test_a_time_before_the_report_stays_doubtful_whoever_says_it() -> None:
    desk = Desk().registered().restored()
    args = CorrectRestoration(at=at(-5), reason="x")
    desk.do("incident.correct_restoration", args, minutes=70)
    assert desk.restoration().needs_review


def _stopping() -> Desk:
    pauses = tuple(
        replace(pause, stops=frozenset({Indicator.RESTORATION})) for pause in policy().pauses
    )
    return Desk(rules=rulebook(replace(policy(), pauses=pauses))).registered()


@pytest.mark.parametrize("corrected", [100, 140, 10])
def test_a_pause_that_the_restoration_ended_ends_at_the_corrected_time(corrected: float) -> None:
    desk = _stopping()
    desk.do("incident.pause", PauseIncident(reason="no_access"), minutes=20)
    desk.restored(120)
    args = CorrectRestoration(at=at(corrected), reason="x")
    desk.do("incident.correct_restoration", args, minutes=150)
    assert desk.incident().pauses[0].end == at(max(20, corrected))
    assert desk.incident().clocks.restoration.state is ClockState.MET


def test_a_pause_that_had_ended_before_keeps_its_end() -> None:
    desk = _stopping()
    desk.do("incident.pause", PauseIncident(reason="no_access"), minutes=20)
    desk.do("incident.resume", ResumeIncident(), minutes=40)
    desk.restored(60)
    args = CorrectRestoration(at=at(30), reason="x")
    desk.do("incident.correct_restoration", args, minutes=150)
    assert desk.incident().pauses[0].end == at(40)
