"""Each role can do its work and nothing beside it (threats.md E01)."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pointshop.core import storage_check
from pointshop.core.db import Base, reading
from pointshop.core.grants import grant_faults
from pointshop.core.guard_check import guard_faults
from pointshop.core.guards import append_only_tables
from tests.installation import Installation
from tests.on_postgresql import APP, OWNER, REPORT, PostgresqlGround
from tests.postgres_server import PostgresServer
from tests.world import World

FROZEN = [table.name for table in append_only_tables(Base.metadata)]
DOCUMENT = Path(__file__).parents[2] / "docs" / "postgresql.md"


@pytest.fixture
def written(world: World) -> World:
    world.household(points=10)
    return world


def attempt(ground: PostgresqlGround, role: str, statement: str) -> None:
    with ground.server.connect("village", user=role) as connection:
        connection.execute(statement.encode())


@pytest.mark.parametrize("table", FROZEN)
@pytest.mark.parametrize("words", ["UPDATE {0} SET mark = mark", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_app_cannot_rewrite_what_only_grows(ground: PostgresqlGround, written: World, table: str, words: str) -> None:
    column = next(iter(Base.metadata.tables[table].columns)).name
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attempt(ground, APP, words.format(table).replace("mark", column))


@pytest.mark.parametrize("words", ["UPDATE entry SET points = 99", "DELETE FROM entry", "TRUNCATE entry CASCADE"])
def test_owner_cannot_either_while_the_triggers_stand(ground: PostgresqlGround, written: World, words: str) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        attempt(ground, OWNER, words)


@pytest.mark.breaks_the_books
def test_owner_can_once_the_triggers_are_off_and_verify_tells(ground: PostgresqlGround, written: World) -> None:
    ground.run("ALTER TABLE entry DISABLE TRIGGER USER", "UPDATE entry SET points = 99")
    with written.app.app_context():
        assert {fault["name"] for fault in guard_faults(reading(), Base.metadata)} == {
            "entry_no_update",
            "entry_no_delete",
            "entry_no_truncate",
        }


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE extra (id int)",
        "DROP TABLE entry",
        "ALTER TABLE entry DISABLE TRIGGER USER",
        "DROP TRIGGER entry_no_update ON entry",
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "UPDATE alembic_version SET version_num = '0001'",
        "SET session_replication_role = replica",
    ],
)
def test_app_cannot_change_the_schema_or_get_past_it(ground: PostgresqlGround, written: World, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attempt(ground, APP, statement)


@pytest.mark.parametrize(
    "statement", ["SELECT points FROM entry", "SELECT head FROM household", "SELECT name FROM app_user"]
)
def test_report_reads(ground: PostgresqlGround, written: World, statement: str) -> None:
    attempt(ground, REPORT, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT password_hash FROM app_user",
        "SELECT * FROM app_user",
        "SELECT token_hash FROM user_session",
        "SELECT code FROM card",
        "SELECT phone FROM household",
        "SELECT address FROM household",
        "SELECT answer FROM command",
        "INSERT INTO counter VALUES (1, 'x', 1)",
        "UPDATE account SET balance = 0",
        "DELETE FROM tally",
        "SELECT FROM account FOR UPDATE",
    ],
)
def test_report_sees_no_secret_and_changes_nothing(ground: PostgresqlGround, written: World, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attempt(ground, REPORT, statement)


@pytest.mark.parametrize(
    ("grant", "role", "right"),
    [
        (f"GRANT UPDATE ON entry TO {APP}", APP, "UPDATE"),
        (f"GRANT UPDATE (points) ON entry TO {APP}", APP, "UPDATE"),
        (f"GRANT TRUNCATE ON entry TO {REPORT}", REPORT, "TRUNCATE"),
        ("GRANT DELETE ON entry TO PUBLIC", "public", "DELETE"),
    ],
)
def test_a_right_too_many_is_found_and_init_takes_it_back(
    installed: Installation, ground: PostgresqlGround, grant: str, role: str, right: str
) -> None:
    installed.sql(grant)
    ran = installed.run("verify")
    assert ran.status == 2
    assert re.search(f'"role": "{role}", "table": "entry", "name": "{right}"', ran.out)
    assert installed.run("init").status == 0
    assert installed.run("verify").status == (0 if role != "public" else 2)


def test_app_that_tries_to_init_is_told_who_may(bare: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POINTSHOP_DATABASE_URL", bare.config.database_url.replace(OWNER, APP))
    refused = bare.run("init")
    assert refused.status == 1
    assert "pointshop_owner" in refused.err


@pytest.fixture
def documented(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """A server of its own on which nothing was set up but what docs/postgresql.md says."""
    with PostgresServer() as server:
        (statements,) = re.findall(r"```sql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
        for statement in statements.split(";"):
            if statement.strip():
                server.run(statement)
        yield server


def test_the_documented_steps_make_an_installation_that_verifies(
    documented: PostgresServer, bare: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user, command in ((OWNER, "init"), (APP, "verify"), (APP, "seal")):
        monkeypatch.setenv("POINTSHOP_DATABASE_URL", documented.url("pointshop", user=user))
        ran = bare.run(command)
        assert ran.status == 0, ran
    assert not documented.run(
        "SELECT FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC' AND table_schema = 'public'",
        database="pointshop",
    )


def test_a_database_that_orders_text_by_the_machine_is_refused(
    bare: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # no locale but C is sure to be on this machine, so C stands for another
    monkeypatch.setattr(storage_check, "SAME_EVERYWHERE", ())
    refused = bare.run("init")
    assert refused.status == 1
    assert "LC_COLLATE 'C'" in refused.err


def test_no_role_of_ours_has_a_right_too_many(written: World) -> None:
    with written.app.app_context():
        assert list(grant_faults(reading(), Base.metadata)) == []
