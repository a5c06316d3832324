"""Rules, merits, reviews, photos."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_version",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("per", sa.String(length=10), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("cap_period", sa.String(length=10), nullable=True),
        sa.Column("evidence", sa.String(length=60), nullable=True),
        sa.Column("track", sa.String(length=10), nullable=False),
        sa.Column("is_active", sa.Boolean(name="is_active"), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "cap_period IN ('day', 'week', 'month', 'quarter', 'year')", name=op.f("ck_rule_version_cap_period")
        ),
        sa.CheckConstraint("track IN ('spend', 'honor')", name=op.f("ck_rule_version_track")),
        sa.CheckConstraint("(cap IS NULL) = (cap_period IS NULL)", name=op.f("ck_rule_version_cap_has_period")),
        sa.CheckConstraint("cap > 0", name=op.f("ck_rule_version_cap")),
        sa.CheckConstraint("points <> 0 AND points BETWEEN -10000 AND 10000", name=op.f("ck_rule_version_points")),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_rule_version_village_id")),
        sa.PrimaryKeyConstraint("village_id", "code", "version", name=op.f("pk_rule_version")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "merit",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("rule_code", sa.String(length=20), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("levels_needed", sa.SmallInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("entry_seq", sa.Integer(), nullable=True),
        sa.Column("batch_id", Name, nullable=True),
        sa.Column("logged_at", UTCDateTime(), nullable=False),
        sa.Column("logged_by", sa.BigInteger(), nullable=False),
        sa.Column("reversed_at", UTCDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint("(state = 'reversed') = (reversed_at IS NOT NULL)", name=op.f("ck_merit_reversed_has_time")),
        sa.CheckConstraint(
            "entry_seq IS NULL OR state IN ('posted', 'reversed')", name=op.f("ck_merit_only_posted_has_entry")
        ),
        sa.CheckConstraint("state <> 'noticed' OR due_on IS NOT NULL", name=op.f("ck_merit_noticed_has_end")),
        sa.CheckConstraint(
            "state IN ('submitted', 'approved', 'noticed', 'held', 'posted', 'rejected', 'withdrawn', 'reversed')",
            name=op.f("ck_merit_state"),
        ),
        sa.CheckConstraint("typeof(points) IN ('integer', 'null')", name=op.f("ck_merit_points_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("typeof(quantity) IN ('integer', 'null')", name=op.f("ck_merit_quantity_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("levels_needed BETWEEN 0 AND 2", name=op.f("ck_merit_levels_needed")),
        sa.CheckConstraint("points <> 0", name=op.f("ck_merit_points")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 9999", name=op.f("ck_merit_quantity")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_merit_village_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "member_id"], ["member.village_id", "member.id"], name=op.f("fk_merit_village_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "rule_code", "rule_version"],
            ["rule_version.village_id", "rule_version.code", "rule_version.version"],
            name=op.f("fk_merit_village_id_rule_code_rule_version"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_merit")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_merit_day", "merit", ["village_id", "occurred_on", "id"], unique=False)
    op.create_index(
        "ix_merit_waiting",
        "merit",
        ["village_id", "household_id"],
        unique=False,
        sqlite_where=sa.text("state = 'noticed'"),
        postgresql_where=sa.text("state = 'noticed'"),
    )
    op.create_table(
        "merit_review",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merit_id", Name, nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("comment", sa.String(length=200), nullable=True),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("decision IN ('approve', 'reject')", name=op.f("ck_merit_review_decision")),
        sa.CheckConstraint("level BETWEEN 1 AND 2", name=op.f("ck_merit_review_level")),
        sa.ForeignKeyConstraint(
            ["village_id", "merit_id"],
            ["merit.village_id", "merit.id"],
            name=op.f("fk_merit_review_village_id_merit_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "merit_id", "level", name=op.f("pk_merit_review")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "photo",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("merit_id", Name, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "merit_id"], ["merit.village_id", "merit.id"], name=op.f("fk_photo_village_id_merit_id")
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_photo")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_photo_merit", "photo", ["village_id", "merit_id"], unique=False)
    op.create_index(
        "uq_merit_deed",
        "merit",
        ["village_id", "household_id", "rule_code", "occurred_on", sa.literal_column("coalesce(member_id, 0)"), "note"],
        unique=True,
        sqlite_where=sa.text("state IN ('submitted', 'approved', 'noticed', 'held', 'posted')"),
        postgresql_where=sa.text("state IN ('submitted', 'approved', 'noticed', 'held', 'posted')"),
    )


def downgrade() -> None:
    op.drop_table("photo")
    op.drop_table("merit_review")
    op.drop_table("merit")
    op.drop_table("rule_version")
