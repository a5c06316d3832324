"""Lots of goods, where they run low, stocktakes, deliveries, wishes, and the book of the fund."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0023"
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
        "stocktake",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_stocktake_closed_by_someone")),
        sa.CheckConstraint("closed_at >= opened_at", name=op.f("ck_stocktake_closed_after_start")),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_stocktake_village_id")),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_stocktake")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stocktake_opened", "stocktake", ["village_id", "opened_at", "id"], unique=False)
    op.create_table(
        "stocktake_line",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stocktake_id", Name, nullable=False),
        sa.Column("product_code", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "product_code"],
            ["product.village_id", "product.code"],
            name=op.f("fk_stocktake_line_village_id_product_code"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "stocktake_id"],
            ["stocktake.village_id", "stocktake.id"],
            name=op.f("fk_stocktake_line_village_id_stocktake_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "stocktake_id", "product_code", name=op.f("pk_stocktake_line")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stocktake_line_product", "stocktake_line", ["village_id", "product_code"], unique=False)
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
    op.create_table(
        "stocktake_count",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stocktake_id", Name, nullable=False),
        sa.Column("product_code", sa.String(length=20), nullable=False),
        sa.Column("round", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("count_id", Name, nullable=False),
        sa.Column("counted_at", UTCDateTime(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("book", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(name="agrees"), nullable=True),
        sa.Column("move_seq", sa.Integer(), nullable=True),
        sa.Column("value_fen", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.CheckConstraint("typeof(book) IN ('integer', 'null')", name=op.f("ck_stocktake_count_book_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "typeof(move_seq) IN ('integer', 'null')", name=op.f("ck_stocktake_count_move_seq_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(place) IN ('integer', 'null')", name=op.f("ck_stocktake_count_place_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(quantity) IN ('integer', 'null')", name=op.f("ck_stocktake_count_quantity_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(round) IN ('integer', 'null')", name=op.f("ck_stocktake_count_round_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(value_fen) IN ('integer', 'null')", name=op.f("ck_stocktake_count_value_fen_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "(COALESCE(agrees, FALSE) AND quantity <> book) = (move_seq IS NOT NULL)",
            name=op.f("ck_stocktake_count_agreed_is_posted"),
        ),
        sa.CheckConstraint(
            "(move_seq IS NULL) = (value_fen IS NULL)", name=op.f("ck_stocktake_count_posted_has_value")
        ),
        sa.CheckConstraint("(place = 2) = (agrees IS NOT NULL)", name=op.f("ck_stocktake_count_second_agrees_or_not")),
        sa.CheckConstraint("book >= 0", name=op.f("ck_stocktake_count_book")),
        sa.CheckConstraint("place BETWEEN 1 AND 2", name=op.f("ck_stocktake_count_place")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_stocktake_count_quantity")),
        sa.CheckConstraint("round > 0", name=op.f("ck_stocktake_count_round")),
        sa.ForeignKeyConstraint(
            ["village_id", "product_code", "move_seq"],
            ["stock_move.village_id", "stock_move.product_code", "stock_move.seq"],
            name=op.f("fk_stocktake_count_village_id_product_code_move_seq"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "stocktake_id", "product_code"],
            ["stocktake_line.village_id", "stocktake_line.stocktake_id", "stocktake_line.product_code"],
            name=op.f("fk_stocktake_count_village_id_stocktake_id_product_code"),
        ),
        sa.PrimaryKeyConstraint(
            "village_id", "stocktake_id", "product_code", "round", "place", name=op.f("pk_stocktake_count")
        ),
        sa.UniqueConstraint(
            "village_id",
            "stocktake_id",
            "product_code",
            "round",
            "actor_id",
            name=op.f("uq_stocktake_count_village_id_stocktake_id_product_code_round_actor_id"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wish",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_wish_village_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_wish")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_wish_household", "wish", ["village_id", "household_id"], unique=False)
    op.create_index("ix_wish_recorded", "wish", ["village_id", "recorded_at", "id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("redemption_id", Name, nullable=False),
        sa.Column("carrier_id", sa.BigInteger(), nullable=False),
        sa.Column("marked_at", UTCDateTime(), nullable=False),
        sa.Column("marked_by", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("received_by", sa.String(length=10), nullable=True),
        sa.Column("is_signed", sa.Boolean(name="is_signed"), nullable=True),
        sa.CheckConstraint("received_by IN ('self', 'family', 'neighbour')", name=op.f("ck_delivery_received_by")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_delivery_confirmed_by_someone")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (is_signed IS NULL)", name=op.f("ck_delivery_confirmed_is_signed_or_not")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (received_by IS NULL)", name=op.f("ck_delivery_confirmed_has_receiver")
        ),
        sa.CheckConstraint(
            "is_signed OR (confirmed_by <> carrier_id AND confirmed_by <> marked_by)",
            name=op.f("ck_delivery_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "redemption_id"],
            ["redemption.village_id", "redemption.id"],
            name=op.f("fk_delivery_village_id_redemption_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "redemption_id", name=op.f("pk_delivery")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_delivery_marked", "delivery", ["village_id", "marked_at", "redemption_id"], unique=False)
    op.add_column("product", sa.Column("low_stock", sa.Integer(), nullable=True))
    op.add_column("village", sa.Column("low_stock", sa.SmallInteger(), nullable=True))
    for words in trigger_statements(
        op.get_context().dialect.name, ["fund_entry", "stocktake_line", "lot", "stocktake_count"]
    ):
        op.execute(words)


def downgrade() -> None:
    op.drop_column("village", "low_stock")
    op.drop_column("product", "low_stock")
    op.drop_table("delivery")
    op.drop_table("wish")
    op.drop_table("stocktake_count")
    op.drop_table("lot")
    op.drop_table("stocktake_line")
    op.drop_table("stocktake")
    op.drop_table("fund_entry")
