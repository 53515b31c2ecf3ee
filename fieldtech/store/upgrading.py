"""Bringing a store's schema up to date: refuse a newer one, copy the file, then step by step."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from typing import TYPE_CHECKING

from fieldtech.errors import EnvironmentProblem
from fieldtech.store.driver import connect, create_private, roll_back
from fieldtech.store.migrations import STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlcipher3 import dbapi2 as driver

    from fieldtech.store.migrations import Step

_COPY = ".schema-"


def bring_up_to_date(path: Path, key: str, steps: Sequence[Step] = STEPS) -> Path | None:
    """Apply the steps that the store at ``path`` lacks; return the copy made of an older one.

    Each step commits with its number, so that an interrupted upgrade goes on where it stopped.
    Raises ``EnvironmentProblem`` for a store of a newer program, which is left as it is, and the
    driver's errors.
    """
    with closing(connect(path, key)) as connection:
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if found > len(steps):
            raise _newer(found, len(steps))
        if found == len(steps):
            return None
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    # Copied while no connection of this process is open: see ``create_private``.
    copy = _copy(path, found) if found else None
    with closing(connect(path, key)) as connection:
        for number, step in enumerate(steps[found:], start=found + 1):
            _take(connection, step, number)
    return copy


def forget_copies(path: Path, before: datetime) -> None:
    """Delete copies that upgrades made before a moment: nothing in them is needed any more."""
    for copy in path.parent.glob(f"{path.name}{_COPY}*"):
        if copy.stat().st_mtime < before.timestamp():
            copy.unlink()


def _take(connection: driver.Connection, step: Step, number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        step(connection)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise


def _newer(found: int, known: int) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"This profile was used with a newer version of the program (schema {found}, "
        f"this version knows {known}).",
        code="schema_newer",
        what_was_kept="The store was not touched.",
        what_to_do="Update the program on this laptop.",
    )


def _copy(path: Path, schema: int) -> Path:
    """Copy the still encrypted file beside itself; the profile lock keeps others away."""
    copy = path.with_name(f"{path.name}{_COPY}{schema}")
    create_private(copy)
    shutil.copyfile(path, copy)
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    return copy
