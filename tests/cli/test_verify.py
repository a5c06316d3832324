"""verify finds any single number that was changed behind its back, and says plainly when it could not look."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Integer, Numeric

from pointshop.app import SEALED
from pointshop.cli.verify import Report, examine
from pointshop.core.db import Base
from pointshop.ledger.seal import seal_village
from tests.cli.installation import Installation
from tests.ground import Ground
from tests.hurry import patient
from tests.world import World

BOOKS = ("account", "entry", "tally", "seal")
NUMBERS = [
    (name, column.name)
    for name in BOOKS
    for column in Base.metadata.tables[name].columns
    if isinstance(column.type, Integer | Numeric)
]


@pytest.fixture
def books(world: World) -> Iterator[World]:
    """Every table of the books holds something, sealed."""
    world.households(2, points=30)
    world.rule()
    world.merit()
    world.do(lambda work: seal_village(work, world.village_id, SEALED))
    with patient(world.app):
        yield world


def report_of(world: World) -> Report:
    return world.see(lambda _work: examine(database=""))


@contextmanager
def without_guards(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection of someone who knows how to get past the guards and puts them back."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, statement in triggers:
            connection.execute(statement)


def test_books_in_order_exit_0(installed: Installation, village: World) -> None:
    ran = installed.run("verify")
    assert (ran.status, ran.err) == (0, "")
    assert "全部相符" in ran.out


@pytest.mark.breaks_the_books
@pytest.mark.parametrize(("table", "column"), NUMBERS)
def test_finds_any_number_that_was_changed(ground: Ground, books: World, table: str, column: str) -> None:
    assert report_of(books).violations == 0
    key = ", ".join(part.name for part in Base.metadata.tables[table].primary_key)
    with without_guards(ground.file) as connection:
        changed = connection.execute(
            f"UPDATE {table} SET {column} = coalesce({column}, 0) + 7000 "
            f"WHERE ({key}) = (SELECT {key} FROM {table} LIMIT 1)"
        )
        assert changed.rowcount == 1
    broken = {finding.name for finding in report_of(books).findings if finding.count}
    assert broken - {"guards_are_present"} == broken != set()


def test_violations_exit_2_and_are_named(installed: Installation, village: World) -> None:
    installed.sql("UPDATE account SET balance = balance + 1 WHERE id = 2")
    ran = installed.run("verify")
    assert ran.status == 2
    assert "[不符 1] I3 balance_is_sum_of_entries" in ran.out
    assert '"account_id": 2, "balance": 31, "sum_of_entries": 30' in ran.out


def test_json_says_the_same_to_machines(installed: Installation, village: World) -> None:
    installed.sql("UPDATE account SET balance = balance + 1")
    ran = installed.run("verify", "--json")
    found = json.loads(ran.out)
    assert (ran.status, ran.err, found["status"], found["violations"]) == (2, "", "violations", 2)
    assert found.keys() == {"status", "database", "revision", "at", "milliseconds", "violations", "checks"}
    broken = next(check for check in found["checks"] if check["name"] == "balance_is_sum_of_entries")
    assert (broken["invariant"], broken["violations"], broken["rows"]) == ("I3", 2, 4)
    assert [example["account_id"] for example in broken["examples"]] == [1, 2]


@pytest.mark.breaks_the_books
def test_entries_removed_from_the_end_are_missed_by_the_seal(ground: Ground, books: World) -> None:
    with without_guards(ground.file) as connection:
        connection.execute("DELETE FROM entry WHERE account_id = 2")
        connection.execute("UPDATE account SET balance = 0, last_seq = 0 WHERE id = 2")
    assert [finding.name for finding in report_of(books).findings if finding.count] == ["seals_fit_the_books"]


def test_missing_guard_exits_2(installed: Installation) -> None:
    installed.sql("DROP TRIGGER seal_no_delete")
    ran = installed.run("verify")
    assert ran.status == 2
    assert "seal_no_delete" in ran.out


def test_damaged_pages_exit_2(installed: Installation, village: World) -> None:
    root = "SELECT rootpage FROM sqlite_master WHERE name = 'entry'"
    ((page,),) = installed.sql("PRAGMA wal_checkpoint(TRUNCATE)", root)
    with installed.file.open("r+b") as file:
        file.seek((int(str(page)) - 1) * 4096)
        file.write(b"\xff" * 4096)
    ran = installed.run("verify")
    assert ran.status == 2
    assert "I27" in ran.out


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:////dev/null/x.sqlite3", "没有找到数据库"),
        ("mysql://x", "POINTSHOP_DATABASE_URL"),
        ("sqlite:///:memory:", "POINTSHOP_DATABASE_URL"),
        ("postgresql://nobody@127.0.0.1:1/none", "连接不上"),
    ],
)
def test_without_a_database_exits_3(bare: Installation, url: str, reason: str) -> None:
    bare.monkeypatch.setenv("POINTSHOP_DATABASE_URL", url)
    ran = bare.run("verify")
    assert (ran.status, ran.out) == (3, "")
    assert reason in ran.err
    told = bare.run("verify", "--json")
    assert (told.status, told.err, json.loads(told.out)["status"]) == (3, "", "could_not_run")


def test_file_that_is_no_database_exits_3(bare: Installation) -> None:
    bare.file.write_bytes(b"not a database, but long enough to look at " * 50)
    assert bare.run("verify").status == 3


def test_database_of_someone_else_exits_3(bare: Installation) -> None:
    bare.sql("CREATE TABLE notes (said TEXT)")
    assert bare.run("verify").status == 3


def test_older_schema_exits_3_and_names_the_way(installed: Installation) -> None:
    installed.sql("UPDATE alembic_version SET version_num = '0001'")
    ran = installed.run("verify")
    assert ran.status == 3
    assert "pointshop init" in ran.err


def test_locked_database_exits_3(installed: Installation) -> None:
    # nobody comes to unlock it: no use in waiting as long as in earnest
    installed.monkeypatch.setattr("pointshop.core.db.BUSY_TIMEOUT_MS", 50)
    installed.sql("PRAGMA journal_mode=DELETE")
    with closing(sqlite3.connect(installed.file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ran = installed.run("verify")
    assert ran.status == 3
    assert "占用" in ran.err


def test_mistyped_option_exits_3_and_not_2(installed: Installation) -> None:
    assert installed.run("verify", "--jsno").status == 3
