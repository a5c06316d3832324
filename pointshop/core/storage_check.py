"""Whether the database as a file or server is sound (threats.md I27)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ForeignKeyConstraint, and_, func, select

from pointshop.core.db import Base
from pointshop.core.work import Work

Violation = dict[str, Any]


def storage_faults(work: Work) -> Iterator[Violation]:
    """Damaged pages, indexes that miss rows, rows that point nowhere, settings that would let any of it happen."""
    if work.dialect.name == "sqlite":
        yield from _sqlite_faults(work)
    else:
        yield from _postgresql_faults(work)


def _sqlite_faults(work: Work) -> Iterator[Violation]:
    # it also finds values that no longer satisfy a CHECK or NOT NULL
    for (said,) in work.raw.execute("PRAGMA integrity_check").fetchall():
        if said != "ok":
            yield {"fault": said}
    for table, rowid, parent, _ in work.raw.execute("PRAGMA foreign_key_check").fetchall():
        yield {"fault": "points nowhere", "table": table, "rowid": rowid, "parent": parent}
    yield from _settings(work, {"foreign_keys": 1, "recursive_triggers": 1, "journal_mode": "wal", "synchronous": 2})


def _settings(work: Work, expected: dict[str, object]) -> Iterator[Violation]:
    for name, wanted in expected.items():
        (found,) = work.raw.execute(f"PRAGMA {name}").fetchone()
        if found != wanted:
            yield {"fault": "setting", "name": name, "is": found, "should_be": wanted}


def _postgresql_faults(work: Work) -> Iterator[Violation]:
    for table, name in work.raw.execute(_INVALID_INDEXES).fetchall():
        yield {"fault": "invalid index", "table": table, "name": name}
    for table, name in work.raw.execute(_UNPROVEN_CONSTRAINTS).fetchall():
        yield {"fault": "constraint not validated", "table": table, "name": name}
    for table in Base.metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            yield from _pointing_nowhere(work, constraint)
    for name, found in work.raw.execute(_SETTINGS).fetchall():
        yield {"fault": "setting", "name": name, "is": found}
    collation = collation_of(work)
    if collation not in SAME_EVERYWHERE:
        yield {"fault": "setting", "name": "collation", "is": collation, "should_be": "C"}


def _pointing_nowhere(work: Work, constraint: ForeignKeyConstraint) -> Iterator[Violation]:
    """A restore with triggers off, or a superuser, can leave rows that no foreign key would have let in."""
    child, parent = constraint.table, constraint.referred_table.alias("parent")
    pairs = [(element.parent, parent.c[element.column.name]) for element in constraint.elements]
    astray = (
        select(func.count())
        .select_from(child.outerjoin(parent, and_(*(here == there for here, there in pairs))))
        .where(*(here.is_not(None) for here, _ in pairs), pairs[0][1].is_(None))
        .execution_options(all_villages=True)
    )
    rows = work.read(astray).scalar_one()
    if rows:
        yield {"fault": "points nowhere", "table": child.name, "rows": rows, "parent": constraint.referred_table.name}


#: Orders of text that no machine and no update changes: by code point, as SQLite's is.
SAME_EVERYWHERE = ("C", "POSIX", "C.UTF-8", "C.utf8")


class UnfitDatabase(Exception):
    """The database cannot hold our tables as it was created; the message says how to create it."""


def require_fit(work: Work) -> None:
    """Raises UnfitDatabase where text is ordered by rules that change from one machine to the next."""
    if work.dialect.name == "postgresql" and collation_of(work) not in SAME_EVERYWHERE:
        raise UnfitDatabase(
            f"数据库的排序规则是 {collation_of(work)}，须为 C：请用 CREATE DATABASE … TEMPLATE template0 "
            "LC_COLLATE 'C' 重新建立一个空数据库（见 docs/postgresql.md）"
        )


def collation_of(work: Work) -> str:
    """How this PostgreSQL database orders text."""
    (found,) = work.raw.execute(_COLLATION).fetchone()
    return str(found)


_COLLATION = (
    "SELECT CASE datlocprovider WHEN 'c' THEN datcollate WHEN 'b' THEN 'C' ELSE 'ICU' END "
    "FROM pg_database WHERE datname = current_database()"
)


_INVALID_INDEXES = (
    "SELECT i.indrelid::regclass::text AS table_name, i.indexrelid::regclass::text AS name FROM pg_index i "
    "JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = current_schema()::regnamespace "
    "AND NOT (i.indisvalid AND i.indisready)"
)
_UNPROVEN_CONSTRAINTS = (
    "SELECT conrelid::regclass::text AS table_name, conname AS name FROM pg_constraint "
    "WHERE connamespace = current_schema()::regnamespace AND NOT convalidated"
)
_SETTINGS = (
    "SELECT name, setting FROM pg_settings WHERE (name IN ('fsync', 'full_page_writes') AND setting <> 'on') "
    "OR (name = 'synchronous_commit' AND setting = 'off') "
    "OR (name = 'session_replication_role' AND setting <> 'origin')"
)
