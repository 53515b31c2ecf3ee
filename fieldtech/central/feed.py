"""The one door through which entities are written: columns, text, and the buckets' feed at once.

A ``Writer`` lives for one write transaction. ``put`` gathers; ``flush`` (called once, as the last
thing before the commit) writes columns and texts and then moves the feed rows (``moves``).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.columns import delete_columns, write_columns
from fieldtech.central.dialect import insert_all_new, lock_rows, upsert, within
from fieldtech.central.membership import Key
from fieldtech.central.moves import RANK, Moves
from fieldtech.protocol.codec import decode_body, encode_body
from fieldtech.protocol.entities import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

FLUSH_AT = 5000
"""Most entities whose numbers are taken at once: a longer chunk would hold a counter too long."""


class Unwritable(ValueError):
    """A value that cannot become an entity's text; the cause says why."""


class Writer:
    """Writes entities inside one transaction; see the module for the order of things."""

    def __init__(self, connection: Connection, *, now: datetime) -> None:
        """Write through ``connection``; ``now`` decides what is still within the retention."""
        self._connection = connection
        self._now = now
        self._revs: dict[Key, int] = {}
        self._values: dict[Key, object] = {}
        self._removed: dict[Key, int] = {}
        self._unknown: set[Key] = set()

    def put(self, entity: str, entity_id: str, value: object) -> int:
        """Take the entity's new value and return its new revision.

        ``value`` is a domain dataclass, or the mapping of a plain entity. What it refers to must
        exist already or be put before the same flush. Written at ``flush``, or earlier when
        ``FLUSH_AT`` values wait.
        """
        if entity not in RANK:
            raise ValueError(f"no entity {entity!r} on the feed")
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
        """Take a revision that was read, and its row locked, in this transaction already.

        0: the entity was not there. What is decided on that may only be written as new.
        """
        key = (entity, entity_id)
        if key not in self._revs:
            self._revs[key] = rev
            if not rev:
                self._unknown.add(key)

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

        Raises ``Unwritable`` when a value has no text, ``Crossed`` when somebody else wrote an
        entity of the same id meanwhile: nothing of this transaction may then stay.
        """
        touched = sorted(self._values, key=lambda key: (RANK[key[0]], key[1]))
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
            if each not in found:
                self._unknown.add((entity, each))

    def _write(self, touched: list[Key]) -> set[Key]:
        """Write columns and texts; return what may be somebody else's to see now."""
        moved: set[Key] = set()
        by_entity: dict[str, dict[str, Any]] = defaultdict(dict)
        for key in touched:
            by_entity[key[0]][key[1]] = self._values[key]
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
            self._write_texts(rows)
        return moved

    def _write_texts(self, rows: list[dict[str, Any]]) -> None:
        new = [row for row in rows if (row["entity"], row["id"]) in self._unknown]
        known = [row for row in rows if (row["entity"], row["id"]) not in self._unknown]
        if new:
            insert_all_new(self._connection, tables.body, new)
            self._unknown.difference_update((row["entity"], row["id"]) for row in new)
        if known:
            self._connection.execute(upsert(self._connection, tables.body), known)

    def _publish(self, touched: list[Key], *, moved: set[Key], changed: bool = True) -> None:
        fresh = {key for key in touched if changed and self._revs[key] == 1}
        moves = Moves(self._connection, touched, self._now, moved=moved, fresh=fresh)
        moves.decide(changed=set(touched) if changed else set(), removed=self._removed)
        moves.write(self._current_revs(moves.keys))

    def _current_revs(self, keys: Iterable[Key]) -> Mapping[Key, int]:
        by_entity: dict[str, list[str]] = defaultdict(list)
        for entity, entity_id in keys:
            by_entity[entity].append(entity_id)
        for entity, ids in by_entity.items():
            self._load_revs(entity, ids)
        return self._revs


def _text(entity: str, entity_id: str, value: object) -> str:
    """The entity's text; ``Unwritable`` unless it reads back (a NaN, for one, becomes a null)."""
    try:
        text = encode_body(value)
        if entity in ENTITIES:
            decode_body(entity, text)
        return text
    except (ValueError, TypeError, OverflowError, RecursionError) as problem:
        raise Unwritable(f"{entity}:{entity_id}") from problem


def current_body(connection: Connection, entity: str, entity_id: str) -> msgspec.Raw | None:
    """The entity's text as raw JSON, ``None`` when there is no such entity."""
    text = tables.body.c
    query = select(text.text).where(text.entity == entity, text.id == entity_id)
    found = connection.execute(query).scalar()
    return None if found is None else msgspec.Raw(found.encode())


def bodies(connection: Connection, entity: str, ids: Collection[str]) -> dict[str, str]:
    """Texts of one kind by id, in the order of the ids.

    Asked for by the whole key: in a join SQLite would read every text of that kind.
    """
    text = tables.body.c
    query = (
        select(text.id, text.text)
        .where(text.entity == entity, within(text.id, ids), text.audience == "")
        .order_by(text.id)
    )
    return {row.id: row.text for row in connection.execute(query)}
