"""The few statements that SQLite and PostgreSQL spell differently, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Text, TypeDecorator, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NULLTYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection, Dialect, Table
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.dml import Insert
    from sqlalchemy.types import TypeEngine


class Crossed(Exception):
    """Another transaction was first to write what this one took for new: run it again."""


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


def insert_all_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows that this transaction found not to be there; ``Crossed`` when one is by now.

    Waits for whoever is writing the same key. Rows go in the order of their keys, so that two
    writers cannot wait for each other. The key must be all that the table holds its rows to.
    """
    keys = [column.name for column in table.primary_key]
    ordered = sorted(rows, key=lambda row: tuple(row[name] for name in keys))
    try:
        connection.execute(table.insert(), ordered)
    except IntegrityError as problem:
        raise Crossed(table.name) from problem


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


class _TextList(TypeDecorator[list[str]]):
    """Many texts in one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose what the driver is given."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Text()))

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Turn the list into it."""
        return json.dumps(value) if dialect.name == "sqlite" else value


class _Within(FunctionElement[Any]):
    # Not of type Boolean: SQLite has none, "… = 1" would be added and hide the index.
    type = NULLTYPE
    inherit_cache = True


@compiles(_Within, "sqlite")
def _within_sqlite(element: _Within, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  compiled parts


@compiles(_Within, "postgresql")
def _within_postgresql(element: _Within, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY ({values})"


def within(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of ``values``, however many these are.

    One parameter instead of one for each value: the statement's text stays the same, so it is
    compiled once, and thousands of values cost no parsing.
    """
    return _Within(column, bindparam(None, list(values), type_=_TextList()))
