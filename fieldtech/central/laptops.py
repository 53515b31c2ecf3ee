"""``fieldtech-central device``: which laptops there are, and shutting one out for good."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from fieldtech.central import audit, tables
from fieldtech.central.auth import devices
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol import wire
from fieldtech.protocol.codec import to_stamp

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.central.database import Database
    from fieldtech.clock import Clock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the words of this command."""
    parser.add_argument(
        "action",
        choices=["list", "revoke"],
        help="list them; shut one out under every number it ever had, which cannot be undone",
    )
    parser.add_argument("device", nargs="?", default="", metavar="ID", help="as the list names it")


def run(args: argparse.Namespace, database: Database, clock: Clock) -> int:
    """Print one JSON document; raises ``EnvironmentProblem`` when it cannot be done."""
    if args.action == "list":
        with database.read() as connection:
            told: object = {"devices": listed(connection)}
    else:
        now = clock.now()
        told = database.transact(
            lambda connection: revoke(connection, args.device, now, by=audit.OPERATOR)
        )
        if told is None:
            raise EnvironmentProblem(
                f"There is no device {args.device!r}.",
                code="unknown_device",
                what_was_kept="Nothing was changed.",
            )
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0


def listed(connection: Connection) -> list[dict[str, Any]]:
    """Return every device, the one heard of last first, with what of it waits here."""
    device, user, op = tables.device.c, tables.user_account.c, tables.op.c
    held = (
        select(func.count())
        .where(op.device_id == device.id, op.status.in_((wire.QUARANTINED, wire.PARKED)))
        .scalar_subquery()
    )
    query = (
        select(tables.device, user.login, held.label("held"))
        .join(tables.user_account, user.id == device.user_id)
        .order_by(device.seen_at.desc(), device.id)
    )
    return [
        {
            "id": row.id,
            "user": row.login,
            "name": row.name,
            "app": row.app,
            "seen_at": to_stamp(row.seen_at),
            "last_n": row.last_n,
            "forked_from": row.forked_from or "",
            "signs": bool(row.sign_key),
            "held": row.held,
            "revoked_at": to_stamp(row.revoked_at) if row.revoked_at else "",
        }
        for row in connection.execute(query)
    ]


def revoke(
    connection: Connection, device_id: str, now: datetime, *, by: str
) -> dict[str, Any] | None:
    """Shut a laptop out, and tell under which numbers; ``None`` when there is no such device.

    What it could not send stays sealed on it, for a package; there is no way back in.
    """
    if devices.find(connection, device_id) is None:
        return None
    devices.revoke(connection, device_id, now, by=by)
    table = tables.device.c
    query = select(table.id).where(table.revoked_at == now).order_by(table.id)
    return {"id": device_id, "revoked": list(connection.execute(query).scalars())}
