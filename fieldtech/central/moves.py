"""One flush's movements on the feed: decided under the buckets' locks, then numbered.

A bucket's numbers come from its own counter row, taken after the row is locked; who sees what is
decided after that too. Either done earlier loses rows when two writers meet.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from fieldtech.central import tables
from fieldtech.central.columns import ORDER
from fieldtech.central.dialect import insert_new, lock_rows, upsert, within
from fieldtech.central.membership import (
    REF,
    REF_ENTITIES,
    Affected,
    Key,
    Subject,
    TechScopes,
    overlapping,
    region_bucket,
    regions_of,
    tech_bucket,
    tech_scopes,
)
from fieldtech.protocol.codec import HASH_MODULUS, row_hash

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

RANK = {entity: rank for rank, entity in enumerate(ORDER)}
"""The order of writing: what is referred to comes first."""


@dataclass(slots=True)
class _Counter:
    """One locked bucket row, while numbers are taken from it."""

    head: int
    size: int
    hash: int


class Moves:
    """One flush's movements on the feed: decided under the buckets' locks, then written."""

    def __init__(
        self,
        connection: Connection,
        touched: list[Key],
        now: datetime,
        *,
        moved: set[Key],
        fresh: set[Key],
    ) -> None:
        self._connection = connection
        self._now = now
        self._moved = moved
        self._still = set(touched) - moved
        self._fresh = fresh
        self._affected = Affected(connection, moved)
        self.keys = sorted(
            {*touched, *self._affected.subjects}, key=lambda key: (RANK[key[0]], key[1])
        )
        self._current = self._load_current()
        self._puts: list[tuple[str, Key]] = []
        self._dels: list[tuple[str, Key]] = []
        self._counters: dict[str, _Counter] = {}

    def decide(self, *, changed: set[Key], removed: Mapping[Key, int]) -> None:
        """Lock every bucket that may change, then settle who gets and who loses what.

        A ``changed`` entity is put again wherever it is; others only where they are new. One
        that has not moved stays where it is.
        """
        users = set(self._affected.candidates)
        for key in self._moved:
            users |= {b[5:] for b in self._current.get(key, {}) if b.startswith("tech:")}
        stay = {bucket for key in self._still for bucket in self._current.get(key, {})}
        granted = self._granted_regions()
        by_region = {*granted, REF, *self._regions_now()}
        techs = {tech_bucket(user) for user in users}
        self._hold_bodies()
        self._lock(techs | by_region | stay, make=techs | {REF})
        if self._connection.dialect.name != "sqlite":
            # Others may have moved rows until the locks were ours.
            self._current = self._load_current()
        scopes = tech_scopes(self._connection, users)
        for key in self.keys:
            current = set(self._current.get(key, {}))
            subject = self._affected.subjects.get(key)
            if key in self._still and subject is None:
                self._puts += [(bucket, key) for bucket in sorted(current)]
                continue
            decided = techs | by_region if self._by_region(key) else techs
            wanted = set() if key in removed else self._wanted(key, subject, scopes, granted)
            had = decided & current
            given = wanted | (current - decided) if key in changed else wanted - had
            self._puts += [(bucket, key) for bucket in sorted(given)]
            self._dels += [(bucket, key) for bucket in sorted(had - wanted)]

    def _by_region(self, key: Key) -> bool:
        """Tell whether region buckets are decided for this key, and not only technicians'."""
        subject = self._affected.subjects.get(key)
        return key in self._moved or (subject is not None and subject.by_region)

    def _regions_now(self) -> set[str]:
        """The region buckets that hold these keys at present and may lose them."""
        return {
            bucket
            for key, buckets in self._current.items()
            if self._by_region(key)
            for bucket in buckets
            if bucket.startswith("region:")
        }

    def _wanted(
        self,
        key: Key,
        subject: Subject | None,
        scopes: TechScopes,
        granted: dict[str, str],
    ) -> set[str]:
        buckets = {REF} if key[0] in REF_ENTITIES else set()
        if key[0] == "person":
            return buckets | overlapping(self._affected.people[key[1]], granted)
        if subject is None:
            return buckets
        if subject.by_region and subject.live:
            above = {region_bucket(r) for path in subject.paths for r in regions_of(path)}
            buckets |= above & set(granted)
        return buckets | scopes.seeing(subject)

    def _granted_regions(self) -> dict[str, str]:
        """The existing region buckets that matter here, with their regions' paths."""
        name, region = tables.bucket.c.name, tables.region
        query = select(name, region.c.path).join(region, name == "region:" + region.c.id)
        if self._affected.people:
            return {row.name: row.path for row in self._connection.execute(query)}
        subjects = self._affected.subjects.values()
        above = {r for s in subjects if s.by_region for p in s.paths for r in regions_of(p)}
        if not above:
            return {}
        rows = self._connection.execute(
            query.where(within(name, [region_bucket(r) for r in above]))
        )
        return {row.name: row.path for row in rows}

    def _load_current(self) -> dict[Key, dict[str, int]]:
        by_entity: dict[str, list[str]] = defaultdict(list)
        for entity, entity_id in self.keys:
            if (entity, entity_id) not in self._fresh:
                by_entity[entity].append(entity_id)
        current: dict[Key, dict[str, int]] = defaultdict(dict)
        feed = tables.feed.c
        for entity, ids in by_entity.items():
            query = select(feed.id, feed.bucket, feed.rev).where(
                feed.entity == entity, within(feed.id, ids), feed.op == "put"
            )
            for row in self._connection.execute(query):
                current[entity, row.id][row.bucket] = row.rev
        return current

    def _hold_bodies(self) -> None:
        """Keep others from changing what may be given to somebody here.

        They would not publish it to a bucket they cannot see yet, and its reader would keep the
        old text for ever. What this transaction changes it has locked by writing it.
        """
        by_entity: dict[str, list[str]] = defaultdict(list)
        for entity, entity_id in self._affected.subjects:
            by_entity[entity].append(entity_id)
        body = tables.body
        for entity in sorted(by_entity, key=RANK.__getitem__):
            here = (body.c.entity == entity) & within(body.c.id, sorted(by_entity[entity]))
            lock_rows(self._connection, body, here, shared=True)

    def _lock(self, buckets: set[str], *, make: set[str]) -> None:
        table = tables.bucket
        fresh = [
            {"name": name, "head": 0, "floor": 0, "size": 0, "hash": "0"} for name in sorted(make)
        ]
        self._connection.execute(insert_new(self._connection, table), fresh)
        here = within(table.c.name, sorted(buckets))
        lock_rows(self._connection, table, here)
        for row in self._connection.execute(select(table).where(here)):
            self._counters[row.name] = _Counter(row.head, row.size, int(row.hash))

    def write(self, revs: Mapping[Key, int]) -> None:
        """Number the puts, then the dels; keep each bucket's count and checksum."""
        rows = [self._move(bucket, key, "put", revs[key]) for bucket, key in self._puts]
        rows += [self._move(bucket, key, "del", revs[key]) for bucket, key in self._dels]
        if not rows:
            return
        self._connection.execute(upsert(self._connection, tables.feed), rows)
        table = tables.bucket
        moved = sorted({row["bucket"] for row in rows})
        statement = (
            update(table)
            .where(table.c.name == bindparam("bucket_name"))
            .values(head=bindparam("b_head"), size=bindparam("b_size"), hash=bindparam("b_hash"))
        )
        self._connection.execute(
            statement,
            [
                {
                    "bucket_name": name,
                    "b_head": self._counters[name].head,
                    "b_size": self._counters[name].size,
                    "b_hash": str(self._counters[name].hash),
                }
                for name in moved
            ],
        )

    def _move(self, bucket: str, key: Key, op: str, rev: int) -> dict[str, Any]:
        counter = self._counters[bucket]
        counter.head += 1
        before = self._current.get(key, {}).get(bucket)
        if before is not None:
            counter.hash -= row_hash(*key, before)
            counter.size -= 1
        if op == "put":
            counter.hash += row_hash(*key, rev)
            counter.size += 1
        counter.hash %= HASH_MODULUS
        return {
            "entity": key[0],
            "id": key[1],
            "bucket": bucket,
            "seq": counter.head,
            "op": op,
            "rev": rev,
            "removed_at": self._now if op == "del" else None,
        }
