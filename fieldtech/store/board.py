"""The dispatcher's first board: regions with their counts, what nobody is on, who has how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fieldtech.domain.words import RegionKind, Role
from fieldtech.store import mirror
from fieldtech.store.derive import NO_DEADLINE

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.domain.reference import Person
    from fieldtech.store.database import Database
    from fieldtech.store.reference import Reference, Rules


class RegionLoad(NamedTuple):
    """A region with what its whole subtree holds.

    ``worst_clocks`` are the clocks (JSON) of its incident with the nearest deadline, "" without
    one; ``worst_due`` that deadline in seconds since 1970. A clock that stands still comes behind
    every one that runs, and has no ``worst_due``.
    """

    id: str
    parent_id: str
    kind: RegionKind
    name: str
    open: int
    unassigned: int
    worst_due: float | None
    worst_clocks: str
    technicians: int


class TechnicianLoad(NamedTuple):
    """A technician of the region with the open visits he has."""

    person: Person
    open_visits: int
    on_site: int
    worst_due: float | None
    worst_clocks: str


class _Sum(NamedTuple):
    open: int
    unassigned: int
    rank: float
    worst_due: float | None
    worst_clocks: str


_RANK = "min(coalesce(due_at, order_at + :far))"
"""The most urgent row first, and SQLite brings the other columns of that row along."""

_FAR = {"far": NO_DEADLINE}


class Board:
    """Reads the board. Lists of incidents come from ``Agenda`` (``by_place=False``)."""

    def __init__(self, database: Database, reference: Reference) -> None:
        self._database = database
        self._reference = reference

    def regions(self) -> list[RegionLoad]:
        """Return every region that has incidents or technicians below it, parents first."""
        with self._database.read() as connection:
            rules = self._reference.rules(connection)
            sums = _rolled_up(_by_region(connection), rules)
            staff = _staff(connection, rules)
        found = [
            RegionLoad(
                id=region.id,
                parent_id=region.parent_id,
                kind=region.kind,
                name=region.name,
                open=sums[region.id].open if region.id in sums else 0,
                unassigned=sums[region.id].unassigned if region.id in sums else 0,
                worst_due=sums[region.id].worst_due if region.id in sums else None,
                worst_clocks=sums[region.id].worst_clocks if region.id in sums else "",
                technicians=staff.get(region.id, 0),
            )
            for region in rules.regions.values()
            if region.id in sums or region.id in staff
        ]
        return sorted(found, key=lambda region: (len(rules.path(region.id)), region.name))

    def technicians(self, region_id: str | None = None) -> list[TechnicianLoad]:
        """Return the technicians who work in a region (``None``: all), the least loaded first."""
        with self._database.read() as connection:
            rules = self._reference.rules(connection)
            people: list[Person] = mirror.values(connection, "person")
            rows = connection.exec_driver_sql(
                "SELECT technician_id, count(*), sum(visit_state IN ('on_site', 'away')),"  # noqa: S608  constants only
                f" {_RANK}, due_at, clocks FROM agenda"
                " WHERE active = 1 AND assigned = 1 AND technician_id <> ''"
                " GROUP BY technician_id",
                _FAR,
            )
            loads = {row[0]: (row[1], row[2], row[4], row[5]) for row in rows}
        found = [
            TechnicianLoad(person, *loads.get(person.id, (0, 0, None, "")))
            for person in people
            if person.role is Role.TECHNICIAN
            and person.active
            and (region_id is None or _works_in(person, region_id, rules))
        ]
        return sorted(found, key=lambda load: (load.open_visits, load.person.name))


def _works_in(person: Person, region_id: str, rules: Rules) -> bool:
    """A technician of a region, of one around it, or of one inside it."""
    above = set(rules.path(region_id))
    return any(own in above or region_id in rules.path(own) for own in person.region_ids)


def _by_region(connection: Connection) -> dict[str, _Sum]:
    """Sum up incidents (not their visits) of each region."""
    rows = connection.exec_driver_sql(
        f"SELECT region_id, count(*), sum(nobody), {_RANK}, due_at, clocks FROM ("  # noqa: S608  constants only
        " SELECT incident_id, region_id, min(assigned) = 0 AS nobody, order_at, due_at, clocks"
        " FROM agenda WHERE active = 1 GROUP BY incident_id) GROUP BY region_id",
        _FAR,
    )
    return {row[0]: _Sum(*row[1:]) for row in rows}


def _rolled_up(by_region: dict[str, _Sum], rules: Rules) -> dict[str, _Sum]:
    total: dict[str, _Sum] = {}
    for region_id, own in by_region.items():
        for each in rules.path(region_id):
            total[each] = _both(total[each], own) if each in total else own
    return total


def _both(one: _Sum, other: _Sum) -> _Sum:
    first, second = sorted((one, other), key=lambda each: each.rank)
    return first._replace(
        open=first.open + second.open, unassigned=first.unassigned + second.unassigned
    )


def _staff(connection: Connection, rules: Rules) -> dict[str, int]:
    """Return how many technicians each region and every region above it can count on."""
    staff: dict[str, set[str]] = {}
    for person in mirror.values(connection, "person"):
        if person.role is Role.TECHNICIAN and person.active:
            for own in person.region_ids:
                for each in rules.path(own):
                    staff.setdefault(each, set()).add(person.id)
    return {region_id: len(people) for region_id, people in staff.items()}
