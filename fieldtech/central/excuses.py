"""Planned works as an excuse: the windows in which what they caused does not count as downtime."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

import holidays
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.dialect import within
from fieldtech.central.feed import bodies
from fieldtech.domain.availability import excused_windows, work_touches
from fieldtech.domain.planned import PlannedWork
from fieldtech.domain.policy import PlannedRule
from fieldtech.domain.reference import Region, Site
from fieldtech.domain.working_days import Calendar
from fieldtech.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Connection

    from fieldtech.domain.intervals import Span
    from fieldtech.domain.policy import Policy, Rulebook
    from fieldtech.domain.reference import Service


class Excuses:
    """Reads the planned works of one transaction once, and only when they are asked for."""

    def __init__(self, connection: Connection, rules: Rulebook) -> None:
        self._connection = connection
        self._rules = rules
        self._zones: dict[str, tuple[str, ...]] = {}

    def of(self, service: Service, site: Site, policy: Policy) -> tuple[Span, ...]:
        """The windows of the works that have this service in their scope."""
        path = self._rules.path(site.region_id)
        scope = {"service_id": service.id, "site_id": site.id}
        return tuple(
            window
            for work in self._works
            if work_touches(work, region_path=path, **scope)
            for window in excused_windows([work], policy, self._calendar(work, site, policy))
        )

    def _calendar(self, work: PlannedWork, site: Site, policy: Policy) -> Calendar:
        """Whose days the notice is counted in: of every zone the work reaches into."""
        if policy.planned_rule is not PlannedRule.FULL_NOTICE:
            return Calendar(zones=(site.timezone,), holidays=frozenset())
        if work.id not in self._zones:
            self._zones[work.id] = self._zones_of(work)
        given = (window for each in work.announcements for window in (each.announced_at, each.end))
        years = {moment.year for moment in given}
        country = self._rules.path(site.region_id)[-1].upper()
        days = _official(country, min(years), max(years) + 1)
        return Calendar(zones=self._zones[work.id] or (site.timezone,), holidays=days)

    def _zones_of(self, work: PlannedWork) -> tuple[str, ...]:
        named: dict[str, set[str]] = {"region": set(), "site": set(), "service": set()}
        for place in work.scope:
            kind, _, each = place.partition(":")
            named.setdefault(kind, set()).add(each)
        service = tables.service.c
        at = select(service.site_id).where(within(service.id, named["service"]))
        sites = named["site"] | set(self._connection.execute(at).scalars())
        texts = bodies(self._connection, "site", sites).values()
        zones = {codec.decode(text, Site).timezone for text in texts}
        zones |= {
            region.timezone
            for region in self._regions
            if not named["region"].isdisjoint(self._rules.path(region.id))
        }
        return tuple(sorted(zones))

    @cached_property
    def _works(self) -> list[PlannedWork]:
        # The cancelled ones too: what had begun before stays excused up to then.
        ids = self._connection.execute(select(tables.planned.c.id)).scalars().all()
        texts = bodies(self._connection, "planned", ids).values()
        return [codec.decode(text, PlannedWork) for text in texts]

    @cached_property
    def _regions(self) -> list[Region]:
        ids = self._connection.execute(select(tables.region.c.id)).scalars().all()
        texts: Iterable[str] = bodies(self._connection, "region", ids).values()
        return [codec.decode(text, Region) for text in texts]


@cache
def _official(country: str, first_year: int, last_year: int) -> frozenset[date]:
    """The official holidays of a country by its ISO code; none where the library has no list."""
    try:
        found = holidays.country_holidays(country, years=range(first_year, last_year + 1))
    except NotImplementedError:
        return frozenset()
    return frozenset(found)
