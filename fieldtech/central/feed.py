"""The one door through which entities are written: columns, text, and the buckets' feed at once.

A ``Writer`` lives for one write transaction. ``put`` gathers; ``flush`` (called once, as the last
thing before the commit) writes columns and texts, then locks the buckets by name, decides who
sees what, takes numbers from each bucket's own counter and moves the feed rows. Numbers taken
from a sequence, or membership decided before the lock, lose rows under concurrent writers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, select, update

from fieldtech.central import tables
from fieldtech.central.columns import ORDER, delete_columns, write_columns
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
from fieldtech.protocol.codec import HASH_MODULUS, encode_body, row_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

FLUSH_AT = 5000
"""Most entities whose numbers are taken at once: a longer chunk would hold a counter too long."""

_RANK = {entity: rank for rank, entity in enumerate(ORDER)}


class Unwritable(ValueError):
    """A value that cannot become an entity's text; the cause says why."""


@dataclass(slots=True)
class _Counter:
    """One locked bucket row, while numbers are taken from it."""

    head: int
    size: int
    hash: int


class Writer:
    """Writes entities inside one transaction; see the module for the order of things."""

    def __init__(self, connection: Connection, *, now: datetime) -> None:
        """Write through ``connection``; ``now`` decides what is still within the retention."""
        self._connection = connection
        self._now = now
        self._revs: dict[Key, int] = {}
        self._values: dict[Key, object] = {}
        self._removed: dict[Key, int] = {}

    def put(self, entity: str, entity_id: str, value: object) -> int:
        """Take the entity's new value and return its new revision.

        ``value`` is a domain dataclass, or the mapping of a plain entity. What it refers to must
        exist already or be put before the same flush. Written at ``flush``, or earlier when
        ``FLUSH_AT`` values wait.
        """
        key = (entity, entity_id)
        if key not in self._revs:
            self._load_revs(entity, [entity_id])
        self._revs[key] += 1
        self._values[key] = value
        self._removed.pop(key, None)
        rev = self._revs[key]
        if len(self._values) >= FLUSH_AT:
            self.flush()
        return rev

    def put_many(self, entity: str, values: Iterable[tuple[str, object]]) -> int:
        """Put ``(id, value)`` pairs of one kind, however many; return how many there were."""
        total = 0
        chunk: list[tuple[str, object]] = []
        for pair in values:
            chunk.append(pair)
            if len(chunk) >= FLUSH_AT:
                total += self._put_chunk(entity, chunk)
                chunk = []
        return total + self._put_chunk(entity, chunk)

    def know(self, entity: str, entity_id: str, rev: int) -> None:
        """Take a revision that was read, and its row locked, in this transaction already."""
        self._revs.setdefault((entity, entity_id), rev)

    def remove(self, entity: str, entity_id: str) -> None:
        """Take an entity out of every bucket and forget its text; nothing may refer to it."""
        key = (entity, entity_id)
        self._load_revs(entity, [entity_id])
        self._values.pop(key, None)
        self._removed[key] = self._revs[key] = self._revs[key] + 1

    def revisit(self, keys: Iterable[Key]) -> None:
        """Decide membership of these anew (time passed, or a grant changed); texts stay."""
        wanted = list(keys)
        for start in range(0, len(wanted), FLUSH_AT):
            some = wanted[start : start + FLUSH_AT]
            self._publish(some, moved=set(some), changed=False)

    def flush(self) -> None:
        """Write everything that was put and publish it to its buckets.

        Raises ``Unwritable`` when a value has no text: nothing of this transaction may then stay.
        """
        touched = sorted(self._values, key=lambda key: (_RANK[key[0]], key[1]))
        lock_rows(self._connection, tables.meta, tables.meta.c.key == "grants", shared=True)
        moved = self._write(touched) | set(self._removed)
        published = [*touched, *self._removed]
        if published:
            self._publish(published, moved=moved)
        by_entity: dict[str, list[str]] = defaultdict(list)
        for entity, entity_id in self._removed:
            by_entity[entity].append(entity_id)
        for entity, ids in by_entity.items():
            here = tables.body.c.entity == entity
            self._connection.execute(
                tables.body.delete().where(here, within(tables.body.c.id, ids))
            )
            delete_columns(self._connection, entity, ids)
        self._values.clear()
        self._removed.clear()

    def _put_chunk(self, entity: str, chunk: list[tuple[str, object]]) -> int:
        if not chunk:
            return 0
        if len(self._values) + len(chunk) > FLUSH_AT:
            self.flush()
        self._load_revs(entity, [entity_id for entity_id, _ in chunk])
        for entity_id, value in chunk:
            self.put(entity, entity_id, value)
        return len(chunk)

    def _load_revs(self, entity: str, ids: list[str]) -> None:
        missing = [each for each in ids if (entity, each) not in self._revs]
        if not missing:
            return
        text = tables.body.c
        known = select(text.id, text.rev).where(text.entity == entity, within(text.id, missing))
        found = {row.id: row.rev for row in self._connection.execute(known)}
        for each in missing:
            self._revs[entity, each] = found.get(each, 0)

    def _write(self, touched: list[Key]) -> set[Key]:
        """Write columns and texts; return what may be somebody else's to see now."""
        moved: set[Key] = set()
        by_entity: dict[str, dict[str, Any]] = defaultdict(dict)
        for key in touched:
            by_entity[key[0]][key[1]] = self._values[key]
        statement = upsert(self._connection, tables.body)
        for entity, values in by_entity.items():
            ids = write_columns(self._connection, entity, values, self._now)
            moved |= {(entity, entity_id) for entity_id in ids}
            rows = [
                {
                    "entity": entity,
                    "id": entity_id,
                    "audience": "",
                    "rev": self._revs[entity, entity_id],
                    "text": _text(entity, entity_id, value),
                }
                for entity_id, value in values.items()
            ]
            self._connection.execute(statement, rows)
        return moved

    def _publish(self, touched: list[Key], *, moved: set[Key], changed: bool = True) -> None:
        fresh = {key for key in touched if changed and self._revs[key] == 1}
        moves = _Moves(self._connection, touched, self._now, moved=moved, fresh=fresh)
        moves.decide(changed=set(touched) if changed else set(), removed=self._removed)
        moves.write(self._current_revs(moves.keys))

    def _current_revs(self, keys: Iterable[Key]) -> Mapping[Key, int]:
        by_entity: dict[str, list[str]] = defaultdict(list)
        for entity, entity_id in keys:
            by_entity[entity].append(entity_id)
        for entity, ids in by_entity.items():
            self._load_revs(entity, ids)
        return self._revs


class _Moves:
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
            {*touched, *self._affected.subjects}, key=lambda key: (_RANK[key[0]], key[1])
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


def _text(entity: str, entity_id: str, value: object) -> str:
    try:
        return encode_body(value)
    except (ValueError, TypeError, OverflowError, RecursionError) as problem:
        raise Unwritable(f"{entity}:{entity_id}") from problem


def current_body(connection: Connection, entity: str, entity_id: str) -> msgspec.Raw | None:
    """The entity's text as raw JSON, ``None`` when there is no such entity."""
    text = tables.body.c
    query = select(text.text).where(text.entity == entity, text.id == entity_id)
    found = connection.execute(query).scalar()
    return None if found is None else msgspec.Raw(found.encode())
