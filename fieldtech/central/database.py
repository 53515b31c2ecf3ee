"""The central's database: opened, migrated, and written one transaction at a time.

SQLite has one server process and, inside it, one writer at a time: waiting on a lock of our own
costs microseconds where two SQLite writers wait seconds. On PostgreSQL the rows' own locks do it.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import create_engine, event, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError

from fieldtech.central import tables
from fieldtech.central.dialect import SERIALIZATION_FAILURES, Crossed, insert_new, upsert
from fieldtech.central.folders import make_folder
from fieldtech.central.migrate import migrate
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.codec import to_stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")

WRITE = "fieldtech_write"
LOCK_WAIT_S = 30.0
"""How long a statement waits for somebody else's lock: whoever forgot to commit must not take every
thread of the server with him. The request is then told to come again."""
CONNECTION_WAIT_S = 10.0
"""How long a request waits until one of the server's connections is free."""
RETRIES = 5
FILE_NAME = "central.db"


class Database:
    """An opened database at the newest schema. ``close`` it; safe to use from many threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = threading.Lock()
        self._is_sqlite = engine.dialect.name == "sqlite"

    @classmethod
    def open(cls, url: str) -> Database:
        """Open ``url`` (``sqlite:///…`` or ``postgresql://…``), migrating it to the newest schema.

        Raises ``EnvironmentProblem`` when the database or its driver cannot be had, or when the
        schema is newer than this program.
        """
        engine = _engine(url)
        try:
            migrate(engine)
            database = cls(engine)
            database.transact(_first_rows)
        except DatabaseError as problem:
            engine.dispose()
            if type(problem) is not DatabaseError:
                raise  # A statement's own trouble, or the server's.
            raise _no_database(str(problem.orig)) from problem
        except BaseException:
            engine.dispose()
            raise
        return database

    @classmethod
    def in_folder(cls, folder: Path) -> Database:
        """Open the SQLite file of a data folder, making both when they are not there.

        Raises ``EnvironmentProblem`` as ``open`` does, and when the folder cannot be used.
        """
        file = (folder / FILE_NAME).absolute()
        make_folder(folder)
        file.touch(mode=0o600, exist_ok=True)
        return cls.open(f"sqlite:///{file}")

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose statements all see one snapshot."""
        with self.engine.connect() as connection:
            if not self._is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in a write transaction, committed at the end unless an error leaves."""
        if not self._is_sqlite:
            with self.engine.begin() as connection:
                yield connection
            return
        with self._writing, self.engine.connect() as plain:
            connection = plain.execution_options(**{WRITE: True})
            with connection.begin():
                yield connection

    def transact(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` in a write transaction, again when the database asks for it."""
        for _ in range(RETRIES):
            try:
                with self.write() as connection:
                    return work(connection)
            except Crossed:
                continue
            except DBAPIError as problem:
                if getattr(problem.orig, "sqlstate", None) not in SERIALIZATION_FAILURES:
                    raise
        with self.write() as connection:
            return work(connection)


def read_meta(connection: Connection, key: str) -> str:
    """The value of a ``meta`` row, empty when there is none."""
    table = tables.meta.c
    return connection.execute(select(table.value).where(table.key == key)).scalar() or ""


def write_meta(connection: Connection, key: str, value: str) -> None:
    """Set a ``meta`` row."""
    connection.execute(upsert(connection, tables.meta), {"key": key, "value": value})


def new_epoch(connection: Connection, now: datetime) -> str:
    """Say that history before now may be missing (restored from a backup): everybody resyncs."""
    epoch = secrets.token_hex(8)
    write_meta(connection, "epoch", epoch)
    write_meta(connection, "restored_at", to_stamp(now))
    return epoch


def _first_rows(connection: Connection) -> None:
    first = {"epoch": secrets.token_hex(8), "grants": "", "restored_at": ""}
    rows = [{"key": key, "value": value} for key, value in first.items()]
    connection.execute(insert_new(connection, tables.meta), rows)


def _no_database(why: str) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"The database cannot be opened: {why}.",
        code="no_database",
        what_was_kept="Nothing was changed.",
    )


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as problem:
        # Not told as it was given: there may be a password in it.
        raise _no_database("this is not the address of one, as postgresql://… is") from problem
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        if not parsed.drivername.startswith("sqlite"):
            engine = create_engine(
                parsed,
                isolation_level="READ COMMITTED",
                pool_pre_ping=True,
                pool_timeout=CONNECTION_WAIT_S,
            )
            event.listen(engine, "connect", _prepare_server)
            return engine
    except (ImportError, NoSuchModuleError) as problem:
        raise EnvironmentProblem(
            f"There is no driver for {parsed.drivername} here: {problem}.",
            code="no_database_driver",
            what_to_do="Install it (for PostgreSQL: psycopg), or use --data with a folder.",
        ) from problem
    engine = create_engine(parsed, connect_args={"timeout": 30, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_server(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {round(LOCK_WAIT_S * 1000)}")
    cursor.close()
    connection.commit()


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own idea of when to begin must go: it would commit before some statements.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA cache_size=-65536")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
