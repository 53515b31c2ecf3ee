"""The cases a push is about: read in a few statements, locked in order, then kept at hand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.dialect import lock_rows, within
from fieldtech.central.months import same_downtime
from fieldtech.domain.case import Case
from fieldtech.domain.incident import Incident
from fieldtech.domain.planned import PlannedWork
from fieldtech.domain.visit import Visit
from fieldtech.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from fieldtech.central.feed import Writer


class Cases:
    """Cases by the incident's id, as the commands of this push have left them so far."""

    def __init__(self, connection: Connection, writer: Writer) -> None:
        self._connection = connection
        self._writer = writer
        self._cases: dict[str, Case] = {}
        self._incident_of: dict[str, str] = {}
        self._planned: dict[str, PlannedWork | None] = {}
        self.down: dict[str, Incident] = {}
        """The incidents whose downtime is no longer what it was when they were read."""

    def fetch(self, incidents: Iterable[str], visits: Iterable[str]) -> None:
        """Read the cases of these incidents and visits, those not at hand yet."""
        visit, run = tables.visit.c, self._connection.execute
        asked = [each for each in set(visits) if each not in self._incident_of]
        if asked:
            owners = select(visit.id, visit.incident_id).where(within(visit.id, asked))
            self._incident_of |= {row.id: row.incident_id for row in run(owners)}
            for each in set(asked) - set(self._incident_of):
                self._writer.know("visit", each, 0)
        found = {self._incident_of[each] for each in asked if each in self._incident_of}
        wanted = sorted({*incidents, *found} - set(self._cases))
        if not wanted:
            return
        body = tables.body
        lock_rows(self._connection, body, (body.c.entity == "incident") & within(body.c.id, wanted))
        columns = (body.c.entity, body.c.id, body.c.rev, body.c.text)
        bodies = select(*columns).where(body.c.entity == "incident", within(body.c.id, wanted))
        heads = {}
        for row in run(bodies):
            heads[row.id] = codec.decode(row.text, Incident)
            self._writer.know(row.entity, row.id, row.rev)
        of_cases = (
            select(visit.incident_id, *columns)
            .join(body, (body.c.entity == "visit") & (body.c.id == visit.id))
            .where(within(visit.incident_id, wanted))
        )
        parts: dict[str, list[Visit]] = defaultdict(list)
        for part in run(of_cases):
            parts[part.incident_id].append(codec.decode(part.text, Visit))
            self._writer.know(part.entity, part.id, part.rev)
        for each in wanted:
            if each not in heads:
                self._writer.know("incident", each, 0)
            ordered = sorted(parts[each], key=lambda v: (v.assigned_at, v.id))
            self.keep(Case(incident=heads.get(each), visits=tuple(ordered)), each)

    def keep(self, case: Case, incident_id: str) -> None:
        """Remember how a case stands now."""
        before, after = self._cases.get(incident_id), case.incident
        moved = before is not None and after and not same_downtime(before.incident, after)
        if after and (moved or incident_id in self.down):
            self.down[incident_id] = after
        self._cases[incident_id] = replace(case, original=None)
        for visit in case.visits:
            self._incident_of[visit.id] = incident_id

    def case(self, incident_id: str) -> Case:
        """The case of this incident, empty when there is no such incident."""
        self.fetch([incident_id], [])
        return self._cases[incident_id]

    def incident_of(self, visit_id: str) -> str:
        """The incident a visit belongs to, empty when there is no such visit."""
        self.fetch([], [visit_id])
        return self._incident_of.get(visit_id, "")

    def planned(self, work_id: str) -> PlannedWork | None:
        """A planned work, ``None`` when there is no such work."""
        if work_id not in self._planned:
            body = tables.body
            here = (body.c.entity == "planned") & (body.c.id == work_id)
            lock_rows(self._connection, body, here)
            query = select(body.c.rev, body.c.text).where(here)
            found = self._connection.execute(query).one_or_none()
            self._writer.know("planned", work_id, found.rev if found else 0)
            self._planned[work_id] = codec.decode(found.text, PlannedWork) if found else None
        return self._planned[work_id]

    def keep_planned(self, work: PlannedWork) -> None:
        """Remember how a planned work stands now."""
        self._planned[work.id] = work
