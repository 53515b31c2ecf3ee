"""Who sees what: which buckets an entity belongs to, asked for many entities at once.

* ``tech:<user>``: the incidents that have a live visit with him (open, or ended within the
  retention; a reassigned or declined one is no longer his), every visit of those incidents, and
  their customers, sites, services and equipment.
* ``region:<region>``: one for each region granted to a dispatcher (and one for each root, for
  supervisors): customers, sites, services and equipment of its subtree, its live incidents and
  their visits, and the people whose regions overlap it.
* ``ref``: what everybody needs: regions, channels, people, policies, templates, settings, planned
  works.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.dialect import within

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

Key = tuple[str, str]
"""Entity name and id."""

REF = "ref"
REF_ENTITIES = frozenset(
    {"region", "channel", "person", "policy", "template", "settings", "planned"}
)


def tech_bucket(user_id: str) -> str:
    """The bucket of one technician's own work."""
    return f"tech:{user_id}"


def region_bucket(region_id: str) -> str:
    """The bucket of one granted region's subtree."""
    return f"region:{region_id}"


def regions_of(path: str) -> list[str]:
    """The region ids of a path, root first."""
    return path.strip("/").split("/")


@dataclass(slots=True)
class Subject:
    """What the membership of one entity follows from.

    ``paths`` are the regions it lies in; ``by_region`` says whether region buckets are to be
    decided at all (for an entity that only follows a case, they cannot have changed).
    """

    by_region: bool
    paths: set[str] = field(default_factory=set)
    incident: str = ""
    site: str = ""
    customer: str = ""
    live: bool = True


class TechScopes:
    """The live work of some technicians, asked by what it makes theirs to see."""

    def __init__(self, users: Collection[str]) -> None:
        self.buckets = {tech_bucket(user_id) for user_id in users}
        self._incidents: dict[str, set[str]] = defaultdict(set)
        self._sites: dict[str, set[str]] = defaultdict(set)
        self._customers: dict[str, set[str]] = defaultdict(set)

    def add(self, user_id: str, incident_id: str, site_id: str, customer_id: str) -> None:
        """Take in one live visit."""
        bucket = tech_bucket(user_id)
        self._incidents[incident_id].add(bucket)
        self._sites[site_id].add(bucket)
        self._customers[customer_id].add(bucket)

    def seeing(self, subject: Subject) -> set[str]:
        """Return the buckets of those whose work makes this entity theirs to see."""
        if subject.incident:
            return self._incidents.get(subject.incident, set())
        if subject.site:
            return self._sites.get(subject.site, set())
        return self._customers.get(subject.customer, set())


