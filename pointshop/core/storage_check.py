"""Whether the database as a file or server is sound (threats.md I27)."""

from collections.abc import Iterator
from typing import Any

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
    for name, found in work.raw.execute(_SETTINGS).fetchall():
        yield {"fault": "setting", "name": name, "is": found}


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
