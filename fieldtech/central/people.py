"""Users and what they were granted: accounts, regions, and the buckets that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.dialect import insert_new, lock_rows, upsert
from fieldtech.central.membership import REF, region_bucket, tech_bucket
from fieldtech.domain.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.central.feed import Writer
    from fieldtech.central.membership import Key
    from fieldtech.domain.reference import Person


def put_person(
    connection: Connection,
    writer: Writer,
    person: Person,
    *,
    login: str,
    password_hash: str,
    now: datetime,
) -> None:
    """Create or replace a user: his account, his regions, his card for others.

    A dispatcher's regions (a supervisor's: every root) get their buckets, filled here when they
    are new. The regions must have been written (``flush``) before.
    """
    lock_rows(connection, tables.meta, tables.meta.c.key == "grants")
    connection.execute(
        upsert(connection, tables.user_account, keep=["created_at"]),
        {
            "id": person.id,
            "login": login,
            "name": person.name,
            "role": person.role.value,
            "password_hash": password_hash,
            "active": person.active,
            "created_at": now,
        },
    )
    granted = tables.user_region
    connection.execute(granted.delete().where(granted.c.user_id == person.id))
    if person.region_ids:
        rows = [{"user_id": person.id, "region_id": each} for each in person.region_ids]
        connection.execute(granted.insert(), rows)
    writer.put("person", person.id, person)
    for region_id in _watched_regions(connection, person.role, person.region_ids):
        open_region(connection, writer, region_id)


def granted_buckets(
    connection: Connection, user_id: str, role: Role, region_ids: tuple[str, ...]
) -> tuple[str, ...]:
    """Name the buckets a user may pull, ``ref`` first."""
    if role is Role.TECHNICIAN:
        return (REF, tech_bucket(user_id))
    watched = _watched_regions(connection, role, region_ids)
    return (REF, *(region_bucket(region_id) for region_id in sorted(watched)))


def open_region(connection: Connection, writer: Writer, region_id: str) -> bool:
    """Make and fill a region's bucket unless it is there; tell whether it was new."""
    name = region_bucket(region_id)
    fresh = {"name": name, "head": 0, "floor": 0, "size": 0, "hash": "0"}
    if not connection.execute(insert_new(connection, tables.bucket), fresh).rowcount:
        return False
    writer.flush()
    writer.revisit(_subtree(connection, region_id))
    return True


def _watched_regions(
    connection: Connection, role: Role, region_ids: tuple[str, ...]
) -> tuple[str, ...]:
    if role is Role.DISPATCHER:
        return region_ids
    if role is Role.SUPERVISOR:
        roots = select(tables.region.c.id).where(tables.region.c.parent_id.is_(None))
        return tuple(connection.execute(roots).scalars())
    return ()


def _subtree(connection: Connection, region_id: str) -> Iterator[Key]:
    """Everything that a region's bucket may hold, in the order it is best written."""
    run, region, site = connection.execute, tables.region, tables.site
    path = run(select(region.c.path).where(region.c.id == region_id)).scalar_one()
    inside = select(region.c.id).where(region.c.path.startswith(path, autoescape=True))
    sites = select(site.c.id).where(site.c.region_id.in_(inside))
    incidents = select(tables.incident.c.id).where(
        tables.incident.c.region_id.in_(inside), tables.incident.c.live
    )
    queries = {
        "person": select(tables.user_account.c.id),
        "customer": select(site.c.customer_id).where(site.c.region_id.in_(inside)).distinct(),
        "site": sites,
        "service": select(tables.service.c.id).where(tables.service.c.site_id.in_(sites)),
        "equipment": select(tables.equipment.c.id).where(tables.equipment.c.site_id.in_(sites)),
        "incident": incidents,
    }
    for entity, query in queries.items():
        for entity_id in run(query).scalars().all():
            yield entity, entity_id
