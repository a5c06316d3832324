"""Publications, their withdrawals, and where the tokens of public pages lead."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_link",
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.Column("publication_id", Name, nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_public_link")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "publication",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("replaces", Name, nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "typeof(edition) IN ('integer', 'null')", name=op.f("ck_publication_edition_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("typeof(serial) IN ('integer', 'null')", name=op.f("ck_publication_serial_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("typeof(year) IN ('integer', 'null')", name=op.f("ck_publication_year_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("(edition > 1) = (replaces IS NOT NULL)", name=op.f("ck_publication_correction_replaces")),
        sa.CheckConstraint("edition > 0", name=op.f("ck_publication_edition")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_publication_digest")),
        sa.CheckConstraint("serial > 0", name=op.f("ck_publication_serial")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_publication_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["village_id", "replaces"], ["publication.village_id", "publication.id"], name="fk_publication_replaces"
        ),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_publication_village_id")),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_publication")),
        sa.UniqueConstraint("village_id", "kind", "year", "serial", "edition", name="uq_publication_number"),
        sa.UniqueConstraint("village_id", "token", name=op.f("uq_publication_village_id_token")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "withdrawal",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("publication_id", Name, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "publication_id"],
            ["publication.village_id", "publication.id"],
            name=op.f("fk_withdrawal_village_id_publication_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "publication_id", name=op.f("pk_withdrawal")),
        sqlite_with_rowid=False,
    )
    for words in trigger_statements(op.get_context().dialect.name, ["public_link", "publication", "withdrawal"]):
        op.execute(words)


def downgrade() -> None:
    op.drop_table("withdrawal")
    op.drop_table("publication")
    op.drop_table("public_link")
