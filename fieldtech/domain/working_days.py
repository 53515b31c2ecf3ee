"""Working days and the notice of planned maintenance.

Holidays come in as dates (the caller reads them from a library), so nothing here goes stale.
Notice is counted in local dates: the day it was given does not count, and the strictest of the
affected zones decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.planned import PlannedWork
    from fieldtech.domain.policy import Policy

_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The IANA zones of the affected sites (at least one) and the official holidays."""

    zones: tuple[str, ...]
    holidays: frozenset[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeVerdict:
    """Whether a work was announced in time.

    ``working_days`` is the notice given and ``earliest_start`` the first local date that the
    policy allows after this announcement, both by the strictest zone. ``full`` says that the
    notice is complete; ``in_time`` that the promise was kept: complete, or a corrective work,
    which is exempt.
    """

    working_days: int
    required: int
    earliest_start: date
    full: bool
    exempt: bool

    @property
    def in_time(self) -> bool:
        """The published promise was kept."""
        return self.full or self.exempt


def is_working_day(day: date, holidays: frozenset[date]) -> bool:
    """Tell whether people work on ``day``: no weekend and no official holiday."""
    return day.weekday() < _SATURDAY and day not in holidays


def add_working_days(day: date, count: int, holidays: frozenset[date]) -> date:
    """Return the ``count``-th working day after ``day``, which itself does not count."""
    found = day
    while count > 0:
        found += timedelta(days=1)
        if is_working_day(found, holidays):
            count -= 1
    return found


def working_days_between(day: date, later: date, holidays: frozenset[date]) -> int:
    """Return how many working days lie after ``day`` up to and including ``later``."""
    span = (later - day).days
    return sum(
        is_working_day(day + timedelta(days=offset), holidays) for offset in range(1, span + 1)
    )


def notice(work: PlannedWork, policy: Policy, calendar: Calendar) -> NoticeVerdict:
    """Judge the notice of ``work``; a changed window counts from its last announcement."""
    required = policy.notice_working_days
    given: list[int] = []
    allowed: list[date] = []
    full = True
    for zone in calendar.zones:
        announced = _local_date(work.announced_at, zone)
        start = _local_date(work.start, zone)
        earliest = add_working_days(announced, required, calendar.holidays)
        given.append(working_days_between(announced, start, calendar.holidays))
        allowed.append(earliest)
        full = full and start >= earliest
    return NoticeVerdict(
        working_days=min(given),
        required=required,
        earliest_start=max(allowed),
        full=full,
        exempt=work.corrective,
    )


def _local_date(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
