"""The books cannot be rewritten even by someone who speaks SQL (threats.md E01, E02)."""

import sqlite3

import pytest
from flask import Flask

from pointshop.core.db import Base, reading
from pointshop.core.guards import append_only_tables
from tests.on_sqlite import SqliteGround
from tests.world import World


def run(app: Flask, statement: str) -> None:
    with app.app_context():
        reading().raw.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET points = 99",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry",
        "REPLACE INTO entry SELECT * FROM entry",
        "INSERT INTO entry SELECT * FROM entry WHERE true ON CONFLICT DO UPDATE SET points = 99",
    ],
)
def test_entry_stays_as_it_was_written(app: Flask, world: World, statement: str) -> None:
    world.household(points=10)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        run(app, statement)
    assert world.balance() == 10


def test_entries_and_seals_are_append_only() -> None:
    assert {"entry", "seal"} <= {table.name for table in append_only_tables(Base.metadata)}


@pytest.mark.parametrize("value", ["'abc'", "1.5", "x'00'", "-1"])
def test_balance_is_a_whole_number_that_is_not_negative(app: Flask, world: World, value: str) -> None:
    world.household()
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        run(app, f"UPDATE account SET balance = {value}")


@pytest.mark.parametrize("value", ["'abc'", "1.5"])
@pytest.mark.parametrize(("table", "column"), [("tally", "points"), ("product", "on_hand"), ("stock_move", "quantity")])
def test_numbers_are_whole(ground: SqliteGround, table: str, column: str, value: str) -> None:
    """SQLite keeps what it is given, whatever the column's type; the CHECK does not."""
    ((words,),) = ground.run(f"SELECT sql FROM sqlite_master WHERE name = '{table}'")
    assert f"CHECK (typeof({column}) IN ('integer', 'null'))" in words
    assert ground.run(f"SELECT typeof({value}) IN ('integer', 'null')") == [(0,)]
