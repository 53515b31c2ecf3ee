"""Writers that meet on a real PostgreSQL, in the very order that goes wrong, and at random.

First the fault is shown, each time it is tried; then that the central does not have it.
"""

from __future__ import annotations

import random
import threading
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import crossing
import psycopg
import pytest
from central_desk import START, Desk, assign, register
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.feed import Writer, current_body
from fieldtech.central.people import put_person
from fieldtech.domain.reference import Customer, Person
from fieldtech.domain.words import Role, VisitState
from fieldtech.protocol.codec import decode_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postgres import Cluster
    from sqlalchemy import Connection, Row

WRITERS, CHANGES = 8, 12
COMMITTED = (2, 7, 5, 3, 8, 1, 6, 4)
"""The order in which eight writers commit who took their numbers as 1 to 8."""


# --- commit order


def test_pg_out_of_order_commit(
    cluster: Cluster, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers are given in one order and committed in another: who follows them misses some.

    Shown with a plain sequence, eight writers and a reader that looks after each commit. The
    bucket's own counter makes the later writer wait for the earlier: nothing is out of order.
    """
    assert _missed_with_a_sequence(cluster.fresh()) == {5, 3, 1, 6, 4}

    before = _head(desk)
    change = partial(_named, desk)
    url = crossing.address(desk)
    waited = crossing.cross(
        url, monkeypatch, lambda: change("c-gdl", "slow"), lambda: change("c-zap", "fast")
    )
    assert waited, "the fast one had its number only after the slow one's commit"
    rows = _rows(desk, before)
    assert [row.id for row in rows] == ["c-gdl", "c-zap"]
    assert [row.seq for row in rows] == [before + 1, before + 2]


def _missed_with_a_sequence(url: str) -> set[int]:
    """Let each take the next number, then commit in another order; return what nobody saw."""
    with ExitStack() as stack:
        reader = stack.enter_context(psycopg.connect(url, autocommit=True))
        reader.execute("CREATE TABLE plain (seq bigserial PRIMARY KEY)")
        open_now = [stack.enter_context(psycopg.connect(url)) for _ in COMMITTED]
        for connection in open_now:
            connection.execute("INSERT INTO plain DEFAULT VALUES")
        seen: list[int] = [0]
        for number in COMMITTED:
            open_now[number - 1].commit()
            news = reader.execute("SELECT seq FROM plain WHERE seq > %s ORDER BY 1", [seen[-1]])
            seen += [row[0] for row in news.fetchall()]
    return set(COMMITTED) - set(seen)


def test_readers_miss_nothing_while_eight_write_at_random(desk: Desk) -> None:
    done = threading.Event()
    missed: set[tuple[str, int]] = set()

    def write(number: int) -> None:
        for turn in range(CHANGES):
            _named(desk, "c-gdl" if number % 2 else "c-zap", f"{number}-{turn}")

    def read() -> None:
        cursor = _head(desk)
        mirror: dict[str, int] = {}
        while True:
            last = done.is_set()
            rows = _rows(desk, cursor)
            for row in rows:
                cursor, mirror[row.id] = row.seq, row.rev
            if last and not rows:
                break
        truth = {row.id: row.rev for row in _rows(desk, 0) if row.id in {"c-gdl", "c-zap"}}
        missed.update(truth.items() - mirror.items())

    readers = [threading.Thread(target=read) for _ in range(2)]
    writers = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert not missed


def _head(desk: Desk) -> int:
    rows = _rows(desk, 0)
    return int(rows[-1].seq)


def _rows(desk: Desk, cursor: int) -> list[Row[Any]]:
    feed = tables.feed.c
    query = (
        select(feed.seq, feed.id, feed.rev)
        .where(feed.bucket == "region:jal", feed.seq > cursor)
        .order_by(feed.seq)
    )
    with desk.database.read() as connection:
        return list(connection.execute(query))


# --- membership


def _named(desk: Desk, customer_id: str, name: str) -> None:
    _put(desk, "customer", customer_id, Customer(id=customer_id, name=name))


def _put(desk: Desk, entity: str, entity_id: str, value: object) -> None:
    def work(connection: Connection) -> None:
        writer = Writer(connection, now=START)
        writer.put(entity, entity_id, value)
        writer.flush()

    desk.database.transact(work)


def _altered(desk: Desk, entity: str, entity_id: str, **values: object) -> None:
    """Change some fields of an entity as whoever reads it now sees it."""
    with desk.database.read() as connection:
        raw = current_body(connection, entity, entity_id)
    assert raw is not None
    value: Any = decode_body(entity, bytes(raw))
    _put(desk, entity, entity_id, replace(value, **values))


def _end_the_visit(desk: Desk) -> None:
    _altered(desk, "visit", "v-1", state=VisitState.REASSIGNED)


def _change_the_incident(desk: Desk) -> None:
    _altered(desk, "incident", "inc-1", title="Otra cosa")


def _change_the_customer(desk: Desk) -> None:
    _named(desk, "c-gdl", "Otro nombre")


def _send_beto_too(desk: Desk) -> None:
    with desk.database.read() as connection:
        raw = current_body(connection, "visit", "v-1")
    assert raw is not None
    visit: Any = decode_body("visit", bytes(raw))
    _put(desk, "visit", "v-2", replace(visit, id="v-2", technician_id="beto"))


def _give_dora_a_region(desk: Desk) -> None:
    """Zapopan gets a bucket of its own, filled with what is there."""

    def work(connection: Connection) -> None:
        writer = Writer(connection, now=START)
        dora = Person(id="dora", name="Dora", role=Role.DISPATCHER, region_ids=("jal", "zap"))
        put_person(connection, writer, dora, login="dora", password_hash="", now=START)
        writer.flush()

    desk.database.transact(work)


def _change_a_site_there(desk: Desk) -> None:
    _altered(desk, "site", "s-zap", name="Otra sucursal")


def _open_a_site_there(desk: Desk) -> None:
    with desk.database.read() as connection:
        raw = current_body(connection, "site", "s-zap")
    assert raw is not None
    site: Any = decode_body("site", bytes(raw))
    _put(desk, "site", "s-zap2", replace(site, id="s-zap2", name="Sucursal nueva"))


CROSSINGS: dict[str, tuple[Callable[[Desk], None], Callable[[Desk], None]]] = {
    "an incident changes while its visit ends": (_change_the_incident, _end_the_visit),
    "a customer changes while somebody is sent": (_change_the_customer, _send_beto_too),
    "a site changes while its region is granted": (_change_a_site_there, _give_dora_a_region),
    "a site opens while its region is granted": (_open_a_site_there, _give_dora_a_region),
}


@pytest.fixture
def ana_is_sent(desk: Desk) -> Desk:
    """One incident with one visit, of Ana's."""
    dora = desk.laptop("dora")
    register(dora, "inc-1")
    assign(dora, "inc-1", "v-1", "ana")
    assert flaws(desk) == []
    return desk


@pytest.mark.parametrize("what", CROSSINGS)
def test_membership_write_skew(
    ana_is_sent: Desk, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """One changes a thing, another who may see it: both decided on what the other one changes."""
    desk, (change, move) = ana_is_sent, CROSSINGS[what]
    crossing.cross(crossing.address(desk), monkeypatch, partial(change, desk), partial(move, desk))
    assert flaws(desk) == []
    _nobody_is_astray(desk)


@pytest.mark.parametrize("what", CROSSINGS)
def test_membership_write_skew_the_other_way_round(
    ana_is_sent: Desk, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    desk, (change, move) = ana_is_sent, CROSSINGS[what]
    crossing.cross(crossing.address(desk), monkeypatch, partial(move, desk), partial(change, desk))
    assert flaws(desk) == []
    _nobody_is_astray(desk)


@pytest.mark.parametrize(
    ("what", "wrong"),
    [
        ("an incident changes while its visit ends", "tech:ana incident inc-1: not his"),
        ("a customer changes while somebody is sent", "tech:beto customer c-gdl: old"),
    ],
)
def test_decided_before_the_lock_it_goes_wrong_each_time(
    ana_is_sent: Desk, monkeypatch: pytest.MonkeyPatch, what: str, wrong: str
) -> None:
    """The regression: the same feed, only that it decides first and locks to write."""
    desk, (change, move) = ana_is_sent, CROSSINGS[what]
    with monkeypatch.context() as patch:
        url = crossing.address(desk)
        crossing.cross(url, patch, partial(change, desk), partial(move, desk), early=True)
    assert wrong in flaws(desk)


def flaws(desk: Desk) -> list[str]:
    """What stands in a bucket and should not, does not and should, or is not the newest."""
    feed, body = tables.feed.c, tables.body.c

    def standing(connection: Connection) -> dict[tuple[str, str, str], int]:
        query = select(feed.bucket, feed.entity, feed.id, feed.rev).where(feed.op == "put")
        return {(r.bucket, r.entity, r.id): r.rev for r in connection.execute(query)}

    found = []
    with desk.database.write() as connection:
        newest = select(body.entity, body.id, body.rev).where(body.audience == "")
        revs = {(row.entity, row.id): row.rev for row in connection.execute(newest)}
        before = standing(connection)
        for (bucket, entity, each), rev in before.items():
            if rev != revs.get((entity, each)):
                found.append(f"{bucket} {entity} {each}: old")
        # Decided anew with nobody else about, nothing may come or go.
        Writer(connection, now=START).revisit(sorted(revs))
        after = standing(connection)
        found += [f"{' '.join(key)}: not his" for key in before.keys() - after.keys()]
        found += [f"{' '.join(key)}: missing" for key in after.keys() - before.keys()]
        connection.rollback()
    return sorted(found)


def _nobody_is_astray(desk: Desk) -> None:
    """Each bucket's count and sum are those of its rows, as a new laptop has them."""
    for user in ("ana", "beto", "sol"):
        laptop = desk.laptop(user)
        laptop.pull()
        laptop.assert_sums()


# --- at random


@pytest.mark.parametrize("seed", range(3))
def test_nobody_keeps_or_misses_anything_after_a_busy_hour(desk: Desk, seed: int) -> None:
    """Visits end and begin, incidents and customers change, all at once."""
    dora = desk.laptop("dora")
    for number in range(3):
        register(dora, f"inc-{number}")
        assign(dora, f"inc-{number}", f"v-{number}", "ana")
    failures: list[BaseException] = []
    barrier = threading.Barrier(6)

    def work(acts: Iterator[Callable[[], None]]) -> None:
        barrier.wait()
        try:
            for act in acts:
                act()
        except BaseException as problem:  # noqa: BLE001  told below, in the test's own thread
            failures.append(problem)

    rng = random.Random(seed)  # noqa: S311  a seeded order
    threads = []
    for index in range(6):
        drawn = iter([_drawn(desk, rng, index) for _ in range(6)])
        threads.append(threading.Thread(target=work, args=(drawn,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert flaws(desk) == []
    _nobody_is_astray(desk)


def _drawn(desk: Desk, rng: random.Random, index: int) -> Callable[[], None]:
    number = rng.randrange(3)
    states = [VisitState.REASSIGNED, VisitState.ACCEPTED, VisitState.DECLINED]
    kinds: list[Callable[[], None]] = [
        partial(_altered, desk, "incident", f"inc-{number}", title=f"{index}"),
        partial(_altered, desk, "visit", f"v-{number}", state=rng.choice(states)),
        partial(_altered, desk, "visit", f"v-{number}", technician_id=rng.choice(["ana", "beto"])),
        partial(_named, desk, "c-gdl", f"Cliente {index}"),
        partial(_altered, desk, "site", "s-gdl", name=f"Sucursal {index}"),
    ]
    return rng.choice(kinds)
