"""The few statements that SQLite and PostgreSQL spell differently, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection, Table
    from sqlalchemy.sql.dml import Insert

SERIALIZATION_FAILURES = frozenset({"40001", "40P01"})
"""SQLSTATEs after which the same transaction may simply be run again."""


def upsert(connection: Connection, table: Table, *, keep: Iterable[str] = ()) -> Insert:
    """Return an insert that replaces an existing row's columns, all but its key and ``keep``."""
    module: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = module.insert(table)
    keys = [column.name for column in table.primary_key]
    fixed = {*keys, *keep}
    changed = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in fixed}
    result: Insert = (
        statement.on_conflict_do_update(index_elements=keys, set_=changed)
        if changed
        else statement.on_conflict_do_nothing(index_elements=keys)
    )
    return result


def insert_new(connection: Connection, table: Table) -> Insert:
    """Return an insert that leaves existing rows as they are."""
    module: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    result: Insert = module.insert(table).on_conflict_do_nothing()
    return result


def lock_rows(
    connection: Connection, table: Table, where: ColumnElement[bool], *, shared: bool = False
) -> None:
    """Lock the rows in the order of their primary key, so that two writers cannot cross.

    SQLite has one writer at a time already.
    """
    if connection.dialect.name == "sqlite":
        return
    keys = list(table.primary_key)
    locked = select(*keys).where(where).order_by(*keys).with_for_update(read=shared)
    connection.execute(locked).all()
