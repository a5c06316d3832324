"""Counts what the database is asked: each statement is a round trip on PostgreSQL, so none comes in unseen."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event

from pointshop.core.db import db


@contextmanager
def traced(app: Flask) -> Iterator[list[str]]:
    """What the database was asked inside the block, without BEGIN and COMMIT."""
    asked: list[str] = []
    usual: list[type[psycopg.Cursor[Any]]] = []

    def note(sql: str) -> None:
        if not sql.startswith(("BEGIN", "COMMIT")):
            asked.append(sql)

    class NotingCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *arguments: Any, **options: Any) -> Any:
            note(query)
            return super().execute(query, *arguments, **options)

        def executemany(self, query: Any, params_seq: Iterable[Any], **options: Any) -> None:
            rows = list(params_seq)
            for _ in rows:
                note(query)
            super().executemany(query, rows, **options)

    def start(connection: Any, *_: object) -> None:
        if isinstance(connection, psycopg.Connection):
            usual.append(connection.cursor_factory)
            connection.cursor_factory = NotingCursor
        else:
            connection.set_trace_callback(note)

    def stop(connection: Any, *_: object) -> None:
        if isinstance(connection, psycopg.Connection):
            connection.cursor_factory = usual.pop()
        else:
            connection.set_trace_callback(None)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", start)
    event.listen(engine, "checkin", stop)
    try:
        yield asked
    finally:
        event.remove(engine, "checkout", start)
        event.remove(engine, "checkin", stop)


def cost(app: Flask, call: Callable[[], object]) -> int:
    """How many statements a call costs."""
    with traced(app) as asked:
        call()
    return len(asked)
