"""What a person has typed and not sent yet: a text under a key, saved within a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from fieldtech.store import central_time, tables

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.clock import Clock
    from fieldtech.store.database import Database

_table = tables.draft


class Drafts:
    """Keys are the screens' own, for instance ``visit:<id>/note``; bodies are opaque texts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def put(self, key: str, body: str) -> None:
        """Save a draft durably, in place of the one under ``key``.

        A text that UTF-8 cannot hold (half a surrogate pair, as a broken input method can type)
        is kept with that character replaced: a draft must never be the reason of a failure.
        """
        sound = body.encode("utf-8", "replace").decode()
        with self._database.write() as connection:
            # By the central's time, as commands are: which is younger decides after a crash.
            now = central_time.now(connection, self._clock).at
            added = insert(_table).values(key=key, body=sound, saved_at=now.timestamp())
            connection.execute(
                added.on_conflict_do_update(
                    index_elements=[_table.c.key],
                    set_={"body": added.excluded.body, "saved_at": added.excluded.saved_at},
                )
            )

    def get(self, key: str) -> str | None:
        """Return the draft under ``key``, if any."""
        with self._database.read() as connection:
            return connection.execute(select(_table.c.body).where(_table.c.key == key)).scalar()

    def delete(self, key: str) -> None:
        """Forget a draft; a key that has none is no error."""
        with self._database.write() as connection:
            forget(connection, key)


def forget(connection: Connection, key: str, *, saved_by: datetime | None = None) -> None:
    """Forget a draft inside a transaction: together with what it became.

    With ``saved_by`` only one that is not younger: somebody may have gone on typing.
    """
    gone = delete(_table).where(_table.c.key == key)
    if saved_by is not None:
        gone = gone.where(_table.c.saved_at <= saved_by.timestamp())
    connection.execute(gone)
