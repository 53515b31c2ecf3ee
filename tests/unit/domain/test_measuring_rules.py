"""A run of the probes is kept with its visit, and answers what nobody has decided meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_desk import COLLEAGUE, TECHNICIAN, Desk, at

from fieldtech.domain.check_commands import AnswerCheck, RecordMeasurement, WaiveCheck
from fieldtech.domain.commands import ReassignVisit
from fieldtech.domain.fact_rules import JUDGED
from fieldtech.domain.facts import MeasuredItem
from fieldtech.domain.words import CheckStatus

RUN = RecordMeasurement(
    measurement_id="m1",
    started_at=at(32),
    profile="quick",
    interface="eth0",
    seconds=6.2,
    cause="loss",
    link="provider",
    attribution="ally",
    readings=(
        MeasuredItem(item="lan.cable", status=CheckStatus.PASS, value="up"),
        MeasuredItem(item="sip.loss", status=CheckStatus.FAIL, value="5.3"),
        MeasuredItem(
            item="wifi.signal", status=CheckStatus.NOT_MEASURABLE, reason="not a wireless interface"
        ),
    ),
    evidence_id="file-1",
)


def test_a_run_is_kept_and_answers_what_it_measured() -> None:
    desk = Desk().registered().on_site()
    by_hand = AnswerCheck(item="lan.cable", status=CheckStatus.FAIL, note="Conector roto")
    desk.do("check.answer", by_hand, TECHNICIAN, minutes=31)
    desk.do("check.measure", RUN, TECHNICIAN, minutes=33)
    visit = desk.visit()
    cable, loss = visit.answer("lan.cable"), visit.answer("sip.loss")
    assert cable is not None
    assert loss is not None
    assert (cable.status, cable.value, cable.source) == (CheckStatus.PASS, "up", "probe")
    assert cable.note == "Conector roto", "what was written beside it stays"
    assert (loss.status, loss.at) == (CheckStatus.FAIL, at(33))
    assert visit.answer("wifi.signal") is None, "somebody may still look"
    assert [each.note for each in visit.answer_history] == ["Conector roto"]
    kept = visit.measurements[0]
    assert (kept.id, kept.link, kept.evidence_id, kept.at) == ("m1", "provider", "file-1", at(32))
    lacking = kept.reading("wifi.signal")
    assert lacking is not None
    assert lacking.reason == "not a wireless interface"


@pytest.mark.parametrize("minutes", [32, 32.5], ids=["as it began", "while it was under way"])
def test_a_person_who_answers_during_a_run_overrules_it(minutes: float) -> None:
    desk = Desk().registered().on_site()
    seen = AnswerCheck(item="lan.cable", status=CheckStatus.FAIL, note="Cable pelado")
    desk.do("check.answer", seen, TECHNICIAN, minutes=minutes)
    desk.do("check.measure", RUN, TECHNICIAN, minutes=33)
    visit = desk.visit()
    cable = visit.answer("lan.cable")
    assert cable is not None
    assert (cable.status, cable.source, cable.at) == (CheckStatus.FAIL, "person", at(minutes))
    assert visit.answer_history == (), "it was never replaced"
    reading = visit.measurements[0].reading("lan.cable")
    assert reading is not None
    assert reading.status is CheckStatus.PASS, "what was measured stands in the run"
    loss = visit.answer("sip.loss")
    assert loss is not None
    assert loss.source == "probe", "the other items are answered"


def test_what_a_probe_answered_during_a_run_is_measured_anew() -> None:
    desk = Desk().registered().on_site()
    repeated = replace(RUN, measurement_id="m2", started_at=at(32.5), readings=(RUN.readings[0],))
    desk.do("check.measure", repeated, TECHNICIAN, minutes=32.7)
    fallen = replace(RUN, readings=(replace(RUN.readings[0], status=CheckStatus.FAIL),))
    desk.do("check.measure", fallen, TECHNICIAN, minutes=33)
    cable = desk.visit().answer("lan.cable")
    assert cable is not None
    assert (cable.status, cable.source) == (CheckStatus.FAIL, "probe")


@pytest.mark.parametrize("minutes", [31, 32.5], ids=["before the run", "during the run"])
@pytest.mark.parametrize("command", ["check.waive", "check.answer"])
def test_no_run_takes_back_what_a_person_left_out(command: str, minutes: float) -> None:
    desk = Desk().registered().on_site()
    waiver: object = WaiveCheck(item="lan.cable", reason="Registro soldado")
    if command == "check.answer":
        waiver = AnswerCheck(item="lan.cable", status=CheckStatus.WAIVED, note="Registro soldado")
    desk.do(command, waiver, TECHNICIAN, minutes=minutes)
    desk.do("check.measure", RUN, TECHNICIAN, minutes=33)
    visit = desk.visit()
    cable = visit.answer("lan.cable")
    assert cable is not None
    assert (cable.status, cable.reason) == (CheckStatus.WAIVED, "Registro soldado")
    assert visit.answer_history == ()
    assert visit.measurements[0].reading("lan.cable") is not None


def test_before_and_after_stand_side_by_side() -> None:
    desk = Desk().registered().on_site()
    after = replace(
        RUN,
        measurement_id="m2",
        cause="healthy",
        link="",
        attribution="",
        readings=(MeasuredItem(item="sip.loss", status=CheckStatus.PASS, value="0"),),
    )
    desk.do("check.measure", RUN, TECHNICIAN, minutes=33)
    desk.do("check.measure", after, TECHNICIAN, minutes=60)
    visit = desk.visit()
    assert [each.cause for each in visit.measurements] == ["loss", "healthy"]
    loss = visit.answer("sip.loss")
    assert loss is not None
    assert (loss.status, loss.value) == (CheckStatus.PASS, "0")
    assert visit.answer_history == (), "the first answer stands in its own run"


def test_a_run_told_twice_is_kept_once() -> None:
    desk = Desk().registered().on_site()
    desk.do("check.measure", RUN, TECHNICIAN, minutes=33)
    by_hand = AnswerCheck(
        item="sip.loss", status=CheckStatus.PASS, note="Se repitió con otro cable"
    )
    desk.do("check.answer", by_hand, TECHNICIAN, minutes=34)
    desk.do("check.measure", RUN, TECHNICIAN, minutes=35)
    visit = desk.visit()
    assert len(visit.measurements) == 1
    loss = visit.answer("sip.loss")
    assert loss is not None
    assert loss.source == "person", "and does not answer again"


@pytest.mark.parametrize(
    ("args", "field"),
    [
        (replace(RUN, measurement_id=" "), "measurement_id"),
        (replace(RUN, readings=(replace(RUN.readings[0], item=""),)), "readings"),
    ],
)
def test_a_run_that_says_nothing_is_refused(args: RecordMeasurement, field: str) -> None:
    desk = Desk().registered().on_site()
    assert desk.refused("check.measure", args, TECHNICIAN) == ("invalid", field)


def test_a_run_with_a_character_that_no_database_takes_is_refused() -> None:
    desk = Desk().registered().on_site()
    bad = replace(RUN, readings=(replace(RUN.readings[0], value="x\0"),))
    assert desk.refused("check.measure", bad, TECHNICIAN) == ("bad_character", "readings")


def test_a_run_of_a_visit_that_is_no_longer_his_is_late_work() -> None:
    desk = Desk().registered().on_site()
    gone = ReassignVisit(new_visit_id="v2", technician_id=COLLEAGUE.id, reason="Cambio")
    desk.do("visit.reassign", gone, minutes=35)
    desk.do("check.measure", RUN, TECHNICIAN, target="visit:v1", minutes=40)
    assert len(desk.visit("v1").measurements) == 1
    assert [work.summary for work in desk.incident().late_work] == ["loss provider"]


MOMENTS = st.integers(30, 50)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("check.answer"), st.sampled_from(CheckStatus), MOMENTS),
        st.tuples(st.just("check.measure"), st.sampled_from(CheckStatus), MOMENTS),
    ),
    max_size=8,
)


@given(STEPS)
def test_a_run_never_outweighs_a_person_who_answered_after_it_began_or_waived(
    steps: list[tuple[str, CheckStatus, int]],
) -> None:
    desk = Desk().registered().on_site()
    for count, (name, status, minutes) in enumerate(steps):
        before = desk.visit().answer("lan.cable")
        if name == "check.answer":
            args = AnswerCheck(item="lan.cable", status=status, note="Visto", value=f"{count}")
            desk.do(name, args, TECHNICIAN, minutes=minutes)
            continue
        run = replace(
            RUN,
            measurement_id=f"m{count}",
            started_at=at(minutes),
            readings=(MeasuredItem(item="lan.cable", status=status, value=f"{count}"),),
        )
        desk.do(name, run, TECHNICIAN, minutes=minutes + 0.5)
        after = desk.visit().answer("lan.cable")
        by_person = before is not None and before.source == "person"
        stands = before is not None and (
            before.status is CheckStatus.WAIVED or before.at >= at(minutes)
        )
        if (by_person and stands) or status not in JUDGED:
            assert after == before
        else:
            assert after is not None
            assert (after.source, after.value) == ("probe", f"{count}")
        assert desk.visit().measurements[-1].id == f"m{count}", "the run is kept in any case"
