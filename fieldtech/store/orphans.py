"""Entities that no granted bucket holds any more: they go, unless work on them is unfinished.

A technician whose visit was given to somebody else while he worked on it offline keeps seeing it
("reasignado, trabajo pendiente") until the central has settled what he did, and a person what the
central refused of it: to say it again or in a note the incident has to be here. What has to stay
for that is remembered here and tried again after every settlement and decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fieldtech.store import mirror, outbox, places, subsets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

    from fieldtech.store.buckets import Key

_MARK = "orphan"


def collect(connection: Connection, candidates: Collection[Key]) -> frozenset[str]:
    """Delete those of the candidates, and of those kept before, that nothing needs any more.

    Returns the incidents to be drawn again: those that went, or whose visits did.
    """
    waiting = _kept_before(connection)
    keys = set(candidates) | waiting
    if not keys:
        return frozenset()
    lonely = _without_member(connection, keys)
    needed = _needed(connection)
    gone = lonely - needed
    touched = {
        incident_id
        for entity, entity_id in lonely
        for incident_id in _incident_of(connection, entity, entity_id)
    }
    connection.exec_driver_sql("DELETE FROM dirty WHERE entity = ?", (_MARK,))
    _mark(connection, lonely & needed)
    if gone:
        places.mark(connection, [each for entity, each in gone if entity == "service"])
        connection.exec_driver_sql("DELETE FROM mirror WHERE entity = ? AND id = ?", sorted(gone))
    return frozenset(touched)


def _kept_before(connection: Connection) -> set[Key]:
    rows = connection.exec_driver_sql("SELECT id FROM dirty WHERE entity = ?", (_MARK,))
    split = (row[0].partition(":") for row in rows)
    return {(entity, entity_id) for entity, _, entity_id in split}


def _mark(connection: Connection, keys: Iterable[Key]) -> None:
    rows = [(_MARK, f"{entity}:{entity_id}") for entity, entity_id in keys]
    if rows:
        connection.exec_driver_sql("INSERT OR IGNORE INTO dirty (entity, id) VALUES (?, ?)", rows)


def _without_member(connection: Connection, keys: set[Key]) -> set[Key]:
    by_entity: dict[str, list[str]] = {}
    for entity, entity_id in keys:
        by_entity.setdefault(entity, []).append(entity_id)
    lonely: set[Key] = set()
    for entity, ids in by_entity.items():
        rows = connection.exec_driver_sql(
            "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM mirror"
            " JOIN member ON member.rid = mirror.rid"
            " WHERE mirror.entity = ? AND mirror.id = value)",
            (msgspec.json.encode(ids).decode(), entity),
        )
        lonely |= {(entity, row[0]) for row in rows}
    return lonely


def _needed(connection: Connection) -> set[Key]:
    """Return everything an incident with unfinished work is shown with."""
    needed: set[Key] = set()
    unfinished = outbox.unfinished_incidents(connection)
    for incident_id, body in mirror.bodies(connection, "incident", unfinished).items():
        part = subsets.incident.decode(body)
        needed |= {
            ("incident", incident_id),
            ("customer", part.customer_id),
            ("site", part.site_id),
            ("service", part.service_id),
        }
        for entity, parent in (
            ("visit", incident_id),
            ("equipment", part.site_id),
            ("service", part.site_id),
        ):
            needed |= {
                (entity, entity_id)
                for _, entity_id, _ in mirror.bodies_below(connection, entity, [parent])
            }
    return needed


def _incident_of(connection: Connection, entity: str, entity_id: str) -> list[str]:
    if entity == "incident":
        return [entity_id]
    if entity != "visit":
        return []
    rows = connection.exec_driver_sql(
        "SELECT parent FROM mirror WHERE entity = 'visit' AND id = ?", (entity_id,)
    )
    return [row[0] for row in rows]
