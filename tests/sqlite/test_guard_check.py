"""Each guard that is gone or weakened is named; what somebody added for himself is left alone."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from pointshop.core.db import Base, reading
from pointshop.core.guard_check import guard_faults
from pointshop.core.guards import append_only_tables, sqlite_triggers

Faults = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def faults_after(app: Flask) -> Faults:
    """What is found once the statements have run."""

    def run(*statements: str) -> list[dict[str, Any]]:
        with app.app_context():
            for statement in statements:
                reading().raw.execute(statement)
            return list(guard_faults(reading(), Base.metadata))

    return run


def rewrite(table: str, old: str, new: str) -> tuple[str, ...]:
    """Statements with which somebody changes a table's definition behind the database's back."""
    change = f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}') WHERE name = '{table}'"
    return ("PRAGMA writable_schema=ON", change, "PRAGMA writable_schema=RESET")


def test_migrated_database_has_every_guard(faults_after: Faults) -> None:
    assert faults_after() == []


@pytest.mark.parametrize(
    "trigger", [name for table in append_only_tables(Base.metadata) for name in sqlite_triggers(table.name)]
)
def test_finds_a_trigger_that_was_dropped(faults_after: Faults, trigger: str) -> None:
    (fault,) = faults_after(f"DROP TRIGGER {trigger}")
    assert (fault["fault"], fault["kind"], fault["name"]) == ("missing", "trigger", trigger)


def test_finds_a_trigger_that_no_longer_does_anything(faults_after: Faults) -> None:
    faults = faults_after(
        "DROP TRIGGER entry_no_update",
        "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT 1; END",
    )
    assert [fault["fault"] for fault in faults] == ["missing", "unexpected"]


def test_finds_a_trigger_of_unknown_origin(faults_after: Faults) -> None:
    (fault,) = faults_after(
        "CREATE TRIGGER gift AFTER INSERT ON entry "
        "BEGIN UPDATE account SET balance = balance + 1 WHERE id = new.account_id; END"
    )
    assert (fault["fault"], fault["kind"], fault["name"]) == ("unexpected", "trigger", "gift")


def test_finds_a_check_that_was_weakened(faults_after: Faults) -> None:
    faults = faults_after(*rewrite("account", "balance >= 0", "balance >= -1"))
    assert [(fault["fault"], fault["text"]) for fault in faults] == [
        ("missing", "CONSTRAINT ck_account_never_in_debt CHECK (balance >= 0)"),
        ("unexpected", "CONSTRAINT ck_account_never_in_debt CHECK (balance >= -1)"),
    ]


def test_finds_an_index_that_was_dropped(faults_after: Faults) -> None:
    (fault,) = faults_after("DROP INDEX uq_card_in_force")
    assert (fault["kind"], fault["name"]) == ("index", "uq_card_in_force")


def test_finds_an_index_that_lost_its_condition(faults_after: Faults) -> None:
    faults = faults_after(
        "DROP INDEX uq_card_in_force",
        "CREATE INDEX uq_card_in_force ON card (village_id, household_id)",
    )
    assert len(faults) == 2


@pytest.mark.breaks_the_books
def test_finds_a_table_that_was_dropped(faults_after: Faults) -> None:
    faults = faults_after("DROP TABLE photo")
    assert {fault["name"] for fault in faults} == {"photo", "ix_photo_merit"}


def test_minds_no_index_or_table_that_somebody_added(faults_after: Faults) -> None:
    assert faults_after("CREATE TABLE notes (said TEXT)", "CREATE INDEX ix_own ON household (head)") == []
