"""What one user may see now: his buckets, and whether an entity is in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_

from fieldtech.central import tables
from fieldtech.central.people import granted_buckets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from fieldtech.central.auth.principal import Principal
    from fieldtech.central.membership import Key


def buckets_of(connection: Connection, principal: Principal) -> tuple[str, ...]:
    """Name the buckets granted to this user, ``ref`` first."""
    return granted_buckets(connection, principal.id, principal.role, principal.region_ids)


def visible(connection: Connection, buckets: Iterable[str], keys: Iterable[Key]) -> set[Key]:
    """Of these entities, those that stand in one of the buckets."""
    feed = tables.feed.c
    wanted = list(keys)
    if not wanted:
        return set()
    query = select(feed.entity, feed.id).where(
        tuple_(feed.entity, feed.id).in_(wanted),
        feed.bucket.in_(list(buckets)),
        feed.op == "put",
    )
    return {(row.entity, row.id) for row in connection.execute(query)}
