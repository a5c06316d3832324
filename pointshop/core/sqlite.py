"""How we talk to SQLite; `postgresql.py` offers the same functions for the other database."""

import sqlite3
from typing import Any

from sqlalchemy import Engine, event

#: SQLite waits this long for the writer before it gives up, in milliseconds.
BUSY_TIMEOUT_MS = 5000
#: For `create_engine`.
OPTIONS: dict[str, Any] = {
    "pool_timeout": 10,
    # the one that was used last: its page cache still holds what the others would have to read again
    "pool_use_lifo": True,
    "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "cached_statements": 512},
}


def watch(engine: Engine) -> None:
    """Set up each new connection of an engine."""
    event.listen(engine, "connect", prepare)


def begin(connection: sqlite3.Connection, *, lock: bool, patient: bool) -> None:
    """Open a transaction; lock: with the writer's lock. patient changes nothing: statements are never cut short."""
    connection.execute("BEGIN IMMEDIATE" if lock else "BEGIN")


def commit(connection: sqlite3.Connection) -> None:
    connection.execute("COMMIT")


def roll_back(connection: sqlite3.Connection) -> None:
    # SQLite ends the transaction itself on a full disk; a second ROLLBACK would hide the first error
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def sort_on_disk(connection: Any) -> None:
    """From now on this connection's temporary tables take the page cache at most, and files for the rest."""
    connection.execute("PRAGMA temp_store=FILE").close()


def empty_log(connection: Any) -> None:
    """Move the write-ahead log into the database and cut it off, as far as readers allow."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def is_usable(connection: sqlite3.Connection) -> bool:
    """Whether a connection that comes back to the pool may be used again: in no transaction."""
    return not connection.in_transaction


def execute(connection: sqlite3.Connection, sql: str, parameters: Any) -> sqlite3.Cursor:
    """Run a statement that is run again and again; the driver keeps the last 512 compiled."""
    return connection.execute(sql, parameters)


def execute_many(connection: sqlite3.Connection, sql: str, rows: list[Any]) -> None:
    """Run a statement once for each row."""
    connection.cursor().executemany(sql, rows)


def prepare(connection: sqlite3.Connection, _record: object = None) -> None:
    """Set up a new connection: durable, guarded, patient."""
    for words in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # without it INSERT OR REPLACE slips past the triggers that guard the books
        "recursive_triggers=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "cache_size=-32768",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {words}").close()
