"""How often one person or one purse may do something."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import UTCDateTime

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allowance",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used > 0", name=op.f("ck_allowance_used")),
        sa.CheckConstraint("typeof(used) IN ('integer', 'null')", name=op.f("ck_allowance_used_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.PrimaryKeyConstraint("village_id", "kind", "who", name=op.f("pk_allowance")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("allowance")
