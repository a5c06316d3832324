"""A database driver that fails at the N-th statement, or brings the process to an end there.

The connections are real ones of sqlite3 or psycopg; only their cursors count.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from flask import Flask
from sqlalchemy import event

from pointshop.core.db import db

_NOT_COUNTED = ("PRAGMA", "ROLLBACK")


class Counted:
    """Counts statements; from the `first`-th on, for `times` of them, does `strike`."""

    def __init__(self, strike: Callable[[], None], *, first: int, times: int = 1_000_000) -> None:
        self.strike = strike
        self.first, self.last = first, first + times - 1
        self.count = 0

    @property
    def was_reached(self) -> bool:
        return self.count >= self.first

    def note(self, sql: Any) -> None:
        if isinstance(sql, str) and not sql.startswith(_NOT_COUNTED):
            self.count += 1
            if self.first <= self.count <= self.last:
                self.strike()


@contextmanager
def counting(app: Flask, counted: Counted) -> Iterator[None]:
    """Inside the block every connection is a new one whose statements `counted` sees."""

    def connect(dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
        if dialect.name == "sqlite":
            options["factory"] = _sqlite(counted)
        else:
            options["cursor_factory"] = _psycopg(counted)

    with app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "do_connect", connect)
    try:
        yield
    finally:
        event.remove(engine, "do_connect", connect)
        engine.dispose()


def raising(make: Callable[[], Exception]) -> Callable[[], None]:
    """To strike with."""

    def strike() -> None:
        raise make()

    return strike


def errors_of(app: Flask) -> dict[str, Callable[[], Exception]]:
    """What this app's database says when the disk is full, somebody else holds a lock, and when it is gone."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            return {
                "disk full": lambda: _sqlite_error("database or disk is full", sqlite3.SQLITE_FULL),
                "locked": lambda: _sqlite_error("database is locked", sqlite3.SQLITE_BUSY),
                "disk broken": lambda: _sqlite_error("disk I/O error", sqlite3.SQLITE_IOERR),
            }
    errors = import_module("psycopg.errors")
    return {
        "disk full": lambda: errors.DiskFull("could not extend file"),
        "locked": lambda: errors.LockNotAvailable("canceling statement due to lock timeout"),
        "gone": lambda: errors.OperationalError("server closed the connection unexpectedly"),
    }


def _sqlite_error(words: str, code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


def _sqlite(counted: Counted) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *parameters: Any) -> "Cursor":
            counted.note(sql)
            super().execute(sql, *parameters)
            return self

        def executemany(self, sql: str, rows: Any) -> "Cursor":
            counted.note(sql)
            super().executemany(sql, rows)
            return self

    class Connection(sqlite3.Connection):
        # Connection.execute of the base class doesn't ask for a cursor of ours
        def execute(self, sql: str, *parameters: Any) -> Any:
            return self.cursor().execute(sql, *parameters)

        def cursor(self, *_: Any) -> Any:
            return super().cursor(Cursor)

    return Connection


def _psycopg(counted: Counted) -> type:
    base = import_module("psycopg").Cursor

    def execute(self: Any, sql: Any, *parameters: Any, **options: Any) -> Any:
        counted.note(sql)
        return base.execute(self, sql, *parameters, **options)

    def executemany(self: Any, sql: Any, *rows: Any, **options: Any) -> Any:
        counted.note(sql)
        return base.executemany(self, sql, *rows, **options)

    return type("Cursor", (base,), {"execute": execute, "executemany": executemany})
