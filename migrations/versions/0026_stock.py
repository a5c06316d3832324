"""Lots of goods, where they run low, and the book of the fund."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0026"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fund_entry",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("balance_after_fen", sa.BigInteger(), nullable=False),
        sa.Column("party", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("settles", sa.String(length=7), nullable=True),
        sa.Column("names_party", sa.Boolean(name="names_party"), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("reverses", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses IS NOT NULL)", name=op.f("ck_fund_entry_reverses_something")
        ),
        sa.CheckConstraint(
            "kind IN ('grant', 'donation', 'purchase', 'expense', 'reversal')", name=op.f("ck_fund_entry_kind")
        ),
        sa.CheckConstraint("kind NOT IN ('grant', 'donation') OR amount_fen > 0", name=op.f("ck_fund_entry_brings")),
        sa.CheckConstraint("kind NOT IN ('purchase', 'expense') OR amount_fen < 0", name=op.f("ck_fund_entry_takes")),
        sa.CheckConstraint(
            "settles IS NULL OR kind IN ('purchase', 'reversal')", name=op.f("ck_fund_entry_only_purchases_settle")
        ),
        sa.CheckConstraint(
            "typeof(amount_fen) IN ('integer', 'null')", name=op.f("ck_fund_entry_amount_fen_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(balance_after_fen) IN ('integer', 'null')", name=op.f("ck_fund_entry_balance_after_fen_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(reverses) IN ('integer', 'null')", name=op.f("ck_fund_entry_reverses_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("typeof(seq) IN ('integer', 'null')", name=op.f("ck_fund_entry_seq_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_fund_entry_moves_something")),
        sa.CheckConstraint("amount_fen BETWEEN -1000000000 AND 1000000000", name=op.f("ck_fund_entry_amount_fen")),
        sa.CheckConstraint("balance_after_fen >= 0", name=op.f("ck_fund_entry_never_in_debt")),
        sa.CheckConstraint("reverses < seq", name=op.f("ck_fund_entry_reverses_the_past")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_fund_entry_seq")),
        sa.ForeignKeyConstraint(
            ["village_id", "reverses"], ["fund_entry.village_id", "fund_entry.seq"], name="fk_fund_entry_reverses"
        ),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_fund_entry_village_id")),
        sa.PrimaryKeyConstraint("village_id", "seq", name=op.f("pk_fund_entry")),
        sa.UniqueConstraint("village_id", "id", name=op.f("uq_fund_entry_village_id_id")),
        sa.UniqueConstraint("village_id", "reverses", name=op.f("uq_fund_entry_village_id_reverses")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_fund_entry_party", "fund_entry", ["village_id", "party", "settles"], unique=False)
    op.create_table(
        "lot",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("product_code", sa.String(length=20), nullable=False),
        sa.Column("move_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("best_before", sa.Date(), nullable=True),
        sa.Column("supplier", sa.String(length=60), nullable=True),
        sa.Column("names_donor", sa.Boolean(name="names_donor"), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.CheckConstraint("typeof(move_seq) IN ('integer', 'null')", name=op.f("ck_lot_move_seq_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "product_code", "move_seq"],
            ["stock_move.village_id", "stock_move.product_code", "stock_move.seq"],
            name=op.f("fk_lot_village_id_product_code_move_seq"),
        ),
        sa.PrimaryKeyConstraint("village_id", "product_code", "move_seq", name=op.f("pk_lot")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_lot_supplier", "lot", ["village_id", "supplier"], unique=False)
    op.add_column("product", sa.Column("low_stock", sa.Integer(), nullable=True))
    op.add_column("village", sa.Column("low_stock", sa.SmallInteger(), nullable=True))
    for words in trigger_statements(op.get_context().dialect.name, ["fund_entry", "lot"]):
        op.execute(words)


def downgrade() -> None:
    op.drop_column("village", "low_stock")
    op.drop_column("product", "low_stock")
    op.drop_table("lot")
    op.drop_table("fund_entry")
