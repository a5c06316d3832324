"""Events and who came to them."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("from_at", UTCDateTime(), nullable=False),
        sa.Column("until_at", UTCDateTime(), nullable=False),
        sa.Column("rule_code", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("unit_minutes", sa.SmallInteger(), nullable=True),
        sa.Column("rounding", sa.String(length=10), nullable=False),
        sa.Column("expected_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("planned_at", UTCDateTime(), nullable=False),
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=200), nullable=True),
        sa.Column("batch_id", Name, nullable=True),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)", name=op.f("ck_event_cancelled_has_reason")
        ),
        sa.CheckConstraint("(state = 'planned') = (ended_at IS NULL)", name=op.f("ck_event_ended_has_time")),
        sa.CheckConstraint("(state = 'planned') = (ended_by IS NULL)", name=op.f("ck_event_ended_has_person")),
        sa.CheckConstraint("batch_id IS NULL OR state = 'closed'", name=op.f("ck_event_only_closed_has_batch")),
        sa.CheckConstraint("level IN ('household', 'member')", name=op.f("ck_event_level")),
        sa.CheckConstraint("rounding IN ('down', 'nearest', 'up')", name=op.f("ck_event_rounding")),
        sa.CheckConstraint("state IN ('planned', 'closed', 'cancelled')", name=op.f("ck_event_state")),
        sa.CheckConstraint(
            "typeof(expected_minutes) IN ('integer', 'null')", name=op.f("ck_event_expected_minutes_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(unit_minutes) IN ('integer', 'null')", name=op.f("ck_event_unit_minutes_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("expected_minutes BETWEEN 1 AND 960", name=op.f("ck_event_expected_minutes")),
        sa.CheckConstraint("unit_minutes BETWEEN 10 AND 960", name=op.f("ck_event_unit_minutes")),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_event_ends_after_start")),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_event_village_id")),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_event")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_from", "event", ["village_id", "from_at", "id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", Name, nullable=False),
        sa.Column("household_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("card_id", Name, nullable=True),
        sa.Column("in_at", UTCDateTime(), nullable=True),
        sa.Column("out_at", UTCDateTime(), nullable=True),
        sa.Column("out_by", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=False),
        sa.Column("stated_minutes", sa.SmallInteger(), nullable=True),
        sa.Column("stated_reason", sa.String(length=200), nullable=True),
        sa.Column("stated_by", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("merit_id", Name, nullable=True),
        sa.CheckConstraint("(outcome = 'left_out') = (quantity = 0)", name=op.f("ck_attendance_left_out_has_none")),
        sa.CheckConstraint(
            "(outcome = 'posted') = (reason IS NULL) OR outcome IS NULL", name=op.f("ck_attendance_less_has_reason")
        ),
        sa.CheckConstraint("(way = 'card') = (card_id IS NOT NULL)", name=op.f("ck_attendance_card_was_shown")),
        sa.CheckConstraint("(way = 'card') = (in_at IS NOT NULL)", name=op.f("ck_attendance_card_has_time")),
        sa.CheckConstraint("outcome IN ('posted', 'reduced', 'left_out')", name=op.f("ck_attendance_outcome")),
        sa.CheckConstraint(
            "reason IN ('cap_exceeded', 'not_signed_out', 'too_short', 'account_not_active', 'member_left', 'duplicate_merit', 'self_dealing')",
            name=op.f("ck_attendance_reason"),
        ),
        sa.CheckConstraint(
            "typeof(member_id) IN ('integer', 'null')", name=op.f("ck_attendance_member_id_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(quantity) IN ('integer', 'null')", name=op.f("ck_attendance_quantity_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(stated_minutes) IN ('integer', 'null')", name=op.f("ck_attendance_stated_minutes_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("way = 'card' OR out_at IS NULL", name=op.f("ck_attendance_paper_has_no_out")),
        sa.CheckConstraint("way = 'card' OR stated_minutes IS NOT NULL", name=op.f("ck_attendance_paper_states_time")),
        sa.CheckConstraint("way IN ('card', 'paper')", name=op.f("ck_attendance_way")),
        sa.CheckConstraint("(out_at IS NULL) = (out_by IS NULL)", name=op.f("ck_attendance_out_by_someone")),
        sa.CheckConstraint("(outcome IS NULL) = (quantity IS NULL)", name=op.f("ck_attendance_outcome_has_quantity")),
        sa.CheckConstraint(
            "(quantity > 0) = (merit_id IS NOT NULL) OR quantity IS NULL", name=op.f("ck_attendance_quantity_has_merit")
        ),
        sa.CheckConstraint(
            "(stated_minutes IS NULL) = (stated_by IS NULL)", name=op.f("ck_attendance_stated_has_person")
        ),
        sa.CheckConstraint(
            "(stated_minutes IS NULL) = (stated_reason IS NULL)", name=op.f("ck_attendance_stated_has_reason")
        ),
        sa.CheckConstraint("out_at >= in_at", name=op.f("ck_attendance_out_after_in")),
        sa.CheckConstraint("quantity BETWEEN 0 AND 9999", name=op.f("ck_attendance_quantity")),
        sa.CheckConstraint("stated_minutes BETWEEN 1 AND 960", name=op.f("ck_attendance_stated_minutes")),
        sa.ForeignKeyConstraint(
            ["village_id", "card_id"], ["card.village_id", "card.id"], name=op.f("fk_attendance_village_id_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "event_id"], ["event.village_id", "event.id"], name=op.f("fk_attendance_village_id_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_attendance_village_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "merit_id"], ["merit.village_id", "merit.id"], name=op.f("fk_attendance_village_id_merit_id")
        ),
        sa.PrimaryKeyConstraint("village_id", "event_id", "household_id", "member_id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("village_id", "merit_id", name=op.f("uq_attendance_village_id_merit_id")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_attendance_card", "attendance", ["village_id", "card_id"], unique=False)
    op.create_index("ix_attendance_household", "attendance", ["village_id", "household_id"], unique=False)


def downgrade() -> None:
    op.drop_table("attendance")
    op.drop_table("event")
