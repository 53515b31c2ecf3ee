"""Unfinished forms: what a person has typed and not sent, kept through a crash."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fieldtech.store.opening import Store


class DraftService:
    """Fields of forms under a key such as ``note:<incident>``; ``None`` where there is no draft."""

    def __init__(self, store: Store) -> None:
        self._drafts = store.drafts

    def save(self, key: str, fields: dict[str, Any]) -> None:
        """Keep the fields, durably. Raises ``EnvironmentProblem`` when the disk is full."""
        self._drafts.put(key, json.dumps(fields, ensure_ascii=False))

    def load(self, key: str) -> dict[str, Any] | None:
        """The fields kept under ``key``."""
        text = self._drafts.get(key)
        if text is None:
            return None
        found = json.loads(text)
        return found if isinstance(found, dict) else None

    def drop(self, key: str) -> None:
        """The form was sent or thrown away."""
        self._drafts.delete(key)
