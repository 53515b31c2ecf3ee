"""The availability of services by month, counted anew from the incidents as they are stored.

A month belongs to the zone of the service's site. What is counted anew replaces what was there
only where it differs, so nothing is published that is already known.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.dialect import lock_rows, within
from fieldtech.domain.availability import (
    counts,
    excused_windows,
    measure,
    month_bounds,
    month_of,
    outage_spans,
    work_touches,
)
from fieldtech.domain.incident import Incident
from fieldtech.domain.planned import PlannedWork
from fieldtech.domain.policy import Policy
from fieldtech.domain.reference import Service, ServiceMonth, Site
from fieldtech.domain.words import Attribution
from fieldtech.domain.working_days import Calendar
from fieldtech.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy import ColumnElement, Connection

    from fieldtech.domain.intervals import Closed, Span
    from fieldtech.domain.policy import Rulebook

MONTHS_COUNTED = 13
"""How many months, the present one among them, an outage can still change."""

_HALF_DAY = timedelta(hours=12)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A service, where it is, and by which policy it is measured."""

    service: Service
    site: Site
    policy: Policy


def same_downtime(before: Incident | None, after: Incident) -> bool:
    """Tell whether two states of an incident bring the same downtime."""
    return before is not None and _downtime(before) == _downtime(after)


def changed_months(
    connection: Connection,
    rules: Rulebook,
    services: Collection[str],
    now: datetime,
    *,
    unwritten: Mapping[str, Incident] | None = None,
) -> Iterator[tuple[str, ServiceMonth]]:
    """Yield id and value of each month that is not stored as it is: this one and those it had.

    ``unwritten`` are incidents by id as this transaction will leave them. The services' rows are
    locked, so that of two transactions the later counts what the earlier wrote.
    """
    wanted = sorted(services)
    lock_rows(connection, tables.service, within(tables.service.c.id, wanted))
    places = _places(connection, rules, wanted)
    incidents = _incidents(connection, wanted, unwritten or {})
    stored = _stored(connection, wanted)
    for service_id, place in places.items():
        mine = incidents[service_id]
        zone = place.site.timezone
        present = month_of(now, zone)
        works = _works(connection, rules, place) if any(map(_by_work, mine)) else []
        for month in _recent(zone, now):
            period = month_bounds(month, zone)
            known = stored.get(f"{service_id}@{month}")
            if known is None and month != present and not _touches(mine, period, now):
                continue
            found = measure(
                mine,
                place.policy,
                excused=_excused(works, place),
                period=period,
                now=now,
                active_from=_active_from(place),
            ).as_service_month(service_id, month)
            if found != known:
                yield f"{service_id}@{month}", found


def _downtime(incident: Incident) -> tuple[object, ...]:
    return (
        counts(incident),
        incident.service_id,
        incident.outages,
        incident.exclusions,
        _by_work(incident),
    )


def _by_work(incident: Incident) -> bool:
    done = incident.restoration
    return done is not None and done.attribution is Attribution.PLANNED


def _recent(zone: str, now: datetime) -> list[str]:
    """The months that are counted, the present one first."""
    months = [month_of(now, zone)]
    while len(months) < MONTHS_COUNTED:
        months.append(month_of(month_bounds(months[-1], zone).start - _HALF_DAY, zone))
    return months


def _touches(incidents: Iterable[Incident], period: Closed, now: datetime) -> bool:
    spans = (span for each in incidents if counts(each) for span in outage_spans(each))
    return any(
        span.start < period.end and (span.end or now) > period.start and span.start < now
        for span in spans
    )


def _active_from(place: _Place) -> datetime | None:
    try:
        day = date.fromisoformat(place.service.active_since)
    except ValueError:
        return None  # Not known: the service was always there.
    return datetime.combine(day, time(), ZoneInfo(place.site.timezone)).astimezone(UTC)


def _excused(works: Iterable[PlannedWork], place: _Place) -> tuple[Span, ...]:
    # Without a list of official holidays only weekends are no working days.
    calendar = Calendar(zones=(place.site.timezone,), holidays=frozenset())
    return excused_windows(works, place.policy, calendar)


def _places(connection: Connection, rules: Rulebook, services: list[str]) -> dict[str, _Place]:
    mine, theirs = tables.body.alias(), tables.body.alias()
    service = tables.service.c
    query = (
        select(service.id, mine.c.text.label("service"), theirs.c.text.label("site"))
        .select_from(tables.service)
        .join(mine, (mine.c.entity == "service") & (mine.c.id == service.id))
        .join(theirs, (theirs.c.entity == "site") & (theirs.c.id == service.site_id))
        .where(within(service.id, services))
        .order_by(service.id)
    )
    found = {}
    for row in connection.execute(query):
        site = codec.decode(row.site, Site)
        if not _is_zone(site.timezone):
            log.warning("site %s has no time zone, so no months: %r", site.id, site.timezone)
            continue
        found[row.id] = _Place(
            service=codec.decode(row.service, Service),
            site=site,
            policy=rules.current(site.region_id),
        )
    return found


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return False
    return True


def _incidents(
    connection: Connection, services: list[str], unwritten: Mapping[str, Incident]
) -> dict[str, list[Incident]]:
    body, incident = tables.body, tables.incident
    query = (
        select(body.c.text)
        .join(incident, (body.c.entity == "incident") & (body.c.id == incident.c.id))
        .where(within(incident.c.service_id, services))
    )
    stored = (codec.decode(text, Incident) for text in connection.execute(query).scalars())
    found = {each.id: each for each in stored} | dict(unwritten)
    by_service: dict[str, list[Incident]] = defaultdict(list)
    for each in found.values():
        by_service[each.service_id].append(each)
    return by_service


def _stored(connection: Connection, services: list[str]) -> dict[str, ServiceMonth]:
    body, month = tables.body, tables.service_month
    here: ColumnElement[bool] = (body.c.entity == "service_month") & (body.c.id == month.c.id)
    query = select(body.c.id, body.c.text).join(month, here)
    rows = connection.execute(query.where(within(month.c.service_id, services)))
    return {row.id: codec.decode(row.text, ServiceMonth) for row in rows}


def _works(connection: Connection, rules: Rulebook, place: _Place) -> list[PlannedWork]:
    body, planned = tables.body, tables.planned
    query = (
        select(body.c.text)
        .join(planned, (body.c.entity == "planned") & (body.c.id == planned.c.id))
        .where(planned.c.cancelled.is_(False))
    )
    found = (codec.decode(text, PlannedWork) for text in connection.execute(query).scalars())
    path = rules.path(place.site.region_id)
    scope = {"service_id": place.service.id, "site_id": place.site.id}
    return [work for work in found if work_touches(work, region_path=path, **scope)]
