"""The year's tally of each household with the one rank index, and an index of the households that rankings leave out."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0015"
branch_labels = None
depends_on = None

_FILL = """
INSERT INTO year_tally (village_id, account_id, year, points)
SELECT village_id, account_id, CAST(substr(month, 1, 4) AS INTEGER), SUM(points)
FROM tally GROUP BY village_id, account_id, CAST(substr(month, 1, 4) AS INTEGER)
"""


def upgrade() -> None:
    op.create_table(
        "year_tally",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("typeof(points) IN ('integer', 'null')", name=op.f("ck_year_tally_points_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("typeof(year) IN ('integer', 'null')", name=op.f("ck_year_tally_year_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "account_id"],
            ["account.village_id", "account.id"],
            name=op.f("fk_year_tally_village_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "account_id", "year", name=op.f("pk_year_tally")),
        sqlite_with_rowid=False,
    )
    if op.get_context().dialect.name == "postgresql":
        # places are counted in the index alone, which PostgreSQL can do only where it has vacuumed lately
        op.execute("ALTER TABLE year_tally SET (autovacuum_vacuum_scale_factor = 0.01)")
    op.execute(_FILL)
    # made last, when the rows are in
    op.create_index("ix_year_tally_rank", "year_tally", ["village_id", "year", "points"])
    op.create_index(
        "ix_household_gone",
        "household",
        ["village_id", "id"],
        sqlite_where=sa.text("status <> 'active'"),
        postgresql_where=sa.text("status <> 'active'"),
    )


def downgrade() -> None:
    op.drop_index("ix_household_gone", table_name="household")
    op.drop_table("year_tally")
