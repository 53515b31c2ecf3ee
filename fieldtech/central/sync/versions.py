"""Which laptops are too old: they get no state any more, but what they did is taken much longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.database import write_meta
from fieldtech.central.refusal import Refused
from fieldtech.protocol.codec import from_stamp, to_stamp

if TYPE_CHECKING:
    from sqlalchemy import Connection

MIN_PULL = 1
"""Oldest protocol whose laptops understand the state that this program gives."""

PUSH_KEPT = timedelta(days=180)
"""For so long after its protocol was retired a laptop still hands in its work."""

_RETIRED = "protocol_retired:"
"""With a protocol's number: since when it is not the oldest that gets state any more."""


def retire_older(connection: Connection, oldest: int, now: datetime) -> None:
    """Note that protocols below ``oldest`` get no state from now on; twice changes nothing.

    Those from ``oldest`` on get state again, if it was set lower than before.
    """
    retired = _retired(connection)
    for protocol in range(1, oldest):
        if protocol not in retired:
            write_meta(connection, f"{_RETIRED}{protocol}", to_stamp(now))
    meta = tables.meta
    for protocol in retired:
        if protocol >= oldest:
            key = f"{_RETIRED}{protocol}"
            connection.execute(meta.delete().where(meta.c.key == key))


def oldest_to_pull(connection: Connection) -> int:
    """The oldest protocol that gets state."""
    return max(_retired(connection), default=0) + 1


def oldest_to_push(connection: Connection, now: datetime) -> int:
    """The oldest protocol whose commands are taken."""
    over = (p for p, since in _retired(connection).items() if now >= since + PUSH_KEPT)
    return max(over, default=0) + 1


def check(protocol: int, oldest: int) -> None:
    """Refuse a laptop that speaks something older: 426 ``upgrade_required``."""
    if protocol < oldest:
        raise Refused(426, "upgrade_required", f"protocol {oldest} or newer")


def _retired(connection: Connection) -> dict[int, datetime]:
    """When each protocol was retired; those before the first release never were spoken."""
    meta = tables.meta.c
    rows = connection.execute(select(meta.key, meta.value).where(meta.key.startswith(_RETIRED)))
    return {int(key.removeprefix(_RETIRED)): from_stamp(value) for key, value in rows}
