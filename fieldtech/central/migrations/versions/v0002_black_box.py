"""Devices sign their journals; what a sealed package brings and nobody vouches for is reviewed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the device's public key and the table of what waits for an operator."""
    with op.batch_alter_table("device") as table:
        table.add_column(sa.Column("sign_key", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "sealed_review",
        sa.Column("op_id", sa.String(length=80), nullable=False),
        sa.Column("device_id", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("op_id", name=op.f("pk_sealed_review")),
    )
    op.create_index(
        op.f("ix_sealed_review_device_id"), "sealed_review", ["device_id"], unique=False
    )


def downgrade() -> None:
    """Take both away."""
    op.drop_index(op.f("ix_sealed_review_device_id"), table_name="sealed_review")
    op.drop_table("sealed_review")
    with op.batch_alter_table("device") as table:
        table.drop_column("sign_key")
