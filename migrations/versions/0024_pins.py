"""Households' PINs, who set them, and above how many points a village asks for them."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_CHECK = "CONSTRAINT ck_village_pin_above_points CHECK (pin_above_points >= 0)"


def upgrade() -> None:
    op.add_column("village", sa.Column("pin_above_points", sa.Integer(), nullable=True))
    if op.get_context().dialect.name == "sqlite":
        _rebuild_village(lambda words: f"{words.rstrip().removesuffix(')').rstrip()}, \n\t{_CHECK}\n)")
    else:
        op.create_check_constraint(op.f("ck_village_pin_above_points"), "village", "pin_above_points >= 0")
    op.create_table(
        "pin_change",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("card_id", Name, nullable=False),
        sa.Column("basis", sa.String(length=5), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("basis IN ('first', 'known', 'reset')", name=op.f("ck_pin_change_basis")),
        sa.CheckConstraint("serial > 0", name=op.f("ck_pin_change_serial")),
        sa.CheckConstraint("typeof(serial) IN ('integer', 'null')", name=op.f("ck_pin_change_serial_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "card_id"],
            ["card.village_id", "card.id"],
            name=op.f("fk_pin_change_village_id_card_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_pin_change_village_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_pin_change")),
        sa.UniqueConstraint("village_id", "household_id", "serial", name="uq_pin_change_serial"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_pin_change_at", "pin_change", ["village_id", "at", "id"], unique=False)
    op.create_index("ix_pin_change_card", "pin_change", ["village_id", "card_id"], unique=False)
    op.create_table(
        "household_pin",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("household_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("change_id", Name, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key_mark", sa.String(length=8), nullable=False),
        sa.Column("wrong", sa.SmallInteger(), nullable=False),
        sa.Column("last_wrong", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(wrong = 0) = (last_wrong IS NULL)", name=op.f("ck_household_pin_wrong_has_last")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_household_pin_digest")),
        sa.CheckConstraint("typeof(wrong) IN ('integer', 'null')", name=op.f("ck_household_pin_wrong_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("wrong BETWEEN 0 AND 5", name=op.f("ck_household_pin_wrong")),
        sa.ForeignKeyConstraint(
            ["village_id", "change_id"],
            ["pin_change.village_id", "pin_change.id"],
            name=op.f("fk_household_pin_village_id_change_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_household_pin_village_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "household_id", name=op.f("pk_household_pin")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_household_pin_change", "household_pin", ["village_id", "change_id"], unique=False)
    for words in trigger_statements(op.get_context().dialect.name, ["pin_change"]):
        op.execute(words)


def downgrade() -> None:
    op.drop_table("household_pin")
    op.drop_table("pin_change")
    if op.get_context().dialect.name == "sqlite":
        _rebuild_village(lambda words: words.replace(f", \n\t{_CHECK}", ""))
    op.drop_column("village", "pin_above_points")


def _rebuild_village(change: Callable[[str], str]) -> None:
    """SQLite: the table anew under a changed statement, whatever columns it has by now; it has no triggers."""
    connection = op.get_bind()
    [(words,)] = connection.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = 'village'"))
    indexes = connection.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'village' AND sql IS NOT NULL")
    ).scalars()
    again = [
        "CREATE TABLE kept_village AS SELECT * FROM village",
        "DROP TABLE village",
        change(words),
        "INSERT INTO village SELECT * FROM kept_village",
        "DROP TABLE kept_village",
        *indexes,
    ]
    for statement in again:
        op.execute(sa.text(statement))
