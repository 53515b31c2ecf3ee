"""Agenda rows out of bodies: what lists show, order by and search in, one row a card.

Rows are derived in bulk, from the fields they need alone, and only for incidents marked dirty.
The marks are in the store, so a pull that was cut off leaves no row stale for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fieldtech.domain.words import (
    OPEN_VISIT_STATES,
    TERMINAL_INCIDENT_STATES,
    IncidentState,
    Role,
)
from fieldtech.store import derived_rows, mirror, outbox, sql, subsets
from fieldtech.store.harvest import Harvest
from fieldtech.store.place_book import PlaceBook
from fieldtech.store.ranking import rank_sites, sites_of
from fieldtech.store.search import words_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.protocol.wire import UserInfo
    from fieldtech.store.reference import Rules
    from fieldtech.store.subsets import ReadyIncident, VisitPart

CHUNK = 2000
"""Incidents derived in one go: each goes into five indexes in an order of its own, so that fewer
and larger transactions write fewer pages again; one of these holds the store some 150 ms."""

NO_DEADLINE = 4e9
"""Added to ``reported_at`` where no clock runs: such rows come last in their group."""

_OPEN_VISITS = frozenset(state.value for state in OPEN_VISIT_STATES)
_ENDED = frozenset(state.value for state in TERMINAL_INCIDENT_STATES)
_NEEDS_NOBODY = _ENDED | {IncidentState.RESTORED.value}


class Viewer(NamedTuple):
    """For whom the list is: a technician sees his own visits, everybody else all of them."""

    user_id: str
    only_own: bool

    @classmethod
    def of(cls, user: UserInfo | None) -> Viewer:
        """Return whose list it is; before a sign-in there is nothing to be his own."""
        technician = user is not None and user.role == Role.TECHNICIAN.value
        return cls(user.id if user is not None else "", technician)


def mark(connection: Connection, incidents: Iterable[str]) -> None:
    """Say that these incidents' rows are no longer right."""
    rows = [(incident_id,) for incident_id in incidents if incident_id]
    if rows:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO dirty (entity, id) VALUES ('incident', ?)", rows
        )


def dirty(connection: Connection, limit: int = CHUNK) -> list[str]:
    """Return some incidents whose rows are to be derived, those marked first."""
    found = sql.rows(
        connection,
        "SELECT id FROM dirty WHERE entity = 'incident' ORDER BY rowid LIMIT ?",
        (limit,),
    )
    return [row[0] for row in found]


