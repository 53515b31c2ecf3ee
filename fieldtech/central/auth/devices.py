"""Devices: each belongs to one user's profile, numbers its commands, and can be revoked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from fieldtech.central import audit, tables
from fieldtech.central.dialect import insert_new, lock_rows
from fieldtech.central.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")
_NAME_LENGTH = 120
RESERVED = "sealed-"
"""How the ids begin that stand for the journals of sealed packages: no laptop may have one."""

KEY_CHANGED = "device_key_changed"


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
    if not _ID.fullmatch(device_id) or device_id.startswith(RESERVED):
        raise Refused(400, "invalid", "device_id")
    found = find(connection, device_id)
    if found is None:
        if forked_from is not None:
            _hold(connection, forked_from)
        # Of several that claim it at once the first has it; the others read what it wrote.
        made = connection.execute(
            insert_new(connection, tables.device),
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
        if made.rowcount:
            audit.record(connection, now, action, user_id=user_id, device_id=device_id)
        found = find(connection, device_id)
    if found is None or found.user_id != user_id:
        raise Refused(403, "device_bound", "this device id belongs to another user")
    if found.revoked_at is not None:
        raise Refused(403, "device_revoked")
    return found


def _hold(connection: Connection, device_id: str) -> None:
    """Keep a device from being revoked until this is committed; refuse one that is by now."""
    lock_rows(connection, tables.device, tables.device.c.id == device_id)
    held = find(connection, device_id)
    if held is not None and held.revoked_at is not None:
        raise Refused(403, "device_revoked")


def find(connection: Connection, device_id: str) -> Row[Any] | None:
    """Return the device's row."""
    query = select(tables.device).where(tables.device.c.id == device_id)
    return connection.execute(query).one_or_none()


def touch(connection: Connection, device_id: str, now: datetime, **values: object) -> None:
    """Note that the device was heard of, with what it told about itself."""
    table = tables.device
    connection.execute(update(table).where(table.c.id == device_id).values(seen_at=now, **values))


def register_key(connection: Connection, device: Row[Any], sign_key: str, now: datetime) -> None:
    """Remember the key a device signs its journal with; the first one stays.

    Another one later is written down and not believed: what it signed goes to review.
    """
    if not sign_key or sign_key == device.sign_key:
        return
    table = tables.device
    if not device.sign_key:
        mine = update(table).where(table.c.id == device.id, table.c.sign_key == "")
        connection.execute(mine.values(sign_key=sign_key))
        return
    told = select(tables.audit.c.id).where(
        tables.audit.c.device_id == device.id,
        tables.audit.c.action == KEY_CHANGED,
        tables.audit.c.detail == sign_key,
    )
    if connection.execute(told.limit(1)).first() is None:
        who = {"user_id": device.user_id, "device_id": device.id}
        audit.record(connection, now, KEY_CHANGED, **who, detail=sign_key)


def same_laptop(connection: Connection, one: str, other: str) -> bool:
    """Tell whether two devices are one laptop under different numbers: forks of the same."""
    return one == other or _first(connection, one) == _first(connection, other)


def revoke(connection: Connection, device_id: str, now: datetime, *, by: str) -> None:
    """Shut a laptop out under every number it ever had, and with it the sessions opened on it.

    Neither a fork nor the device it was forked from may bring it back.
    """
    table = tables.device
    waiting = [_first(connection, device_id)]
    while waiting:
        current = waiting.pop()
        # Whoever is registering a fork of it holds this row: its fork is seen below, or sees this.
        lock_rows(connection, table, table.c.id == current)
        revoked = update(table).where(table.c.id == current, table.c.revoked_at.is_(None))
        connection.execute(revoked.values(revoked_at=now))
        audit.record(connection, now, "device_revoked", user_id=by, device_id=current)
        forks = select(table.c.id).where(table.c.forked_from == current)
        waiting += connection.execute(forks).scalars()


def _first(connection: Connection, device_id: str) -> str:
    """The number under which this laptop was first known."""
    table = tables.device.c
    while True:
        query = select(table.forked_from).where(table.id == device_id)
        earlier: str | None = connection.execute(query).scalar()
        if earlier is None:
            return device_id
        device_id = earlier
