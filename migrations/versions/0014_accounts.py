"""What was done to accounts, and password resets by one-time code."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_reset",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("started_by", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_password_reset_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_password_reset")),
    )
    op.create_table(
        "user_event",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=False), nullable=False
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("grants", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("typeof(id) IN ('integer', 'null')", name=op.f("ck_user_event_id_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "action IN ('created', 'changed', 'password_set', 'password_changed', 'reset_begun', 'reset_used', "
            "'wechat_code', 'wechat_bound', 'wechat_unbound')",
            name=op.f("ck_user_event_action"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_event")),
    )
    op.create_index("ix_user_event_user", "user_event", ["user_id", "id"], unique=False)
    for words in trigger_statements(op.get_context().dialect.name, ["user_event"]):
        op.execute(words)


def downgrade() -> None:
    op.drop_table("user_event")
    op.drop_table("password_reset")
