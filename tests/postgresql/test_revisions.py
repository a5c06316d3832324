"""The revisions make just what the models ask for, go up and down with data inside, and break off without a trace."""

import subprocess
import sys
from collections.abc import Iterator

import psycopg
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
from tests.sqlite.test_revisions import STEPS
from tests.together import at_once
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


def columns() -> dict[str, str]:
    """Table → its columns, of those that are there."""
    found: dict[str, list[str]] = {}
    for row in sorted(described()):
        if row[0] == "column":
            found.setdefault(row[1], []).append(row[2].split()[0])
    return {name: ", ".join(listed) for name, listed in found.items()}


def contents(listed: dict[str, str]) -> dict[str, list[tuple[object, ...]]]:
    """Table → what its rows have in these columns."""
    return {
        name: sorted(reading().raw.execute(f"SELECT {names} FROM {name}".encode()).fetchall(), key=str)
        for name, names in listed.items()
    }


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


def test_goes_down_and_up_again_with_a_village_inside(installed: Installation, village: World) -> None:
    village.rule()
    village.merit()
    village.close()
    with opened(installed.config):
        whole = described()
        for revision, below in STEPS:
            above = described()
            downgrade_schema(below)
            listed = columns()
            before = contents(listed)
            upgrade_schema(revision)
            assert described() == above, revision
            assert contents(listed) == before, revision
            downgrade_schema(below)
        assert {row[0] for row in described()} <= {"function"}
        upgrade_schema()
        require_current(reading())
        assert described() == whole


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
    assert _init_at_once(2) == [(0, ""), (0, "")]
    with opened(bare.config):
        assert find_revision(reading()) == newest_revision()
    assert bare.run("verify").status == 0


def _init_at_once(times: int) -> list[tuple[int, str]]:
    """Exit status and complaints of as many `pointshop init`."""
    inits = [
        subprocess.Popen([sys.executable, "-m", "pointshop", "init"], stderr=subprocess.PIPE, encoding="utf-8")
        for _ in range(times)
    ]
    said = [init.communicate(timeout=180)[1] for init in inits]
    return [(init.returncode, words) for init, words in zip(inits, said, strict=True)]


def _hold_back_the_root(bare: Installation) -> None:
    """From now on whoever plants the tree's root takes a second over it, so that others are sure to come in between."""
    bare.sql(
        "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$",
        "CREATE TRIGGER linger AFTER INSERT ON region FOR EACH ROW EXECUTE FUNCTION linger()",
    )


def test_two_that_plant_the_root_at_once_plant_one(bare: Installation) -> None:
    assert bare.run("init").status == 0
    bare.sql("DELETE FROM region")
    _hold_back_the_root(bare)
    assert _init_at_once(3) == [(0, "")] * 3
    assert bare.sql("SELECT code FROM region") == [("0",)]


def test_who_looks_first_whether_there_is_a_root_fails_beside_another(bare: Installation) -> None:
    """The anomaly is real: between looking and planting somebody else plants."""
    assert bare.run("init").status == 0
    bare.sql("DELETE FROM region")
    _hold_back_the_root(bare)
    planted = (
        "INSERT INTO region (code, level, name, path) SELECT '0', 0, '中国', '/' "
        "WHERE NOT EXISTS (SELECT FROM region WHERE code = '0')"
    )

    def plant() -> str:
        try:
            bare.sql(planted)
        except psycopg.errors.UniqueViolation:
            return "fails"
        return "plants"

    assert sorted(at_once([plant] * 2)) == ["fails", "plants"]


def test_rows_that_point_nowhere_are_found(installed: Installation, ground: PostgresqlGround, village: World) -> None:
    ground.tamper("DELETE FROM household WHERE id = 1", config=installed.config)
    ran = installed.run("verify")
    assert ran.status == 2
    assert '"fault": "points nowhere", "table": "card"' in ran.out
