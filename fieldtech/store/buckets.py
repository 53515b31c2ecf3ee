"""Which buckets this laptop is granted, how far it has read each, and what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fieldtech.protocol.codec import HASH_MODULUS, row_hash
from fieldtech.store import sql

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection

    from fieldtech.protocol.wire import BucketCheck
    from fieldtech.store.page import Del, Put

Key = tuple[str, str]
"""Entity name and id."""


class Row(NamedTuple):
    """A put in its place: the number of its row in the mirror, and whether that row is new there.

    Members are kept by that number, not by entity and id: numbers only grow, so the rows of a
    first pull are appended, where an index of ids would be rewritten with every page. Nothing is
    a member that has no row, so a new row needs no look-up.
    """

    put: Put
    rid: int
    new: bool


@dataclass(slots=True)
class Bucket:
    """One bucket as this laptop has it.

    ``size`` and ``hash`` are those of the present ``generation`` of members, kept incrementally.
    A reset begins a new generation; while ``sweeping``, members of an older one are still shown,
    and go when the bucket's end is reached without them.
    """

    id: int
    name: str
    cursor: int
    size: int
    hash: int
    generation: int
    sweeping: bool

    def agrees(self, check: BucketCheck) -> bool:
        """Tell whether count and hash are what the central says of the same cursor."""
        return self.size == check.count and str(self.hash) == check.hash


def load(connection: Connection) -> dict[str, Bucket]:
    """Return every bucket by name."""
    rows = connection.exec_driver_sql(
        "SELECT id, name, cursor, size, hash, generation, sweeping FROM bucket"
    )
    return {
        row[1]: Bucket(row[0], row[1], row[2], row[3], int(row[4]), row[5], bool(row[6]))
        for row in rows
    }


def cursors(connection: Connection) -> dict[str, int]:
    """Return how far each bucket has been read, as the pull request wants it."""
    return {row[0]: row[1] for row in connection.exec_driver_sql("SELECT name, cursor FROM bucket")}


def save(connection: Connection, buckets: Iterable[Bucket]) -> None:
    """Write buckets back."""
    rows = [
        (b.id, b.name, b.cursor, b.size, str(b.hash), b.generation, int(b.sweeping))
        for b in buckets
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO bucket (id, name, cursor, size, hash, generation, sweeping)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def granted(buckets: dict[str, Bucket], name: str) -> Bucket:
    """Return a bucket, a new empty one where there is none of that name."""
    if name not in buckets:
        fresh = max((bucket.id for bucket in buckets.values()), default=0) + 1
        buckets[name] = Bucket(fresh, name, 0, 0, 0, 1, sweeping=False)
    return buckets[name]


def reset(bucket: Bucket) -> None:
    """Read a bucket again from its start; what it holds stays visible until its end is reached."""
    bucket.cursor = bucket.size = bucket.hash = 0
    bucket.generation += 1
    bucket.sweeping = True


def reset_all(connection: Connection) -> None:
    """Read everything again: the central was restored from a backup, or a body was lost."""
    buckets = load(connection)
    for bucket in buckets.values():
        reset(bucket)
    save(connection, buckets.values())


def put(connection: Connection, bucket: Bucket, rows: Sequence[Row]) -> None:
    """Note that these entities are members."""
    known = _known(connection, bucket, [row.rid for row in rows if not row.new])
    for row in rows:
        _add(bucket, known.get(row.rid), row.put)
    sql.many(
        connection,
        "INSERT INTO member (rid, bucket_id, rev, generation) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (rid, bucket_id)"
        " DO UPDATE SET rev = excluded.rev, generation = excluded.generation",
        [(row.rid, bucket.id, row.put.rev, bucket.generation) for row in rows],
    )


def remove(connection: Connection, bucket: Bucket, rows: Sequence[Del]) -> list[Key]:
    """Note that these entities are members no more; return those that were."""
    rids = _rids(connection, rows)
    known = _known(connection, bucket, rids.values())
    gone: list[Key] = []
    for row in rows:
        key = (row.entity, row.id)
        before = known.get(rids.get(key, 0))
        if before is None:
            continue
        gone.append(key)
        if before[1] == bucket.generation:
            bucket.size -= 1
            bucket.hash = (bucket.hash - row_hash(row.entity, row.id, before[0])) % HASH_MODULUS
    sql.many(
        connection,
        "DELETE FROM member WHERE rid = ? AND bucket_id = ?",
        [(rids[key], bucket.id) for key in gone],
    )
    return gone


def drop(connection: Connection, bucket: Bucket) -> list[Key]:
    """Forget a bucket that is no longer granted; return what was in it."""
    gone = _take(connection, "bucket_id = ?", (bucket.id,))
    connection.exec_driver_sql("DELETE FROM bucket WHERE id = ?", (bucket.id,))
    return gone


def sweep(connection: Connection, bucket: Bucket) -> list[Key]:
    """End a reset: take out and return what the bucket's new reading did not bring."""
    bucket.sweeping = False
    return _take(connection, "bucket_id = ? AND generation < ?", (bucket.id, bucket.generation))


def _add(bucket: Bucket, before: tuple[int, int] | None, row: Put) -> None:
    change = row.share
    if before is not None and before[1] == bucket.generation:
        change -= row_hash(row.entity, row.id, before[0])
    else:
        bucket.size += 1
    bucket.hash = (bucket.hash + change) % HASH_MODULUS


def _rids(connection: Connection, rows: Sequence[Del]) -> dict[Key, int]:
    """Return the mirror's row numbers of those of these entities that are here."""
    by_entity: dict[str, list[str]] = {}
    for row in rows:
        by_entity.setdefault(row.entity, []).append(row.id)
    rids: dict[Key, int] = {}
    for entity, ids in by_entity.items():
        found = sql.rows(
            connection,
            "SELECT id, rid FROM mirror WHERE entity = ?"
            " AND id IN (SELECT value FROM json_each(?))",
            (entity, sql.ids(ids)),
        )
        rids |= {(entity, entity_id): rid for entity_id, rid in found}
    return rids


def _known(
    connection: Connection, bucket: Bucket, rids: Collection[int]
) -> dict[int, tuple[int, int]]:
    """Return revision and generation of the rows that are members already."""
    if not rids:
        return {}
    found = sql.rows(
        connection,
        "SELECT rid, rev, generation FROM member WHERE bucket_id = ?"
        " AND rid IN (SELECT value FROM json_each(?))",
        (bucket.id, sql.ids(rids)),
    )
    return {rid: (rev, generation) for rid, rev, generation in found}


def _take(connection: Connection, where: str, values: tuple[int, ...]) -> list[Key]:
    gone = connection.exec_driver_sql(
        f"DELETE FROM member WHERE {where} RETURNING rid",  # noqa: S608  own words only
        values,
    )
    rids = [row[0] for row in gone]
    found = sql.rows(
        connection,
        "SELECT entity, id FROM mirror WHERE rid IN (SELECT value FROM json_each(?))",
        (sql.ids(rids),),
    )
    return [(entity, entity_id) for entity, entity_id in found]
