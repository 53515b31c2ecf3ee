"""Arguments of the commands on a restoration that stands; part of the wire contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectRestoration:
    """The desk knows better when the service came back; the old time stays in the timeline."""

    at: datetime
    reason: str
