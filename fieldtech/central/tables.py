"""Every table of the central: SQLAlchemy Core, the same on SQLite and PostgreSQL.

The full text of an entity stands once, in ``body``; the tables named after entities carry only
the columns that queries need. Times are UTC-aware in Python and on PostgreSQL. What laptops see
is decided by ``feed``: one row for each entity in each bucket, moved to a new ``seq`` by a change.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = 80
"""Longest id or bucket name in characters."""


class UtcTime(TypeDecorator[datetime]):
    """An aware moment: ``timestamptz`` on PostgreSQL, UTC text on SQLite; naive is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC, without its zone where the database keeps none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


meta = Table(
    "meta",
    metadata,
    Column("key", String(ID), primary_key=True),
    Column("value", Text, nullable=False),
)
"""``epoch``, ``restored_at``, ``seal_key`` (public half) and the row ``grants`` that serialises
changes of who has which region against writers."""

counter = Table(
    "counter",
    metadata,
    Column("name", String(ID), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""Folio counters, one a month: ``folio:2611``."""

# People, devices, sessions -----------------------------------------------------------------------

user_account = Table(
    "user_account",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("login", String(ID), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

user_region = Table(
    "user_region",
    metadata,
    Column("user_id", ForeignKey("user_account.id"), primary_key=True),
    Column("region_id", ForeignKey("region.id"), primary_key=True, index=True),
)

device = Table(
    "device",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("user_id", ForeignKey("user_account.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("forked_from", String(ID), index=True),
    Column("app", Text, nullable=False, default=""),
    Column("schema", Integer, nullable=False, default=0),
    Column("last_n", BigInteger, nullable=False, default=0),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("sign_key", Text, nullable=False, default="", server_default=""),
)
"""``sign_key`` is the public half of the key that the device signs its journal with (Ed25519,
base64): the first one it told stays."""

session_family = Table(
    "session_family",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("user_id", ForeignKey("user_account.id"), nullable=False, index=True),
    Column("device_id", ForeignKey("device.id"), nullable=False, index=True),
    Column("generation", Integer, nullable=False),
    Column("current_hash", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)
"""One sign-in on one device. ``generation`` and ``current_hash`` name the newest refresh token
that was *used*: anything older is a reuse."""

refresh_token = Table(
    "refresh_token",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column(
        "family_id", ForeignKey("session_family.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("generation", Integer, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

access_token = Table(
    "access_token",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column(
        "family_id", ForeignKey("session_family.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

login_throttle = Table(
    "login_throttle",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("blocked_until", UtcTime, nullable=False),
)

# Where, who and what: only the columns that are asked for ---------------------------------------

region = Table(
    "region",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("parent_id", ForeignKey("region.id"), index=True),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False),
)
"""``path`` is the ids from the root to the region itself, each between slashes."""

channel = Table(
    "channel",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("region_id", ForeignKey("region.id"), nullable=False, index=True),
)

customer = Table(
    "customer",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("name", Text, nullable=False),
)

site = Table(
    "site",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False, index=True),
    Column("region_id", ForeignKey("region.id"), nullable=False, index=True),
)

service = Table(
    "service",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False, index=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False),
    Column("total_users", Integer),
)

equipment = Table(
    "equipment",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("site_id", ForeignKey("site.id"), nullable=False, index=True),
    Column("service_id", ForeignKey("service.id")),
    Column("total_users", Integer),
)

service_month = Table(
    "service_month",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("service_id", ForeignKey("service.id"), nullable=False, index=True),
    Column("month", String(7), nullable=False),
)

# Work --------------------------------------------------------------------------------------------

incident = Table(
    "incident",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("number", String(40), nullable=False, unique=True),
    Column("external_id", String(200), unique=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("region_id", ForeignKey("region.id"), nullable=False, index=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False, index=True),
    Column("site_id", ForeignKey("site.id"), nullable=False, index=True),
    Column("service_id", ForeignKey("service.id"), index=True),
    Column("reported_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("live", Boolean, nullable=False),
    Column("live_until", UtcTime, index=True),
)
"""``live``: still on the laptops (open, or ended within the retention). ``live_until`` is set on
the ended ones that the sweep has to take away."""

visit = Table(
    "visit",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("incident_id", ForeignKey("incident.id"), nullable=False, index=True),
    Column("technician_id", ForeignKey("user_account.id"), nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("ended_at", UtcTime),
    Column("live", Boolean, nullable=False),
    Column("live_until", UtcTime, index=True),
)

crew = Table(
    "crew",
    metadata,
    Column("visit_id", ForeignKey("visit.id"), primary_key=True),
    Column("user_id", ForeignKey("user_account.id"), primary_key=True),
    Column("incident_id", String(ID), nullable=False, index=True),
    Column("site_id", String(ID), nullable=False),
    Column("customer_id", String(ID), nullable=False),
    Column("live", Boolean, nullable=False),
    Index("ix_crew_user_id_live", "user_id", "live"),
    Index("ix_crew_site_id_live", "site_id", "live"),
)
"""Who goes to a visit (technician and companions), with what a technician's scope follows from."""

planned = Table(
    "planned",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False, index=True),
    Column("cancelled", Boolean, nullable=False),
)

delivered = Table(
    "delivered",
    metadata,
    Column("visit_id", String(ID), primary_key=True),
    Column("user_id", String(ID), primary_key=True),
    Column("at", UtcTime, nullable=False),
)
"""To whom a visit of his was once delivered: his facts about it are accepted ever after."""

# Commands ----------------------------------------------------------------------------------------

op = Table(
    "op",
    metadata,
    Column("op_id", String(ID), primary_key=True),
    Column("user_id", String(ID), nullable=False),
    Column("device_id", String(ID), nullable=False),
    Column("cmd", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("code", String(60), nullable=False),
    Column("result", Text, nullable=False),
    Column("envelope", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_op_device_id_status", "device_id", "status"),
)
"""Every command as it was received, with its result. ``subject`` is the case or planned work that
it was about: what a quarantined command blocks for its device."""

op_slot = Table(
    "op_slot",
    metadata,
    Column("device_id", ForeignKey("device.id"), primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("op_id", ForeignKey("op.op_id"), nullable=False, index=True),
)
"""Which command a device numbered how. A command that a forked device offers again under a new
number has two slots and one effect."""

op_try = Table(
    "op_try",
    metadata,
    Column("op_id", String(ID), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("error", Text, nullable=False),
)
"""How often a command's own code has raised."""

# Feed --------------------------------------------------------------------------------------------

body = Table(
    "body",
    metadata,
    Column("entity", String(20), primary_key=True),
    Column("id", String(ID), primary_key=True),
    Column("audience", String(20), primary_key=True, default=""),
    Column("rev", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
)

bucket = Table(
    "bucket",
    metadata,
    Column("name", String(ID + 20), primary_key=True),
    Column("head", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("hash", String(20), nullable=False),
)
"""``head`` is the counter; ``floor`` the highest seq of a forgotten tombstone; ``size`` and
``hash`` (decimal, modulo 2**64) cover the ``put`` rows."""

feed = Table(
    "feed",
    metadata,
    Column("entity", String(20), primary_key=True),
    Column("id", String(ID), primary_key=True),
    Column("bucket", String(ID + 20), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("op", String(3), nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("removed_at", UtcTime),
    CheckConstraint("op IN ('put', 'del')", name="op"),
    Index("ux_feed_bucket_seq", "bucket", "seq", unique=True),
    Index("ix_feed_removed_at", "removed_at"),
)
"""The key starts with the entity because a change asks for an entity's buckets."""

audit = Table(
    "audit",
    metadata,
    Column("id", String(ID), primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("user_id", String(ID), nullable=False),
    Column("device_id", String(ID), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(ID + 20), nullable=False),
    Column("detail", Text, nullable=False),
)
"""Append-only: sign-ins, grants, devices, settings. Changes of work stand in each entity's own
history."""
