"""What somebody with the database file in hands can do behind the service's back."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pointshop.core.guards import sqlite_triggers
from tests.ground import Ground

_APPEND_ONLY = ("entry", "seal", "stock_move")


@contextmanager
def behind_the_back(ground: Ground) -> Iterator[sqlite3.Connection]:
    """A connection without guards: no triggers, no CHECKs, no foreign keys. The triggers are back afterwards."""
    connection = sqlite3.connect(ground.file, isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    triggers = {name: sql for table in _APPEND_ONLY for name, sql in sqlite_triggers(table).items()}
    for name in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    try:
        yield connection
    finally:
        for sql in triggers.values():
            connection.execute(sql)
        connection.close()


def tamper(ground: Ground, sql: str, *values: Any) -> None:
    """Change one row behind the service's back."""
    with behind_the_back(ground) as connection:
        assert connection.execute(sql, values).rowcount == 1
