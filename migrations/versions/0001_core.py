"""Counters, and what was answered under each client-made name."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "command",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.String(length=32), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("(status = 422) = (code IS NOT NULL)", name=op.f("ck_command_refusal_has_code")),
        sa.CheckConstraint("status IN (201, 422)", name=op.f("ck_command_answered")),
        sa.PrimaryKeyConstraint("village_id", "id", "kind", name=op.f("pk_command")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_command_refused",
        "command",
        ["village_id", "at", "kind", "id"],
        unique=False,
        postgresql_where=sa.text("status = 422"),
        sqlite_where=sa.text("status = 422"),
    )
    op.create_table(
        "counter",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("value > 0", name=op.f("ck_counter_positive")),
        sa.PrimaryKeyConstraint("village_id", "purpose", name=op.f("pk_counter")),
    )


def downgrade() -> None:
    op.drop_table("counter")
    op.drop_table("command")
