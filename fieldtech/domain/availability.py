"""Availability of a service in a month: 1 - downtime / active time, and the minutes left.

Downtime is the union of the outages of counted incidents inside the period. What an incident is
excused for is taken out of *its own* outages before the union, so that it never erases another
incident that overlaps it. Pauses never reduce downtime.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fieldtech.domain.codes import Indicator
from fieldtech.domain.intervals import Closed, Span, clip, seconds, subtract
from fieldtech.domain.policy import PlannedRule
from fieldtech.domain.reference import ServiceMonth
from fieldtech.domain.sla import WITHOUT_CLOCKS, excluded_spans
from fieldtech.domain.words import Attribution, IncidentKind
from fieldtech.domain.working_days import notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldtech.domain.incident import Incident
    from fieldtech.domain.planned import Announcement, PlannedWork
    from fieldtech.domain.policy import Policy
    from fieldtech.domain.working_days import Calendar

_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one incident adds to the downtime of a period, and what is left out and why."""

    incident_id: str
    counted: tuple[Closed, ...]
    external: tuple[Closed, ...]
    planned: tuple[Closed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """The result for one service and period, all times in seconds.

    ``active_s`` is the whole period for which the service exists, its future part included, so
    that ``remaining_s`` is the downtime that the rest of the period may still bring.
    """

    active_s: float
    downtime_s: float
    target_share: float
    accounts: tuple[Account, ...]

    @property
    def share(self) -> float:
        """Availability from 0 to 1; a service that did not exist was never down."""
        return 1.0 - self.downtime_s / self.active_s if self.active_s > 0 else 1.0

    @property
    def budget_s(self) -> float:
        """Downtime that the target allows: 3 h 36 min for 99.5 % of 30 days."""
        return (1.0 - self.target_share) * self.active_s

    @property
    def remaining_s(self) -> float:
        """What is left of the budget; negative when the target is missed."""
        return self.budget_s - self.downtime_s

    @property
    def met(self) -> bool:
        """The target is reached (it is "at least": using the whole budget is still in)."""
        # A microsecond of rounding is not a breach; times themselves are not finer than that.
        return self.downtime_s <= self.budget_s + 1e-6

    def as_service_month(self, service_id: str, month: str) -> ServiceMonth:
        """Return the projection that travels to laptops."""
        return ServiceMonth(
            service_id=service_id,
            month=month,
            active_s=self.active_s,
            downtime_s=self.downtime_s,
            target_share=self.target_share,
        )


def month_bounds(month: str, zone: str) -> Closed:
    """Return the first instants of ``YYYY-MM`` and of the next month in an IANA ``zone``.

    Raises ``ValueError`` for anything that is no month.
    """
    first = date.fromisoformat(f"{month}-01")
    wrap = first.month == _MONTHS
    following = date(first.year + wrap, 1 if wrap else first.month + 1, 1)
    return Closed(_midnight(first, zone), _midnight(following, zone))


def month_of(at: datetime, zone: str) -> str:
    """Return the ``YYYY-MM`` of an instant in an IANA ``zone``."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m}"


def work_touches(
    work: PlannedWork, *, service_id: str, site_id: str, region_path: Iterable[str]
) -> bool:
    """Tell whether a planned work has a service in its scope, by itself, its site or a region."""
    names = {f"service:{service_id}", f"site:{site_id}"}
    names.update(f"region:{region_id}" for region_id in region_path)
    return bool(work.announcements) and not names.isdisjoint(work.scope)


def excused_windows(
    works: Iterable[PlannedWork], policy: Policy, calendar: Calendar
) -> tuple[Span, ...]:
    """Return the windows in which downtime caused by planned work does not count.

    ``works`` are those that touch the service. A work must have been announced before it started,
    or, where the policy says ``full_notice``, with all its working days (corrective or not). What
    runs over the announced end is outside the window and counts. What had begun before a work was
    moved or called off stays excused up to then.
    """
    return tuple(
        Span(window.start, window.end)
        for work in works
        for window in work.announcements
        if _announced_in_time(work, window, policy, calendar)
    )


def _announced_in_time(
    work: PlannedWork, window: Announcement, policy: Policy, calendar: Calendar
) -> bool:
    if window.announced_at >= window.start:
        return False
    if policy.planned_rule is not PlannedRule.FULL_NOTICE:
        return True
    as_told = replace(work, start=window.start, announced_at=window.announced_at)
    return notice(as_told, policy, calendar).full


def outage_spans(incident: Incident) -> tuple[Span, ...]:
    """Return the outages of an incident as they count.

    A void one lasts until the next one starts, or still lasts: its restoration did not hold.
    """
    ordered = sorted(incident.outages, key=lambda outage: (outage.start, not outage.void))
    spans: list[Span] = []
    for index, outage in enumerate(ordered):
        following = ordered[index + 1].start if index + 1 < len(ordered) else None
        spans.append(Span(outage.start, following if outage.void else outage.end))
    return tuple(spans)


def account(
    incident: Incident, policy: Policy, excused: Sequence[Span], period: Closed, now: datetime
) -> Account:
    """Split the outages of one incident inside ``period`` into counted and excused time.

    Administrative, unclassified, rejected, cancelled and duplicate incidents count nothing. An
    outage that still lasts counts up to ``now``.
    """
    if not counts(incident):
        return Account(incident_id=incident.id, counted=(), external=(), planned=())
    until = max(period.start, min(period.end, now))
    down = clip(outage_spans(incident), period.start, until)
    claimed = excluded_spans(incident, policy, Indicator.AVAILABILITY)
    external = _inside(down, claimed, period)
    rest = subtract(down, external)
    planned = _inside(rest, excused if _caused_by_work(incident) else (), period)
    return Account(
        incident_id=incident.id,
        counted=tuple(subtract(rest, planned)),
        external=tuple(external),
        planned=tuple(planned),
    )


def counts(incident: Incident) -> bool:
    """Tell whether an incident can bring downtime at all: a technical Falla Mayor or Menor."""
    return (
        incident.kind is IncidentKind.TECHNICAL
        and incident.severity is not None
        and incident.state not in WITHOUT_CLOCKS
    )


def measure(
    incidents: Iterable[Incident],
    policy: Policy,
    *,
    excused: Sequence[Span] = (),
    period: Closed,
    now: datetime,
    active_from: datetime | None = None,
) -> Availability:
    """Return the availability of the service that ``incidents`` are about.

    ``excused`` comes from ``excused_windows``, ``period`` from ``month_bounds``. ``active_from``
    is when the service began, if that lies inside the period; nothing before it counts.
    """
    start = period.start if active_from is None else max(period.start, active_from)
    active = Closed(min(start, period.end), period.end)
    accounts = tuple(account(item, policy, excused, active, now) for item in incidents)
    down = clip(
        (Span(piece.start, piece.end) for entry in accounts for piece in entry.counted),
        active.start,
        active.end,
    )
    return Availability(
        active_s=active.seconds,
        downtime_s=seconds(down),
        target_share=policy.availability_target,
        accounts=accounts,
    )


def _midnight(day: date, zone: str) -> datetime:
    # In UTC: subtracting two times of one zone counts its wall clock, not what passed.
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _caused_by_work(incident: Incident) -> bool:
    """Tell whether the restoration found that planned work was the cause."""
    restoration = incident.restoration
    return restoration is not None and restoration.attribution is Attribution.PLANNED


def _inside(whole: Sequence[Closed], spans: Iterable[Span], period: Closed) -> list[Closed]:
    """Return the parts of ``whole`` that ``spans`` cover."""
    holes = clip(spans, period.start, period.end)
    return subtract(whole, subtract(whole, holes))
