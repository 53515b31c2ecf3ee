"""State from the central into the mirror, pages and their cursor in one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldtech.protocol.codec import from_stamp
from fieldtech.store import (
    buckets,
    central_time,
    derive,
    devices,
    mirror,
    orphans,
    outbox,
    overlay,
    places,
    session,
    sql,
)
from fieldtech.store.blobs import queue
from fieldtech.store.buckets import Row
from fieldtech.store.derive import Deriver, Viewer
from fieldtech.store.harvest import Harvest
from fieldtech.store.place_book import PlaceBook
from fieldtech.store.reference import RULE_ENTITIES, rules_changed
from fieldtech.store.work import Changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from fieldtech.clock import Clock
    from fieldtech.protocol.wire import PushReply
    from fieldtech.store.buckets import Key
    from fieldtech.store.central_time import Sample
    from fieldtech.store.database import Database
    from fieldtech.store.page import Page, Put
    from fieldtech.store.reference import Reference

LISTED = 500
"""More changed incidents than these are told as "everything"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOutcome:
    """What applying pages did; ``more`` and ``last_n`` are of the last one that was applied.

    ``mismatched`` buckets did not add up and will be read again.
    """

    rows: int
    more: bool
    last_n: int
    mismatched: tuple[str, ...]
    changes: Changes


class Feed:
    """Applies what the central sends. Every method is one transaction."""

    def __init__(self, database: Database, reference: Reference, clock: Clock) -> None:
        self._database = database
        self._reference = reference
        self._clock = clock
        self._harvest = Harvest()
        self._book = PlaceBook(self._harvest)
        self._settled = False

    def cursors(self) -> dict[str, int]:
        """Return how far each bucket has been read."""
        with self._database.read() as connection:
            return buckets.cursors(connection)

    def apply(self, page: Page, sample: Sample | None = None) -> PageOutcome:
        """Apply one page; see ``apply_all``."""
        return self.apply_all((page,), sample)

    def apply_all(self, pages: Sequence[Page], sample: Sample | None = None) -> PageOutcome:
        """Apply pages that follow each other and move the cursor, all or nothing.

        Several pages in one transaction rewrite what they have in common once. After one whose
        bucket did not add up the rest is left: it goes on from a cursor that holds no more. Keeps
        a comparison of clocks. Only call it for pages asked for after the last push was settled:
        the end of such a pull shows everything that push did, so what its commands changed need
        no longer be replayed.
        """
        with self._careful(), self._database.write(durable=False) as connection:
            outcome = self._apply(connection, pages, sample)
        while self._harvest.crowded and self.finish():
            pass
        return outcome

    def _apply(
        self, connection: Connection, pages: Sequence[Page], sample: Sample | None
    ) -> PageOutcome:
        self._settled = False
        desk = not Viewer.of(session.load(connection).user).only_own
        rows, reference = 0, False
        touched: frozenset[str] = frozenset()
        mismatched: tuple[str, ...] = ()
        last = pages[0]
        for last in pages:
            self._book.forget_changed(last)
            done = _Application(connection, last, self._harvest, desk=desk).run()
            rows += len(last.puts) + len(last.dels)
            touched |= done.touched
            reference |= done.reference
            mismatched = done.mismatched
            if mismatched:
                break
        _heard(connection, last.begin.server_time, last.begin.epoch, sample)
        touched |= (landed := outbox.land(connection, complete=not last.end.more))
        self.replay(connection, touched)
        derive.mark(connection, touched)
        if not last.end.more:
            self._derive(connection, derive.CHUNK)
        few = len(touched) <= LISTED and not last.end.more
        return PageOutcome(
            rows=rows,
            more=last.end.more,
            last_n=last.end.last_n,
            mismatched=mismatched,
            changes=Changes(
                incidents=touched if few else frozenset(),
                reference=reference,
                outbox=bool(landed),
                everything=not few,
            ),
        )

    @contextmanager
    def _careful(self) -> Iterator[None]:
        """Forget, when a transaction is rolled back, what is remembered of it."""
        try:
            yield
        except BaseException:
            self._harvest.clear()
            self._book.clear()
            self._settled = False
            raise

    def settle(self, reply: PushReply, sample: Sample | None = None) -> Changes:
        """Note what became of commands; refused ones leave the view and wait for a person."""
        with self._database.write() as connection:
            touched = outbox.settle(connection, reply.results, from_stamp(reply.server_time))
            for result in reply.results:
                queue.wanted(connection, result.blobs_missing)
            _heard(connection, reply.server_time, reply.epoch, sample)
            touched |= orphans.collect(connection, ())
            self.replay(connection, touched)
            derive.mark(connection, touched)
        self._settled = False
        self.finish()
        return Changes(incidents=touched, outbox=bool(reply.results))

    def finish(self) -> bool:
        """Derive some of the rows still marked; ``True`` when more are left.

        To be called until it says ``False``, after a pull and once at start (a pull that was cut
        off leaves marks behind). Each call holds the store some 150 ms.
        """
        if self._settled:
            return False
        with self._careful(), self._database.write(durable=False) as connection:
            return self._derive(connection, derive.CHUNK)

    def redraw(self) -> None:
        """Mark every row to be derived anew: the user's role decides what he is shown."""
        self._settled = False
        with self._database.write() as connection:
            connection.exec_driver_sql(
                "INSERT OR IGNORE INTO dirty (entity, id)"
                " SELECT entity, id FROM mirror WHERE entity IN ('incident', 'service')"
            )

    def start_over(self, epoch: str) -> bool:
        """Begin with another life of the central: read all again, offer all kept work again.

        Returns whether the profile goes on as another device (see ``devices.reoffer``).
        """
        with self._database.write() as connection:
            buckets.reset_all(connection)
            forked = devices.reoffer(connection)
            session.set_epoch(connection, epoch)
        return forked

    def replay(self, connection: Connection, touched: frozenset[str]) -> None:
        """Lay the pending work of those incidents over the mirror anew, inside a transaction."""
        if not touched or session.load(connection).user is None:
            return
        pending = overlay.subjects(connection) | outbox.pending_incidents(connection)
        subjects = touched & pending
        if subjects:
            actor = session.load(connection).actor
            overlay.replay_all(connection, subjects, actor, self._reference.rules(connection))

    def _derive(self, connection: Connection, limit: int) -> bool:
        incidents = derive.dirty(connection, limit)
        services = [] if incidents else places.dirty(connection, limit)
        if not incidents and not services:
            self._settled = True
            return False
        if incidents:
            user = session.load(connection).user
            now = central_time.now(connection, self._clock).at.timestamp()
            rules = self._reference.rules(connection)
            deriver = Deriver(rules, Viewer.of(user), now, harvest=self._harvest, book=self._book)
            deriver.derive(connection, incidents)
        if services:
            places.derive(connection, services)
        self._settled = not derive.dirty(connection, 1) and not places.dirty(connection, 1)
        return not self._settled


