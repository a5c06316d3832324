"""Guards in the database itself: numbers that are whole on SQLite too, tables that only grow.

SQLite stores 'abc' and 1.5 in an INTEGER column (threats.md §5), so its numbers carry a CHECK of their type.
Append-only tables (`info={"append_only": True}`) get triggers; on PostgreSQL TRUNCATE is caught as well.
"""

from collections.abc import Iterable

from sqlalchemy import DDL, CheckConstraint, MetaData, Table, event


def whole_numbers(*columns: str) -> list[CheckConstraint]:
    """CHECKs that the columns hold integers, or nothing where they may; for SQLite only."""
    checks = []
    for column in columns:
        check = CheckConstraint(f"typeof({column}) IN ('integer', 'null')", name=f"{column}_is_whole")
        checks.append(check.ddl_if(dialect="sqlite"))
    return checks


def one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    """The CHECK, named after its column, that it holds one of a few words."""
    quoted = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({quoted})", name=column)


def append_only_tables(metadata: MetaData) -> list[Table]:
    return [table for table in metadata.sorted_tables if table.info.get("append_only")]


def sqlite_triggers(table: str) -> dict[str, str]:
    """Trigger name → its CREATE statement."""
    return {
        f"{table}_no_{verb}": (
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for verb in ("update", "delete")
    }


def postgresql_triggers(table: str) -> dict[str, str]:
    """Trigger name → its CREATE statement; they call `append_only()`."""
    row = {
        f"{table}_no_{verb}": (
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
        for verb in ("update", "delete")
    }
    return row | {
        f"{table}_no_truncate": (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
    }


POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
)


def trigger_statements(dialect: str, tables: Iterable[str]) -> list[str]:
    """What guards `tables` against change, ready to run in order."""
    if dialect == "sqlite":
        return [sql for table in tables for sql in sqlite_triggers(table).values()]
    return [POSTGRESQL_FUNCTION] + [sql for table in tables for sql in postgresql_triggers(table).values()]


def guard_new_tables(metadata: MetaData) -> None:
    """Let `create_all` set the triggers too, so that tables made from the models equal the migrated ones."""
    for table in append_only_tables(metadata):
        for dialect in ("sqlite", "postgresql"):
            for statement in trigger_statements(dialect, [table.name]):
                event.listen(table, "after_create", _ddl(statement, dialect))


def _ddl(statement: str, dialect: str) -> DDL:
    escaped = statement.replace("%", "%%")
    return DDL(escaped).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
