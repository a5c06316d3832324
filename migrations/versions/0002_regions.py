"""The region tree and villages with their settings."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("parent", sa.String(length=12), nullable=True),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(level = 0) = (parent IS NULL)", name=op.f("ck_region_only_root_has_no_parent")),
        sa.CheckConstraint("(level = 5) = (village_id IS NOT NULL)", name=op.f("ck_region_village_has_id")),
        sa.CheckConstraint("level BETWEEN 0 AND 5", name=op.f("ck_region_level")),
        sa.ForeignKeyConstraint(["parent"], ["region.code"], name=op.f("fk_region_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
        sa.UniqueConstraint("path", name=op.f("uq_region_path")),
        sa.UniqueConstraint("village_id", name=op.f("uq_region_village_id")),
    )
    op.create_index(op.f("ix_region_parent"), "region", ["parent"], unique=False)
    op.create_table(
        "village",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("founded_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rate_fen", sa.Integer(), nullable=False),
        sa.Column("review_levels", sa.SmallInteger(), nullable=False),
        sa.Column("notice_days", sa.SmallInteger(), nullable=False),
        sa.Column("backdate_days", sa.SmallInteger(), nullable=False),
        sa.Column("redemption_weekdays", sa.String(length=7), nullable=False),
        sa.Column("void_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("card_daily_points", sa.Integer(), nullable=True),
        sa.Column("period_budget", sa.Integer(), nullable=True),
        sa.Column("public_names", sa.String(length=10), nullable=False),
        sa.Column("gift_points_given", sa.Integer(), nullable=False),
        sa.Column("gift_points_received", sa.Integer(), nullable=False),
        sa.CheckConstraint("public_names IN ('consent', 'full', 'masked')", name=op.f("ck_village_public_names")),
        sa.CheckConstraint("backdate_days BETWEEN 0 AND 366", name=op.f("ck_village_backdate_days")),
        sa.CheckConstraint("card_daily_points > 0", name=op.f("ck_village_card_daily_points")),
        sa.CheckConstraint("gift_points_given BETWEEN 0 AND 1000000", name=op.f("ck_village_gift_points_given")),
        sa.CheckConstraint("gift_points_received BETWEEN 0 AND 1000000", name=op.f("ck_village_gift_points_received")),
        sa.CheckConstraint("notice_days BETWEEN 0 AND 30", name=op.f("ck_village_notice_days")),
        sa.CheckConstraint("period_budget > 0", name=op.f("ck_village_period_budget")),
        sa.CheckConstraint("rate_fen BETWEEN 1 AND 100000", name=op.f("ck_village_rate_fen")),
        sa.CheckConstraint("review_levels BETWEEN 0 AND 2", name=op.f("ck_village_review_levels")),
        sa.CheckConstraint("void_minutes BETWEEN 0 AND 1440", name=op.f("ck_village_void_minutes")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_village_region_code")),
        sa.PrimaryKeyConstraint("village_id", name=op.f("pk_village")),
    )
    op.create_index(op.f("ix_village_region_code"), "village", ["region_code"], unique=False)


def downgrade() -> None:
    op.drop_table("village")
    op.drop_table("region")
