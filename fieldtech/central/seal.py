"""The key pair for which laptops seal their journals: recovery when a laptop's own key is gone.

The private half never enters the database or its backups; it lies in a file of its own.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from nacl.public import PrivateKey

from fieldtech.central.database import read_meta, write_meta
from fieldtech.central.folders import make_folder
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from fieldtech.central.database import Database

FILE_NAME = "seal.key"


def seal_key(database: Database, folder: Path) -> PrivateKey:
    """Return the private half, which opens what laptops sealed for this central.

    Raises ``EnvironmentProblem`` when it is missing or does not fit the database.
    """
    path = folder / FILE_NAME
    with database.read() as connection:
        known = read_meta(connection, "seal_key")
    private = _read(path)
    if not known or _public(private) != known:
        raise _unfit(path)
    return private


def ensure_seal_key(database: Database, folder: Path) -> str:
    """Return the public half, base64; make the pair when this central has none yet.

    Raises ``EnvironmentProblem`` when the file is missing or does not fit the database: what was
    sealed for the old key could never be opened with a new one; and when its folder cannot be used.
    """
    path = folder / FILE_NAME
    with database.read() as connection:
        known = read_meta(connection, "seal_key")
    if not path.exists() and not known:
        make_folder(folder)
        write_private(path, b64encode(bytes(PrivateKey.generate())).decode("ascii") + os.linesep)
    public = _public(_read(path))
    if known and known != public:
        raise _unfit(path)
    if not known:
        database.transact(lambda connection: write_meta(connection, "seal_key", public))
    return public


def _read(path: Path) -> PrivateKey:
    try:
        return PrivateKey(b64decode(path.read_text(encoding="ascii"), validate=False))
    except (OSError, ValueError, TypeError) as problem:
        raise _unfit(path) from problem


def _public(key: PrivateKey) -> str:
    return b64encode(bytes(key.public_key)).decode("ascii")


def _unfit(path: Path) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"{path} is not the seal key of this central.",
        code="seal_key_missing",
        what_was_kept="The database was not changed.",
        what_to_do="Put the file back from its backup, or name its folder with --keys.",
    )
