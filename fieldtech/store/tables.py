"""The store's tables as SQLAlchemy knows them; a test holds them equal to the migrations.

The two FTS5 tables (``agenda_words``, ``place_words``) are virtual and stand only in the
migrations.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=False)


def _real(name: str) -> Column[float]:
    return Column(name, Float, nullable=False)


def _maybe(name: str) -> Column[float]:
    return Column(name, Float, nullable=True)


meta = Table("meta", metadata, _text("key", key=True), _text("value"))

bucket = Table(
    "bucket",
    metadata,
    _number("id", key=True),
    _text("name"),
    _number("cursor"),
    _number("size"),
    _text("hash"),
    _number("generation"),
    _number("sweeping"),
    UniqueConstraint("name"),
)

member = Table(
    "member",
    metadata,
    _number("rid", key=True),
    _number("bucket_id", key=True),
    _number("rev"),
    _number("generation"),
    sqlite_with_rowid=False,
)

mirror = Table(
    "mirror",
    metadata,
    _number("rid", key=True),
    _text("entity"),
    _text("id"),
    _number("rev"),
    _text("parent"),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("entity", "id"),
    Index("mirror_parent", "entity", "parent"),
)

overlay = Table(
    "overlay",
    metadata,
    _text("entity", key=True),
    _text("id", key=True),
    _text("incident_id"),
    _text("body"),
    Index("overlay_incident", "incident_id"),
)

outbox = Table(
    "outbox",
    metadata,
    _number("rid", key=True),
    _text("device_id"),
    _number("n"),
    _text("op_id"),
    _text("cmd"),
    _text("target"),
    _text("incident_id"),
    _text("visit_id"),
    _text("label"),
    _text("envelope"),
    _text("state"),
    _text("code"),
    _text("detail"),
    _text("result"),
    _number("landed"),
    _real("made_at"),
    _maybe("settled_at"),
    _text("decision"),
    _maybe("decided_at"),
    UniqueConstraint("op_id"),
    UniqueConstraint("device_id", "n"),
    Index("outbox_incident", "incident_id"),
    Index("outbox_state", "state"),
)

blob = Table(
    "blob",
    metadata,
    _number("rid", key=True),
    _text("sha256"),
    _number("size"),
    _text("media_type"),
    _text("name"),
    _text("incident_id"),
    _text("state"),
    _text("code"),
    _text("upload_id"),
    _number("sent"),
    _number("restarts"),
    _real("made_at"),
    _maybe("settled_at"),
    UniqueConstraint("sha256"),
    Index("blob_state", "state", "rid"),
)

dirty = Table("dirty", metadata, _text("entity", key=True), _text("id", key=True))

agenda = Table(
    "agenda",
    metadata,
    _number("rid", key=True),
    _text("incident_id"),
    _text("visit_id"),
    _text("technician_id"),
    _text("customer_id"),
    _text("site_id"),
    _text("service_id"),
    _text("region_id"),
    _text("number"),
    _text("kind"),
    _text("title"),
    _text("customer"),
    _text("site"),
    _text("street"),
    _text("municipality"),
    _text("state"),
    _text("timezone"),
    _real("lat"),
    _real("lon"),
    _text("severity"),
    _text("incident_state"),
    _text("visit_state"),
    _real("reported_at"),
    _maybe("window_start"),
    _maybe("window_end"),
    _text("clocks"),
    _real("order_at"),
    _real("site_at"),
    _maybe("due_at"),
    _maybe("risk_at"),
    _text("place_key"),
    _number("active"),
    _number("assigned"),
    _number("away"),
    _number("waiting"),
    _number("refused"),
    _number("words"),
    UniqueConstraint("incident_id", "visit_id"),
    Index("agenda_order", "active", "place_key", "site_at", "site_id", "order_at", "rid"),
    Index(
        "agenda_urgency",
        "active",
        "assigned",
        "order_at",
        "region_id",
        "severity",
        "risk_at",
        "due_at",
        "incident_id",
    ),
    Index("agenda_site", "site_id", "active", "order_at"),
    Index("agenda_customer", "customer_id"),
)

place = Table(
    "place",
    metadata,
    _number("rid", key=True),
    _text("service_id"),
    _text("site_id"),
    _text("customer_id"),
    _number("words"),
    UniqueConstraint("service_id"),
    Index("place_site", "site_id"),
    Index("place_customer", "customer_id"),
)

draft = Table("draft", metadata, _text("key", key=True), _text("body"), _real("saved_at"))

session = Table(
    "session",
    metadata,
    _number("id", key=True),
    _text("central_url"),
    _text("device_id"),
    _text("device_name"),
    _number("next_n"),
    _text("user"),
    _text("epoch"),
    _maybe("last_contact"),
    CheckConstraint("id = 1"),
)
