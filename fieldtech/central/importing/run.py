"""A whole file, in one transaction: read, checked, and written only when nothing is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.feed import Writer
from fieldtech.central.importing.cases import Cases, Subject
from fieldtech.central.importing.catalogue import Catalogue
from fieldtech.central.importing.layout import Layout, lay_out
from fieldtech.central.importing.mapping import ColumnMap
from fieldtech.central.importing.problems import Problem
from fieldtech.central.importing.reading import Record, read_table
from fieldtech.central.importing.territory import Territory, shipped_regions
from fieldtech.central.importing.tickets import Ticket, TicketReader
from fieldtech.central.importing.whereabouts import Whereabouts
from fieldtech.central.shipped import load_shipped
from fieldtech.central.sync.ground import Grounds
from fieldtech.domain.incident import Incident
from fieldtech.domain.reference import Region
from fieldtech.geo.gazetteer import Gazetteer
from fieldtech.protocol.codec import decode_body

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.central.database import Database
    from fieldtech.domain.policy import Rulebook

NO_MAP = ColumnMap()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a file did, or would do. ``problems`` is empty when it was, or can be, imported.

    ``records`` counts the customers, sites and services that are new or altered.
    """

    encoding: str = ""
    delimiter: str = ""
    rows: int = 0
    ignored: tuple[str, ...] = ()
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    records: int = 0
    written: bool = False
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()


class _Undo(Exception):
    """Leaves the transaction so that nothing of it stays; carries the outcome out of it."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def import_file(
    database: Database,
    raw: bytes,
    *,
    now: datetime,
    columns: ColumnMap = NO_MAP,
    dry_run: bool = False,
) -> Outcome:
    """Import the bytes of an export; with ``dry_run``, or on any problem, nothing is written."""
    table = read_table(raw)
    base = Outcome(encoding=table.encoding, delimiter=table.delimiter, problems=table.problems)
    if not table.records:
        empty = Problem(0, "", "", "the file is empty")
        return replace(base, problems=table.problems or (empty,))

    def work(connection: Connection) -> Outcome:
        done = _Run(connection, columns, now).take(table.records, base)
        if dry_run or done.problems:
            raise _Undo(done)
        return replace(done, written=bool(done.created + done.updated + done.records))

    try:
        return database.transact(work)
    except _Undo as undone:
        return undone.outcome


class _Run:
    """One import inside its transaction."""

    def __init__(self, connection: Connection, columns: ColumnMap, now: datetime) -> None:
        self._connection = connection
        self._columns = columns
        self._now = now
        self._writer = Writer(connection, now=now)
        load_shipped(connection, self._writer)
        self._writer.flush()
        self._stored = _regions(connection)
        self._territory = Territory(self._stored.values() or shipped_regions(), Gazetteer())

    def take(self, records: tuple[Record, ...], base: Outcome) -> Outcome:
        """Read every row, then put what they make into the writer."""
        header, *rows = records
        layout, missing = lay_out(header, rows, self._columns)
        base = replace(base, rows=len(rows), ignored=layout.ignored)
        if missing:
            return replace(base, problems=(*base.problems, *missing))
        whereabouts = Whereabouts(self._territory)
        reader = TicketReader(layout, self._columns, whereabouts, self._now)
        tickets = [ticket for ticket in map(reader.read, rows) if ticket is not None]
        twice = _twice(tickets, layout.header("external_id"))
        again = {each.line for each in twice}
        catalogue = Catalogue(self._connection)
        subjects = [Subject(ticket, *catalogue.take(ticket)[1:]) for ticket in tickets]
        cases = Cases(self._connection, self._rules(), tickets, self._now)
        # Whatever is wrong elsewhere: one look at the file names every line that is refused.
        taken = [cases.take(each) for each in subjects if each.ticket.line not in again]
        ours = _by_header([*catalogue.problems, *cases.problems], layout)
        problems = [*base.problems, *reader.problems, *twice, *ours]
        remarks = [*reader.remarks, *_by_header(cases.remarks, layout)]
        base = replace(base, problems=_in_order(problems), remarks=_in_order(remarks))
        return base if problems else self._put(taken, cases, catalogue, base)

    def _rules(self) -> Rulebook:
        parents = {region.id: region.parent_id for region in self._territory.regions.values()}
        return replace(Grounds().of(self._connection).rules, region_parents=parents)

    def _put(
        self,
        taken: list[tuple[Incident | None, bool]],
        cases: Cases,
        catalogue: Catalogue,
        base: Outcome,
    ) -> Outcome:
        made: list[Incident] = []
        created = unchanged = 0
        for incident, new in taken:
            if incident is None:
                continue
            if cases.is_changed(incident):
                made.append(incident)
                created += new
            else:
                unchanged += 1
        return replace(
            base,
            created=created,
            updated=len(made) - created,
            unchanged=unchanged,
            records=self._write(catalogue, made),
        )

    def _write(self, catalogue: Catalogue, incidents: list[Incident]) -> int:
        used = self._used_regions(catalogue)
        new = [r for r in self._territory.regions.values() if self._stored.get(r.id) != r]
        self._writer.put_many("region", ((r.id, r) for r in new if r.id in used))
        changed = catalogue.changed
        for entity in ("customer", "site", "service"):
            self._writer.put_many(entity, changed[entity].items())
        self._writer.put_many("incident", ((each.id, each) for each in incidents))
        self._writer.flush()
        return sum(map(len, changed.values()))

    def _used_regions(self, catalogue: Catalogue) -> set[str]:
        """The regions of the sites, those above them, and the whole tree of an empty central."""
        if not self._stored:
            return set(self._territory.regions)
        return {
            region_id
            for site in catalogue.sites_changed
            for region_id in self._territory.path(site.region_id)
        }


def _regions(connection: Connection) -> dict[str, Region]:
    body = tables.body.c
    query = select(body.id, body.text).where(body.entity == "region")
    return {row.id: decode_body("region", row.text) for row in connection.execute(query)}


def _twice(tickets: list[Ticket], column: str) -> list[Problem]:
    first: dict[str, int] = {}
    found = []
    for ticket in tickets:
        line = first.setdefault(ticket.external_id, ticket.line)
        if line != ticket.line:
            reason = f"line {line} has the same; one row is one incident"
            found.append(Problem(ticket.line, column, ticket.external_id, reason))
    return found


def _by_header(problems: list[Problem], layout: Layout) -> list[Problem]:
    """The same, naming the column as the file does."""
    return [replace(each, column=layout.header(each.column)) for each in problems]


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda each: each.line))
