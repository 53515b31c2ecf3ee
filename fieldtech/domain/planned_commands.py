"""Arguments of the commands on planned works; part of the wire contract (see ``commands``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncePlanned:
    """A maintenance window is announced to the customers of its scope."""

    title: str
    scope: tuple[str, ...]
    start: datetime
    end: datetime
    corrective: bool = False
    notice_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePlanned:
    """The window moves; counts as a new announcement for the notice rule."""

    start: datetime
    end: datetime
    reason: str = ""
