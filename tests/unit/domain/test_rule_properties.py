"""Rules 1, 5, 7 and 11 as properties, played through ``apply`` as people do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from service_desk import NINE, SUPERVISOR, TECHNICIAN, Desk, at, policy, restore_args, rulebook

from fieldtech.domain.availability import account
from fieldtech.domain.case import Applied, Rejection
from fieldtech.domain.codes import Indicator
from fieldtech.domain.commands import (
    Acknowledge,
    JudgeExclusion,
    ProposeExclusion,
    RefailIncident,
)
from fieldtech.domain.incident import Incident
from fieldtech.domain.intervals import Closed
from fieldtech.domain.planned import PlannedWork
from fieldtech.domain.words import Attribution, ClockState
from fieldtech.domain.working_days import Calendar, notice

MINOR_USERS, MAJOR_USERS = 10, 30
near = st.integers(-3, 3)


# Rule 1: the edges


@given(affected=st.sampled_from([MINOR_USERS, MAJOR_USERS]), seconds=near)
def test_a_response_is_met_up_to_and_with_its_target(affected: int, seconds: int) -> None:
    desk = Desk().reported(affected=affected)
    target = desk.incident().clocks.response.target_s
    desk.do("incident.acknowledge", Acknowledge(), minutes=(target + seconds) / 60)
    verdict = desk.incident().clocks.response.state
    assert verdict is (ClockState.MET if seconds <= 0 else ClockState.MISSED)


@given(affected=st.sampled_from([MINOR_USERS, MAJOR_USERS]), seconds=near)
def test_a_restoration_is_met_before_its_target_only(affected: int, seconds: int) -> None:
    desk = Desk().registered(affected=affected)
    target = desk.incident().clocks.restoration.target_s
    desk.restored((target + seconds) / 60)
    verdict = desk.incident().clocks.restoration.state
    assert verdict is (ClockState.MET if seconds < 0 else ClockState.MISSED)


# Rule 5: proposed, confirmed, and what that undoes


def counted_minutes(incident: Incident) -> float:
    entry = account(incident, policy(), (), Closed(at(0), at(1000)), at(1000))
    return sum(piece.seconds for piece in entry.counted) / 60


@given(
    restored=st.integers(1, 400),
    start=st.integers(-60, 400),
    length=st.none() | st.integers(1, 400),
    confirmed=st.booleans(),
    before=st.booleans(),
)
def test_only_a_confirmed_exclusion_takes_its_minutes_out(
    restored: int, start: int, length: int | None, *, confirmed: bool, before: bool
) -> None:
    """Whether it is proposed and judged before the restoration or after."""
    by_clock = replace(policy(), external_excluded_from=frozenset(Indicator) - {Indicator.RESPONSE})
    desk = Desk(rules=rulebook(by_clock)).registered().assigned()
    if not before:
        desk.restored(restored)
    plain = desk.incident().clocks
    claim = ProposeExclusion(
        exclusion_id="x1",
        attribution=Attribution.THIRD_PARTY,
        start=at(start),
        end=None if length is None else at(start + length),
        evidence="foto",
    )
    answer = desk.try_("exclusion.propose", claim, TECHNICIAN, minutes=450)
    if isinstance(answer, Rejection):
        assert not before
        assert start >= restored
        return
    assert desk.incident().clocks == plain, "a proposal changes nothing"
    verdict = "exclusion.confirm" if confirmed else "exclusion.refuse"
    desk.do(verdict, JudgeExclusion(exclusion_id="x1"), SUPERVISOR, minutes=460)
    if before:
        desk.restored(restored)
    ended = restored if length is None else start + length
    taken_out = sum(start <= minute < ended for minute in range(restored)) if confirmed else 0
    assert counted_minutes(desk.incident()) == restored - taken_out
    clock = desk.incident().clocks.restoration
    if taken_out == restored:
        assert clock.state is ClockState.EXCLUDED
    elif start >= 120:
        assert clock.state is (ClockState.MET if restored < 120 else ClockState.MISSED)
    else:
        in_time = restored - taken_out < 120
        assert clock.state is (ClockState.MET if in_time else ClockState.MISSED)


# Rule 7: several zones

zone_lists = st.lists(
    st.sampled_from(
        ["America/Mexico_City", "America/Cancun", "America/Tijuana", "America/Hermosillo", "UTC"]
    ),
    min_size=1,
    max_size=4,
    unique=True,
)
announcements = st.integers(0, 365 * 24).map(
    lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)


@given(
    zones=zone_lists,
    announced=announcements,
    ahead=st.integers(0, 20 * 24),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 2, 1)), max_size=10),
)
def test_the_notice_of_several_zones_is_the_strictest_of_each(
    zones: list[str], announced: datetime, ahead: int, holidays: frozenset[date]
) -> None:
    start = announced + timedelta(hours=ahead)
    work = PlannedWork(
        id="w",
        title="x",
        scope=("region:mx",),
        start=start,
        end=start + timedelta(hours=1),
        announced_at=announced,
    )
    together = notice(work, policy(), Calendar(zones=tuple(zones), holidays=holidays))
    alone = [notice(work, policy(), Calendar(zones=(zone,), holidays=holidays)) for zone in zones]
    assert together.working_days == min(each.working_days for each in alone)
    assert together.earliest_start == max(each.earliest_start for each in alone)
    assert together.full == all(each.full for each in alone)
    assert all(each.full == (each.working_days >= each.required) for each in alone)


# Rule 11: it fails again


@given(
    spells=st.lists(st.tuples(st.integers(1, 90), st.integers(-5, 90)), max_size=4),
    last=st.integers(1, 90),
)
def test_only_the_restoration_that_held_counts_from_the_first_report(
    spells: list[tuple[int, int]], last: int
) -> None:
    """Each spell: minutes until a restoration, and until it failed again."""
    desk, minute = Desk().registered(), 5
    voided: list[tuple[int, int]] = []
    for until_restored, until_failed in spells:
        minute += until_restored
        desk.restored(minute)
        failed = minute + until_failed
        args = RefailIncident(failed_at=at(failed))
        answer = desk.try_("incident.refail", args, minutes=max(minute, failed))
        assert isinstance(answer, Applied) == (until_failed >= 0)
        if isinstance(answer, Rejection):
            desk.do("incident.refail", RefailIncident(failed_at=at(minute)), minutes=minute)
            failed = minute
        voided.append((minute, failed))
        minute = failed
        assert desk.incident().clocks.restoration.state is ClockState.RUNNING
        assert desk.incident().clocks.restoration.due == at(120)
    minute += last
    desk.do("incident.restore", restore_args(minute), minutes=minute)
    incident = desk.incident()
    verdict = ClockState.MET if minute < 120 else ClockState.MISSED
    assert incident.clocks.restoration.state is verdict
    assert counted_minutes(incident) == minute, "down throughout, whatever came between"
    assert [(o.end, o.failed_at) for o in incident.outages[:-1]] == [
        (at(end), at(failed)) for end, failed in voided
    ]
    assert all(outage.start == NINE and outage.void for outage in incident.outages[:-1])
    assert (incident.outages[-1].end, incident.outages[-1].void) == (at(minute), False)
