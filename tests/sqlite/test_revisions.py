"""The revisions make just what the models ask for, go up and down with data inside, and break off without a trace."""

import ast
import sqlite3
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Column, Connection, String, delete

from pointshop.app import create_app
from pointshop.core.db import Base, change_schema, db, reading, snapshot
from pointshop.core.guard_check import Description, expected_on_sqlite, guard_faults, stored_on_sqlite
from pointshop.core.schema import (
    MIGRATIONS,
    SchemaNotCurrent,
    downgrade_schema,
    find_revision,
    newest_revision,
    require_current,
    upgrade_schema,
)
from pointshop.ledger.models import Account
from tests.api import Api
from tests.books import violations
from tests.on_sqlite import config_for
from tests.world import World

REVISIONS = sorted((MIGRATIONS / "versions").glob("0*.py"))
#: From the newest down: each revision with the one below it.
STEPS = [(step.revision, str(step.down_revision or "base")) for step in ScriptDirectory(MIGRATIONS).walk_revisions()]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """An app over a database with nothing in it, inside its context."""
    app = create_app(config_for(tmp_path / "empty.sqlite3"))
    with app.app_context():
        yield app
    with app.app_context():
        db.engine.dispose()


def test_migrated_database_equals_one_made_from_the_models(empty: Flask, tmp_path: Path) -> None:
    upgrade_schema()
    migrated = stored_on_sqlite(reading())
    with create_app(config_for(tmp_path / "made.sqlite3")).app_context():
        db.create_all()
        made = stored_on_sqlite(reading())
        db.engine.dispose()
    assert migrated == made
    assert migrated == expected_on_sqlite(Base.metadata)


def test_alembic_sees_nothing_left_to_do(empty: Flask) -> None:
    upgrade_schema()
    context = MigrationContext.configure(reading().held.connection, opts={"compare_type": True})
    with warnings.catch_warnings():
        # SQLite cannot tell Alembic about indexes over expressions; the test above compares their text
        warnings.filterwarnings("ignore", ".*expression-based index")
        assert compare_metadata(context, Base.metadata) == []


def test_goes_down_and_up_again_with_a_village_inside(app: Flask, api: Api, world: World) -> None:
    world.households(3, points=20)
    world.card()
    world.rule()
    with app.app_context():
        for revision, below in STEPS:
            above = stored_on_sqlite(reading())
            downgrade_schema(below)
            left = stored_on_sqlite(reading())
            # later revisions may add to a table
            assert [name for name, parts in left.items() if not parts <= above[name]] == [], revision
            columns = _columns(left)
            before = _contents(columns)
            upgrade_schema(revision)
            assert stored_on_sqlite(reading()) == above, revision
            assert _contents(columns) == before, revision
            downgrade_schema(below)
        assert stored_on_sqlite(reading()) == {}
        assert find_revision(reading()) is None
        upgrade_schema()
        assert stored_on_sqlite(reading()) == expected_on_sqlite(Base.metadata)
        require_current(reading())


@pytest.mark.parametrize("nth", [1, 2, 9, 20])
def test_upgrade_that_breaks_off_leaves_nothing_and_can_be_repeated(empty: Flask, nth: int) -> None:
    created = 0

    def authorize(action: int, *_: str | None) -> int:
        nonlocal created
        makes = action in (sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_CREATE_TRIGGER)
        created += makes
        return sqlite3.SQLITE_DENY if makes and created == nth else sqlite3.SQLITE_OK

    raw = reading().raw
    raw.set_authorizer(authorize)
    with pytest.raises(Exception, match="not authorized"):
        upgrade_schema()
    raw.set_authorizer(None)
    assert find_revision(reading()) is None
    assert stored_on_sqlite(reading()) == {}
    assert raw.execute("PRAGMA foreign_keys").fetchone() == (1,)
    upgrade_schema()
    require_current(reading())


def test_upgrade_that_commits_each_statement_stays_half_done_and_cannot_be_repeated(
    empty: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The anomaly is real: it is what both databases do unless they are told to begin."""
    created = 0

    def authorize(action: int, *_: str | None) -> int:
        nonlocal created
        created += action == sqlite3.SQLITE_CREATE_TABLE
        return sqlite3.SQLITE_DENY if created == 9 else sqlite3.SQLITE_OK

    monkeypatch.setattr("pointshop.core.db.change_schema", lambda step: step(reading().held.connection))
    raw = reading().raw
    raw.set_authorizer(authorize)
    with pytest.raises(Exception, match="not authorized"):
        upgrade_schema()
    raw.set_authorizer(None)
    assert stored_on_sqlite(reading())
    with pytest.raises(Exception, match="already exists"):
        upgrade_schema()


def test_a_table_that_alembic_rebuilds_is_no_longer_guarded(app: Flask) -> None:
    """The anomaly is real: batch mode copies the rows and leaves the triggers behind."""

    def rebuild(connection: Connection) -> None:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("entry", recreate="always") as table:
            table.add_column(Column("remark", String))

    with app.app_context():
        assert list(guard_faults(reading(), Base.metadata)) == []
        change_schema(rebuild)
        assert list(guard_faults(reading(), Base.metadata))


def test_change_that_leaves_rows_pointing_nowhere_is_undone(app: Flask, world: World) -> None:
    world.household()
    with app.app_context():
        with pytest.raises(RuntimeError, match="not there"):
            change_schema(_forget_accounts)
        assert snapshot(violations) == {}


@pytest.mark.parametrize("path", REVISIONS, ids=lambda path: path.stem)
def test_revision_knows_no_models(path: Path) -> None:
    imported = {
        node.module
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pointshop")
    }
    assert imported <= {"pointshop.core.columns", "pointshop.core.guards"}


def test_database_of_a_newer_release_is_left_alone(app: Flask) -> None:
    with app.app_context():
        reading().raw.execute("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(SchemaNotCurrent, match="更新的程序"):
            require_current(reading())
        with pytest.raises(SchemaNotCurrent, match="更新的程序"):
            upgrade_schema()


def test_older_database_is_told_from_a_current_one(app: Flask) -> None:
    with app.app_context():
        require_current(reading())
        assert find_revision(reading()) == newest_revision() == REVISIONS[-1].stem[:4]
        downgrade_schema("0003")
        with pytest.raises(SchemaNotCurrent, match="pointshop init"):
            require_current(reading())
        upgrade_schema()


def test_a_program_that_does_not_look_fails_at_the_first_call_it_has_no_table_for(
    app: Flask, api: Api, world: World
) -> None:
    """The anomaly is real: `serve` looks first."""
    with app.app_context():
        downgrade_schema("0003")
    asked = {"Authorization": f"Bearer {api.as_('manager').token}"}
    answers = [
        app.test_client().get(f"/api/v1/villages/{world.village}/{kind}", headers=asked)
        for kind in ("households", "products", "merits", "redemptions")
    ]
    assert max(answer.status_code for answer in answers) >= 500
    with app.app_context():
        upgrade_schema()


def _forget_accounts(connection: Connection) -> None:
    connection.execute(delete(Account).execution_options(all_villages=True))


def _columns(description: Description) -> dict[str, str]:
    """Table → its columns."""
    names = [name for kind, name in description if kind == "table"]
    return {
        name: ", ".join(row[1] for row in reading().raw.execute(f"PRAGMA table_info({name})").fetchall())
        for name in names
    }


def _contents(columns: dict[str, str]) -> dict[str, list[tuple[object, ...]]]:
    """Table → what its rows have in these columns, in the order of the key."""
    return {name: reading().raw.execute(f"SELECT {listed} FROM {name}").fetchall() for name, listed in columns.items()}
