"""The revisions make just what the models ask for, go up and down with data inside, and break off without a trace."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

from pointshop.cli.place import opened
from pointshop.core.db import Base, db, reading
from pointshop.core.guard_check import guard_faults
from pointshop.core.schema import (
    downgrade_schema,
    find_revision,
    newest_revision,
    require_current,
    upgrade_schema,
)
from pointshop.core.storage_check import storage_faults
from tests.installation import Installation
from tests.on_postgresql import PostgresqlGround
from tests.sqlite.test_revisions import REVISIONS
from tests.world import World

#: All that makes a schema what it is, as PostgreSQL itself spells it.
_DESCRIBED = (
    "SELECT 'column', attrelid::regclass::text, "
    "attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull "
    "|| ' ' || attidentity::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped",
    "SELECT 'constraint', conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "SELECT 'index', tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT 'function', proname::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)
Description = set[tuple[str, str, str]]


@pytest.fixture
def empty(bare: Installation) -> Iterator[Flask]:
    """An app over a database with nothing in it, inside its context, as the owner."""
    with opened(bare.config) as app:
        yield app


def described() -> Description:
    """Without Alembic's own table."""
    rows = {row for words in _DESCRIBED for row in reading().raw.execute(words.encode()).fetchall()}
    return {row for row in rows if row[1] != "alembic_version"}


def contents() -> dict[str, list[tuple[object, ...]]]:
    """Table → its rows, of those that are there."""
    names = {row[1] for row in described() if row[0] == "column"}
    return {name: reading().raw.execute(f"SELECT * FROM {name} ORDER BY 1, 2".encode()).fetchall() for name in names}


def test_migrated_database_equals_one_made_from_the_models(empty: Flask, ground: PostgresqlGround) -> None:
    upgrade_schema()
    migrated = described()
    downgrade_schema("base")
    assert {row[0] for row in described()} <= {"function"}
    db.create_all()
    assert described() == migrated


def test_alembic_sees_nothing_left_to_do(empty: Flask) -> None:
    upgrade_schema()
    context = MigrationContext.configure(reading().held.connection, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_new_database_is_sound_and_guarded(empty: Flask) -> None:
    upgrade_schema()
    assert list(guard_faults(reading(), Base.metadata)) == []
    assert list(storage_faults(reading())) == []


@pytest.mark.parametrize("revision", ["base", *(path.stem[:4] for path in REVISIONS)])
def test_goes_down_and_up_again_with_a_village_inside(installed: Installation, village: World, revision: str) -> None:
    village.rule()
    village.merit()
    village.close()
    with opened(installed.config):
        whole = described()
        downgrade_schema(revision)
        before = contents()
        upgrade_schema()
        require_current(reading())
        assert described() == whole
        after = contents()
        assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("nth", [1, 2, 9, 20])
def test_upgrade_that_breaks_off_leaves_nothing_and_can_be_repeated(
    empty: Flask, ground: PostgresqlGround, bare: Installation, nth: int
) -> None:
    """An event trigger of the superuser's stands for whatever may stop the N-th CREATE."""
    ground.run(
        "CREATE SEQUENCE created",
        "GRANT ALL ON SEQUENCE created TO pointshop_owner",
        "CREATE FUNCTION stop() RETURNS event_trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF nextval('created') = {nth} THEN RAISE 'stopped'; END IF; END $$",
        "CREATE EVENT TRIGGER stop ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE INDEX', 'CREATE TRIGGER') "
        "EXECUTE FUNCTION stop()",
        config=bare.config,
    )
    with pytest.raises(Exception, match="stopped"):
        upgrade_schema()
    assert find_revision(reading()) is None
    assert {row[:2] for row in described()} == {("function", "stop")}
    upgrade_schema()
    require_current(reading())


def test_two_upgrades_at_once_are_one(bare: Installation) -> None:
    """Alembic keeps its state per process, so these are two."""
    inits = [subprocess.Popen([sys.executable, "-m", "pointshop", "init"], stderr=subprocess.PIPE) for _ in range(2)]
    ends = [(init.wait(timeout=60), init.communicate()[1]) for init in inits]
    assert ends == [(0, b""), (0, b"")], b"".join(said for _, said in ends).decode()
    with opened(bare.config):
        assert find_revision(reading()) == newest_revision()


def test_rows_that_point_nowhere_are_found(installed: Installation, ground: PostgresqlGround, village: World) -> None:
    ground.tamper("DELETE FROM household WHERE id = 1", config=installed.config)
    ran = installed.run("verify")
    assert ran.status == 2
    assert '"fault": "points nowhere", "table": "card"' in ran.out
