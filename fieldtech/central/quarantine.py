"""``fieldtech-central quarantine``: commands that tripped over a fault of ours, and their fate."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from fieldtech.central import audit, tables
from fieldtech.central.refusal import Refused
from fieldtech.central.sync.ground import Grounds
from fieldtech.central.sync.push import Pushing
from fieldtech.central.sync.releasing import give_up, release
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol import wire
from fieldtech.protocol.codec import to_stamp

if TYPE_CHECKING:
    import argparse

    from sqlalchemy import Connection

    from fieldtech.central.database import Database
    from fieldtech.clock import Clock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the words of this command."""
    parser.add_argument(
        "action",
        choices=["list", "release", "drop"],
        help="list them; judge one again; give one up, so that what waits behind it goes on",
    )
    parser.add_argument("op_id", nargs="?", default="", metavar="ID", help="as the list names it")


def run(args: argparse.Namespace, database: Database, clock: Clock) -> int:
    """Print one JSON document; raises ``EnvironmentProblem`` when it cannot be done."""
    if args.action == "list":
        with database.read() as connection:
            told: object = {"quarantined": _listed(connection)}
    elif args.action == "release":
        told = _released(database, clock, args.op_id)
    else:
        told = _dropped(database, clock, args.op_id)
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0


def _listed(connection: Connection) -> list[dict[str, object]]:
    op, tries, user = tables.op.c, tables.op_try.c, tables.user_account.c
    behind = tables.op.alias()
    parked = (
        select(func.count())
        .select_from(behind)
        .where(
            behind.c.user_id == op.user_id,  # a fork of his laptop has another device
            behind.c.subject == op.subject,
            behind.c.status == wire.PARKED,
        )
        .scalar_subquery()
    )
    query = (
        select(op.op_id, op.at, op.device_id, op.cmd, op.subject, user.login, tries.error, parked)
        .select_from(tables.op)
        .outerjoin(tables.op_try, tries.op_id == op.op_id)
        .outerjoin(tables.user_account, user.id == op.user_id)
        .where(op.status == wire.QUARANTINED)
        .order_by(op.at, op.op_id)
    )
    return [
        {
            "id": op_id,
            "at": to_stamp(at),
            "user": login,
            "device": device_id,
            "cmd": cmd,
            "subject": subject,
            "error": error or "",
            "parked_behind": count,
        }
        for op_id, at, device_id, cmd, subject, login, error, count in connection.execute(query)
    ]


def _released(database: Database, clock: Clock, op_id: str) -> dict[str, str]:
    try:
        told = release(Pushing(database=database, clock=clock, grounds=Grounds()), op_id)
    except Refused as why:
        raise EnvironmentProblem(
            f"{op_id!r} could not be released: {why.code} {why.detail}".rstrip(),
            code=why.code,
            what_was_kept="It is where it was.",
        ) from why
    _note(database, clock, "quarantine_released", op_id)
    return {"id": op_id, "status": told.status, "code": told.code}


def _dropped(database: Database, clock: Clock, op_id: str) -> dict[str, str]:
    if not give_up(Pushing(database=database, clock=clock, grounds=Grounds()), op_id):
        raise EnvironmentProblem(
            f"There is no quarantined command {op_id!r}.",
            code="not_quarantined",
            what_was_kept="Nothing was changed.",
        )
    _note(database, clock, "quarantine_dropped", op_id)
    return {"id": op_id, "status": wire.REJECTED, "code": "dropped"}


def _note(database: Database, clock: Clock, action: str, op_id: str) -> None:
    now = clock.now()
    database.transact(
        lambda connection: audit.record(
            connection, now, action, user_id=audit.OPERATOR, subject=op_id
        )
    )
