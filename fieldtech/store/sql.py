"""Plain rows out of plain SQL, for the places where ten thousand of them are read at once.

SQLAlchemy's result objects cost more there than the reading itself; the transaction stays its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

Value = str | bytes | int | float | None


def rows(
    connection: Connection, statement: str, values: Sequence[Value] | Mapping[str, Value] = ()
) -> list[Any]:
    """Return every row of a query as a tuple; raises the driver's errors."""
    raw = connection.connection.driver_connection
    if raw is None:
        return []
    found: list[Any] = raw.execute(statement, values).fetchall()
    return found


def many(connection: Connection, statement: str, values: Iterable[Sequence[Value]]) -> None:
    """Run a statement once for each of ``values``; raises the driver's errors."""
    raw = connection.connection.driver_connection
    if raw is not None:
        raw.executemany(statement, values)


def ids(values: Iterable[str] | Iterable[int]) -> str:
    """Return ids or row numbers as one parameter, for ``IN (SELECT value FROM json_each(?))``."""
    return msgspec.json.encode(list(values)).decode()
