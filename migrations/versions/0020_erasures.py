"""Whose data were erased."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("erased_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "typeof(member_id) IN ('integer', 'null')", name=op.f("ck_erasure_member_id_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("member_id >= 0", name=op.f("ck_erasure_member_id")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_erasure_village_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_erasure")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_erasure_household", "erasure", ["village_id", "household_id"], unique=False)
    for words in trigger_statements(op.get_context().dialect.name, ["erasure"]):
        op.execute(words)


def downgrade() -> None:
    op.drop_table("erasure")
