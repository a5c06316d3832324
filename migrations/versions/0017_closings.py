"""How a village ends its quarters or years, and which of them are closed."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closing",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("expired", sa.BigInteger(), nullable=False),
        sa.Column("carried", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("typeof(carried) IN ('integer', 'null')", name=op.f("ck_closing_carried_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("typeof(expired) IN ('integer', 'null')", name=op.f("ck_closing_expired_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "typeof(households) IN ('integer', 'null')", name=op.f("ck_closing_households_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("expired >= 0", name=op.f("ck_closing_expired")),
        sa.CheckConstraint("households >= 0", name=op.f("ck_closing_households")),
        sa.CheckConstraint("last_on > first_on", name=op.f("ck_closing_ends_after_start")),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_closing_village_id")),
        sa.PrimaryKeyConstraint("village_id", "period", name=op.f("pk_closing")),
        sa.UniqueConstraint("village_id", "id", name=op.f("uq_closing_village_id_id")),
        sa.UniqueConstraint("village_id", "last_on", name=op.f("uq_closing_village_id_last_on")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "closing_policy",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cycle", sa.String(length=7), nullable=False),
        sa.Column("rule", sa.String(length=5), nullable=False),
        sa.Column("share", sa.SmallInteger(), nullable=True),
        sa.Column("points_limit", sa.Integer(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(rule = 'limit') = (points_limit IS NOT NULL)", name=op.f("ck_closing_policy_only_limit_has_limit")
        ),
        sa.CheckConstraint(
            "(rule = 'share') = (share IS NOT NULL)", name=op.f("ck_closing_policy_only_share_has_share")
        ),
        sa.CheckConstraint("cycle IN ('quarter', 'year')", name=op.f("ck_closing_policy_cycle")),
        sa.CheckConstraint("rule IN ('clear', 'keep', 'share', 'limit')", name=op.f("ck_closing_policy_rule")),
        sa.CheckConstraint(
            "typeof(points_limit) IN ('integer', 'null')", name=op.f("ck_closing_policy_points_limit_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(share) IN ('integer', 'null')", name=op.f("ck_closing_policy_share_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(version) IN ('integer', 'null')", name=op.f("ck_closing_policy_version_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("points_limit BETWEEN 1 AND 1000000", name=op.f("ck_closing_policy_points_limit")),
        sa.CheckConstraint("share BETWEEN 1 AND 99", name=op.f("ck_closing_policy_share")),
        sa.CheckConstraint("version > 0", name=op.f("ck_closing_policy_version")),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_closing_policy_village_id")),
        sa.PrimaryKeyConstraint("village_id", "version", name=op.f("pk_closing_policy")),
        sqlite_with_rowid=False,
    )
    for words in trigger_statements(op.get_context().dialect.name, ["closing", "closing_policy"]):
        op.execute(words)


def downgrade() -> None:
    op.drop_table("closing_policy")
    op.drop_table("closing")
