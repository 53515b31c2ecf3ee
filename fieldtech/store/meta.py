"""Small named texts of the store: sync's memory between two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from fieldtech.store import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

_table = tables.meta


def get(connection: Connection, key: str) -> str | None:
    """Return the text under ``key``, if any."""
    return connection.execute(select(_table.c.value).where(_table.c.key == key)).scalar()


def put(connection: Connection, key: str, value: str) -> None:
    """Keep a text in place of any under ``key``."""
    added = insert(_table).values(key=key, value=value)
    connection.execute(
        added.on_conflict_do_update(
            index_elements=[_table.c.key], set_={"value": added.excluded.value}
        )
    )


def remove(connection: Connection, key: str) -> None:
    """Forget a text; one that is not there is no error."""
    connection.execute(delete(_table).where(_table.c.key == key))
