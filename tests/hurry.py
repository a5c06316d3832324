"""Lets a test's app not wait for the disk: what survives a power cut is asked in tests/acceptance, of a real server."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from pointshop.core.db import db


def hurry(app: Flask) -> None:
    """From its next connection on, an app over SQLite leaves it to the operating system when bytes reach the disk."""
    event.listen(_engine_of(app), "connect", _do_not_wait)


@contextmanager
def patient(app: Flask) -> Iterator[None]:
    """Inside the block the app's connections are as the application sets them up."""
    engine = _engine_of(app)
    event.remove(engine, "connect", _do_not_wait)
    engine.dispose()
    try:
        yield
    finally:
        engine.dispose()
        event.listen(engine, "connect", _do_not_wait)


def _engine_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def _do_not_wait(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF").close()
