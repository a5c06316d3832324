"""Households, members, cards."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "household",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("head", sa.String(length=50), nullable=False),
        sa.Column("group_no", sa.SmallInteger(), nullable=False),
        sa.Column("lane", sa.String(length=50), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("name_consent", sa.Boolean(name="name_consent"), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("registered_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'moved', 'merged')", name=op.f("ck_household_status")),
        sa.CheckConstraint("group_no BETWEEN 1 AND 999", name=op.f("ck_household_group_no")),
        sa.ForeignKeyConstraint(
            ["village_id", "id"], ["account.village_id", "account.id"], name=op.f("fk_household_village_id_id")
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_household")),
        sa.UniqueConstraint("village_id", "number", name=op.f("uq_household_village_id_number")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_household_place", "household", ["village_id", "group_no", "lane"], unique=False)
    op.create_table(
        "card",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("serial > 0", name=op.f("ck_card_serial")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_card_village_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_card")),
        sa.UniqueConstraint("village_id", "code", name=op.f("uq_card_village_id_code")),
        sa.UniqueConstraint("village_id", "household_id", "serial", name="uq_card_serial"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_card_in_force",
        "card",
        ["village_id", "household_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "member",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("birth_year", sa.SmallInteger(), nullable=True),
        sa.Column("party_member", sa.Boolean(name="party_member"), nullable=False),
        sa.Column("volunteer", sa.Boolean(name="volunteer"), nullable=False),
        sa.Column("name_consent", sa.Boolean(name="name_consent"), nullable=True),
        sa.Column("is_former", sa.Boolean(name="is_former"), nullable=False),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name=op.f("ck_member_birth_year")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_member_village_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_member")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_member_household", "member", ["village_id", "household_id"], unique=False)


def downgrade() -> None:
    op.drop_table("member")
    op.drop_table("card")
    op.drop_table("household")
