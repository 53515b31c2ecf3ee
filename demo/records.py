"""What the central has really stored, read from its own database and not through its interface."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESTORATION = ("attribution", "cause", "solution", "affected", "by")


@dataclass(frozen=True)
class Records:
    """What laptops have sent to the central of a folder, and what it made of it."""

    data: Path

    def commands(self) -> dict[str, int]:
        """How often each command was sent and applied; another outcome is named beside it."""
        rows = self._rows(
            "SELECT CASE status WHEN 'applied' THEN cmd ELSE cmd || ' ' || status END, count(*)"
            " FROM op GROUP BY 1 ORDER BY 1"
        )
        return {str(cmd): int(times) for cmd, times in rows}

    def resolution(self, title: str) -> dict[str, Any]:
        """How the one incident of that title stands there, in the terms of ``story.RESOLVED``.

        Raises ``LookupError`` when there is none or another one, or when it is not restored.
        """
        rows = self._rows(
            "SELECT text FROM body WHERE entity = 'incident' AND json_extract(text, '$.title') = ?",
            title,
        )
        if len(rows) != 1:
            message = f"{len(rows)} incidents are called {title!r}"
            raise LookupError(message)
        body: dict[str, Any] = json.loads(rows[0][0])
        told = [each["text"] for each in body["history"] if each.get("text")]
        restored = {name: body["restoration"][name] for name in RESTORATION}
        return restored | {
            "state": body["state"],
            "severities": [each["severity"] for each in body["classifications"]],
            "notes": [note["text"] for note in body["notes"]],
            "told": told,
        }

    def _rows(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        place = f"file:{self.data / 'central.db'}?mode=ro"
        with closing(sqlite3.connect(place, uri=True)) as database:
            return database.execute(question, values).fetchall()
