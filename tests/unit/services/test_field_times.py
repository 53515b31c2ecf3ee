"""The clock's own doubt travels with a field time, and decides what is reviewed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import field_office
import pytest

from fieldtech.domain.commands import AddNote, FieldTime, RecordTime
from fieldtech.protocol.codec import decode_args
from fieldtech.services.field_times import with_uncertainty
from fieldtech.store.central_time import Sample
from fieldtech.store.work import NewCommand

if TYPE_CHECKING:
    from field_office import FieldLaptop

    from fieldtech.domain.incident import Incident


def unsure(laptop: FieldLaptop, seconds: float) -> None:
    """Let the last comparison with the central have taken twice that long."""
    now = laptop.machine.now().timestamp()
    laptop.clock.set_sample(
        Sample(
            central_s=now,
            wall_s=now,
            boot_s=laptop.machine.boot(),
            boot_id=laptop.machine.boot_id(),
            rtt_s=2 * seconds,
        )
    )


def incident(laptop: FieldLaptop, incident_id: str) -> Incident:
    found = laptop.desk.cases.detail(incident_id)
    assert found is not None
    return found.incident


def test_a_step_taken_now_says_how_sure_the_clock_is(ana: FieldLaptop) -> None:
    unsure(ana, 30.0)
    ana.do_on_visit("run", "visit.accept", "visit.start_travel")
    found = ana.desk.cases.detail("run")
    assert found is not None
    assert found.visit is not None
    assert [time.uncertainty_s for time in found.visit.times] == pytest.approx([30.0, 30.0])


@pytest.mark.parametrize(("minutes", "uncertainty"), [(0, 30.0), (1, 30.0), (-1, 30.0), (2, 0.0)])
def test_a_time_that_is_remembered_is_a_persons_word(
    ana: FieldLaptop, minutes: float, uncertainty: float
) -> None:
    unsure(ana, 30.0)
    moment = ana.clock.moment()
    told = RecordTime(kind="arrival", at=moment.at - timedelta(minutes=minutes))
    new = NewCommand(name="visit.record_time", target="visit:v", args=told)
    after = with_uncertainty(new, moment)
    assert isinstance(after.args, RecordTime)
    assert after.args.uncertainty_s == pytest.approx(uncertainty)


def test_an_error_that_was_measured_stays(ana: FieldLaptop) -> None:
    own = NewCommand(name="visit.arrive", target="visit:v", args=FieldTime(uncertainty_s=4.0))
    assert with_uncertainty(own, ana.clock.moment()) == own
    note = NewCommand(name="incident.note", target="incident:i", args=AddNote(text="x"))
    assert with_uncertainty(note, ana.clock.moment()) == note


def test_a_restoration_across_the_deadline_by_an_unsure_clock_is_reviewed(
    ana: FieldLaptop,
) -> None:
    ana.do_on_visit("run", "visit.accept", "visit.start_travel", "visit.arrive")
    ana.answer_mandatory("run")
    due = incident(ana, "run").clocks.restoration.due
    assert due is not None
    ana.machine.advance((due - ana.clock.now()).total_seconds() - 20)
    unsure(ana, 30.0)
    args = decode_args("incident.restore", field_office.restoration(ana.clock.now()))
    ana.do("incident.restore", "incident:run", args)
    restoration = incident(ana, "run").restoration
    assert restoration is not None
    assert restoration.uncertainty_s == pytest.approx(30.0, abs=1.0)
    assert restoration.needs_review
