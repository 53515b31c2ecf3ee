"""Devices: each belongs to one user's profile, numbers its commands, and can be revoked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from fieldtech.central import audit, tables
from fieldtech.central.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")
_NAME_LENGTH = 120


def claim(
    connection: Connection,
    now: datetime,
    *,
    device_id: str,
    user_id: str,
    name: str,
    forked_from: str | None = None,
) -> Row[Any]:
    """Return the user's device of that id, registered now if nobody has it.

    Raises ``Refused``: 400 ``invalid`` for an id that cannot be one, 403 ``device_revoked``,
    403 ``device_bound`` when it is another user's.
    """
    if not _ID.fullmatch(device_id):
        raise Refused(400, "invalid", "device_id")
    found = find(connection, device_id)
    if found is None:
        connection.execute(
            tables.device.insert(),
            {
                "id": device_id,
                "user_id": user_id,
                "name": name[:_NAME_LENGTH],
                "forked_from": forked_from,
                "last_n": 0,
                "created_at": now,
                "seen_at": now,
            },
        )
        action = "device_forked" if forked_from else "device_registered"
        audit.record(connection, now, action, user_id=user_id, device_id=device_id)
        found = find(connection, device_id)
    if found is None or found.user_id != user_id:
        raise Refused(403, "device_bound", "this device id belongs to another user")
    if found.revoked_at is not None:
        raise Refused(403, "device_revoked")
    return found


def find(connection: Connection, device_id: str) -> Row[Any] | None:
    """Return the device's row."""
    query = select(tables.device).where(tables.device.c.id == device_id)
    return connection.execute(query).one_or_none()


def touch(connection: Connection, device_id: str, now: datetime, **values: object) -> None:
    """Note that the device was heard of, with what it told about itself."""
    table = tables.device
    connection.execute(update(table).where(table.c.id == device_id).values(seen_at=now, **values))


def revoke(connection: Connection, device_id: str, now: datetime, *, by: str) -> None:
    """Shut a device out, and every device that was forked from it: none may fork its way back."""
    table = tables.device
    waiting = [device_id]
    while waiting:
        current = waiting.pop()
        connection.execute(update(table).where(table.c.id == current).values(revoked_at=now))
        audit.record(connection, now, "device_revoked", user_id=by, device_id=current)
        forks = select(table.c.id).where(
            table.c.forked_from == current, table.c.revoked_at.is_(None)
        )
        waiting += connection.execute(forks).scalars()
