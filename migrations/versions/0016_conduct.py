"""Who steps aside for whom, adjustments that two persons sign, random re-checks."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("confidence", sa.SmallInteger(), nullable=False),
        sa.Column("margin", sa.SmallInteger(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "typeof(confidence) IN ('integer', 'null')", name=op.f("ck_inspection_confidence_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("typeof(margin) IN ('integer', 'null')", name=op.f("ck_inspection_margin_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "typeof(population) IN ('integer', 'null')", name=op.f("ck_inspection_population_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(sample_size) IN ('integer', 'null')", name=op.f("ck_inspection_sample_size_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("confidence IN (90, 95, 99)", name=op.f("ck_inspection_confidence")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_inspection_ends_after_start")),
        sa.CheckConstraint("margin BETWEEN 1 AND 50", name=op.f("ck_inspection_margin")),
        sa.CheckConstraint("population > 0", name=op.f("ck_inspection_population")),
        sa.CheckConstraint("sample_size BETWEEN 1 AND population", name=op.f("ck_inspection_sample_size")),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_inspection_village_id")),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_inspection")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "adjustment",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.String(length=200), nullable=True),
        sa.Column("entry_seq", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'posted') = (entry_seq IS NOT NULL)", name=op.f("ck_adjustment_posted_has_entry")),
        sa.CheckConstraint("(state = 'submitted') = (decided_at IS NULL)", name=op.f("ck_adjustment_decided_has_time")),
        sa.CheckConstraint(
            "(state = 'submitted') = (decided_by IS NULL)", name=op.f("ck_adjustment_decided_has_person")
        ),
        sa.CheckConstraint(
            "reason IN ('paper_books', 'wrong_household', 'wrong_points', 'resolution')",
            name=op.f("ck_adjustment_reason"),
        ),
        sa.CheckConstraint("state IN ('submitted', 'posted', 'rejected')", name=op.f("ck_adjustment_state")),
        sa.CheckConstraint(
            "typeof(entry_seq) IN ('integer', 'null')", name=op.f("ck_adjustment_entry_seq_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("typeof(points) IN ('integer', 'null')", name=op.f("ck_adjustment_points_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_adjustment_two_persons")),
        sa.CheckConstraint("points <> 0 AND points BETWEEN -1000 AND 1000", name=op.f("ck_adjustment_points")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_adjustment_village_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_adjustment")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_adjustment_household", "adjustment", ["village_id", "household_id"], unique=False)
    op.create_index("ix_adjustment_proposed", "adjustment", ["village_id", "proposed_at", "id"], unique=False)
    op.create_table(
        "tie",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("household_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("declared_at", UTCDateTime(), nullable=False),
        sa.Column("relation", sa.String(length=3), nullable=False),
        sa.Column("declared_by", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("relation IN ('own', 'kin')", name=op.f("ck_tie_relation")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_tie_ended_by_someone")),
        sa.CheckConstraint("ended_at >= declared_at", name=op.f("ck_tie_ended_after_start")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_tie_village_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "user_id", "household_id", "declared_at", name=op.f("pk_tie")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tie_household", "tie", ["village_id", "household_id"], unique=False)
    op.create_table(
        "declared_conflict",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merit_id", Name, nullable=False),
        sa.Column("declared_by", sa.BigInteger(), nullable=False),
        sa.Column("declared_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "merit_id"],
            ["merit.village_id", "merit.id"],
            name=op.f("fk_declared_conflict_village_id_merit_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "merit_id", name=op.f("pk_declared_conflict")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inspected_merit",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("inspection_id", Name, nullable=False),
        sa.Column("merit_id", Name, nullable=False),
        sa.Column("item_no", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "typeof(item_no) IN ('integer', 'null')", name=op.f("ck_inspected_merit_item_no_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("item_no > 0", name=op.f("ck_inspected_merit_item_no")),
        sa.ForeignKeyConstraint(
            ["village_id", "inspection_id"],
            ["inspection.village_id", "inspection.id"],
            name=op.f("fk_inspected_merit_village_id_inspection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "merit_id"],
            ["merit.village_id", "merit.id"],
            name=op.f("fk_inspected_merit_village_id_merit_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "inspection_id", "merit_id", name=op.f("pk_inspected_merit")),
        sa.UniqueConstraint("village_id", "inspection_id", "item_no", name="uq_inspected_merit_item_no"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_inspected_merit_merit", "inspected_merit", ["village_id", "merit_id"], unique=False)
    op.create_table(
        "inspection_finding",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("inspection_id", Name, nullable=False),
        sa.Column("merit_id", Name, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "outcome = 'confirmed' OR note IS NOT NULL", name=op.f("ck_inspection_finding_says_what_is_wrong")
        ),
        sa.CheckConstraint("outcome IN ('confirmed', 'wrong', 'unclear')", name=op.f("ck_inspection_finding_outcome")),
        sa.ForeignKeyConstraint(
            ["village_id", "inspection_id", "merit_id"],
            ["inspected_merit.village_id", "inspected_merit.inspection_id", "inspected_merit.merit_id"],
            name="fk_inspection_finding_inspected",
        ),
        sa.PrimaryKeyConstraint("village_id", "inspection_id", "merit_id", name=op.f("pk_inspection_finding")),
        sqlite_with_rowid=False,
    )
    for words in trigger_statements(op.get_context().dialect.name, ["inspection", "inspected_merit"]):
        op.execute(words)


def downgrade() -> None:
    op.drop_table("inspection_finding")
    op.drop_table("inspected_merit")
    op.drop_table("declared_conflict")
    op.drop_table("tie")
    op.drop_table("adjustment")
    op.drop_table("inspection")