class Affected:
    """The entities whose membership a set of changed entities can alter, with their subjects."""

    def __init__(self, connection: Connection, touched: Collection[Key]) -> None:
        self._connection = connection
        self.subjects: dict[Key, Subject] = {}
        self.people: dict[str, set[str]] = {}
        self.candidates: set[str] = set()
        by_entity: dict[str, set[str]] = defaultdict(set)
        for entity, entity_id in touched:
            by_entity[entity].add(entity_id)
        self._cases(by_entity["incident"], by_entity["visit"])
        self._places(by_entity)
        self._people(by_entity["person"])

    def _cases(self, incidents: set[str], visits: set[str]) -> None:
        if not incidents and not visits:
            return
        run, incident, visit = self._connection.execute, tables.incident, tables.visit
        cases = incidents | set(
            run(select(visit.c.incident_id).where(within(visit.c.id, visits))).scalars()
        )
        places = select(
            incident.c.id,
            incident.c.site_id,
            incident.c.customer_id,
            incident.c.live,
            tables.region.c.path,
        ).join(tables.region)
        rows = {row.id: row for row in run(places.where(within(incident.c.id, cases)))}
        for row in rows.values():
            self.subjects["incident", row.id] = Subject(
                by_region=row.id in incidents, paths={row.path}, incident=row.id, live=row.live
            )
            self.subjects["customer", row.customer_id] = Subject(
                by_region=False, customer=row.customer_id
            )
        of_cases = select(visit.c.id, visit.c.incident_id).where(within(visit.c.incident_id, cases))
        for each in run(of_cases):
            row = rows[each.incident_id]
            self.subjects["visit", each.id] = Subject(
                by_region=each.id in visits or row.id in incidents,
                paths={row.path},
                incident=row.id,
                live=row.live,
            )
        crew = tables.crew
        self.candidates.update(
            run(
                select(crew.c.user_id).where(within(crew.c.incident_id, cases)).distinct()
            ).scalars()
        )
        self._at_sites({row.site_id for row in rows.values()}, by_region=False)

    def _at_sites(self, sites: set[str], *, by_region: bool) -> None:
        """A site and everything installed there."""
        if not sites:
            return
        run, site, region = self._connection.execute, tables.site, tables.region
        service, equipment, month = tables.service, tables.equipment, tables.service_month
        paths: dict[str, str] = {}
        located = select(site.c.id, region.c.path).join(region).where(within(site.c.id, sites))
        for row in run(located):
            paths[row.id] = row.path
            self._add("site", row.id, Subject(by_region=by_region, paths={row.path}, site=row.id))
        installed = {
            "service": select(service.c.id, service.c.site_id).where(
                within(service.c.site_id, sites)
            ),
            "equipment": select(equipment.c.id, equipment.c.site_id).where(
                within(equipment.c.site_id, sites)
            ),
            "service_month": select(month.c.id, service.c.site_id)
            .join(service)
            .where(within(service.c.site_id, sites)),
        }
        for entity, query in installed.items():
            for row in run(query):
                where = {paths[row.site_id]}
                self._add(
                    entity, row.id, Subject(by_region=by_region, paths=where, site=row.site_id)
                )

    def _places(self, touched: dict[str, set[str]]) -> None:
        run, site, service = self._connection.execute, tables.site, tables.service
        equipment, month = tables.equipment, tables.service_month
        sites = touched["site"] | set(
            run(select(service.c.site_id).where(within(service.c.id, touched["service"]))).scalars()
            if touched["service"]
            else ()
        )
        if touched["equipment"]:
            where = within(equipment.c.id, touched["equipment"])
            sites |= set(run(select(equipment.c.site_id).where(where)).scalars())
        if touched["service_month"]:
            where = within(month.c.id, touched["service_month"])
            sites |= set(run(select(service.c.site_id).join(month).where(where)).scalars())
        self._at_sites(sites, by_region=True)
        owners = select(site.c.customer_id).where(within(site.c.id, touched["site"])).distinct()
        customers = touched["customer"] | (set(run(owners).scalars()) if touched["site"] else set())
        if customers:
            for customer_id in customers:
                self._add("customer", customer_id, Subject(by_region=True, customer=customer_id))
            everywhere = (
                select(site.c.customer_id, tables.region.c.path)
                .join(tables.region)
                .where(within(site.c.customer_id, customers))
                .distinct()
            )
            for row in run(everywhere):
                self.subjects["customer", row.customer_id].paths.add(row.path)
        crew = tables.crew
        for column, ids in ((crew.c.site_id, sites), (crew.c.customer_id, customers)):
            if ids:
                users = select(crew.c.user_id).where(within(column, ids), crew.c.live).distinct()
                self.candidates.update(run(users).scalars())

    def _people(self, people: set[str]) -> None:
        if not people:
            return
        self.people = {user_id: set() for user_id in people}
        granted = (
            select(tables.user_region.c.user_id, tables.region.c.path)
            .join(tables.region)
            .where(within(tables.user_region.c.user_id, people))
        )
        for row in self._connection.execute(granted):
            self.people[row.user_id].add(row.path)

    def _add(self, entity: str, entity_id: str, subject: Subject) -> None:
        known = self.subjects.get((entity, entity_id))
        if known is None:
            self.subjects[entity, entity_id] = subject
        else:
            known.by_region |= subject.by_region
            known.paths |= subject.paths


def tech_scopes(connection: Connection, users: Collection[str]) -> TechScopes:
    """Read the live work of these users; ask after locking their buckets."""
    scopes = TechScopes(users)
    crew = tables.crew.c
    live = select(crew.user_id, crew.incident_id, crew.site_id, crew.customer_id)
    for row in connection.execute(live.where(within(crew.user_id, users), crew.live)):
        scopes.add(*row)
    return scopes


def overlapping(paths: Iterable[str], region_paths: dict[str, str]) -> set[str]:
    """Of granted regions (``bucket → path``) those above, below or equal to one of ``paths``."""
    return {
        bucket
        for path in paths
        for bucket, granted in region_paths.items()
        if path.startswith(granted) or granted.startswith(path)
    }
