"""What became of households."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "household_change",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("to_household_id", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("other_village", sa.String(length=12), nullable=True),
        sa.Column("handover_id", Name, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'arrival') = (handover_id IS NOT NULL)", name=op.f("ck_household_change_arrival_has_handover")
        ),
        sa.CheckConstraint("(kind = 'arrival') = (household_id IS NULL)", name=op.f("ck_household_change_comes_from")),
        sa.CheckConstraint(
            "(kind IN ('departure', 'arrival')) = (other_village IS NOT NULL)",
            name=op.f("ck_household_change_has_other_village"),
        ),
        sa.CheckConstraint(
            "(kind IN ('split', 'merge', 'arrival')) = (to_household_id IS NOT NULL)",
            name=op.f("ck_household_change_leads_to"),
        ),
        sa.CheckConstraint(
            "kind IN ('split', 'merge', 'departure', 'arrival', 'head')", name=op.f("ck_household_change_kind")
        ),
        sa.CheckConstraint(
            "typeof(points) IN ('integer', 'null')", name=op.f("ck_household_change_points_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("points >= 0", name=op.f("ck_household_change_points")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_household_change_village_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "to_household_id"], ["household.village_id", "household.id"], name="fk_household_change_to"
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_household_change")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_household_change_from", "household_change", ["village_id", "household_id"], unique=False)
    op.create_index("ix_household_change_to", "household_change", ["village_id", "to_household_id"], unique=False)
    op.create_index(
        "uq_household_change_handover",
        "household_change",
        ["village_id", "handover_id"],
        unique=True,
        sqlite_where=sa.text("handover_id IS NOT NULL"),
        postgresql_where=sa.text("handover_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("household_change")
