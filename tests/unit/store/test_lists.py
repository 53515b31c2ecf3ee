"""What the screens list: agenda, search, board, register of services, first page."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_feed import DISPATCHER, NINE, TECHNICIAN, World, open_for, take_in
from sqlcipher3 import dbapi2 as driver

from fieldtech.clock import FakeClock
from fieldtech.domain.commands import FieldTime, PauseIncident, Reason
from fieldtech.domain.words import ClockState
from fieldtech.paths import Profile
from fieldtech.secrets import MemoryStore
from fieldtech.store.agenda import AgendaQuery, Chip
from fieldtech.store.first_page import read_first_page
from fieldtech.store.opening import Store
from fieldtech.store.search import code_words, fold, folio_words, match
from fieldtech.store.work import NewCommand, Queued

MINUTES = {"old": 100, "new": 10, "minor": 5, "late": 130, "zapopan": 20}


@pytest.fixture
def world() -> World:
    """Four incidents in Guadalajara, one in Zapopan, one of somebody else, one of nobody."""
    world = World()
    world.furnish()
    bucket = "tech:ana"
    world.place(bucket, "abc", customer="Panadería Núñez", phone="33 1234-5678", serial="RB-00 77")
    world.place(bucket, "zzz", customer="Zapatería", street="Calle Ñandú 5")
    world.place(bucket, "zap", region="zap", customer="Óptica")
    world.incident(bucket, "old", "zzz", minutes_ago=MINUTES["old"])
    world.incident(bucket, "new", "zzz", minutes_ago=MINUTES["new"], title="Lentitud")
    world.incident(bucket, "minor", "zzz", minutes_ago=MINUTES["minor"], affected=2)
    world.incident(bucket, "late", "abc", minutes_ago=MINUTES["late"])
    world.incident(bucket, "zapopan", "zap", region="zap", minutes_ago=MINUTES["zapopan"])
    world.incident(bucket, "beto", "zzz", technician="beto", minutes_ago=1)
    world.incident(bucket, "nobody", "abc", technician="", minutes_ago=1)
    return world


@pytest.fixture
def store(tmp_path: Path, world: World) -> Iterator[Store]:
    with open_for(tmp_path, clock=FakeClock(NINE)) as opened:
        take_in(opened, world)
        yield opened


@pytest.fixture
def desk(tmp_path: Path, world: World) -> Iterator[Store]:
    with open_for(tmp_path / "desk", DISPATCHER, clock=FakeClock(NINE)) as opened:
        take_in(opened, world)
        yield opened


def ids(store: Store, query: AgendaQuery) -> list[str]:
    return [row.incident_id for row in store.agenda.page(query).rows]


def test_the_agenda_goes_by_place_and_then_by_remaining_time(store: Store) -> None:
    page = store.agenda.page(AgendaQuery())
    mine = [row.incident_id for row in page.rows if row.visit_id]
    assert mine == ["late", "old", "new", "minor", "zapopan"]
    assert [tuple(group) for group in page.groups] == [
        ("Jalisco", "Guadalajara", 6, 5),
        ("Jalisco", "Zapopan", 1, 1),
    ]
    assert page.total == 7


def test_chips_count_everything_and_show_what_they_count(store: Store) -> None:
    counts = store.agenda.counts()
    assert tuple(counts) == (7, 6, 2, 1)
    expected_of: dict[Chip, int] = {"all": 7, "major": 6, "expiring": 2, "breached": 1}
    for chip, expected in expected_of.items():
        assert store.agenda.page(AgendaQuery(chip=chip)).total == expected
    assert ids(store, AgendaQuery(chip="breached")) == ["late"]


def test_time_passing_moves_incidents_into_the_chips(tmp_path: Path, world: World) -> None:
    clock = FakeClock(NINE)
    with open_for(tmp_path / "later", clock=clock) as store:
        take_in(store, world)
        clock.advance(3600)
        assert store.agenda.counts().breached == 2
        clock.advance(6 * 3600)
        assert store.agenda.counts().breached == 7
        assert store.agenda.due_between(0, 1e12)[0].incident_id == "late"
        assert store.agenda.due_between(1e12, 2e12) == []


def test_pages_follow_on(store: Store) -> None:
    whole = ids(store, AgendaQuery())
    pieces = [store.agenda.page(AgendaQuery(), offset=at, limit=2) for at in range(0, 8, 2)]
    assert [row.incident_id for page in pieces for row in page.rows] == whole
    assert [tuple(group) for group in pieces[0].groups] == [("Jalisco", "Guadalajara", 6, 5)]
    assert [tuple(group) for group in pieces[-1].groups] == [("Jalisco", "Zapopan", 1, 1)]
    assert {page.total for page in pieces} == {7}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nunez", {"late", "nobody"}),
        ("NÚÑ", {"late", "nobody"}),
        (unicodedata.normalize("NFD", "núñez"), {"late", "nobody"}),
        ("nun\u19b0ez", set()),
        ("nandu 5", {"old", "new", "minor", "beto"}),
        ("lenti", {"new"}),
        ("zapa lenti", {"new"}),
        ("33 1234", {"late", "nobody"}),
        ("3312345678", {"late", "nobody"}),
        ("rb0077", {"late", "nobody"}),
        ("optica", {"zapopan"}),
        ("nothing at all", set()),
        ("  ", {"old", "new", "minor", "late", "zapopan", "beto", "nobody"}),
        ('" OR *', set()),
        ("-- ();", set()),
    ],
)
def test_typing_finds(store: Store, typed: str, found: set[str]) -> None:
    assert set(ids(store, AgendaQuery(text=typed))) == found


def test_a_folio_is_found_by_its_number_alone(store: Store) -> None:
    row = store.agenda.page(AgendaQuery()).rows[0]
    bare = row.number.partition("-")[2].lstrip("0")
    assert row.incident_id in ids(store, AgendaQuery(text=bare))
    assert row.incident_id in ids(store, AgendaQuery(text=row.number))


@given(st.text(max_size=40))
def test_nothing_typed_can_break_the_query(typed: str) -> None:
    query = match(typed)
    assert query is None or query.count('"') % 2 == 0


def test_no_character_at_all_is_a_query_that_sqlite_refuses() -> None:
    with closing(driver.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE t USING fts5 (words, content='', detail=none,"
            " tokenize='unicode61 remove_diacritics 2')"
        )
        for code in range(sys.maxunicode + 1):
            letter = chr(code)
            if not letter.isalnum() and not unicodedata.category(letter).startswith("M"):
                continue  # parts words for both
            query = match(f"ab{letter}cd")
            assert query is not None
            connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (query,)).fetchall()


def test_folding_and_codes() -> None:
    assert fold("ÁÉÍÓÚ Ñandú") == "aeiou nandu"
    assert fold("Plain") == "plain"
    assert code_words("33 1234-5678") == "33 1234-5678 3312345678"
    assert code_words("ABC") == "ABC"
    assert code_words("") == ""
    assert folio_words("INC-000042") == "INC-000042 INC000042 42"


def test_done_work_is_listed_apart_newest_first(store: Store) -> None:
    done = store.work.queue(
        NewCommand(name="visit.decline", target="visit:w-old", args=Reason(reason="lejos")),
        NewCommand(name="visit.decline", target="visit:w-new", args=Reason(reason="lejos")),
    )
    assert isinstance(done, Queued)
    assert "old" not in ids(store, AgendaQuery())
    # What nobody of us is on is not ours to do either.
    assert ids(store, AgendaQuery(scope="done")) == ["new", "old"]
    assert store.agenda.page(AgendaQuery(scope="all")).total == 7


def test_the_clocks_of_a_card_are_the_incidents_own(store: Store) -> None:
    (row,) = store.agenda.rows(["new"])
    incident = store.cases.get("new").incident
    assert row.clocks == incident.clocks
    assert row.clocks.restoration.state is ClockState.RUNNING
    assert row.reported == incident.reported_at
    assert row.due_at == incident.clocks.restoration.due.timestamp()


def test_the_board_adds_up_from_the_leaves_to_the_country(desk: Store) -> None:
    regions = {region.id: region for region in desk.board.regions()}
    assert (regions["gdl"].open, regions["gdl"].unassigned) == (6, 1)
    assert (regions["zap"].open, regions["jal"].open, regions["mx"].open) == (1, 7, 7)
    late = desk.cases.get("late").incident
    assert regions["mx"].worst_due == late.clocks.restoration.due.timestamp()
    assert regions["mx"].technicians == regions["jal"].technicians == 2
    assert regions["gdl"].worst_due is not None
    assert regions["zap"].worst_due is not None
    assert regions["zap"].worst_due > regions["gdl"].worst_due
    assert "mty" not in regions


def test_the_queue_holds_what_nobody_is_on_most_urgent_first(desk: Store, world: World) -> None:
    world.incident("tech:ana", "urgent", "zzz", technician="", minutes_ago=60)
    take_in(desk, world)
    query = AgendaQuery(by_place=False, unassigned=True)
    assert ids(desk, query) == ["urgent", "nobody"]
    assert ids(desk, AgendaQuery(by_place=False, unassigned=True, regions=frozenset({"zap"}))) == []
    below = desk.reference.rules().below("jal")
    assert ids(desk, AgendaQuery(by_place=False, unassigned=True, regions=below)) == [
        "urgent",
        "nobody",
    ]


def test_technicians_come_with_their_load_least_first(desk: Store) -> None:
    loads = desk.board.technicians("gdl")
    assert [(each.person.id, each.open_visits, each.on_site) for each in loads] == [
        ("beto", 1, 0),
        ("ana", 5, 0),
    ]
    assert loads[1].worst_due is not None
    assert desk.board.technicians("nl") == []
    assert len(desk.board.technicians()) == 2


def test_services_are_found_for_registering_with_their_open_folios(desk: Store) -> None:
    (hit,) = desk.places.search("panaderia")
    assert (hit.service_id, hit.site_id, hit.region_id, hit.total_users) == (
        "v-abc",
        "s-abc",
        "gdl",
        40,
    )
    assert len(hit.open_numbers) == 2
    assert desk.places.search("") == []
    assert {each.customer for each in desk.places.search("sucursal")} == {
        "Panadería Núñez",
        "Zapatería",
        "Óptica",
    }


def test_a_technicians_laptop_keeps_no_register(store: Store) -> None:
    assert store.places.search("panaderia") == []


def test_renamed_and_removed_places_are_found_as_they_are(desk: Store, world: World) -> None:
    world.place("tech:ana", "zap", region="zap", customer="Farmacia")
    world.hide("tech:ana", "service", "v-abc")
    world.put("tech:ana", "service", "v-zzz", world.bodies["service", "v-zzz"][1])
    take_in(desk, world)
    assert [hit.customer for hit in desk.places.search("farma")] == ["Farmacia"]
    assert desk.places.search("optica") == []
    assert desk.places.search("panaderia") == []


def test_a_paused_clock_keeps_its_place_by_what_was_left(desk: Store) -> None:
    pause = PauseIncident(reason="customer_absent")
    reasons = desk.reference.rules().rulebook.policies[0].pauses
    queued = desk.work.queue(
        NewCommand(
            name="incident.pause",
            target="incident:new",
            args=PauseIncident(reason=reasons[0].code) if reasons else pause,
        )
    )
    assert isinstance(queued, Queued), queued
    (row,) = desk.agenda.rows(["new"])
    assert row.incident_state == "pending"
    assert row.order_at < 4e9


def test_an_incident_without_a_clock_comes_last(desk: Store) -> None:
    assert all(row.order_at < 4e9 for row in desk.agenda.page(AgendaQuery()).rows)
    queued = desk.work.queue(
        NewCommand(name="incident.cancel", target="incident:new", args=Reason(reason="x"))
    )
    assert isinstance(queued, Queued)
    assert desk.agenda.rows(["new"])[0].active == 0


def test_the_first_page_is_the_head_of_the_agenda(tmp_path: Path, world: World) -> None:
    clock = FakeClock(NINE)
    secrets = MemoryStore()
    profile = Profile.open(tmp_path / "first")
    assert read_first_page(profile, secrets, clock) is None
    with open_for(tmp_path / "first", user=None, clock=clock, secrets=secrets):
        assert read_first_page(profile, secrets, clock) is None, "nobody signed in"
    with open_for(tmp_path / "first", clock=clock, secrets=secrets) as store:
        take_in(store, world)
        started = NewCommand(name="visit.accept", target="visit:w-old", args=FieldTime())
        assert isinstance(store.work.queue(started), Queued)
        expected = store.agenda.page(AgendaQuery(), limit=3).rows
        counts = store.agenda.counts()
    clock.advance(timedelta(hours=1).total_seconds())
    first = read_first_page(profile, secrets, clock, rows=3)
    assert first is not None
    assert first.rows == expected
    assert (first.user.name, first.waiting, first.refused) == (TECHNICIAN.name, 1, 0)
    assert first.counts.all == counts.all
    assert first.counts.breached == counts.breached + 1
    assert first.last_contact == NINE
    assert first.groups[0][:2] == ("Jalisco", "Guadalajara")
