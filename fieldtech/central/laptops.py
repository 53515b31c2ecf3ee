"""``fieldtech-central device``: which laptops there are, and shutting one out for good.

The journals of sealed packages have devices that stand for them (``devices.RESERVED``, named as the
laptop's id): those are no laptops, and what waits of them waits of the laptop.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from fieldtech.central import audit, file_tables, tables
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

_TRAIL = 50
"""How many entries of the trail are told."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the words of this command."""
    parser.add_argument(
        "action",
        choices=["list", "show", "revoke"],
        help="list them; tell of one what waits here and what became of it; shut one out under"
        " every number it ever had, which cannot be undone",
    )
    parser.add_argument("device", nargs="?", default="", metavar="ID", help="as the list names it")


def run(args: argparse.Namespace, database: Database, clock: Clock) -> int:
    """Print one JSON document; raises ``EnvironmentProblem`` when it cannot be done."""
    if args.action == "list":
        with database.read() as connection:
            told: object = {"devices": listed(connection)}
    elif args.action == "show":
        with database.read() as connection:
            told = shown(connection, args.device)
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


def listed(connection: Connection, only: str | None = None) -> list[dict[str, Any]]:
    """Return every laptop (or that one), the one heard of last first, with what of it waits."""
    device, user, op = tables.device.c, tables.user_account.c, tables.op.c
    journal = tables.device.alias().c
    its = select(journal.id).where(
        journal.id.startswith(devices.RESERVED), journal.name == device.id
    )
    held = (
        select(func.count())
        .where(
            (op.device_id == device.id) | op.device_id.in_(its),
            op.status.in_((wire.QUARANTINED, wire.PARKED)),
        )
        .scalar_subquery()
    )
    query = (
        select(tables.device, user.login, held.label("held"))
        .join(tables.user_account, user.id == device.user_id)
        .where(~device.id.startswith(devices.RESERVED))
        .order_by(device.seen_at.desc(), device.id)
    )
    if only is not None:
        query = query.where(device.id == only)
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


def shown(connection: Connection, device_id: str) -> dict[str, Any] | None:
    """What is known of one laptop, ``None`` when there is none.

    ``sessions``: how many are open on it; ``in_review``: its commands out of sealed packages that
    wait for an operator; ``trail``: what was written down of it, the newest first.
    """
    found = listed(connection, device_id)
    if not found:
        return None
    family, review = tables.session_family.c, file_tables.sealed_review.c
    trail = tables.audit.c
    count = select(func.count())
    is_open = (family.device_id == device_id) & family.revoked_at.is_(None)
    newest = (
        select(trail.at, trail.action, trail.user_id, trail.detail)
        .where(trail.device_id == device_id)
        .order_by(trail.at.desc(), trail.id.desc())
        .limit(_TRAIL)
    )
    return found[0] | {
        "sessions": connection.execute(count.where(is_open)).scalar_one(),
        "in_review": connection.execute(count.where(review.device_id == device_id)).scalar_one(),
        "trail": [
            {"at": to_stamp(at), "action": action, "by": by or "", "detail": detail}
            for at, action, by, detail in connection.execute(newest)
        ],
    }


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
