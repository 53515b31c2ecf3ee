"""``fieldtech-central ingest`` and ``review``: sealed packages, and what in them is doubtful.

Both print one JSON document. Exit codes: 0 everything was taken in or known before, 2 something
was refused, waits for a review, or could not be read; 1 it could not be done at all.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from fieldtech.central import arguments, audit, file_tables, tables
from fieldtech.central.blobs import options
from fieldtech.central.blobs.folder import FolderStore
from fieldtech.central.ingest.files import FileIntake
from fieldtech.central.ingest.reading import Found, read_package
from fieldtech.central.ingest.taking_in import (
    forget_reviewed,
    known_devices,
    put_to_review,
    reviewed,
    take_in,
)
from fieldtech.central.seal import seal_key
from fieldtech.central.sync.ground import Grounds
from fieldtech.central.sync.push import Pushing
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.black_box import open_package
from fieldtech.protocol.codec import to_stamp

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from fieldtech.central.database import Database
    from fieldtech.central.ingest.files import TakenFiles
    from fieldtech.central.ingest.reading import KnownDevice, Reading
    from fieldtech.central.ingest.taking_in import Taken
    from fieldtech.clock import Clock
    from fieldtech.protocol.black_box import Package

DONE, PARTLY = 0, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the words of ``ingest``."""
    parser.add_argument("package", type=Path, metavar="PACKAGE", help="the file of the laptop")
    parser.add_argument(
        "--keys",
        type=arguments.folder,
        metavar="DIR",
        help="folder of the private keys (default: --data)",
    )
    options.add_arguments(parser)


def add_review_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the words of ``review``."""
    parser.add_argument(
        "action",
        choices=["list", "accept", "drop"],
        help="list what waits; judge a device's commands as if it had pushed them; give them up",
    )
    parser.add_argument("device", nargs="?", default="", metavar="DEVICE", help="as listed")


def run(args: argparse.Namespace, database: Database, clock: Clock) -> int:
    """Take a package in; raises ``EnvironmentProblem``."""
    folder = args.keys or args.data
    if folder is None:
        raise EnvironmentProblem(
            "The folder of the seal key is not named.",
            code="seal_key_missing",
            what_was_kept="Nothing was changed.",
            what_to_do="Name it with --keys.",
        )
    key = seal_key(database, folder)
    with database.read() as connection:
        devices = known_devices(connection)
    intake = FileIntake(
        database=database,
        blobs=FolderStore(args.blobs or folder / "blobs"),
        clock=clock,
        key=key,
        limits=options.limits_of(args),
    )
    with open_package(args.package) as package:
        reading = read_package(package, key, devices)
        files = _files_taken(intake, package, devices, reading.commands)
    sure = [found for found in reading.commands if not found.reason]
    doubtful = [found for found in reading.commands if found.reason]
    taken = take_in(Pushing(database=database, clock=clock, grounds=Grounds()), sure)
    now = clock.now()
    waiting = database.transact(lambda connection: put_to_review(connection, doubtful, now))
    told = _report(reading, taken, doubtful, waiting) | {"files": asdict(files)}
    _note(database, clock, "package_ingested", args.package.name, told)
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    whole = not (taken.refused or taken.waiting or doubtful or reading.damaged)
    whole_files = not (files.refused or files.damaged)
    return DONE if whole and whole_files and not reading.unreadable else PARTLY


def _files_taken(
    intake: FileIntake,
    package: Package,
    devices: Mapping[str, KnownDevice],
    commands: Iterable[Found],
) -> TakenFiles:
    try:
        return intake.take_in(package, devices, commands)
    except OSError as error:
        raise EnvironmentProblem(
            f"A file cannot be stored: {error.strerror or error}",
            code="storage_failed",
            what_was_kept="Files stored before are kept; no command was taken in yet.",
            what_to_do="Make room or give permission, then run it again: nothing comes in twice.",
        ) from error


def run_review(args: argparse.Namespace, database: Database, clock: Clock) -> int:
    """Carry out one word of ``review``; raises ``EnvironmentProblem``."""
    if args.action == "list":
        sys.stdout.write(json.dumps({"review": _listed(database)}, ensure_ascii=False) + "\n")
        return DONE
    with database.read() as connection:
        envelopes = reviewed(connection, args.device)
        owner = known_devices(connection).get(args.device)
    if not envelopes:
        raise EnvironmentProblem(
            f"Nothing of device {args.device!r} waits for a review.",
            code="nothing_to_review",
            what_was_kept="Nothing was changed.",
        )
    told: dict[str, object] = {"device": args.device, "dropped": len(envelopes)}
    ids = [each.op_id for each in envelopes]
    code = DONE
    if args.action == "accept":
        if owner is None:
            raise EnvironmentProblem(
                f"Nobody knows whose device {args.device!r} was.",
                code="unknown_device",
                what_was_kept="Its commands still wait.",
                what_to_do="Drop them, or register them by hand.",
            )
        parts = Pushing(database=database, clock=clock, grounds=Grounds())
        taken = take_in(parts, [Found(args.device, each, "") for each in envelopes])
        told = {"device": args.device, **_taken(taken)}
        code = PARTLY if taken.refused or taken.waiting else DONE
        # The laptop may be gone: what was only put off is kept here, to be accepted again.
        ids = [op_id for op_id in ids if op_id not in taken.waiting]
    database.transact(lambda connection: forget_reviewed(connection, ids))
    _note(database, clock, f"review_{args.action}", args.device, told)
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return code


def _report(
    reading: Reading, taken: Taken, doubtful: list[Found], waiting: list[str]
) -> dict[str, object]:
    reasons = {found.envelope.op_id: found.reason for found in doubtful}
    return {
        "commands": len(reading.commands),
        **_taken(taken),
        "review": reasons,
        "new_in_review": len(waiting),
        "aborted": reading.aborted,
        "damaged": reading.damaged,
        "unreadable": reading.unreadable,
    }


def _taken(taken: Taken) -> dict[str, object]:
    return {
        "applied": taken.applied,
        "known": len(taken.known),
        "refused": taken.refused,
        "waiting": taken.waiting,
    }


def _listed(database: Database) -> list[dict[str, object]]:
    review, user = file_tables.sealed_review.c, tables.user_account.c
    query = (
        select(
            review.device_id,
            user.login,
            review.reason,
            func.count().label("commands"),
            func.min(review.at).label("since"),
        )
        .select_from(file_tables.sealed_review)
        .outerjoin(tables.user_account, user.id == review.user_id)
        .group_by(review.device_id, user.login, review.reason)
        .order_by(func.min(review.at))
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
    return [
        {
            "device": row.device_id,
            "user": row.login or "",
            "reason": row.reason,
            "commands": row.commands,
            "since": to_stamp(row.since),
        }
        for row in rows
    ]


def _note(
    database: Database, clock: Clock, action: str, subject: str, told: dict[str, object]
) -> None:
    now = clock.now()
    counts = {
        name: len(value) if isinstance(value, list | dict) else value
        for name, value in told.items()
    }
    database.transact(
        lambda connection: audit.record(
            connection,
            now,
            action,
            user_id=audit.OPERATOR,
            subject=subject[:80],
            detail=json.dumps(counts),
        )
    )
