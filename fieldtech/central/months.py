"""The availability of services by month, counted anew from the incidents as they are stored.

A month belongs to the zone of the service's site. What is counted anew replaces what was there
only where it differs, so nothing is published that is already known. While an outage lasts its
month differs at every moment: what only time has added is news when it crosses the target or has
grown by a tenth, so that a thousand open outages are not a thousand changes every ten minutes.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.dialect import lock_rows, within
from fieldtech.central.excuses import Excuses
from fieldtech.central.feed import bodies
from fieldtech.domain.availability import (
    counts,
    measure,
    month_bounds,
    month_of,
    outage_spans,
)
from fieldtech.domain.incident import Incident
from fieldtech.domain.policy import Policy
from fieldtech.domain.reference import Service, ServiceMonth, Site
from fieldtech.domain.words import Attribution
from fieldtech.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from fieldtech.domain.intervals import Closed, Span
    from fieldtech.domain.policy import Rulebook

MONTHS_COUNTED = 13
"""How many months, the present one among them, an outage can still change."""

_HALF_DAY = timedelta(hours=12)
_GROWTH = 0.1
_LEAST_GROWTH_S = 600.0

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


def lock_services(connection: Connection, services: Collection[str]) -> None:
    """Lock the services' rows: of two transactions the later counts what the earlier wrote."""
    lock_rows(connection, tables.service, within(tables.service.c.id, sorted(services)))


def changed_months(
    connection: Connection,
    rules: Rulebook,
    services: Collection[str],
    now: datetime,
    *,
    unwritten: Mapping[str, Incident] | None = None,
    exact: bool = True,
) -> Iterator[tuple[str, ServiceMonth]]:
    """Yield id and value of each month that is not stored as it is: this one and those it had.

    ``unwritten`` are incidents by id as this transaction will leave them. Unless ``exact``, what
    an open outage has grown by is left out while it is no news. Whoever writes the result calls
    ``lock_services`` before.
    """
    wanted = sorted(services)
    places = _places(connection, rules, wanted)
    incidents = _incidents(connection, wanted, unwritten or {})
    stored = _stored(connection, wanted)
    excuses = Excuses(connection, rules)
    recent: dict[str, dict[str, Closed]] = {}
    for service_id, place in places.items():
        mine = incidents[service_id]
        zone = place.site.timezone
        if zone not in recent:
            recent[zone] = _recent(zone, now)
        present, spans = next(iter(recent[zone])), _spans(mine)
        by_work = any(map(_by_work, mine))
        excused = excuses.of(place.service, place.site, place.policy) if by_work else ()
        for month, period in recent[zone].items():
            known = stored.get(f"{service_id}@{month}")
            if known is None and month != present and not _touches(spans, period, now):
                continue
            found = measure(
                mine,
                place.policy,
                excused=excused,
                period=period,
                now=now,
                active_from=_active_from(place),
            ).as_service_month(service_id, month)
            growing = month == present and not exact and any(map(_is_down, mine))
            if found != known and (known is None or not growing or _is_news(known, found)):
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


def _is_down(incident: Incident) -> bool:
    return counts(incident) and any(span.end is None for span in outage_spans(incident))


def _is_news(known: ServiceMonth, found: ServiceMonth) -> bool:
    """Tell whether an outage that still lasts has changed its month by enough to be told."""
    grown = found.downtime_s - known.downtime_s
    if grown < 0 or replace(found, downtime_s=known.downtime_s) != known:
        return True
    budget = (1.0 - found.target_share) * found.active_s
    if known.downtime_s <= budget < found.downtime_s:
        return True
    return grown >= max(_LEAST_GROWTH_S, _GROWTH * known.downtime_s)


def _recent(zone: str, now: datetime) -> dict[str, Closed]:
    """The months that are counted and their bounds, the present one first."""
    months: dict[str, Closed] = {}
    at = now
    while len(months) < MONTHS_COUNTED:
        month = month_of(at, zone)
        months[month] = month_bounds(month, zone)
        at = months[month].start - _HALF_DAY
    return months


def _spans(incidents: Iterable[Incident]) -> list[Span]:
    return [span for each in incidents if counts(each) for span in outage_spans(each)]


def _touches(spans: Iterable[Span], period: Closed, now: datetime) -> bool:
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


def _places(connection: Connection, rules: Rulebook, services: list[str]) -> dict[str, _Place]:
    """Each service with its site; one whose site has no usable zone has no months."""
    sites = bodies(connection, "site", _sites_of(connection, services))
    found = {}
    for text in bodies(connection, "service", services).values():
        service = codec.decode(text, Service)
        site = codec.decode(sites[service.site_id], Site)
        if not _is_zone(site.timezone):
            log.warning("site %s has no time zone, so no months: %r", site.id, site.timezone)
            continue
        policy = rules.current(site.region_id)
        found[service.id] = _Place(service=service, site=site, policy=policy)
    return found


def _sites_of(connection: Connection, services: Collection[str]) -> list[str]:
    service = tables.service.c
    query = select(service.site_id).where(within(service.id, services)).distinct()
    return list(connection.execute(query).scalars())


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return False
    return True


def _incidents(
    connection: Connection, services: list[str], unwritten: Mapping[str, Incident]
) -> dict[str, list[Incident]]:
    incident = tables.incident.c
    ids = connection.execute(select(incident.id).where(within(incident.service_id, services)))
    texts = bodies(connection, "incident", ids.scalars().all())
    found = {each: codec.decode(text, Incident) for each, text in texts.items()} | dict(unwritten)
    by_service: dict[str, list[Incident]] = defaultdict(list)
    for each in found.values():
        by_service[each.service_id].append(each)
    return by_service


def _stored(connection: Connection, services: list[str]) -> dict[str, ServiceMonth]:
    month = tables.service_month.c
    ids = connection.execute(select(month.id).where(within(month.service_id, services)))
    texts = bodies(connection, "service_month", ids.scalars().all())
    return {each: codec.decode(text, ServiceMonth) for each, text in texts.items()}
