"""Bringing a database to the newest schema, and refusing one that is newer than this program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from fieldtech.errors import EnvironmentProblem

if TYPE_CHECKING:
    from sqlalchemy import Engine

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to ``revision``; raise ``EnvironmentProblem`` when it is newer."""
    config = configuration()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
        if present is not None and present not in known:
            raise EnvironmentProblem(
                f"This database has schema {present}, newer than this program knows.",
                code="schema_too_new",
                what_was_kept="The database was not changed.",
                what_to_do="Use the program version that wrote it, or a newer one.",
            )
        connection.rollback()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        except CommandError as problem:
            raise EnvironmentProblem(
                f"The database could not be migrated: {problem}", code="migration_failed"
            ) from problem


def configuration() -> Config:
    """Return Alembic's settings: the packaged scripts, and no file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
