"""The ground on PostgreSQL: one database, emptied and filled again for each test, or made anew from a template.

The app serves as `pointshop_app`, so that the whole suite proves that its rights are enough.
"""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from pointshop.app import create_app
from pointshop.config import Config
from pointshop.core.db import Base, db
from tests.ground import Tokens, settled
from tests.postgres_server import PostgresServer

OWNER, APP, REPORT = "pointshop_owner", "pointshop_app", "pointshop_report"


class PostgresqlGround:
    """See `ground.Ground`. server: it has our three roles, as docs/postgresql.md makes them."""

    def __init__(self, server: PostgresServer, folder: Path, *, name: str = "village") -> None:
        """name: of its database; several grounds share a server."""
        self.server, self._folder, self._numbers = server, folder, itertools.count(1)
        self._name, self._template = name, f"template_{name}"
        known = {role for (role,) in server.run("SELECT rolname FROM pg_roles")}
        for role in {OWNER, APP, REPORT} - known:
            server.run(f"CREATE ROLE {role} LOGIN")
        server.create_database(self._template, owner=OWNER)
        self.tokens = self._settle()
        self._refilling = _refilling(server, self._template)
        self._admin: psycopg.Connection[tuple[Any, ...]] | None = None
        self.app = create_app(self.config())
        #: where more than rows was changed with a database shell, the next test gets another database
        self._is_spoilt = True
        self._writers = ""

    def template_config(self) -> Config:
        """Of the owner."""
        return self._config(self._template, OWNER, self._folder)

    def _settle(self) -> Tokens:
        return settled(self.template_config())

    def renew(self) -> None:
        if self._is_spoilt:
            self._make_anew()
        elif self.was_written():
            self._refill()
        self._writers = self._count_writers()
        shutil.rmtree(self._folder / "photos", ignore_errors=True)

    def was_written(self) -> bool:
        return self._count_writers() != self._writers

    def config(self) -> Config:
        return self._config(self._name, APP, self._folder)

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Config]:
        with self._database(self._template) as name:
            yield self._config(name, OWNER, folder)

    @contextmanager
    def empty(self, folder: Path) -> Iterator[Config]:
        with self._database(None) as name:
            yield self._config(name, OWNER, folder)

    def run(self, *statements: str, config: Config | None = None) -> list[tuple[Any, ...]]:
        self._is_spoilt |= config is None and not all(map(_changes_rows_only, statements))
        rows: list[tuple[Any, ...]] = []
        with self.server.connect(database_of(config or self.config())) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def tamper(self, *statements: str, config: Config | None = None) -> int:
        changed = 0
        with self.server.connect(database_of(config or self.config())) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in statements:
                changed, kept = _past_checks(connection, statement.encode())
                self._is_spoilt |= config is None and not (kept and _changes_rows_only(statement))
        return changed

    def drop_trigger(self, name: str, *, config: Config | None = None) -> None:
        self.run(f"DROP TRIGGER {name} ON {name.partition('_no_')[0]}", config=config)

    def contents(self) -> bytes:
        return b"".join(_contents(self.server, self._name).values())

    def obstruct(self, verb: str, table: str) -> None:
        self.run(
            "CREATE FUNCTION obstruct() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$",
            f"CREATE TRIGGER obstruct BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION obstruct()",
        )

    def clear(self, verb: str, table: str) -> None:
        self.run("DROP FUNCTION obstruct CASCADE")

    def _make_anew(self) -> None:
        self.close()
        self.server.drop_database(self._name)
        self.server.create_database(self._name, owner=OWNER, template=self._template)
        self._is_spoilt = False

    def _refill(self) -> None:
        """Much faster than making a database; enough, as the app itself can change nothing but rows."""
        self._ask(self._refilling)

    def _ask(self, statements: bytes) -> list[tuple[Any, ...]]:
        """Run statements in the current database over a connection that is kept."""
        if self._admin is None:
            self._admin = self.server.connect(self._name)
            self._admin.execute("SET session_replication_role = replica")
        cursor = self._admin.execute(statements)
        return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """Let go of the current database."""
        with self.app.app_context():
            db.engine.dispose()
        if self._admin is not None:
            self._admin.close()
            self._admin = None

    @contextmanager
    def _database(self, template: str | None) -> Iterator[str]:
        name = f"installation_{next(self._numbers)}"
        self.server.create_database(name, owner=OWNER, template=template)
        try:
            yield name
        finally:
            self.server.drop_database(name)

    def _config(self, database: str, user: str, folder: Path) -> Config:
        url = self.server.url(database, user=user)
        return Config(url, folder, "for tests only", "http://127.0.0.1:8000", is_production=False)

    def _count_writers(self) -> str:
        # a transaction that only reads gets no number; it may write to the log, though, when it tidies a page
        ((count,),) = self._ask(b"SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
        return str(count)


def _refilling(server: PostgresServer, database: str) -> bytes:
    """Statements that empty all tables and fill them with what is in the template."""
    words: list[sql.Composable] = [sql.SQL("BEGIN")]
    with server.connect(database) as connection:
        for name in [*(table.name for table in Base.metadata.sorted_tables), "alembic_version"]:
            words.append(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            for row in connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall():
                values = sql.SQL(", ").join(Jsonb(value) if isinstance(value, list | dict) else value for value in row)
                words.append(sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(name), values))
        return sql.SQL("; ").join([*words, sql.SQL("COMMIT")]).as_bytes(connection)


def _contents(server: PostgresServer, database: str) -> dict[str, bytes]:
    """Table → its rows, as COPY writes them."""
    with server.connect(database) as connection:
        cursor = connection.cursor()
        found = {}
        for table in Base.metadata.sorted_tables:
            with cursor.copy(f"COPY {table.name} TO STDOUT".encode()) as copy:
                found[table.name] = b"".join(bytes(part) for part in copy)
    return found


def _changes_rows_only(statement: str) -> bool:
    return statement.split(maxsplit=1)[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE"}


def _past_checks(connection: "psycopg.Connection[tuple[Any, ...]]", statement: bytes) -> tuple[int, bool]:
    """Run a statement though it breaks CHECKs: whoever owns the tables can drop and restore them.

    Returns how many rows it changed, and whether the CHECKs are as they were.
    """
    try:
        return connection.execute(statement).rowcount, True
    except psycopg.errors.CheckViolation:
        checks = connection.execute(_CHECKS).fetchall()
    for table, name, _ in checks:
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
    changed = connection.execute(statement).rowcount
    for table, name, words in checks:
        connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {words} NOT VALID".encode())
    return changed, False


_CHECKS = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid <> 0"
)


def database_of(config: Config) -> str:
    return config.database_url.rpartition("/")[2]
