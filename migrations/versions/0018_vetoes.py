"""Vetoes with their appeals, and reminders to put something right."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("given_by", sa.BigInteger(), nullable=False),
        sa.Column("cleared_at", UTCDateTime(), nullable=True),
        sa.Column("cleared_by", sa.BigInteger(), nullable=True),
        sa.Column("photo_id", Name, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.CheckConstraint("(cleared_at IS NULL) = (cleared_by IS NULL)", name=op.f("ck_reminder_cleared_by_someone")),
        sa.CheckConstraint("(cleared_at IS NULL) = (sha256 IS NULL)", name=op.f("ck_reminder_cleared_has_photo")),
        sa.CheckConstraint("(sha256 IS NULL) = (photo_id IS NULL)", name=op.f("ck_reminder_photo_has_name")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_reminder_sha256")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_reminder_village_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_reminder")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reminder_due", "reminder", ["village_id", "due_on", "id"], unique=False)
    op.create_index("ix_reminder_household", "reminder", ["village_id", "household_id"], unique=False)
    op.create_table(
        "veto",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("no_award", sa.Boolean(name="no_award"), nullable=False),
        sa.Column("no_honor", sa.Boolean(name="no_honor"), nullable=False),
        sa.Column("no_redemption", sa.Boolean(name="no_redemption"), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_veto_ended_for_a_reason")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_veto_ended_by_someone")),
        sa.CheckConstraint("no_award OR no_honor OR no_redemption", name=op.f("ck_veto_has_effect")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_veto_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_veto_village_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_veto")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_veto_household", "veto", ["village_id", "household_id", "until_on"], unique=False)
    op.create_index("ix_veto_recorded", "veto", ["village_id", "recorded_at", "id"], unique=False)
    op.create_table(
        "veto_appeal",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("veto_id", Name, nullable=False),
        sa.Column("grounds", sa.String(length=500), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("decision IN ('upheld', 'dismissed')", name=op.f("ck_veto_appeal_decision")),
        sa.CheckConstraint("(decision IS NULL) = (answer IS NULL)", name=op.f("ck_veto_appeal_decided_has_answer")),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_veto_appeal_decided_has_time")),
        sa.CheckConstraint("(decision IS NULL) = (decided_by IS NULL)", name=op.f("ck_veto_appeal_decided_has_person")),
        sa.ForeignKeyConstraint(
            ["village_id", "veto_id"], ["veto.village_id", "veto.id"], name=op.f("fk_veto_appeal_village_id_veto_id")
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_veto_appeal")),
        sa.UniqueConstraint("village_id", "veto_id", "id", name=op.f("uq_veto_appeal_village_id_veto_id_id")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("veto_appeal")
    op.drop_table("veto")
    op.drop_table("reminder")
