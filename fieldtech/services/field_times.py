"""How far off a field time can be: what the laptop's clock knows about itself goes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from fieldtech.domain.commands import FieldTime, RecordRestoration, RecordTime, RestoreIncident

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.store.central_time import Moment
    from fieldtech.store.work import NewCommand

NOW = timedelta(minutes=1)
"""A time this near was read off the clock, not remembered: a person tells minutes."""


def with_uncertainty(new: NewCommand, moment: Moment) -> NewCommand:
    """Return the command with the clock's uncertainty where its field time is now.

    A time that a person remembers is his word, and one that brings its own error keeps it.
    """
    match new.args:
        case FieldTime(at=at) | RecordTime(at=at) as args:
            pass
        case RestoreIncident(restored_at=at) | RecordRestoration(restored_at=at) as args:
            pass
        case _:
            return new
    if args.uncertainty_s or not _is_now(at, moment.at):
        return new
    return replace(new, args=replace(args, uncertainty_s=moment.uncertainty_s))


def _is_now(at: datetime | None, now: datetime) -> bool:
    return at is None or abs(at - now) <= NOW
