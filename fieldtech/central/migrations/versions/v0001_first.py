"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915  one table after the other
    """Make every table."""
    op.create_table(
        "audit",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.String(length=80), nullable=False),
        sa.Column("device_id", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_table(
        "body",
        sa.Column("entity", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "id", "audience", name=op.f("pk_body")),
    )
    op.create_table(
        "bucket",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bucket")),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "customer",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
    )
    op.create_table(
        "delivered",
        sa.Column("visit_id", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("visit_id", "user_id", name=op.f("pk_delivered")),
    )
    op.create_table(
        "feed",
        sa.Column("entity", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("bucket", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("op", sa.String(length=3), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("op IN ('put', 'del')", name=op.f("ck_feed_op")),
        sa.PrimaryKeyConstraint("entity", "id", "bucket", name=op.f("pk_feed")),
    )
    op.create_index("ix_feed_removed_at", "feed", ["removed_at"], unique=False)
    op.create_index("ux_feed_bucket_seq", "feed", ["bucket", "seq"], unique=True)
    op.create_table(
        "login_throttle",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_throttle")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "op",
        sa.Column("op_id", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.String(length=80), nullable=False),
        sa.Column("device_id", sa.String(length=80), nullable=False),
        sa.Column("cmd", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("op_id", name=op.f("pk_op")),
    )
    op.create_index("ix_op_device_id_status", "op", ["device_id", "status"], unique=False)
    op.create_table(
        "op_try",
        sa.Column("op_id", sa.String(length=80), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("op_id", name=op.f("pk_op_try")),
    )
    op.create_table(
        "planned",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned")),
    )
    op.create_index(op.f("ix_planned_ends_at"), "planned", ["ends_at"], unique=False)
    op.create_table(
        "region",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["region.id"], name=op.f("fk_region_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
    )
    op.create_index(op.f("ix_region_parent_id"), "region", ["parent_id"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
    )
    op.create_table(
        "channel",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("region_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_channel_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    op.create_index(op.f("ix_channel_region_id"), "channel", ["region_id"], unique=False)
    op.create_table(
        "device",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("forked_from", sa.String(length=80), nullable=True),
        sa.Column("app", sa.Text(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("last_n", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_device_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_forked_from"), "device", ["forked_from"], unique=False)
    op.create_index(op.f("ix_device_user_id"), "device", ["user_id"], unique=False)
    op.create_table(
        "site",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("customer_id", sa.String(length=80), nullable=False),
        sa.Column("region_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_site_customer_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_site_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_index(op.f("ix_site_customer_id"), "site", ["customer_id"], unique=False)
    op.create_index(op.f("ix_site_region_id"), "site", ["region_id"], unique=False)
    op.create_table(
        "user_region",
        sa.Column("user_id", sa.String(length=80), nullable=False),
        sa.Column("region_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_user_region_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_region_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "region_id", name=op.f("pk_user_region")),
    )
    op.create_index(op.f("ix_user_region_region_id"), "user_region", ["region_id"], unique=False)
    op.create_table(
        "op_slot",
        sa.Column("device_id", sa.String(length=80), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("op_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_op_slot_device_id")),
        sa.ForeignKeyConstraint(["op_id"], ["op.op_id"], name=op.f("fk_op_slot_op_id")),
        sa.PrimaryKeyConstraint("device_id", "n", name=op.f("pk_op_slot")),
    )
    op.create_index(op.f("ix_op_slot_op_id"), "op_slot", ["op_id"], unique=False)
    op.create_table(
        "service",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("site_id", sa.String(length=80), nullable=False),
        sa.Column("customer_id", sa.String(length=80), nullable=False),
        sa.Column("total_users", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_service_customer_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_service_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    op.create_index(op.f("ix_service_site_id"), "service", ["site_id"], unique=False)
    op.create_table(
        "session_family",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.String(length=80), nullable=False),
        sa.Column("device_id", sa.String(length=80), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("current_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_session_family_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_session_family_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_family")),
    )
    op.create_index(
        op.f("ix_session_family_device_id"), "session_family", ["device_id"], unique=False
    )
    op.create_index(op.f("ix_session_family_user_id"), "session_family", ["user_id"], unique=False)
    op.create_table(
        "access_token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("family_id", sa.String(length=80), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["session_family.id"],
            name=op.f("fk_access_token_family_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_access_token")),
    )
    op.create_index(
        op.f("ix_access_token_expires_at"), "access_token", ["expires_at"], unique=False
    )
    op.create_index(op.f("ix_access_token_family_id"), "access_token", ["family_id"], unique=False)
    op.create_table(
        "equipment",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("site_id", sa.String(length=80), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=True),
        sa.Column("total_users", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_equipment_service_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_equipment_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
    )
    op.create_index(op.f("ix_equipment_site_id"), "equipment", ["site_id"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("region_id", sa.String(length=80), nullable=False),
        sa.Column("customer_id", sa.String(length=80), nullable=False),
        sa.Column("site_id", sa.String(length=80), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("live_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_incident_customer_id")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_incident_region_id")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_incident_service_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_incident_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("external_id", name=op.f("uq_incident_external_id")),
        sa.UniqueConstraint("number", name=op.f("uq_incident_number")),
    )
    op.create_index(op.f("ix_incident_customer_id"), "incident", ["customer_id"], unique=False)
    op.create_index(op.f("ix_incident_live_until"), "incident", ["live_until"], unique=False)
    op.create_index(op.f("ix_incident_region_id"), "incident", ["region_id"], unique=False)
    op.create_index(op.f("ix_incident_service_id"), "incident", ["service_id"], unique=False)
    op.create_index(op.f("ix_incident_site_id"), "incident", ["site_id"], unique=False)
    op.create_table(
        "refresh_token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("family_id", sa.String(length=80), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["session_family.id"],
            name=op.f("fk_refresh_token_family_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_refresh_token")),
    )
    op.create_index(
        op.f("ix_refresh_token_family_id"), "refresh_token", ["family_id"], unique=False
    )
    op.create_table(
        "service_month",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_month_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_month")),
    )
    op.create_index(
        op.f("ix_service_month_service_id"), "service_month", ["service_id"], unique=False
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("incident_id", sa.String(length=80), nullable=False),
        sa.Column("technician_id", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("live_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_visit_incident_id")
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["user_account.id"], name=op.f("fk_visit_technician_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_incident_id"), "visit", ["incident_id"], unique=False)
    op.create_index(op.f("ix_visit_live_until"), "visit", ["live_until"], unique=False)
    op.create_index(op.f("ix_visit_technician_id"), "visit", ["technician_id"], unique=False)
    op.create_table(
        "crew",
        sa.Column("visit_id", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.String(length=80), nullable=False),
        sa.Column("incident_id", sa.String(length=80), nullable=False),
        sa.Column("site_id", sa.String(length=80), nullable=False),
        sa.Column("customer_id", sa.String(length=80), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_crew_user_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_crew_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", "user_id", name=op.f("pk_crew")),
    )
    op.create_index(op.f("ix_crew_incident_id"), "crew", ["incident_id"], unique=False)
    op.create_index("ix_crew_site_id_live", "crew", ["site_id", "live"], unique=False)
    op.create_index("ix_crew_user_id_live", "crew", ["user_id", "live"], unique=False)


def downgrade() -> None:  # noqa: PLR0915
    """Drop every table."""
    op.drop_index("ix_crew_user_id_live", table_name="crew")
    op.drop_index("ix_crew_site_id_live", table_name="crew")
    op.drop_index(op.f("ix_crew_incident_id"), table_name="crew")
    op.drop_table("crew")
    op.drop_index(op.f("ix_visit_technician_id"), table_name="visit")
    op.drop_index(op.f("ix_visit_live_until"), table_name="visit")
    op.drop_index(op.f("ix_visit_incident_id"), table_name="visit")
    op.drop_table("visit")
    op.drop_index(op.f("ix_service_month_service_id"), table_name="service_month")
    op.drop_table("service_month")
    op.drop_index(op.f("ix_refresh_token_family_id"), table_name="refresh_token")
    op.drop_table("refresh_token")
    op.drop_index(op.f("ix_incident_site_id"), table_name="incident")
    op.drop_index(op.f("ix_incident_service_id"), table_name="incident")
    op.drop_index(op.f("ix_incident_region_id"), table_name="incident")
    op.drop_index(op.f("ix_incident_live_until"), table_name="incident")
    op.drop_index(op.f("ix_incident_customer_id"), table_name="incident")
    op.drop_table("incident")
    op.drop_index(op.f("ix_equipment_site_id"), table_name="equipment")
    op.drop_table("equipment")
    op.drop_index(op.f("ix_access_token_family_id"), table_name="access_token")
    op.drop_index(op.f("ix_access_token_expires_at"), table_name="access_token")
    op.drop_table("access_token")
    op.drop_index(op.f("ix_session_family_user_id"), table_name="session_family")
    op.drop_index(op.f("ix_session_family_device_id"), table_name="session_family")
    op.drop_table("session_family")
    op.drop_index(op.f("ix_service_site_id"), table_name="service")
    op.drop_table("service")
    op.drop_index(op.f("ix_op_slot_op_id"), table_name="op_slot")
    op.drop_table("op_slot")
    op.drop_index(op.f("ix_user_region_region_id"), table_name="user_region")
    op.drop_table("user_region")
    op.drop_index(op.f("ix_site_region_id"), table_name="site")
    op.drop_index(op.f("ix_site_customer_id"), table_name="site")
    op.drop_table("site")
    op.drop_index(op.f("ix_device_user_id"), table_name="device")
    op.drop_index(op.f("ix_device_forked_from"), table_name="device")
    op.drop_table("device")
    op.drop_index(op.f("ix_channel_region_id"), table_name="channel")
    op.drop_table("channel")
    op.drop_table("user_account")
    op.drop_index(op.f("ix_region_parent_id"), table_name="region")
    op.drop_table("region")
    op.drop_index(op.f("ix_planned_ends_at"), table_name="planned")
    op.drop_table("planned")
    op.drop_table("op_try")
    op.drop_index("ix_op_device_id_status", table_name="op")
    op.drop_table("op")
    op.drop_table("meta")
    op.drop_table("login_throttle")
    op.drop_index("ux_feed_bucket_seq", table_name="feed")
    op.drop_index("ix_feed_removed_at", table_name="feed")
    op.drop_table("feed")
    op.drop_table("delivered")
    op.drop_table("customer")
    op.drop_table("counter")
    op.drop_table("bucket")
    op.drop_table("body")
    op.drop_index(op.f("ix_audit_at"), table_name="audit")
    op.drop_table("audit")
