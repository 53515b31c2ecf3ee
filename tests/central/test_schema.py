"""Models and migrations say the same; a database goes up, down, and never backwards by accident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.schema import CreateIndex, CreateTable

from fieldtech.central import tables
from fieldtech.central.database import Database, new_epoch, read_meta
from fieldtech.central.migrate import configuration, migrate
from fieldtech.errors import EnvironmentProblem

if TYPE_CHECKING:
    from pathlib import Path

    from central_desk import Desk


def test_models_equal_migrations(desk: Desk) -> None:
    with desk.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_every_table_and_index_can_be_written_for_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in tables.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert "INDEX" in str(CreateIndex(index).compile(dialect=dialect))


def test_up_and_down(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(engine)
    assert len(inspect(engine).get_table_names()) == len(tables.metadata.tables) + 1
    config = configuration()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(engine)
    engine.dispose()


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    Database.in_folder(tmp_path).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'central.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(EnvironmentProblem, match="9999") as refused:
        Database.in_folder(tmp_path)
    assert refused.value.code == "schema_too_new"


def test_a_missing_driver_is_named() -> None:
    with pytest.raises(EnvironmentProblem, match="asyncpg") as refused:
        Database.open("postgresql+asyncpg://localhost/fieldtech")
    assert refused.value.code == "no_database_driver"


def test_the_file_is_private_durable_and_checks_references(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    database = Database.in_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "central.db").stat().st_mode & 0o777 == 0o600
    with database.read() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    orphan = {"id": "s", "customer_id": "nobody", "region_id": "nowhere"}
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(tables.site.insert(), orphan)
    with database.read() as connection:
        assert connection.execute(select(tables.site)).all() == []
    database.close()


def test_an_epoch_lasts_until_it_is_changed(tmp_path: Path) -> None:
    epochs = []
    for _ in range(2):
        database = Database.in_folder(tmp_path)
        with database.read() as connection:
            epochs.append(read_meta(connection, "epoch"))
        database.close()
    assert epochs[0] == epochs[1] != ""
    database = Database.in_folder(tmp_path)
    with database.write() as connection:
        assert new_epoch(connection, datetime(2026, 1, 1, tzinfo=UTC)) != epochs[0]
    database.close()


def test_times_come_back_aware_and_naive_ones_are_refused(desk: Desk) -> None:
    moment = datetime(2026, 11, 4, 9, 30, 0, 250, tzinfo=timezone(timedelta(hours=-6)))
    row = {"key": "k", "failures": 0, "blocked_until": moment}
    with desk.database.write() as connection:
        connection.execute(tables.login_throttle.insert(), row)
    with desk.database.read() as connection:
        stored = connection.execute(select(tables.login_throttle.c.blocked_until)).scalar_one()
    assert stored == moment
    assert stored.tzinfo is UTC
    naive = tables.login_throttle.insert().values(
        key="n", failures=0, blocked_until=moment.replace(tzinfo=None)
    )
    with desk.database.read() as connection, pytest.raises(StatementError, match="without a zone"):
        connection.execute(naive)
