"""shop"""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("spec", sa.String(length=60), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("limit_quantity", sa.Integer(), nullable=True),
        sa.Column("limit_period", sa.String(length=10), nullable=True),
        sa.Column("barcode", sa.String(length=32), nullable=True),
        sa.Column("is_active", sa.Boolean(name="is_active"), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "limit_period IN ('day', 'week', 'month', 'quarter', 'year')", name=op.f("ck_product_limit_period")
        ),
        sa.CheckConstraint("typeof(last_seq) IN ('integer', 'null')", name=op.f("ck_product_last_seq_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "typeof(limit_quantity) IN ('integer', 'null')", name=op.f("ck_product_limit_quantity_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("typeof(on_hand) IN ('integer', 'null')", name=op.f("ck_product_on_hand_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("typeof(points) IN ('integer', 'null')", name=op.f("ck_product_points_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "(limit_quantity IS NULL) = (limit_period IS NULL)", name=op.f("ck_product_limit_has_period")
        ),
        sa.CheckConstraint("last_seq >= 0", name=op.f("ck_product_last_seq")),
        sa.CheckConstraint("limit_quantity > 0", name=op.f("ck_product_limit_quantity")),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_product_never_below_nothing")),
        sa.CheckConstraint("points BETWEEN 1 AND 1000000", name=op.f("ck_product_points")),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_product_village_id")),
        sa.PrimaryKeyConstraint("village_id", "code", name=op.f("pk_product")),
        sa.UniqueConstraint("village_id", "barcode", name=op.f("uq_product_village_id_barcode")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "scan",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("card_id", Name, nullable=True),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("(outcome = 'card_unknown') = (card_id IS NULL)", name=op.f("ck_scan_unknown_has_no_card")),
        sa.CheckConstraint("outcome IN ('ok', 'card_unknown', 'card_revoked')", name=op.f("ck_scan_outcome")),
        sa.CheckConstraint("(card_id IS NULL) = (household_id IS NULL)", name=op.f("ck_scan_card_has_household")),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_scan_village_id")),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_scan")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_scan_refused",
        "scan",
        ["village_id", "at", "id"],
        unique=False,
        sqlite_where=sa.text("outcome <> 'ok'"),
        postgresql_where=sa.text("outcome <> 'ok'"),
    )
    op.create_table(
        "stock_move",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("product_code", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("on_hand_after", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("cost_fen", sa.Integer(), nullable=True),
        sa.Column("donor", sa.String(length=60), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("redemption_id", Name, nullable=True),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.CheckConstraint("(kind = 'count') = (counted IS NOT NULL)", name=op.f("ck_stock_move_counted")),
        sa.CheckConstraint(
            "(kind IN ('receive', 'write_off', 'count')) = (id IS NOT NULL)", name=op.f("ck_stock_move_named_by_client")
        ),
        sa.CheckConstraint(
            "(kind IN ('redeem', 'return')) = (redemption_id IS NOT NULL)", name=op.f("ck_stock_move_of_redemption")
        ),
        sa.CheckConstraint(
            "kind = 'receive' OR (cost_fen IS NULL AND donor IS NULL)",
            name=op.f("ck_stock_move_only_received_has_origin"),
        ),
        sa.CheckConstraint(
            "kind IN ('receive', 'write_off', 'count', 'redeem', 'return')", name=op.f("ck_stock_move_kind")
        ),
        sa.CheckConstraint("kind NOT IN ('receive', 'return') OR quantity > 0", name=op.f("ck_stock_move_brings")),
        sa.CheckConstraint("kind NOT IN ('write_off', 'redeem') OR quantity < 0", name=op.f("ck_stock_move_takes")),
        sa.CheckConstraint(
            "typeof(cost_fen) IN ('integer', 'null')", name=op.f("ck_stock_move_cost_fen_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(counted) IN ('integer', 'null')", name=op.f("ck_stock_move_counted_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(on_hand_after) IN ('integer', 'null')", name=op.f("ck_stock_move_on_hand_after_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(quantity) IN ('integer', 'null')", name=op.f("ck_stock_move_quantity_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("typeof(seq) IN ('integer', 'null')", name=op.f("ck_stock_move_seq_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("cost_fen >= 0", name=op.f("ck_stock_move_cost_fen")),
        sa.CheckConstraint(
            "counted IS NULL OR counted = on_hand_after", name=op.f("ck_stock_move_count_is_what_is_there")
        ),
        sa.CheckConstraint("on_hand_after >= 0", name=op.f("ck_stock_move_never_below_nothing")),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_stock_move_moves_something")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_stock_move_seq")),
        sa.ForeignKeyConstraint(
            ["village_id", "product_code"],
            ["product.village_id", "product.code"],
            name=op.f("fk_stock_move_village_id_product_code"),
        ),
        sa.PrimaryKeyConstraint("village_id", "product_code", "seq", name=op.f("pk_stock_move")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_stock_move_recorded", "stock_move", ["village_id", "recorded_at", "product_code", "seq"], unique=False
    )
    op.create_index(
        "uq_stock_move_id",
        "stock_move",
        ["village_id", "id"],
        unique=True,
        sqlite_where=sa.text("id IS NOT NULL"),
        postgresql_where=sa.text("id IS NOT NULL"),
    )
    op.create_table(
        "redemption",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("card_id", Name, nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("entry_seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("clerk_id", sa.BigInteger(), nullable=False),
        sa.Column("voided_at", UTCDateTime(), nullable=True),
        sa.Column("voided_by", sa.BigInteger(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'voided') = (void_reason IS NOT NULL)", name=op.f("ck_redemption_voided_has_reason")
        ),
        sa.CheckConstraint(
            "(state = 'voided') = (voided_at IS NOT NULL)", name=op.f("ck_redemption_voided_has_instant")
        ),
        sa.CheckConstraint(
            "(state = 'voided') = (voided_by IS NOT NULL)", name=op.f("ck_redemption_voided_has_person")
        ),
        sa.CheckConstraint("state IN ('completed', 'voided')", name=op.f("ck_redemption_state")),
        sa.CheckConstraint(
            "typeof(entry_seq) IN ('integer', 'null')", name=op.f("ck_redemption_entry_seq_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("typeof(points) IN ('integer', 'null')", name=op.f("ck_redemption_points_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("card_id IS NOT NULL OR note IS NOT NULL", name=op.f("ck_redemption_slip_has_note")),
        sa.CheckConstraint("points > 0", name=op.f("ck_redemption_points")),
        sa.ForeignKeyConstraint(
            ["village_id", "card_id"], ["card.village_id", "card.id"], name=op.f("fk_redemption_village_id_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id", "entry_seq"],
            ["entry.village_id", "entry.account_id", "entry.seq"],
            name=op.f("fk_redemption_village_id_household_id_entry_seq"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_redemption_village_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_redemption")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_redemption_card", "redemption", ["village_id", "card_id"], unique=False)
    op.create_index("ix_redemption_day", "redemption", ["village_id", "occurred_on", "at", "id"], unique=False)
    op.create_index(
        "ix_redemption_household", "redemption", ["village_id", "household_id", "occurred_on"], unique=False
    )
    op.create_table(
        "redemption_line",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("redemption_id", Name, nullable=False),
        sa.Column("line_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("product_code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("move_seq", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "typeof(line_no) IN ('integer', 'null')", name=op.f("ck_redemption_line_line_no_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(move_seq) IN ('integer', 'null')", name=op.f("ck_redemption_line_move_seq_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(points) IN ('integer', 'null')", name=op.f("ck_redemption_line_points_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(quantity) IN ('integer', 'null')", name=op.f("ck_redemption_line_quantity_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("line_no > 0", name=op.f("ck_redemption_line_line_no")),
        sa.CheckConstraint("points > 0", name=op.f("ck_redemption_line_points")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_redemption_line_quantity")),
        sa.ForeignKeyConstraint(
            ["village_id", "product_code", "move_seq"],
            ["stock_move.village_id", "stock_move.product_code", "stock_move.seq"],
            name=op.f("fk_redemption_line_village_id_product_code_move_seq"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "redemption_id"],
            ["redemption.village_id", "redemption.id"],
            name=op.f("fk_redemption_line_village_id_redemption_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "redemption_id", "line_no", name=op.f("pk_redemption_line")),
        sa.UniqueConstraint(
            "village_id", "product_code", "move_seq", name=op.f("uq_redemption_line_village_id_product_code_move_seq")
        ),
        sqlite_with_rowid=False,
    )
    for words in trigger_statements(op.get_context().dialect.name, ["stock_move", "redemption_line"]):
        op.execute(words)


def downgrade() -> None:
    op.drop_table("redemption_line")
    op.drop_table("redemption")
    op.drop_table("stock_move")
    op.drop_table("scan")
    op.drop_table("product")
