"""Times that come in with a zone of their own: no clock is an hour off where clocks change."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from service_desk import DISPATCHER, Desk, register_args, restore_args

from fieldtech.domain.apply import apply
from fieldtech.domain.case import Applied, Case, Rejection
from fieldtech.domain.commands import Actor, Command
from fieldtech.domain.planned_commands import AnnouncePlanned
from fieldtech.domain.planned_rules import apply_planned
from fieldtech.domain.words import ClockState

TIJUANA = ZoneInfo("America/Tijuana")
FALL_BACK = datetime(2026, 11, 1, 0, 30, tzinfo=TIJUANA)
"""Half an hour after midnight of the night in which the clock strikes one twice."""

zones = st.sampled_from(
    [TIJUANA, ZoneInfo("America/Ciudad_Juarez"), ZoneInfo("America/Mexico_City"), UTC]
)
nights = st.sampled_from(
    [datetime(2026, 11, 1, 6, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC)]
)


def _issue(case: Case, name: str, args: object, at: datetime, actor: Actor = DISPATCHER) -> Case:
    command = Command(
        op_id=name, name=name, target="incident:i1", actor=actor, occurred_at=at, args=args
    )
    context = replace(Desk().context, now=at.astimezone(UTC))
    answer = apply(case, command, context)
    assert isinstance(answer, Applied), answer
    return answer.case


def test_two_hours_are_two_hours_in_the_night_the_clock_goes_back() -> None:
    case = _issue(Case(), "incident.register", register_args(notified_at=FALL_BACK), FALL_BACK)
    assert case.incident is not None
    due = case.incident.clocks.restoration.due
    assert due == FALL_BACK.astimezone(UTC) + timedelta(hours=2)
    back = datetime(2026, 11, 1, 1, 45, fold=1, tzinfo=TIJUANA)
    case = _issue(case, "incident.restore", replace(restore_args(0), restored_at=back), back)
    assert case.incident is not None
    assert case.incident.clocks.restoration.state is ClockState.MISSED, "2 h 15 min had passed"


@given(night=nights, zone=zones, started=st.integers(0, 300), lasted=st.integers(0, 300))
def test_the_same_moments_give_the_same_case_in_every_zone(
    night: datetime, zone: ZoneInfo, started: int, lasted: int
) -> None:
    def told(zoned: bool) -> Case:  # noqa: FBT001  which of the two tells
        first = night + timedelta(minutes=started)
        last = first + timedelta(minutes=lasted)
        if zoned:
            first, last = first.astimezone(zone), last.astimezone(zone)
        case = _issue(Case(), "incident.register", register_args(notified_at=first), first)
        return _issue(case, "incident.restore", replace(restore_args(0), restored_at=last), last)

    in_zone, in_utc = told(zoned=True), told(zoned=False)
    assert in_zone == in_utc
    incident = in_zone.incident
    assert incident is not None
    times = [
        value
        for spec in fields(incident)
        if isinstance(value := getattr(incident, spec.name), datetime)
    ]
    assert {time.tzinfo for time in times} == {UTC}
    assert incident.outages[0].end is not None
    assert incident.outages[0].end - incident.outages[0].start == timedelta(minutes=lasted)


def test_a_window_of_planned_work_is_in_utc_too() -> None:
    args = AnnouncePlanned(
        title="Cambio de tarjeta",
        scope=("region:norte",),
        start=FALL_BACK,
        end=datetime(2026, 11, 1, 4, 30, tzinfo=TIJUANA),
    )
    command = Command(
        op_id="op",
        name="planned.announce",
        target="planned:p1",
        actor=DISPATCHER,
        occurred_at=FALL_BACK - timedelta(days=9),
        args=args,
    )
    answer = apply_planned(None, command, Desk().context)
    assert not isinstance(answer, Rejection)
    work, entry = answer
    assert work.end - work.start == timedelta(hours=5)
    assert {work.start.tzinfo, work.announced_at.tzinfo, entry.at.tzinfo} == {UTC}
