"""Writers and readers at once: a cursor never passes a row that it has not brought."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import central_seed
from central_desk import Desk
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.feed import Writer
from fieldtech.domain.reference import Customer, Site
from fieldtech.protocol.codec import decode_body

if TYPE_CHECKING:
    from fieldtech.central.database import Database

WRITERS = 4
CHANGES = 25


def test_readers_never_miss_a_row_while_many_write(desk: Desk) -> None:
    database, now = desk.database, desk.clock.now()
    with database.write() as connection:
        writer = Writer(connection, now=now)
        for number in range(WRITERS):
            central_seed.put_place(writer, "gdl", suffix=str(number))
        writer.flush()
        site = decode_body(
            "site",
            connection.execute(
                select(tables.body.c.text).where(tables.body.c.id == "s-gdl0")
            ).scalar_one(),
        )
    done = threading.Event()
    missed: list[tuple[tuple[str, str], int]] = []

    def write(number: int) -> None:
        for turn in range(CHANGES):
            with database.write() as connection:
                writer = Writer(connection, now=now)
                writer.put(
                    "customer", f"c-gdl{number}", Customer(id=f"c-gdl{number}", name=str(turn))
                )
                new = f"s-{number}-{turn}"
                writer.put("site", new, _copy(site, new, f"c-gdl{number}"))
                writer.flush()

    def read() -> None:
        cursor = 0
        mirror: dict[tuple[str, str], int] = {}
        while True:
            last_round = done.is_set()
            cursor, page = _page(database, cursor, limit=7)
            mirror.update(page)
            if last_round and not page:
                break
        with database.read() as connection:
            feed = tables.feed.c
            truth = {
                (row.entity, row.id): row.rev
                for row in connection.execute(
                    select(feed.entity, feed.id, feed.rev).where(feed.bucket == "region:jal")
                )
            }
        missed.extend(set(truth.items()) ^ set(mirror.items()))

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


def _page(database: Database, cursor: int, limit: int) -> tuple[int, dict[tuple[str, str], int]]:
    feed = tables.feed.c
    query = (
        select(feed.seq, feed.entity, feed.id, feed.rev)
        .where(feed.bucket == "region:jal", feed.seq > cursor)
        .order_by(feed.seq)
        .limit(limit)
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
    return (rows[-1].seq if rows else cursor), {(r.entity, r.id): r.rev for r in rows}


def _copy(site: Site, site_id: str, customer_id: str) -> Site:
    return replace(site, id=site_id, customer_id=customer_id)
