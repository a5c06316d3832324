"""Points given to neighbours."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gift",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("to_household_id", sa.BigInteger(), nullable=False),
        sa.Column("card_id", Name, nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("entry_seq", sa.Integer(), nullable=False),
        sa.Column("to_entry_seq", sa.Integer(), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("given_by", sa.BigInteger(), nullable=False),
        sa.Column("reversed_at", UTCDateTime(), nullable=True),
        sa.Column("reversed_by", sa.BigInteger(), nullable=True),
        sa.Column("reverse_reason", sa.String(length=200), nullable=True),
        sa.Column("points_back", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'reversed') = (points_back IS NOT NULL)", name=op.f("ck_gift_reversed_has_points")
        ),
        sa.CheckConstraint(
            "(state = 'reversed') = (reverse_reason IS NOT NULL)", name=op.f("ck_gift_reversed_has_reason")
        ),
        sa.CheckConstraint("(state = 'reversed') = (reversed_at IS NOT NULL)", name=op.f("ck_gift_reversed_has_time")),
        sa.CheckConstraint(
            "(state = 'reversed') = (reversed_by IS NOT NULL)", name=op.f("ck_gift_reversed_has_person")
        ),
        sa.CheckConstraint("state IN ('given', 'reversed')", name=op.f("ck_gift_state")),
        sa.CheckConstraint("typeof(entry_seq) IN ('integer', 'null')", name=op.f("ck_gift_entry_seq_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("typeof(points) IN ('integer', 'null')", name=op.f("ck_gift_points_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "typeof(points_back) IN ('integer', 'null')", name=op.f("ck_gift_points_back_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(to_entry_seq) IN ('integer', 'null')", name=op.f("ck_gift_to_entry_seq_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("card_id IS NOT NULL OR note IS NOT NULL", name=op.f("ck_gift_slip_has_note")),
        sa.CheckConstraint("household_id <> to_household_id", name=op.f("ck_gift_not_to_oneself")),
        sa.CheckConstraint("points > 0", name=op.f("ck_gift_points")),
        sa.CheckConstraint("points_back BETWEEN 1 AND points", name=op.f("ck_gift_points_back")),
        sa.ForeignKeyConstraint(
            ["village_id", "card_id"], ["card.village_id", "card.id"], name=op.f("fk_gift_village_id_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_gift_village_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "to_household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_gift_village_id_to_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_gift")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_gift_card", "gift", ["village_id", "card_id"], unique=False)
    op.create_index("ix_gift_given", "gift", ["village_id", "given_at", "id"], unique=False)
    op.create_index("ix_gift_household", "gift", ["village_id", "household_id", "occurred_on"], unique=False)
    op.create_index("ix_gift_to_household", "gift", ["village_id", "to_household_id", "occurred_on"], unique=False)


def downgrade() -> None:
    op.drop_table("gift")