class _Application:
    """One page being applied; ``desk``: for somebody who searches services to register."""

    def __init__(self, connection: Connection, page: Page, harvest: Harvest, *, desk: bool) -> None:
        self._connection = connection
        self._page = page
        self._harvest = harvest
        self._desk = desk
        self._buckets = buckets.load(connection)
        self._before = {name: replace(bucket) for name, bucket in self._buckets.items()}
        self._left: list[Key] = []
        self._incidents: set[str] = set()
        self.reference = False
        self.mismatched: tuple[str, ...] = ()

    @property
    def touched(self) -> frozenset[str]:
        """The incidents (and planned works) whose rows are no longer right."""
        return frozenset(self._incidents)

    def run(self) -> _Application:
        """Apply everything."""
        self._regrant()
        self._put()
        self._delete()
        self._advance()
        self._harvest.forget(self._left)
        self._incidents |= orphans.collect(self._connection, self._left)
        changed = [b for name, b in self._buckets.items() if b != self._before.get(name)]
        buckets.save(self._connection, changed)
        return self

    def _regrant(self) -> None:
        begin = self._page.begin
        for name in begin.grant:
            buckets.granted(self._buckets, name)
        for name in begin.reset:
            buckets.reset(buckets.granted(self._buckets, name))
        for name in begin.drop:
            dropped = self._buckets.pop(name, None)
            if dropped is not None:
                self._left.extend(buckets.drop(self._connection, dropped))

    def _put(self) -> None:
        puts = self._page.puts
        if not puts:
            return
        present = self._present(puts)
        fresh = mirror.next_rid(self._connection)
        new: list[tuple[int, str, str, int, str, bytes]] = []
        changed: list[tuple[sql.Value, ...]] = []
        touched: list[Put] = []
        by_bucket: dict[str, list[Row]] = {}
        for put in puts:
            key = (put.entity, put.id)
            rid, rev = present.get(key, (0, 0))
            if not rid:
                new.append((fresh, put.entity, put.id, put.rev, put.parent, put.body))
            elif rev != put.rev:
                changed.append((put.rev, put.parent, put.body, rid))
            if rev != put.rev:
                touched.append(put)
            row = Row(put, rid or fresh, new=not rid)
            by_bucket.setdefault(put.bucket, []).append(row)
            present[key] = (row.rid, put.rev)
            fresh += row.new
        self._touch(touched)
        self._follow([row[2] for row in new if row[1] == "incident"])
        sql.many(
            self._connection,
            "INSERT INTO mirror (rid, entity, id, rev, parent, body) VALUES (?, ?, ?, ?, ?, ?)",
            new,
        )
        sql.many(
            self._connection,
            "UPDATE mirror SET rev = ?, parent = ?, body = ? WHERE rid = ?",
            changed,
        )
        self._harvest.take(puts)
        for name, rows in by_bucket.items():
            buckets.put(self._connection, buckets.granted(self._buckets, name), rows)

    def _follow(self, incidents: list[str]) -> None:
        """Have the visits of new incidents kept, unless some are in the mirror before them."""
        if incidents:
            early = sql.rows(
                self._connection,
                "SELECT DISTINCT parent FROM mirror WHERE entity = 'visit'"
                " AND parent IN (SELECT value FROM json_each(?))",
                (sql.ids(incidents),),
            )
            self._harvest.follow(set(incidents) - {row[0] for row in early})

    def _present(self, puts: list[Put]) -> dict[Key, tuple[int, int]]:
        """Return row number and revision of those that are in the mirror.

        The revision is 0 where the body may be of another history of the central, which may have
        given the same revision to another one: while a bucket is read again, whichever brings the
        row, and of rows that only unsettled work keeps, which no reading goes over.
        """
        rereading = any(bucket.sweeping for bucket in self._buckets.values())
        by_entity: dict[str, list[str]] = {}
        for put in puts:
            by_entity.setdefault(put.entity, []).append(put.id)
        present: dict[Key, tuple[int, int]] = {}
        for entity, ids in by_entity.items():
            found = sql.rows(
                self._connection,
                "SELECT id, rid, rev * EXISTS (SELECT 1 FROM member WHERE member.rid = mirror.rid)"
                " FROM mirror WHERE entity = ? AND id IN (SELECT value FROM json_each(?))",
                (entity, sql.ids(ids)),
            )
            present |= {(entity, row[0]): (row[1], 0 if rereading else row[2]) for row in found}
        return present

    def _touch(self, puts: list[Put]) -> None:
        ids: dict[str, list[str]] = {}
        for put in puts:
            entity = put.entity
            if entity == "incident":
                self._incidents.add(put.id)
            elif entity == "visit":
                self._incidents.add(put.parent)
            elif entity == "equipment":
                ids.setdefault("site", []).append(put.parent)
            else:
                ids.setdefault(entity, []).append(put.id)
                self.reference = True
        self._incidents.update(f"{overlay.PLANNED}{each}" for each in ids.get("planned", ()))
        for entity in ("site", "customer"):
            if entity in ids:
                self._touch_at(entity, ids[entity])
        if "service" in ids and self._desk:
            places.mark(self._connection, ids["service"])
        if RULE_ENTITIES & ids.keys():
            rules_changed(self._connection)
        if "region" in ids:
            self._connection.exec_driver_sql(
                "INSERT OR IGNORE INTO dirty (entity, id)"
                " SELECT 'incident', incident_id FROM agenda"
            )

    def _touch_at(self, entity: str, ids: list[str]) -> None:
        rows = self._connection.exec_driver_sql(
            f"SELECT incident_id FROM agenda WHERE {entity}_id IN"  # noqa: S608  site or customer
            " (SELECT value FROM json_each(?))",
            (sql.ids(ids),),
        )
        self._incidents.update(row[0] for row in rows)
        if self._desk:
            places.mark_at(self._connection, entity, ids)

    def _delete(self) -> None:
        for name in {gone.bucket for gone in self._page.dels}:
            bucket = self._buckets.get(name)
            if bucket is not None:
                rows = [gone for gone in self._page.dels if gone.bucket == name]
                self._left.extend(buckets.remove(self._connection, bucket, rows))

    def _advance(self) -> None:
        """Move the cursors; where a bucket's end was reached, see whether it adds up."""
        end = self._page.end
        checks = {check.bucket: check for check in end.check}
        mismatched: list[str] = []
        for name, cursor in end.cursor.items():
            bucket = buckets.granted(self._buckets, name)
            bucket.cursor = cursor
            check = checks.get(name)
            if check is None and end.more:
                continue
            if check is not None and not bucket.agrees(check):
                mismatched.append(name)
                buckets.reset(bucket)
            elif bucket.sweeping:
                self._left.extend(buckets.sweep(self._connection, bucket))
        self.mismatched = tuple(mismatched)


def _heard(connection: Connection, server_time: str, epoch: str, sample: Sample | None) -> None:
    session.set_contact(connection, from_stamp(server_time), epoch)
    if sample is not None:
        central_time.save(connection, sample)
