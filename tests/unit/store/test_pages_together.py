"""Several pages in one transaction: the same as one by one, all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_feed import World, open_for, take_in

from fieldtech.protocol.codec import HASH_MODULUS, row_hash
from fieldtech.store import derive, harvest
from fieldtech.store.agenda import AgendaQuery
from fieldtech.store.page import Page, read_page

if TYPE_CHECKING:
    from pathlib import Path

    from fieldtech.store.opening import Store

GRANTED = ("ref", "tech:ana")


@pytest.fixture
def world() -> World:
    world = World()
    world.furnish()
    for name in ("uno", "dos"):
        world.place("tech:ana", name)
        world.incident("tech:ana", f"i-{name}", name)
    return world


def pages_of(world: World, *, limit: int) -> list[Page]:
    """A whole pull, each page asked for with the end of the one before."""
    pages: list[Page] = []
    cursor: dict[str, int] = {}
    while not pages or pages[-1].end.more:
        pages.append(read_page(world.page(cursor, GRANTED, limit=limit)))
        cursor = pages[-1].end.cursor
    return pages


def everything(store: Store) -> list[list[tuple[object, ...]]]:
    """Mirror, members and buckets, in an order of their own."""
    members = (
        "SELECT entity, mirror.id, name, member.rev FROM member JOIN mirror USING (rid)"
        " JOIN bucket ON bucket.id = bucket_id ORDER BY entity, mirror.id, name"
    )
    bodies = "SELECT entity, id, rev, parent, body FROM mirror ORDER BY entity, id"
    buckets = "SELECT name, cursor, size, hash FROM bucket ORDER BY name"
    with store.database.read() as connection:
        return [
            [tuple(row) for row in connection.exec_driver_sql(statement)]
            for statement in (members, bodies, buckets)
        ]


def assert_sums(store: Store) -> None:
    """Each bucket's count and checksum are those of its members."""
    with store.database.read() as connection:
        for bucket_id, size, told in connection.exec_driver_sql(
            "SELECT id, size, hash FROM bucket"
        ):
            rows = connection.exec_driver_sql(
                "SELECT entity, id, member.rev FROM member JOIN mirror USING (rid)"
                " WHERE bucket_id = ?",
                (bucket_id,),
            ).all()
            assert len(rows) == size
            assert sum(row_hash(*row) for row in rows) % HASH_MODULUS == int(told)


@pytest.mark.parametrize("together", [2, 5, 100])
def test_pages_applied_together_come_to_the_same(
    tmp_path: Path, world: World, together: int
) -> None:
    pages = pages_of(world, limit=4)
    with open_for(tmp_path / "one") as one, open_for(tmp_path / "many") as many:
        for page in pages:
            one.feed.apply(page)
        outcomes = [
            many.feed.apply_all(pages[first : first + together])
            for first in range(0, len(pages), together)
        ]
        assert [outcome.more for outcome in outcomes] == [True] * (len(outcomes) - 1) + [False]
        assert sum(outcome.rows for outcome in outcomes) == len(everything(many)[0])
        assert everything(many) == everything(one)
        assert_sums(many)
        shown = [store.agenda.page(AgendaQuery()).rows for store in (one, many)]
        assert [row.incident_id for row in shown[1]] == [row.incident_id for row in shown[0]]
        assert len(shown[1]) == 2


def test_a_failure_in_a_later_page_takes_the_earlier_ones_back(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = pages_of(world, limit=4)
    with open_for(tmp_path) as store:
        before = everything(store)

        def broken(*_: object) -> None:
            raise RuntimeError("the disk")

        with monkeypatch.context() as patched:
            patched.setattr(derive, "mark", broken)
            with pytest.raises(RuntimeError, match="the disk"):
                store.feed.apply_all(pages)
        assert everything(store) == before
        store.feed.apply_all(pages)
        assert_sums(store)
        assert store.agenda.page(AgendaQuery()).total == 2


def test_what_follows_a_page_that_does_not_add_up_is_left(tmp_path: Path, world: World) -> None:
    with open_for(tmp_path) as store:
        take_in(store, world, *GRANTED)
        with store.database.write() as connection:
            connection.exec_driver_sql(
                "UPDATE member SET rev = 99 WHERE rid IN"
                " (SELECT rid FROM mirror WHERE entity = 'site')"
            )
        world.put("tech:ana", "site", "s-uno", world.bodies["site", "s-uno"][1])
        wrong = read_page(world.page(store.feed.cursors(), GRANTED))
        world.put("tech:ana", "site", "s-dos", world.bodies["site", "s-dos"][1])
        later = read_page(world.page(wrong.end.cursor, GRANTED))
        outcome = store.feed.apply_all([wrong, later])
        assert outcome.mismatched == ("tech:ana",)
        assert outcome.rows == 1
        assert store.feed.cursors()["tech:ana"] == 0
        take_in(store, world, *GRANTED)
        assert_sums(store)


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_an_incident_is_derived_with_visits_that_came_before_and_after_it(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """Whatever came in which page, and however little is kept in memory meanwhile."""
    monkeypatch.setattr(harvest, "CROWDED", 1)
    with open_for(tmp_path) as store:
        take_in(store, world, *GRANTED, limit=limit)
        world.hide("tech:ana", "incident", "i-uno")
        take_in(store, world, *GRANTED, limit=limit)
        assert [row.incident_id for row in store.agenda.page(AgendaQuery()).rows] == ["i-dos"]
        world.show("tech:ana", "incident", "i-uno")
        take_in(store, world, *GRANTED, limit=limit)
        rows = store.agenda.page(AgendaQuery()).rows
        assert {(row.incident_id, row.visit_id) for row in rows} == {
            ("i-uno", "w-i-uno"),
            ("i-dos", "w-i-dos"),
        }


def test_another_history_with_the_same_revision_is_shown(tmp_path: Path, world: World) -> None:
    """After a restore the central may give one revision to another body: a reset reads it anew."""
    with open_for(tmp_path) as store:
        take_in(store, world, *GRANTED)
        rev, body = world.bodies["customer", "c-uno"]
        world.bodies["customer", "c-uno"] = (rev, body.replace("Cliente uno", "Cliente restaurado"))
        store.feed.start_over("epoch-2")
        take_in(store, world, *GRANTED)
        names = {row.customer for row in store.agenda.page(AgendaQuery()).rows}
        assert names == {"Cliente restaurado", "Cliente dos"}
