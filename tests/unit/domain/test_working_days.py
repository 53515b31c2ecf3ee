"""Rule 7: the notice of planned works, in working days of the affected zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_samples import published

from fieldtech.domain.planned import PlannedWork
from fieldtech.domain.working_days import (
    Calendar,
    NoticeVerdict,
    add_working_days,
    is_working_day,
    notice,
    working_days_between,
)

NONE: frozenset[date] = frozenset()
CONSTITUTION_DAY = date(2026, 2, 2)  # a Monday in Mexico
MEXICO = Calendar(zones=("America/Mexico_City",), holidays=NONE)

days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
holidays = st.frozensets(days, max_size=40)


def work(announced: datetime, start: datetime, *, corrective: bool = False) -> PlannedWork:
    return PlannedWork(
        id="w",
        title="Cambio de equipo",
        scope=("region:MX",),
        start=start,
        end=start + timedelta(hours=2),
        announced_at=announced,
        corrective=corrective,
    )


def verdict(
    announced: datetime, start: datetime, calendar: Calendar = MEXICO, *, corrective: bool = False
) -> NoticeVerdict:
    return notice(work(announced, start, corrective=corrective), published(), calendar)


def utc(month: int, day: int, hour: int = 18) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_five_working_days_after_a_monday_is_the_next_monday() -> None:
    assert add_working_days(date(2026, 3, 2), 5, NONE) == date(2026, 3, 9)


def test_weekends_and_holidays_do_not_count() -> None:
    friday = date(2026, 1, 30)
    assert add_working_days(friday, 1, NONE) == date(2026, 2, 2)
    assert add_working_days(friday, 1, frozenset({CONSTITUTION_DAY})) == date(2026, 2, 3)


def test_a_notice_given_on_a_saturday_counts_from_monday() -> None:
    assert add_working_days(date(2026, 3, 7), 5, NONE) == date(2026, 3, 13)


def test_the_notice_day_itself_does_not_count() -> None:
    assert not verdict(utc(3, 2), utc(3, 6)).in_time
    assert not verdict(utc(3, 2), utc(3, 8)).in_time  # Sunday: only four working days so far
    exact = verdict(utc(3, 2), utc(3, 9))
    assert exact.in_time
    assert (exact.working_days, exact.earliest_start) == (5, date(2026, 3, 9))


def test_a_corrective_work_is_exempt_but_its_notice_is_still_not_full() -> None:
    short = verdict(utc(3, 2), utc(3, 3), corrective=True)
    assert short.in_time
    assert not short.full


def test_dates_are_those_of_the_affected_site() -> None:
    # 05:30 UTC on Tuesday is still Monday evening in Mexico City and in Tijuana.
    announced = datetime(2026, 3, 3, 5, 30, tzinfo=UTC)
    assert verdict(announced, utc(3, 9)).in_time
    assert not verdict(announced, utc(3, 9), replace(MEXICO, zones=("UTC",))).in_time


def test_the_strictest_zone_decides() -> None:
    # Tuesday 05:30 UTC is Tuesday in Cancún (UTC-5) and Monday in Mexico City (UTC-6).
    announced = datetime(2026, 3, 3, 5, 30, tzinfo=UTC)
    both = Calendar(zones=("America/Mexico_City", "America/Cancun"), holidays=NONE)
    judged = verdict(announced, utc(3, 9), both)
    assert not judged.in_time
    assert (judged.working_days, judged.earliest_start) == (4, date(2026, 3, 10))
    assert verdict(announced, utc(3, 10), both).in_time


@pytest.mark.parametrize(("month", "offset_hours"), [(2, 8), (7, 7)])
def test_the_northern_border_still_changes_its_clocks(month: int, offset_hours: int) -> None:
    # Midnight in Tijuana is 08:00 UTC in winter and 07:00 in summer; Mexico City stays at 06:00.
    border = replace(MEXICO, zones=("America/Tijuana",))
    midnight = datetime(2026, month, 2, offset_hours, tzinfo=UTC)
    start = utc(month, 9)
    assert verdict(midnight, start, border).working_days == 5
    assert verdict(midnight - timedelta(seconds=1), start, border).working_days == 6


def test_a_moved_window_counts_from_its_new_announcement() -> None:
    first = work(utc(3, 2), utc(3, 9))
    moved = replace(first, announced_at=utc(3, 5), start=utc(3, 10))
    assert notice(first, published(), MEXICO).in_time
    assert not notice(moved, published(), MEXICO).in_time


@given(day=days, count=st.integers(0, 30), free=holidays)
def test_adding_and_counting_working_days_agree(
    day: date, count: int, free: frozenset[date]
) -> None:
    found = add_working_days(day, count, free)
    assert working_days_between(day, found, free) == count
    assert count == 0 or is_working_day(found, free)


@given(day=days, later=st.integers(0, 60), required=st.integers(0, 10), free=holidays)
def test_in_time_means_at_least_the_required_working_days(
    day: date, later: int, required: int, free: frozenset[date]
) -> None:
    start = day + timedelta(days=later)
    enough = working_days_between(day, start, free) >= required
    assert (start >= add_working_days(day, required, free)) == enough


@given(day=days, later=st.integers(0, 40), free=holidays, more=holidays)
def test_another_holiday_never_makes_a_notice_longer(
    day: date, later: int, free: frozenset[date], more: frozenset[date]
) -> None:
    end = day + timedelta(days=later)
    assert working_days_between(day, end, free | more) <= working_days_between(day, end, free)