class Deriver:
    """Derives rows for one viewer."""

    def __init__(
        self,
        rules: Rules,
        viewer: Viewer,
        now_s: float,
        *,
        harvest: Harvest | None = None,
        book: PlaceBook | None = None,
    ) -> None:
        """``now_s`` orders paused clocks; a pull brings its ``harvest`` and its ``book``."""
        self._rules = rules
        self._viewer = viewer
        self._now = now_s
        self._harvest = harvest or Harvest()
        self._book = book or PlaceBook(self._harvest)

    def derive(self, connection: Connection, incidents: Sequence[str]) -> None:
        """Bring the rows of these incidents up to date and take their marks away."""
        parts = self._incidents(connection, incidents)
        visits = self._visits(connection, incidents)
        self._book.read(connection, self._rules, [ready.part for ready in parts.values()])
        burden = outbox.burden(connection, incidents)
        present = derived_rows.present_rows(connection, incidents)
        away = derived_rows.away_incidents(connection, parts)
        fresh = derived_rows.next_rid(connection)
        rows: list[tuple[sql.Value, ...]] = []
        words: list[tuple[int, str]] = []
        for incident_id, ready in parts.items():
            text = self._words(ready)
            hashed = words_hash(text)
            common = self._common(ready)
            for visit, open_visit in self._shown(visits.get(incident_id, [])):
                visit_id = (
                    visit.id if visit is not None and (open_visit or self._viewer.only_own) else ""
                )
                known = present.pop((incident_id, visit_id), None)
                rid = known[0] if known is not None else fresh
                if known is None:
                    fresh += 1
                if known is None or known[1] != hashed:
                    words.append((rid, text))
                rows.append(
                    self._row(
                        rid,
                        ready,
                        visit,
                        visit_id,
                        common,
                        open_visit=open_visit,
                        away=incident_id in away,
                        burden=burden.get(incident_id, (0, 0)),
                        hashed=hashed,
                    )
                )
        gone = [rid for rid, _ in present.values()]
        sites = {ready.part.site_id for ready in parts.values()} | sites_of(connection, gone)
        derived_rows.write_rows(connection, rows, words, gone)
        rank_sites(connection, sites)
        _unmark(connection, incidents)
        self._harvest.forget(("incident", each) for each in incidents)

    def _shown(self, visits: list[VisitPart]) -> Iterator[tuple[VisitPart | None, bool]]:
        """Yield the visits that get a row, each with whether it is open."""
        me = self._viewer.user_id
        mine = (
            [v for v in visits if v.technician_id == me or me in v.companions]
            if self._viewer.only_own
            else visits
        )
        still_open = [v for v in mine if v.state in _OPEN_VISITS]
        if still_open:
            for visit in still_open:
                yield visit, True
        else:
            yield (mine[-1] if mine else None), False

    def _row(
        self,
        rid: int,
        ready: ReadyIncident,
        visit: VisitPart | None,
        visit_id: str,
        common: tuple[tuple[sql.Value, ...], tuple[sql.Value, ...], str],
        *,
        open_visit: bool,
        away: bool,
        burden: tuple[int, int],
        hashed: int,
    ) -> tuple[sql.Value, ...]:
        part = ready.part
        about, ordering, place_key = common
        ended = part.state in _ENDED
        if self._viewer.only_own and visit is not None:
            # Given to somebody else it is no job any more, once the central has seen all his work.
            active = burden[0] > 0 if away else open_visit
        else:
            active = not ended
        return (
            rid,
            part.id,
            visit_id,
            visit.technician_id if visit is not None and visit_id else "",
            *about,
            part.state,
            visit.state if visit is not None else "",
            ready.reported,
            _seconds(visit.window_start) if visit is not None else None,
            _seconds(visit.window_end) if visit is not None else None,
            *ordering,
            place_key,
            int(active),
            int(open_visit or part.state in _NEEDS_NOBODY),
            int(away),
            *burden,
            hashed,
        )

    def _common(
        self, ready: ReadyIncident
    ) -> tuple[tuple[sql.Value, ...], tuple[sql.Value, ...], str]:
        """Return what all rows of an incident share, in the order of the columns."""
        part = ready.part
        place = self._book.place(part.site_id)
        about = (
            part.customer_id,
            part.site_id,
            part.service_id,
            part.region_id,
            part.number,
            part.kind,
            part.title,
            self._book.owner(part.customer_id).name,
            place.site,
            place.street,
            place.municipality,
            place.state,
            place.timezone,
            place.lat,
            place.lon,
            part.classifications[-1].severity if part.classifications else "",
        )
        return about, self._ordering(ready), place.key

    def _ordering(self, ready: ReadyIncident) -> tuple[sql.Value, ...]:
        order_at = ready.due
        if ready.frozen is not None:
            paused = self._now + ready.frozen
            order_at = paused if order_at is None else min(order_at, paused)
        if order_at is None:
            order_at = NO_DEADLINE + ready.reported
        # The second is the site's own place among the sites, set once all its rows are written.
        return ready.clocks, order_at, order_at, ready.due, ready.risk

    def _words(self, ready: ReadyIncident) -> str:
        owner = self._book.owner(ready.part.customer_id)
        place = self._book.place(ready.part.site_id)
        return f"{ready.words} {owner.name} {owner.words} {place.words}"

    def _incidents(self, connection: Connection, wanted: Sequence[str]) -> dict[str, ReadyIncident]:
        known = self._harvest.incidents
        parts = {each: known[each] for each in wanted if each in known}
        missing = [each for each in wanted if each not in known]
        found = mirror.bodies(connection, "incident", missing) if missing else {}
        found |= dict(
            sql.rows(
                connection,
                "SELECT id, body FROM overlay WHERE entity = 'incident'"
                " AND id IN (SELECT value FROM json_each(?))",
                (sql.ids(wanted),),
            )
        )
        ready = subsets.ready_incident
        return parts | {incident_id: ready(body) for incident_id, body in found.items()}

    def _visits(self, connection: Connection, wanted: Sequence[str]) -> dict[str, list[VisitPart]]:
        """Return the visits of each incident, in the order in which they were assigned."""
        found: dict[str, VisitPart] = {}
        unknown: list[str] = []
        for incident_id in wanted:
            kept = self._harvest.visits(incident_id)
            if kept is None:
                unknown.append(incident_id)
            else:
                found |= kept
        decode = subsets.visit.decode
        if unknown:
            below = mirror.bodies_below(connection, "visit", unknown)
            found |= {visit_id: decode(body) for _, visit_id, body in below}
        laid_over = sql.rows(
            connection,
            "SELECT id, body FROM overlay WHERE entity = 'visit'"
            " AND incident_id IN (SELECT value FROM json_each(?))",
            (sql.ids(wanted),),
        )
        found |= {visit_id: decode(body) for visit_id, body in laid_over}
        grouped: dict[str, list[VisitPart]] = {}
        for visit in found.values():
            grouped.setdefault(visit.incident_id, []).append(visit)
        for visits in grouped.values():
            if len(visits) > 1:
                visits.sort(key=lambda visit: (visit.assigned_at, visit.id))
        return grouped


def _unmark(connection: Connection, incidents: Sequence[str]) -> None:
    connection.exec_driver_sql(
        "DELETE FROM dirty WHERE entity = 'incident' AND id IN (SELECT value FROM json_each(?))",
        (sql.ids(incidents),),
    )


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
