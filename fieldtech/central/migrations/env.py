"""Runs migrations over the connection that ``fieldtech.central.migrate`` hands in."""

from __future__ import annotations

from alembic import context

from fieldtech.central import file_tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=file_tables.sealed_review.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
