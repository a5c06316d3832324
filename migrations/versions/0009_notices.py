"""Notices on the wall: proofs that they hang, their lines and days, objections to them."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0009"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "objection",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("publication_id", Name, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=True),
        sa.Column("matter", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("holds", sa.Boolean(name="holds"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=True),
        sa.Column("contact", sa.String(length=60), nullable=True),
        sa.Column("about", sa.BigInteger(), nullable=True),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("received_by", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("answered_in", Name, nullable=True),
        sa.CheckConstraint(
            "(channel = 'paper') = (received_by IS NOT NULL)", name=op.f("ck_objection_paper_has_receiver")
        ),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f("ck_objection_decided_has_instant")),
        sa.CheckConstraint("(state = 'open') = (decided_by IS NULL)", name=op.f("ck_objection_decided_has_person")),
        sa.CheckConstraint("(state = 'open') = (reason IS NULL)", name=op.f("ck_objection_decided_has_reason")),
        sa.CheckConstraint(
            "answered_in IS NULL OR state <> 'open'", name=op.f("ck_objection_only_decided_is_answered")
        ),
        sa.CheckConstraint("channel IN ('paper', 'page')", name=op.f("ck_objection_channel")),
        sa.CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name=op.f("ck_objection_state")),
        sa.CheckConstraint("typeof(line_no) IN ('integer', 'null')", name=op.f("ck_objection_line_no_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("line_no > 0", name=op.f("ck_objection_line_no")),
        sa.ForeignKeyConstraint(
            ["village_id", "answered_in"],
            ["publication.village_id", "publication.id"],
            name=op.f("fk_objection_village_id_answered_in"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "publication_id"],
            ["publication.village_id", "publication.id"],
            name=op.f("fk_objection_village_id_publication_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_objection")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_objection_publication", "objection", ["village_id", "publication_id"], unique=False)
    op.create_index("ix_objection_state", "objection", ["village_id", "state", "received_at", "id"], unique=False)
    op.create_table(
        "posting",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("publication_id", Name, nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.CheckConstraint("typeof(height) IN ('integer', 'null')", name=op.f("ck_posting_height_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("typeof(width) IN ('integer', 'null')", name=op.f("ck_posting_width_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "publication_id"],
            ["publication.village_id", "publication.id"],
            name=op.f("fk_posting_village_id_publication_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_posting")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_posting_publication", "posting", ["village_id", "publication_id", "recorded_at"], unique=False)
    op.create_table(
        "coverage",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("publication_id", Name, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'passbook') = (household_id IS NOT NULL)", name=op.f("ck_coverage_only_passbook_has_household")
        ),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_coverage_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_coverage_village_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "publication_id"],
            ["publication.village_id", "publication.id"],
            name=op.f("fk_coverage_village_id_publication_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "publication_id", name=op.f("pk_coverage")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_coverage_household", "coverage", ["village_id", "household_id"], unique=False)
    op.create_index("ix_coverage_kind", "coverage", ["village_id", "kind", "last_on"], unique=False)
    op.create_table(
        "notice_line",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("publication_id", Name, nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("merit_id", Name, nullable=False),
        sa.CheckConstraint(
            "typeof(line_no) IN ('integer', 'null')", name=op.f("ck_notice_line_line_no_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("line_no > 0", name=op.f("ck_notice_line_line_no")),
        sa.ForeignKeyConstraint(
            ["village_id", "merit_id"],
            ["merit.village_id", "merit.id"],
            name=op.f("fk_notice_line_village_id_merit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "publication_id"],
            ["publication.village_id", "publication.id"],
            name=op.f("fk_notice_line_village_id_publication_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "publication_id", "line_no", name=op.f("pk_notice_line")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notice_line_merit", "notice_line", ["village_id", "merit_id"], unique=False)
    op.create_index(
        "ix_merit_approved",
        "merit",
        ["village_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'approved'"),
        postgresql_where=sa.text("state = 'approved'"),
    )
    for words in trigger_statements(op.get_context().dialect.name, ["posting", "coverage", "notice_line"]):
        op.execute(words)


def downgrade() -> None:
    op.drop_index(
        "ix_merit_approved",
        table_name="merit",
        sqlite_where=sa.text("state = 'approved'"),
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.drop_table("notice_line")
    op.drop_table("coverage")
    op.drop_table("posting")
    op.drop_table("objection")
