"""What the central sends: whole pages or nothing, exactly the granted scope, and its checksums."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from small_feed import DISPATCHER, World, next_page, open_for, take_in
from small_work import settle

from fieldtech.domain.commands import AddNote
from fieldtech.protocol.codec import BadMessageError
from fieldtech.protocol.wire import APPLIED, REJECTED
from fieldtech.store.agenda import AgendaQuery
from fieldtech.store.opening import Store
from fieldtech.store.packing import PACK_FROM, pack, unpack
from fieldtech.store.page import TruncatedPageError, read_page
from fieldtech.store.work import NewCommand, Queued


@pytest.fixture
def world() -> World:
    world = World()
    world.furnish()
    world.place("tech:ana", "uno")
    world.incident("tech:ana", "i1", "uno")
    return world


def shown(store: Store) -> set[tuple[str, str]]:
    with store.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT entity, id FROM mirror")
        return {(row[0], row[1]) for row in rows}


def granted(world: World, *names: str) -> set[tuple[str, str]]:
    return {
        key for name in names for key, (_, op, _) in world.buckets[name].rows.items() if op == "put"
    }


def test_a_first_pull_brings_exactly_what_is_granted(tmp_path: Path, world: World) -> None:
    world.place("tech:beto", "ajeno")
    with open_for(tmp_path) as store:
        take_in(store, world, "ref", "tech:ana")
        assert shown(store) == granted(world, "ref", "tech:ana")
        (row,) = store.agenda.page(AgendaQuery()).rows
        assert (row.incident_id, row.visit_id, row.customer) == ("i1", "w-i1", "Cliente uno")
        assert (row.state, row.municipality, row.severity) == ("Jalisco", "Guadalajara", "major")
        assert store.feed.apply(next_page(store, world, "ref", "tech:ana")).rows == 0


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_of_any_size_come_to_the_same(tmp_path: Path, world: World, limit: int) -> None:
    with open_for(tmp_path) as store:
        take_in(store, world, "ref", "tech:ana", limit=limit)
        assert shown(store) == granted(world, "ref", "tech:ana")
        assert [row.site for row in store.agenda.page(AgendaQuery()).rows] == ["Sucursal uno"]


def test_every_way_to_cut_a_page_is_noticed(tmp_path: Path, world: World) -> None:
    data = world.page({}, ("ref", "tech:ana"))
    with open_for(tmp_path) as store:
        for length in range(0, len(data) - 1, 97):
            with pytest.raises(BadMessageError):
                store.feed.apply(read_page(data[:length]))
        ends = [place for place in range(len(data) - 1) if data[place : place + 1] == b"\n"]
        for place in ends:
            with pytest.raises(TruncatedPageError):
                read_page(data[: place + 1])
        assert shown(store) == set()
        assert store.feed.cursors() == {}


def test_a_page_that_is_no_page_is_refused() -> None:
    for data in (b"", b"\n", b"<html>]", b'["end",{"cursor":{},"more":false,"last_n":0}]\n'):
        with pytest.raises(BadMessageError):
            read_page(data)


def test_what_leaves_a_bucket_goes_unless_another_still_has_it(
    tmp_path: Path, world: World
) -> None:
    world.show("region:jal", "customer", "c-uno")
    with open_for(tmp_path) as store:
        take_in(store, world)
        for entity in ("incident", "visit", "customer"):
            name = {"incident": "i1", "visit": "w-i1", "customer": "c-uno"}[entity]
            world.hide("tech:ana", entity, name)
        take_in(store, world)
        assert ("customer", "c-uno") in shown(store)
        assert ("incident", "i1") not in shown(store)
        assert store.agenda.page(AgendaQuery(scope="all")).total == 0


def test_a_dropped_bucket_takes_its_rows_with_it(tmp_path: Path, world: World) -> None:
    with open_for(tmp_path) as store:
        take_in(store, world, "ref", "tech:ana")
        take_in(store, world, "ref")
        assert shown(store) == granted(world, "ref")
        assert set(store.feed.cursors()) == {"ref"}
        take_in(store, world, "ref", "tech:ana")
        assert shown(store) == granted(world, "ref", "tech:ana")
        assert store.agenda.page(AgendaQuery()).total == 1


def test_a_reset_bucket_stays_visible_and_is_swept_at_its_end(tmp_path: Path, world: World) -> None:
    world.place("tech:ana", "dos")
    with open_for(tmp_path) as store:
        take_in(store, world, "ref", "tech:ana")
        for entity in ("customer", "site", "service", "equipment"):
            world.buckets["tech:ana"].rows.pop((entity, f"{entity[0]}-dos"), None)
        world.buckets["tech:ana"].rows.pop(("service", "v-dos"))
        page = read_page(
            world.page(store.feed.cursors(), ("ref", "tech:ana"), limit=2, reset=("tech:ana",))
        )
        assert store.feed.apply(page).more
        assert ("customer", "c-dos") in shown(store), "nothing blinks while it is read again"
        assert store.agenda.page(AgendaQuery()).total == 1
        take_in(store, world, "ref", "tech:ana", limit=2)
        assert shown(store) == granted(world, "ref", "tech:ana")


def test_a_checksum_that_does_not_agree_makes_the_bucket_be_read_again(
    tmp_path: Path, world: World
) -> None:
    with open_for(tmp_path) as store:
        take_in(store, world, "ref", "tech:ana")
        with store.database.write() as connection:
            connection.exec_driver_sql(
                "UPDATE member SET rev = 99 WHERE rid IN"
                " (SELECT rid FROM mirror WHERE entity = 'site')"
            )
        world.put("tech:ana", "site", "s-uno", world.bodies["site", "s-uno"][1])
        outcome = store.feed.apply(next_page(store, world, "ref", "tech:ana"))
        assert outcome.mismatched == ("tech:ana",)
        assert store.feed.cursors()["tech:ana"] == 0
        take_in(store, world, "ref", "tech:ana")
        assert store.feed.apply(next_page(store, world, "ref", "tech:ana")).mismatched == ()
        assert shown(store) == granted(world, "ref", "tech:ana")


def test_a_renamed_customer_is_renamed_and_found_on_the_cards(tmp_path: Path, world: World) -> None:
    with open_for(tmp_path) as store:
        take_in(store, world, "ref", "tech:ana")
        world.place("tech:ana", "uno", customer="Panadería Núñez", phone="33 9876 5432")
        take_in(store, world, "ref", "tech:ana")
        (row,) = store.agenda.page(AgendaQuery(text="nunez")).rows
        assert row.customer == "Panadería Núñez"
        assert store.agenda.page(AgendaQuery(text="339876")).total == 1
        assert store.agenda.page(AgendaQuery(text="Cliente uno")).total == 0


def test_a_pull_cut_off_between_pages_is_finished_at_the_next_start(
    tmp_path: Path, world: World
) -> None:
    with open_for(tmp_path) as store:
        more = True
        while more and not any(name == "i1" for _, name in shown(store)):
            more = store.feed.apply(next_page(store, world, "ref", "tech:ana", limit=4)).more
        assert store.agenda.page(AgendaQuery()).total == 0
        while store.feed.finish():
            pass
        assert store.agenda.page(AgendaQuery()).total == 1


def test_a_new_life_of_the_central_reads_all_again_and_offers_all_again(
    tmp_path: Path, world: World
) -> None:
    with open_for(tmp_path) as store:
        take_in(store, world, "ref", "tech:ana")
        note = NewCommand(name="incident.note", target="incident:i1", args=AddNote(text="hola"))
        queued = store.work.queue(note)
        assert isinstance(queued, Queued)
        settle(store, queued.op_ids[0], APPLIED)
        take_in(store, world, "ref", "tech:ana")
        assert store.outbox.counts().waiting == 0

        store.feed.start_over("epoch-2")

        assert store.session.get().epoch == "epoch-2"
        assert set(store.feed.cursors().values()) == {0}
        assert store.outbox.counts().waiting == 1
        assert store.agenda.page(AgendaQuery()).total == 1, "nothing blinks"


@pytest.mark.parametrize("kept_by", ["nothing", "another bucket", "a refusal"])
def test_a_body_of_another_life_is_replaced_whichever_bucket_brings_it(
    tmp_path: Path, world: World, kept_by: str
) -> None:
    """The central restored from a backup gives the same revision to another body."""
    world.show("region:jal", "incident", "i1")
    world.show("region:zap", "incident", "i1")
    held = ("region:jal",) if kept_by == "another bucket" else ()
    with open_for(tmp_path) as store:
        take_in(store, world, "ref", "tech:ana", *held)
        if kept_by == "a refusal":
            note = NewCommand(name="incident.note", target="incident:i1", args=AddNote(text="no"))
            queued = store.work.queue(note)
            assert isinstance(queued, Queued)
            settle(store, queued.op_ids[0], REJECTED, code="not_yours")
            take_in(store, world, "ref")
            assert ("incident", "i1") in shown(store), "it is still to be seen"

        rev, body = world.bodies["incident", "i1"]
        world.bodies["incident", "i1"] = (rev, body.replace("Sin servicio", "Con lentitud"))
        world.buckets["region:jal"].rows.clear()  # what was in both is in the new one only
        world.epoch = "epoch-2"
        store.feed.start_over("epoch-2")
        take_in(store, world, "ref", "region:zap", *held)

        incident = store.cases.get("i1").incident
        assert incident is not None
        assert incident.title == "Con lentitud"
        (row,) = store.agenda.page(AgendaQuery(scope="all")).rows
        assert row.title == "Con lentitud"


def test_services_that_are_no_longer_granted_are_not_searched_any_more(
    tmp_path: Path, world: World
) -> None:
    world.place("region:zap", "dos", region="zap")
    with open_for(tmp_path, DISPATCHER) as store:
        take_in(store, world, "ref", "region:zap")
        assert [hit.service_id for hit in store.places.search("vallarta")] == ["v-dos"]
        take_in(store, world, "ref")
        assert store.places.search("vallarta") == []
        with store.database.read() as connection:
            for table in ("place", "place_words"):
                rows = connection.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608
                assert rows.scalar() == 0, table


@pytest.mark.parametrize("length", [2, PACK_FROM - 1, PACK_FROM, 100_000])
def test_bodies_lie_packed_and_come_back_as_they_were(length: int) -> None:
    body = ('{"text":"' + "ñ" * length)[: length - 1].encode() + b"}"
    stored = pack(body)
    assert unpack(stored) == body
    assert (len(stored) < len(body)) == (len(body) >= PACK_FROM)


def test_a_body_that_is_no_incident_makes_a_page_malformed(world: World) -> None:
    data = world.page({}, ("ref", "tech:ana")).replace(b'"site_id":"s-uno"', b'"site_id":7')
    with pytest.raises(BadMessageError) as problem:
        read_page(data)
    assert not isinstance(problem.value, TruncatedPageError)


class Mirroring(RuleBasedStateMachine):
    """Whatever happens at the central, and however pages are cut: after a pull to the end the
    mirror is the granted scope, each body the newest, and the checksums agree."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.world.buckets.clear()
        self.names = ("a", "b")
        for name in self.names:
            self.world.put(name, "customer", f"first-{name}", '{"id":"x","name":"x"}')
        self.folder = tempfile.TemporaryDirectory()
        self.opened = open_for(Path(self.folder.name), DISPATCHER)
        self.store = self.opened.__enter__()
        self.granted: tuple[str, ...] = self.names
        self.reset: tuple[str, ...] = ()

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)
        self.folder.cleanup()

    @rule(bucket=st.sampled_from("ab"), number=st.integers(0, 6), text=st.text(max_size=3))
    def put(self, bucket: str, number: int, text: str) -> None:
        body = {"id": f"c{number}", "name": text}
        self.world.put(bucket, "customer", f"c{number}", msgspec.json.encode(body).decode())

    @rule(bucket=st.sampled_from("ab"), number=st.integers(0, 6))
    def hide(self, bucket: str, number: int) -> None:
        held = self.world.buckets[bucket].rows.get(("customer", f"c{number}"))
        if held is not None and held[1] == "put":
            self.world.hide(bucket, "customer", f"c{number}")

    @rule(names=st.sampled_from([("a",), ("b",), ("a", "b")]))
    def regrant(self, names: tuple[str, ...]) -> None:
        self.granted = names

    @rule(name=st.sampled_from("ab"))
    def ask_for_a_reset(self, name: str) -> None:
        if name in self.granted:
            self.reset = (name,)

    @rule(limit=st.integers(1, 3))
    def pull_one_page(self, limit: int) -> None:
        self._apply(limit)

    @rule(limit=st.integers(1, 5))
    def pull_to_the_end(self, limit: int) -> None:
        while self._apply(limit):
            pass
        with self.store.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT entity, id, rev, body FROM mirror")
            mirror = {(row[0], row[1]): (row[2], unpack(row[3]).decode()) for row in rows}
        expected = granted(self.world, *self.granted)
        assert mirror == {key: self.world.bodies[key] for key in expected}

    def _apply(self, limit: int) -> bool:
        reset, self.reset = self.reset, ()
        page = self.world.page(
            self.store.feed.cursors(),
            self.granted,
            limit=limit,
            reset=tuple(name for name in reset if name in self.granted),
        )
        outcome = self.store.feed.apply(read_page(page))
        assert outcome.mismatched == ()
        return outcome.more

    @invariant()
    def sizes_add_up(self) -> None:
        with self.store.database.read() as connection:
            wrong = connection.exec_driver_sql(
                "SELECT name FROM bucket WHERE size <> (SELECT count(*) FROM member"
                " WHERE bucket_id = bucket.id AND member.generation = bucket.generation)"
            ).all()
            assert wrong == []


Mirroring.TestCase.settings = settings(
    max_examples=15, stateful_step_count=30, suppress_health_check=list(HealthCheck)
)
TestMirroring = Mirroring.TestCase
