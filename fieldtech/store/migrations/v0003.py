"""Schema 3: files on their way up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2 as driver

STATEMENTS = (
    """CREATE TABLE blob (
        rid INTEGER NOT NULL PRIMARY KEY,
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        media_type TEXT NOT NULL,
        name TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        state TEXT NOT NULL,
        code TEXT NOT NULL,
        upload_id TEXT NOT NULL,
        sent INTEGER NOT NULL,
        restarts INTEGER NOT NULL,
        made_at REAL NOT NULL,
        settled_at REAL,
        UNIQUE (sha256)
    )""",
    "CREATE INDEX blob_state ON blob (state, rid)",
)


def upgrade(connection: driver.Connection) -> None:
    """Add the queue of files."""
    for statement in STATEMENTS:
        connection.execute(statement)
