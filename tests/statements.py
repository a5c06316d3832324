"""Counts what the database is asked: each statement is a round trip on PostgreSQL, so none comes in unseen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from pointshop.core.db import db


@contextmanager
def traced(app: Flask) -> Iterator[list[str]]:
    """What the database was asked inside the block, without BEGIN and COMMIT."""
    asked: list[str] = []

    def note(sql: str) -> None:
        if not sql.startswith(("BEGIN", "COMMIT")):
            asked.append(sql)

    def start(connection: Any, *_: object) -> None:
        connection.set_trace_callback(note)

    def stop(connection: Any, *_: object) -> None:
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
