"""Planned works: announced maintenance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldtech.domain.facts import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWork:
    """A maintenance window. ``scope`` lists region, site or service ids (``region:…`` etc.)."""

    id: str
    title: str
    scope: tuple[str, ...]
    start: datetime
    end: datetime
    announced_at: datetime
    corrective: bool = False
    cancelled: bool = False
    notice_text: str = ""
    history: tuple[Entry, ...] = ()
