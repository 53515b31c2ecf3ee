"""The last state the central sent, as raw bodies with the one reference each is found by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fieldtech.protocol.codec import decode_body
from fieldtech.shapes import learned
from fieldtech.store import sql
from fieldtech.store.packing import unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

PARENT_FIELDS = {
    "visit": "incident_id",
    "service": "site_id",
    "equipment": "site_id",
    "channel": "region_id",
}
"""By which field the entities below another are found, for those that are looked for so.

No others: incidents come in no order of their sites, so an index of these two would be rewritten
from end to end with every page of a first pull (an eighth of all that such a pull writes).
"""


def _parent_decoder(field: str) -> msgspec.json.Decoder[Any]:
    kind = msgspec.defstruct("Parent", [(field, str, "")], gc=False)
    return msgspec.json.Decoder(learned(kind))


_PARENTS = {entity: (_parent_decoder(field), field) for entity, field in PARENT_FIELDS.items()}


def parent_of(entity: str, body: bytes | str | msgspec.Raw) -> str:
    """Return the id by which this body is found from above, "" where there is none."""
    reader = _PARENTS.get(entity)
    if reader is None:
        return ""
    decoder, field = reader
    parent: str = getattr(decoder.decode(body), field)
    return parent


def next_rid(connection: Connection) -> int:
    """Return the first number no row has."""
    return int(sql.rows(connection, "SELECT coalesce(max(rid), 0) + 1 FROM mirror")[0][0])


def body(connection: Connection, entity: str, entity_id: str) -> bytes | None:
    """Return the body of one entity."""
    found = sql.rows(
        connection, "SELECT body FROM mirror WHERE entity = ? AND id = ?", (entity, entity_id)
    )
    return unpack(found[0][0]) if found else None


def reached(connection: Connection, revs: Mapping[str, int]) -> frozenset[str]:
    """Return which of these (``entity:id`` and its revision) are here, that old or newer."""
    return frozenset(
        name
        for name, rev in revs.items()
        if sql.rows(
            connection,
            "SELECT 1 FROM mirror WHERE entity = ? AND id = ? AND rev >= ?",
            (*name.split(":", 1), rev),
        )
    )


def value(connection: Connection, entity: str, entity_id: str) -> Any:  # noqa: ANN401  one of ENTITIES
    """Return one entity as its domain value, ``None`` when it is not here."""
    raw = body(connection, entity, entity_id)
    return None if raw is None else decode_body(entity, raw)


def values(connection: Connection, entity: str, parent: str | None = None) -> list[Any]:
    """Return the entities of a kind, those below ``parent`` only when it is given, by id."""
    found = (
        sql.rows(connection, "SELECT body FROM mirror WHERE entity = ? ORDER BY id", (entity,))
        if parent is None
        else sql.rows(
            connection,
            "SELECT body FROM mirror WHERE entity = ? AND parent = ? ORDER BY id",
            (entity, parent),
        )
    )
    return [decode_body(entity, unpack(row[0])) for row in found]


def bodies(connection: Connection, entity: str, wanted: Iterable[str]) -> dict[str, bytes]:
    """Return the bodies of many entities of a kind, by id."""
    found = sql.rows(
        connection,
        "SELECT id, body FROM mirror WHERE entity = ? AND id IN (SELECT value FROM json_each(?))",
        (entity, sql.ids(wanted)),
    )
    return {row[0]: unpack(row[1]) for row in found}


def bodies_below(
    connection: Connection, entity: str, parents: Iterable[str]
) -> list[tuple[str, str, bytes]]:
    """Return ``(parent, id, body)`` of the entities below many parents."""
    found = sql.rows(
        connection,
        "SELECT parent, id, body FROM mirror WHERE entity = ? AND parent IN"
        " (SELECT value FROM json_each(?)) ORDER BY id",
        (entity, sql.ids(parents)),
    )
    return [(row[0], row[1], unpack(row[2])) for row in found]
