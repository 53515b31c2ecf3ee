"""The feed against a plain model: whatever happens, a cursor reader ends with what it may see."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import central_seed
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.columns import GONE_AT_ONCE, RETENTION
from fieldtech.central.database import Database
from fieldtech.central.feed import Writer
from fieldtech.central.housekeeping import tidy
from fieldtech.central.people import put_person
from fieldtech.clock import FakeClock
from fieldtech.domain.incident import Incident
from fieldtech.domain.reference import Equipment, Person
from fieldtech.domain.visit import Visit
from fieldtech.domain.words import IncidentKind, IncidentState, Role, VisitState
from fieldtech.protocol.codec import HASH_MODULUS, decode_body, row_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postgres import Cluster

Key = tuple[str, str]

START = datetime(2026, 11, 4, 15, 0, tzinfo=UTC)
TECHNICIANS = ("ana", "beto", "caro")
PARENTS = {"mx": "", "jal": "mx", "nl": "mx", "gdl": "jal", "zap": "jal", "mty": "nl"}
PLACES = ("gdl", "zap", "mty")


class FeedMachine(RuleBasedStateMachine):
    """Random work by several people; after each step every bucket is read on and compared."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FakeClock(START)
        self.database = self.opened()
        self.granted = {"jal"}
        self.incidents: dict[str, Incident] = {}
        self.visits: dict[str, Visit] = {}
        self.ended: dict[str, datetime] = {}
        self.sites = dict(zip((f"s-{p}" for p in PLACES), PLACES, strict=True))
        self.installed = {f"{kind}-{p}": f"s-{p}" for kind in "ve" for p in PLACES}
        self.owners = {f"s-{p}": f"c-{p}" for p in PLACES}
        self.cursors: dict[str, int] = defaultdict(int)
        self.mirrors: dict[str, dict[Key, int]] = defaultdict(dict)
        self.months: dict[str, set[str]] = {}

    def opened(self) -> Database:
        """The database of this example, with nothing in it but the small world."""
        shutil.copytree(_seeded().name, self.folder.name, dirs_exist_ok=True)
        return Database.in_folder(Path(self.folder.name))

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()

    def put(self, *puts: tuple[str, str, object]) -> None:
        with self.database.write() as connection:
            writer = Writer(connection, now=self.clock.now())
            for put in puts:
                writer.put(*put)
            writer.flush()

    @rule(place=st.sampled_from(PLACES))
    def report(self, place: str) -> None:
        now, number = self.clock.now(), len(self.incidents) + 1
        incident = Incident(
            id=f"i{number}",
            number=f"INC-{number}",
            kind=IncidentKind.TECHNICAL,
            state=IncidentState.ACKNOWLEDGED,
            title="Sin servicio",
            region_id=self.sites[f"s-{place}"],
            customer_id=f"c-{place}",
            site_id=f"s-{place}",
            service_id=f"v-{place}",
            reported_at=now,
            notified_at=now,
            registered_at=now,
        )
        self.incidents[incident.id] = incident
        self.put(("incident", incident.id, incident))

    @precondition(lambda self: self.incidents)
    @rule(data=st.data(), technician=st.sampled_from(TECHNICIANS))
    def assign(self, data: st.DataObject, technician: str) -> None:
        incident_id = data.draw(st.sampled_from(sorted(self.incidents)))
        visit = self._visit(incident_id, technician)
        self.put(("visit", visit.id, visit))

    @precondition(lambda self: self.visits)
    @rule(data=st.data(), technician=st.sampled_from(TECHNICIANS))
    def reassign(self, data: st.DataObject, technician: str) -> None:
        visit = self._drawn_visit(data)
        new = self._visit(visit.incident_id, technician)
        self._end(visit, VisitState.REASSIGNED)
        self.put(("visit", visit.id, self.visits[visit.id]), ("visit", new.id, new))

    @precondition(lambda self: self.visits)
    @rule(
        data=st.data(),
        state=st.sampled_from(
            [VisitState.DONE, VisitState.DECLINED, VisitState.CANCELLED, VisitState.ON_SITE]
        ),
    )
    def move_visit(self, data: st.DataObject, state: VisitState) -> None:
        visit = self._drawn_visit(data)
        self._end(visit, state)
        self.put(("visit", visit.id, self.visits[visit.id]))

    @precondition(lambda self: self.visits)
    @rule(data=st.data(), companion=st.sampled_from(TECHNICIANS))
    def add_companion(self, data: st.DataObject, companion: str) -> None:
        visit = self._drawn_visit(data)
        crew = tuple(sorted({*visit.companions, companion} - {visit.technician_id}))
        self.visits[visit.id] = replace(visit, companions=crew)
        self.put(("visit", visit.id, self.visits[visit.id]))

    @precondition(lambda self: self.incidents)
    @rule(data=st.data(), state=st.sampled_from([IncidentState.CANCELLED, IncidentState.CLOSED]))
    def move_incident(self, data: st.DataObject, state: IncidentState) -> None:
        incident_id = data.draw(st.sampled_from(sorted(self.incidents)))
        incident = replace(self.incidents[incident_id], state=state)
        self.incidents[incident_id] = incident
        self._note_end(incident_id, is_open=state.is_open)
        self.put(("incident", incident_id, incident))

    @precondition(lambda self: self.visits)
    @rule(data=st.data(), technician=st.sampled_from(TECHNICIANS))
    def note_and_reassign_at_once(self, data: st.DataObject, technician: str) -> None:
        """A case of which one part moves and the others only change."""
        visit = self._drawn_visit(data)
        incident = self.incidents[visit.incident_id]
        incident = replace(incident, description=incident.description + "!")
        self.incidents[incident.id] = incident
        new = self._visit(incident.id, technician)
        others = [v for v in self.visits.values() if v.incident_id == incident.id]
        self._end(visit, VisitState.REASSIGNED)
        self.put(
            ("incident", incident.id, incident),
            *(("visit", v.id, self.visits[v.id]) for v in others),
            ("visit", new.id, new),
        )

    @rule(place=st.sampled_from(PLACES), region=st.sampled_from(PLACES))
    def move_site(self, place: str, region: str) -> None:
        site_id = f"s-{place}"
        with self.database.read() as connection:
            body = tables.body.c
            query = select(body.text).where(body.entity == "site", body.id == site_id)
            site = decode_body("site", connection.execute(query).scalar_one())
        self.sites[site_id] = region
        self.put(("site", site_id, replace(site, region_id=region)))

    @rule(place=st.sampled_from(PLACES))
    def install(self, place: str) -> None:
        router = Equipment(
            id=f"e{len(self.installed)}",
            site_id=f"s-{place}",
            service_id="",
            kind="switch",
            model="CRS",
            serial="",
            mac="",
        )
        self.installed[router.id] = router.site_id
        self.put(("equipment", router.id, router))

    @rule(region=st.sampled_from(sorted(PARENTS)))
    def grant(self, region: str) -> None:
        self.granted.add(region)
        with self.database.write() as connection:
            writer = Writer(connection, now=self.clock.now())
            person = Person(
                id=f"d-{region}", name=region, role=Role.DISPATCHER, region_ids=(region,)
            )
            put_person(
                connection,
                writer,
                person,
                login=person.id,
                password_hash="x",
                now=self.clock.now(),
            )
            writer.flush()

    @rule(days=st.sampled_from([1, 15]))
    def let_time_pass(self, days: int) -> None:
        self.clock.advance(days * 86_400)
        tidy(self.database, self.clock)

    @invariant()
    def readers_have_what_they_may_see(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.read() as connection:
            buckets = {row.name: row for row in connection.execute(select(tables.bucket))}
            for name in buckets:
                feed = tables.feed.c
                query = (
                    select(feed.seq, feed.op, feed.entity, feed.id, feed.rev)
                    .where(feed.bucket == name, feed.seq > self.cursors[name])
                    .order_by(feed.seq)
                )
                for seq, op, entity, entity_id, rev in connection.execute(query):
                    if op == "put":
                        self.mirrors[name][entity, entity_id] = rev
                    else:
                        self.mirrors[name].pop((entity, entity_id), None)
                    self.cursors[name] = seq
            revs = {(r.entity, r.id): r.rev for r in connection.execute(select(tables.body))}
            self.months = defaultdict(set)
            for each in connection.execute(select(tables.service_month)):
                self.months[each.service_id].add(each.id)
        assert set(buckets) >= {f"region:{region}" for region in self.granted}
        for name, row in buckets.items():
            mirror = self.mirrors[name]
            if name != "ref":
                seen = {key for key in mirror if key[0] != "person"}
                assert seen == set(self.expected(name)), name
            assert mirror == {key: revs[key] for key in mirror}, name
            total = sum(row_hash(*key, rev) for key, rev in mirror.items())
            assert (row.size, row.hash) == (len(mirror), str(total % HASH_MODULUS)), name

    def expected(self, bucket: str) -> Iterator[Key]:
        """What belongs into a bucket, by the definition and nothing else."""
        kind, _, owner = bucket.partition(":")
        cases = {
            i.id: i
            for i in self.incidents.values()
            if (self._has(i.id, owner) if kind == "tech" else self._lies_in(i, owner))
        }
        yield from (("incident", each) for each in cases)
        yield from (("visit", v.id) for v in self.visits.values() if v.incident_id in cases)
        sites = (
            {case.site_id for case in cases.values()}
            if kind == "tech"
            else {s for s, region in self.sites.items() if owner in _above(region)}
        )
        for site_id in sites:
            yield from (("site", site_id), ("customer", self.owners[site_id]))
            for each, at in self.installed.items():
                if at == site_id:
                    yield "service" if each.startswith("v") else "equipment", each
                    yield from (("service_month", month) for month in self.months.get(each, ()))

    def _has(self, incident_id: str, technician: str) -> bool:
        return any(
            visit.incident_id == incident_id
            and technician in (visit.technician_id, *visit.companions)
            and visit.state not in GONE_AT_ONCE
            and self._is_live(visit.id)
            for visit in self.visits.values()
        )

    def _lies_in(self, incident: Incident, region: str) -> bool:
        return region in _above(incident.region_id) and self._is_live(incident.id)

    def _is_live(self, each: str) -> bool:
        ended = self.ended.get(each)
        return ended is None or ended + RETENTION > self.clock.now()

    def _visit(self, incident_id: str, technician: str) -> Visit:
        visit = Visit(
            id=f"w{len(self.visits) + 1}",
            incident_id=incident_id,
            technician_id=technician,
            state=VisitState.ASSIGNED,
            assigned_at=self.clock.now(),
            assigned_by="dora",
        )
        self.visits[visit.id] = visit
        return visit

    def _drawn_visit(self, data: st.DataObject) -> Visit:
        return self.visits[data.draw(st.sampled_from(sorted(self.visits)))]

    def _end(self, visit: Visit, state: VisitState) -> None:
        self.visits[visit.id] = replace(visit, state=state)
        self._note_end(visit.id, is_open=state.is_open)

    def _note_end(self, each: str, *, is_open: bool) -> None:
        if is_open:
            self.ended.pop(each, None)
        else:
            self.ended.setdefault(each, self.clock.now())


@cache
def _seeded() -> tempfile.TemporaryDirectory[str]:
    """The small world, written once for all examples."""
    folder = tempfile.TemporaryDirectory()
    _seed(Database.in_folder(Path(folder.name)))
    return folder


def _seed(database: Database) -> None:
    central_seed.seed(database, START, people=("ana", "beto", "caro", "dora"))
    database.close()


def _above(region: str) -> Iterator[str]:
    while region:
        yield region
        region = PARENTS[region]


LONG = settings().max_examples > 100

TestFeed = FeedMachine.TestCase
TestFeed.settings = settings(max_examples=300 if LONG else 20, stateful_step_count=25)


def test_the_same_holds_on_postgresql(cluster: Cluster) -> None:
    url = cluster.fresh()
    _seed(Database.open(url))
    cluster.keep(url)

    class OnPostgres(FeedMachine):
        def opened(self) -> Database:
            cluster.bring_back(url)
            return Database.open(url)

    run_state_machine_as_test(
        cast("Any", OnPostgres),
        settings=settings(max_examples=100 if LONG else 4, stateful_step_count=25),
    )
