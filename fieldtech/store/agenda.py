"""The technician's agenda: filtered, searched, grouped by place, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from fieldtech.store import central_time
from fieldtech.store.rows import COLUMNS, COUNTS, PIN_COLUMNS, AgendaCounts, AgendaRow, PinRow
from fieldtech.store.search import match

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from fieldtech.clock import Clock
    from fieldtech.store.database import Database

Chip = Literal["all", "major", "expiring", "breached"]
Scope = Literal["active", "done", "all"]

_CHIPS: dict[Chip, str] = {
    "all": "",
    "major": " AND severity = 'major'",
    "expiring": " AND risk_at <= :now",
    "breached": " AND due_at <= :now",
}
_SCOPES: dict[Scope, str] = {
    "active": "active = 1",
    "done": "active = 0",
    "all": "active IN (0, 1)",
}
_BY_PLACE = "place_key, site_at, site_id, order_at, rid"
_BY_URGENCY = "order_at, rid"
_LATEST = "reported_at DESC, rid"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaQuery:
    """What is asked for. ``text`` searches folio, customer, street, phone, serial and title.

    ``by_place`` groups by region, municipality and site; otherwise the most urgent comes first.
    ``regions`` limits to these region ids, ``unassigned`` to what nobody is on, ``assigned`` to
    what somebody is on or nobody needs to be.
    """

    chip: Chip = "all"
    scope: Scope = "active"
    text: str = ""
    by_place: bool = True
    regions: frozenset[str] | None = None
    unassigned: bool = False
    assigned: bool = False


class AgendaGroup(NamedTuple):
    """A municipality's heading, in the order of the list."""

    state: str
    municipality: str
    size: int
    major: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPage:
    """Some rows of a query, ``offset`` the position of the first, ``total`` how many it has.

    ``groups`` are those of a query by place that ``rows`` are of, counted over the whole query.
    """

    rows: tuple[AgendaRow, ...]
    offset: int
    total: int
    groups: tuple[AgendaGroup, ...] = ()


class Agenda:
    """Reads agenda rows."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def page(self, query: AgendaQuery, *, offset: int = 0, limit: int = 200) -> AgendaPage:
        """Return one page of a query."""
        with self._database.read() as connection:
            where, values = self._where(connection, query)
            total = int(
                connection.exec_driver_sql(
                    f"SELECT count(*) FROM agenda WHERE {where}",  # noqa: S608  own words only
                    values,
                ).scalar_one()
            )
            rows = connection.exec_driver_sql(
                f"SELECT {COLUMNS} FROM agenda WHERE {where}"  # noqa: S608  own words only
                f" ORDER BY {_order(query)} LIMIT :limit OFFSET :offset",
                values | {"limit": limit, "offset": offset},
            )
            found = tuple(AgendaRow._make(row) for row in rows)
            return AgendaPage(
                rows=found,
                offset=offset,
                total=total,
                groups=_groups(connection, where, values, found) if query.by_place else (),
            )

    def pins(self, query: AgendaQuery) -> tuple[PinRow, ...]:
        """Return where every incident of a query lies, one each; those without a place are not."""
        with self._database.read() as connection:
            where, values = self._where(connection, query)
            rows = connection.exec_driver_sql(
                f"SELECT {PIN_COLUMNS} FROM agenda"  # noqa: S608  own words only
                f" WHERE {where} AND (lat <> 0 OR lon <> 0) GROUP BY incident_id",
                values,
            )
            return tuple(PinRow._make(row) for row in rows)

    def counts(self) -> AgendaCounts:
        """Return the numbers on the chips, whatever is being searched."""
        with self._database.read() as connection:
            now = central_time.now(connection, self._clock).at.timestamp()
            return AgendaCounts._make(connection.exec_driver_sql(COUNTS, {"now": now}).one())

    def rows(self, incidents: Iterable[str]) -> list[AgendaRow]:
        """Return the rows of some incidents, to redraw what a change touched."""
        wanted = msgspec.json.encode(list(incidents)).decode()
        return self._select(
            f"incident_id IN (SELECT value FROM json_each(:wanted)) ORDER BY {_BY_PLACE}",  # noqa: S608  own words only
            {"wanted": wanted},
        )

    def on_service(self, site_id: str, service_id: str) -> list[AgendaRow]:
        """Return the active incidents of one service at its site, the oldest report first."""
        return self._select(
            "site_id = :site AND active = 1 AND service_id = :service"
            " GROUP BY incident_id ORDER BY reported_at",
            {"site": site_id, "service": service_id},
        )

    def due_between(self, start_s: float, end_s: float) -> list[AgendaRow]:
        """Return active rows that get at risk or breach in (``start_s``, ``end_s``]: alarms."""
        return self._select(
            "active = 1 AND (risk_at > :start AND risk_at <= :end"
            " OR due_at > :start AND due_at <= :end) ORDER BY order_at",
            {"start": start_s, "end": end_s},
        )

    def _select(self, where: str, values: dict[str, str | float]) -> list[AgendaRow]:
        """Return the rows of a condition in the words of this module, with its order."""
        with self._database.read() as connection:
            found = connection.exec_driver_sql(
                f"SELECT {COLUMNS} FROM agenda WHERE {where}",  # noqa: S608  own words only
                values,
            )
            return [AgendaRow._make(row) for row in found]

    def _where(
        self, connection: Connection, query: AgendaQuery
    ) -> tuple[str, dict[str, str | float]]:
        where = _SCOPES[query.scope] + _CHIPS[query.chip]
        values: dict[str, str | float] = {}
        if query.chip in {"expiring", "breached"}:
            values["now"] = central_time.now(connection, self._clock).at.timestamp()
        if query.unassigned:
            where += " AND assigned = 0"
        if query.assigned:
            where += " AND assigned = 1"
        if query.regions is not None:
            where += " AND region_id IN (SELECT value FROM json_each(:regions))"
            values["regions"] = msgspec.json.encode(sorted(query.regions)).decode()
        if query.text.strip():
            found = match(query.text)
            where += (
                " AND rid IN (SELECT rowid FROM agenda_words WHERE agenda_words MATCH :match)"
                if found is not None
                else " AND 0"
            )
            values["match"] = found or ""
        return where, values


def _order(query: AgendaQuery) -> str:
    if query.scope == "done":
        return _LATEST
    return _BY_PLACE if query.by_place else _BY_URGENCY


def _groups(
    connection: Connection,
    where: str,
    values: dict[str, str | float],
    rows: tuple[AgendaRow, ...],
) -> tuple[AgendaGroup, ...]:
    """The groups of these rows: counting all of them takes longer than reading the page."""
    if not rows:
        return ()
    place = "(SELECT place_key FROM agenda WHERE rid = {})"
    within = f"place_key BETWEEN {place.format(':first')} AND {place.format(':last')}"
    found = connection.exec_driver_sql(
        "SELECT state, municipality, count(*), sum(severity = 'major')"  # noqa: S608  own words
        f" FROM agenda WHERE {where} AND {within}"
        " GROUP BY state, municipality ORDER BY min(place_key)",
        values | {"first": rows[0].rid, "last": rows[-1].rid},
    )
    return tuple(AgendaGroup._make(row) for row in found)
