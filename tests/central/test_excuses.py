"""Planned works as an excuse: notice in working days, by official holidays and every zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import msgspec
import pytest

from fieldtech.central.excuses import Excuses
from fieldtech.central.feed import Writer, current_body
from fieldtech.central.sync.ground import Grounds
from fieldtech.domain.planned import Announcement, PlannedWork
from fieldtech.domain.policy import PlannedRule
from fieldtech.domain.reference import Service, Site
from fieldtech.domain.working_days import add_working_days
from fieldtech.protocol import codec

if TYPE_CHECKING:
    from central_desk import Desk
    from sqlalchemy import Connection

    from fieldtech.domain.intervals import Span

T = TypeVar("T")
HOUR = timedelta(hours=1)
REVOLUTION_DAY = date(2026, 11, 16)


def put_site(connection: Connection, site_id: str, zone: str) -> None:
    site = read(connection, "site", site_id, Site)
    writer = Writer(connection, now=datetime(2026, 11, 1, tzinfo=UTC))
    writer.put("site", site_id, replace(site, timezone=zone))
    writer.flush()


def read(connection: Connection, entity: str, entity_id: str, kind: type[T]) -> T:
    raw = current_body(connection, entity, entity_id)
    return codec.decode(bytes(raw or msgspec.Raw()), kind)


def windows(desk: Desk, work: PlannedWork, municipality: str = "gdl") -> tuple[Span, ...]:
    """The windows that excuse the service there, where the policy asks for the full notice."""
    with desk.database.write() as connection:
        writer = Writer(connection, now=desk.clock.now())
        writer.put("planned", work.id, work)
        writer.flush()
        rules = Grounds().of(connection).rules
        site = read(connection, "site", f"s-{municipality}", Site)
        service = read(connection, "service", f"v-{municipality}", Service)
        policy = replace(rules.current(site.region_id), planned_rule=PlannedRule.FULL_NOTICE)
        return Excuses(connection, rules).of(service, site, policy)


def work(announced_at: datetime, days: int, *scope: str, after: date) -> PlannedWork:
    """A work that begins at noon of the ``days``-th weekday after a local date."""
    day = add_working_days(after, days, frozenset())
    start = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
    return PlannedWork(
        id="p1",
        title="Cambio de fibra",
        scope=scope,
        start=start,
        end=start + HOUR,
        announced_at=announced_at,
    )


@pytest.fixture
def notice_days(desk: Desk) -> int:
    """How many working days the policy promises."""
    with desk.database.read() as connection:
        return Grounds().of(connection).rules.current("gdl").notice_working_days


def test_a_holiday_is_no_day_of_notice(desk: Desk, notice_days: int) -> None:
    told = datetime(2026, 11, 13, 18, tzinfo=UTC)
    over_the_holiday = work(told, notice_days, "site:s-gdl", after=told.date())
    assert over_the_holiday.start.date() >= REVOLUTION_DAY
    assert windows(desk, over_the_holiday) == ()
    a_day_later = work(told, notice_days + 1, "site:s-gdl", after=told.date())
    assert [span.start for span in windows(desk, a_day_later)] == [a_day_later.start]


@pytest.mark.parametrize("elsewhere", ["site:s-mty", "service:v-mty", "region:nl"])
def test_the_strictest_zone_of_the_whole_work_decides(
    desk: Desk, notice_days: int, elsewhere: str
) -> None:
    """Half past eleven at night in Tijuana is a day later in Monterrey."""
    with desk.database.write() as connection:
        put_site(connection, "s-gdl", "America/Tijuana")
    told = datetime(2026, 11, 4, 7, 30, tzinfo=UTC)
    here = work(told, notice_days, "site:s-gdl", after=date(2026, 11, 3))
    assert len(windows(desk, here)) == 1
    both = replace(here, scope=("site:s-gdl", elsewhere))
    assert windows(desk, both) == ()


def test_what_had_begun_before_a_work_was_called_off_stays_excused(
    desk: Desk, notice_days: int
) -> None:
    told = datetime(2026, 11, 2, 18, tzinfo=UTC)
    begun = work(told, notice_days + 5, "region:jal", after=told.date())
    half = begun.start + HOUR / 2
    window = Announcement(start=begun.start, end=half, announced_at=told)
    cancelled = replace(begun, cancelled=True, superseded=(window,))
    assert [(span.start, span.end) for span in windows(desk, cancelled)] == [(begun.start, half)]
    assert windows(desk, cancelled, "mty") == ()
