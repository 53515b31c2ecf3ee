"""State from the central into the mirror, a page and its cursor in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldtech.protocol.codec import from_stamp
from fieldtech.store import (
    buckets,
    central_time,
    derive,
    devices,
    orphans,
    outbox,
    overlay,
    places,
    session,
    sql,
)
from fieldtech.store.derive import Deriver, Viewer
from fieldtech.store.harvest import Harvest
from fieldtech.store.place_book import PlaceBook
from fieldtech.store.reference import RULE_ENTITIES, rules_changed
from fieldtech.store.work import Changes

if TYPE_CHECKING:
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
    """What applying a page did. ``mismatched`` buckets did not add up and will be read again."""

    rows: int
    more: bool
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
        """Apply one page and move the cursor, both or neither; keep a comparison of clocks.

        Only call it for a page asked for after the last push was settled: the end of such a page
        shows everything that push did, so what its commands changed need no longer be replayed.
        """
        try:
            with self._database.write(durable=False) as connection:
                outcome, landed = self._apply(connection, page, sample)
        except BaseException:
            # They hold what was rolled back.
            self._harvest.clear()
            self._book.clear()
            self._settled = False
            raise
        touched = outcome.touched | landed
        few = len(touched) <= LISTED and not page.end.more
        return PageOutcome(
            rows=len(page.puts) + len(page.dels),
            more=page.end.more,
            mismatched=outcome.mismatched,
            changes=Changes(
                incidents=touched if few else frozenset(),
                reference=outcome.reference,
                outbox=bool(landed),
                everything=not few,
            ),
        )

    def _apply(
        self, connection: Connection, page: Page, sample: Sample | None
    ) -> tuple[_Application, frozenset[str]]:
        self._book.forget_changed(page)
        self._settled = False
        desk = not Viewer.of(session.load(connection).user).only_own
        outcome = _Application(connection, page, self._harvest, desk=desk).run()
        _heard(connection, page.begin.server_time, page.begin.epoch, sample)
        landed = outbox.land(connection, complete=not page.end.more)
        touched = outcome.touched | landed
        self.replay(connection, touched)
        derive.mark(connection, touched)
        if self._harvest.crowded or not page.end.more:
            self._derive(connection, derive.CHUNK)
        return outcome, landed

    def settle(self, reply: PushReply, sample: Sample | None = None) -> Changes:
        """Note what became of commands; refused ones leave the view and wait for a person."""
        with self._database.write() as connection:
            touched = outbox.settle(connection, reply.results, from_stamp(reply.server_time))
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
        off leaves marks behind). Each call holds the store for some 20 ms.
        """
        if self._settled:
            return False
        try:
            with self._database.write(durable=False) as connection:
                return self._derive(connection, derive.CHUNK)
        except BaseException:
            self._settled = False
            raise

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
        self._touch(self._changed(puts))
        sql.many(
            self._connection,
            "INSERT INTO mirror (entity, id, rev, parent, body) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (entity, id) DO UPDATE"
            " SET rev = excluded.rev, parent = excluded.parent, body = excluded.body",
            [(put.entity, put.id, put.rev, put.parent, put.body) for put in puts],
        )
        self._harvest.take(puts)
        by_bucket: dict[str, list[Put]] = {}
        for put in puts:
            by_bucket.setdefault(put.bucket, []).append(put)
        for name, rows in by_bucket.items():
            buckets.put(self._connection, buckets.granted(self._buckets, name), rows)

    def _changed(self, puts: list[Put]) -> list[Put]:
        """Return the rows whose body is not here yet in this revision."""
        by_entity: dict[str, list[str]] = {}
        for put in puts:
            by_entity.setdefault(put.entity, []).append(put.id)
        present: dict[Key, int] = {}
        for entity, ids in by_entity.items():
            rows = sql.rows(
                self._connection,
                "SELECT id, rev FROM mirror WHERE entity = ?"
                " AND id IN (SELECT value FROM json_each(?))",
                (entity, sql.ids(ids)),
            )
            present |= {(entity, row[0]): row[1] for row in rows}
        return [put for put in puts if present.get((put.entity, put.id)) != put.rev]

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
