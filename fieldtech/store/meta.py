"""Small named texts of the store: sync's memory between two runs.

In plain SQL: the screens' clock rests on this module and is needed before the first paint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def get(connection: Connection, key: str) -> str | None:
    """Return the text under ``key``, if any."""
    found = connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (key,))
    text: str | None = found.scalar()
    return text


def put(connection: Connection, key: str, value: str) -> None:
    """Keep a text in place of any under ``key``."""
    connection.exec_driver_sql(
        "INSERT INTO meta (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def remove(connection: Connection, key: str) -> None:
    """Forget a text; one that is not there is no error."""
    connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (key,))
