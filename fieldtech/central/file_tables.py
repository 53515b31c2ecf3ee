"""The tables of files and of sealed packages; one metadata with all the others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from fieldtech.central.tables import ID, UtcTime, metadata

sealed_review = Table(
    "sealed_review",
    metadata,
    Column("op_id", String(ID), primary_key=True),
    Column("device_id", String(ID), nullable=False, index=True),
    Column("user_id", String(ID), nullable=False),
    Column("reason", String(60), nullable=False),
    Column("envelope", Text, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
)
"""Commands out of a sealed package that nobody vouches for: of a revoked device, or not signed by
the key it registered. ``place`` is their order. They wait for an operator."""

upload = Table(
    "upload",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("user_id", ForeignKey("user_account.id"), nullable=False),
    Column("device_id", String(ID), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("touched_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Index("ix_upload_user_id_sha256", "user_id", "sha256"),
)
"""Files on their way up, and those that are whole (``done_at``): what a user has sent is his."""

attachment = Table(
    "attachment",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("incident_id", String(ID), nullable=False),
    Column("user_id", String(ID), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("name", Text, nullable=False),
)
"""Which file an incident refers to. Its bytes are those that ``user_id`` sends."""
