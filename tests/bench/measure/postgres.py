"""A PostgreSQL cluster of its own, thrown away afterwards; for the peer that needs one."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = "nobody"
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/bin", "/opt/homebrew/opt/postgresql*/bin")


class NoPostgresError(LookupError):
    """There is no PostgreSQL server program here."""


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """Give the address of a new database ``bench``; raises ``NoPostgresError``.

    Its own settings but for the sockets; durable as it comes.
    """
    programs = _programs()
    folder.mkdir(mode=0o755, parents=True)
    data, sockets = folder / "data", folder / "s"
    for each in (data, sockets):
        each.mkdir(mode=0o700)
        if _is_root():
            shutil.chown(each, NOBODY)
    _run([programs / "initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8"])
    options = f"-k {sockets} -c listen_addresses="
    log = data / "server.log"
    _run([programs / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options])
    try:
        yield f"postgresql://bench@/postgres?host={sockets}"
    finally:
        _run([programs / "pg_ctl", "stop", "-w", "-m", "fast", "-D", data])


def _programs() -> Path:
    found = shutil.which("initdb")
    if found and shutil.which("pg_ctl"):
        return Path(found).parent
    for place in _PLACES:
        for folder in sorted(Path("/").glob(place.lstrip("/")), reverse=True):
            if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
                return folder
    raise NoPostgresError("no PostgreSQL server program")


def _run(command: list[str | Path]) -> None:
    user = NOBODY if _is_root() else None
    # Not its output: a server that goes on would hold the pipe open.
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user
    )


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
