"""The books: accounts, entries, tallies, seals; the triggers that keep entries and seals as written."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.CheckConstraint("status IN ('active', 'frozen', 'closed')", name=op.f("ck_account_status")),
        sa.CheckConstraint("typeof(balance) IN ('integer', 'null')", name=op.f("ck_account_balance_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("typeof(last_seq) IN ('integer', 'null')", name=op.f("ck_account_last_seq_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_account_never_in_debt")),
        sa.CheckConstraint("last_seq >= 0", name=op.f("ck_account_last_seq")),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_account_village_id")),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_account")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seal",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.Column("until_at", UTCDateTime(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("points_moved", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "typeof(entry_count) IN ('integer', 'null')", name=op.f("ck_seal_entry_count_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("typeof(number) IN ('integer', 'null')", name=op.f("ck_seal_number_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "typeof(points_moved) IN ('integer', 'null')", name=op.f("ck_seal_points_moved_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("entry_count >= 0", name=op.f("ck_seal_entry_count")),
        sa.CheckConstraint("number > 0", name=op.f("ck_seal_number")),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_seal_village_id")),
        sa.PrimaryKeyConstraint("village_id", "number", name=op.f("pk_seal")),
    )
    op.create_table(
        "entry",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.Column("counter", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("source_kind", sa.String(length=12), nullable=False),
        sa.Column("source_id", Name, nullable=False),
        sa.Column("reverses", sa.Integer(), nullable=True),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "counter IN ('issue', 'shop', 'expiry', 'adjust', 'gift', 'clearing')", name=op.f("ck_entry_counter")
        ),
        sa.CheckConstraint(
            "kind IN ('opening', 'merit', 'deduction', 'redemption', 'void', 'reversal', 'adjustment', 'expiry', 'gift', 'transfer')",
            name=op.f("ck_entry_kind"),
        ),
        sa.CheckConstraint(
            "typeof(balance_after) IN ('integer', 'null')", name=op.f("ck_entry_balance_after_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("typeof(points) IN ('integer', 'null')", name=op.f("ck_entry_points_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("typeof(seq) IN ('integer', 'null')", name=op.f("ck_entry_seq_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("balance_after >= 0", name=op.f("ck_entry_never_in_debt")),
        sa.CheckConstraint("points <> 0", name=op.f("ck_entry_moves_something")),
        sa.CheckConstraint("reverses < seq", name=op.f("ck_entry_reverses_the_past")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_entry_seq")),
        sa.ForeignKeyConstraint(
            ["village_id", "account_id", "reverses"],
            ["entry.village_id", "entry.account_id", "entry.seq"],
            name="fk_entry_reverses",
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "account_id"],
            ["account.village_id", "account.id"],
            name=op.f("fk_entry_village_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "account_id", "seq", name=op.f("pk_entry")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("typeof(points) IN ('integer', 'null')", name=op.f("ck_tally_points_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "account_id"],
            ["account.village_id", "account.id"],
            name=op.f("fk_tally_village_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "month", "account_id", "member_id", "category", name=op.f("pk_tally")),
        sqlite_with_rowid=False,
    )
    for words in trigger_statements(op.get_context().dialect.name, ["seal", "entry"]):
        op.execute(words)


def downgrade() -> None:
    op.drop_table("tally")
    op.drop_table("entry")
    op.drop_table("seal")
    op.drop_table("account")
    if op.get_context().dialect.name == "postgresql":
        # on SQLite the triggers were all there was; here they called this
        op.execute("DROP FUNCTION append_only()")
