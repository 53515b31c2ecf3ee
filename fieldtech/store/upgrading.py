"""Bringing a store's schema up to date: refuse a newer one, copy the file, then step by step."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from fieldtech.errors import EnvironmentProblem
from fieldtech.store.driver import create_private
from fieldtech.store.migrations import STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlcipher3 import dbapi2 as driver

    from fieldtech.store.migrations import Step


def schema_of(connection: driver.Connection) -> int:
    """Return the schema of an open store, 0 for an empty file; raises the driver's errors."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def bring_up_to_date(
    connection: driver.Connection, path: Path, steps: Sequence[Step] = STEPS
) -> Path | None:
    """Apply the steps that ``path`` lacks; return the copy made of an older store, if any.

    Each step commits with its number, so that an interrupted upgrade goes on where it stopped.
    Raises ``EnvironmentProblem`` for a store of a newer program, which is left as it is, and the
    driver's errors.
    """
    found = schema_of(connection)
    if found > len(steps):
        raise EnvironmentProblem(
            f"This profile was used with a newer version of the program (schema {found}, "
            f"this version knows {len(steps)}).",
            code="schema_newer",
            what_was_kept="The store was not touched.",
            what_to_do="Update the program on this laptop.",
        )
    if found == len(steps):
        return None
    copy = _copy(connection, path, found) if found else None
    for number, step in enumerate(steps[found:], start=found + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            step(connection)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    return copy


def _copy(connection: driver.Connection, path: Path, schema: int) -> Path:
    """Copy the still encrypted file beside itself; the profile lock keeps others away."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    copy = path.with_name(f"{path.name}.schema-{schema}")
    create_private(copy)
    shutil.copyfile(path, copy)
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    return copy
