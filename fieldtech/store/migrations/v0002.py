"""Schema 2: members by the number of their row in the mirror (see ``store.buckets.Row``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2 as driver

STATEMENTS = (
    "ALTER TABLE member RENAME TO member_by_id",
    """CREATE TABLE member (
        rid INTEGER NOT NULL,
        bucket_id INTEGER NOT NULL,
        rev INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        PRIMARY KEY (rid, bucket_id)
    ) WITHOUT ROWID""",
    """INSERT INTO member (rid, bucket_id, rev, generation)
        SELECT mirror.rid, old.bucket_id, old.rev, old.generation
        FROM mirror JOIN member_by_id AS old ON old.entity = mirror.entity AND old.id = mirror.id
        ORDER BY mirror.rid, old.bucket_id""",
    "DROP TABLE member_by_id",
)


def upgrade(connection: driver.Connection) -> None:
    """Number the members; one without a row makes its bucket not add up, and be read again."""
    for statement in STATEMENTS:
        connection.execute(statement)
