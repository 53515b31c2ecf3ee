"""Planned works: announced maintenance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldtech.domain.facts import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A window as the customers were told it, from ``announced_at`` on."""

    start: datetime
    end: datetime
    announced_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWork:
    """A maintenance window. ``scope`` lists region, site or service ids (``region:…`` etc.).

    ``superseded`` are windows that had begun when they were changed or called off, up to where
    the later word left them: the customers had been told of them before they began.
    """

    id: str
    title: str
    scope: tuple[str, ...]
    start: datetime
    end: datetime
    announced_at: datetime
    corrective: bool = False
    cancelled: bool = False
    notice_text: str = ""
    superseded: tuple[Announcement, ...] = ()
    history: tuple[Entry, ...] = ()

    @property
    def announcements(self) -> tuple[Announcement, ...]:
        """Every window in which work may have gone on, in the order they were announced."""
        if self.cancelled:
            return self.superseded
        now = Announcement(start=self.start, end=self.end, announced_at=self.announced_at)
        return (*self.superseded, now)
