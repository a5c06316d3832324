"""The bare transaction: the very statements of a request, sent through the driver and nothing else.

A recorder stands between the app and its driver while some requests run in this process; what passed, transaction
control included, is then played to a copy of the database as it was before, on a connection set up as the app's are. So
the limit that a request is held against does the same work.
"""

import io
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, event

from pointshop.core.db import db
from pointshop.core.work import Driver

#: A request: method, path, body.
Request = tuple[str, str, bytes]
#: What was asked of the driver, in order: its function, and the arguments after the connection.
Statements = list[tuple[str, tuple[Any, ...]]]
_DRIVER = "pointshop.driver"


class _Recorder:
    """A driver that writes down what passes through it; SQLAlchemy runs its own statements past it, but tells."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.into: Statements = []

    def begin(self, connection: Any, *, lock: bool, patient: bool) -> None:
        self.into.append(("begin", (lock, patient)))
        self._driver.begin(connection, lock=lock, patient=patient)

    def commit(self, connection: Any) -> None:
        self.into.append(("commit", ()))
        self._driver.commit(connection)

    def execute(self, connection: Any, sql: str, parameters: Any) -> Any:
        self.into.append(("execute", (sql, parameters)))
        return self._driver.execute(connection, sql, parameters)

    def execute_many(self, connection: Any, sql: str, rows: list[Any]) -> None:
        self.into.append(("execute_many", (sql, rows)))
        self._driver.execute_many(connection, sql, rows)

    def tell(self, _connection: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        self.into.append(("execute_many" if many else "execute", (sql, parameters)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)


def record(app: Flask, requests: Iterable[Request], *, token: str) -> list[Statements]:
    """Run requests in this process; for each, what it asked. Raises RuntimeError for an answer not 2xx."""
    recorded = []
    with _recording(app) as recorder:
        for request in requests:
            recorder.into = []
            status = call(app, request, token)
            if not status.startswith("2"):
                raise RuntimeError(f"{request[:2]} answered {status}")
            recorded.append(recorder.into)
    return recorded


class Player:
    """Plays what was recorded to the database of a URL; a context manager."""

    def __init__(self, url: str) -> None:
        kind = "sqlite" if url.startswith("sqlite") else "postgresql"
        self._driver: Driver = import_module(f"pointshop.core.{kind}")
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", **self._driver.OPTIONS)
        self._driver.watch(self._engine)
        self._held = self._engine.raw_connection()

    def __enter__(self) -> "Player":
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()
        self._engine.dispose()

    def play(self, recorded: Iterable[Statements]) -> float:
        """CPU seconds of this process; those of the database's come on top."""
        started = time.process_time()
        for statements in recorded:
            self._play(statements)
        return time.process_time() - started

    def milliseconds(self, statements: Statements) -> float:
        """Wall clock of some statements, their rows read."""
        started = time.perf_counter()
        self._play(statements)
        return (time.perf_counter() - started) * 1e3

    def _play(self, statements: Statements) -> None:
        connection, driver = self._held.dbapi_connection, self._driver
        for name, arguments in statements:
            if name == "execute":
                cursor = driver.execute(connection, *arguments)
                if cursor.description:
                    cursor.fetchall()
            elif name == "begin":
                driver.begin(connection, lock=arguments[0], patient=arguments[1])
            else:
                getattr(driver, name)(connection, *arguments)


@contextmanager
def _recording(app: Flask) -> Iterator[_Recorder]:
    real = app.extensions[_DRIVER]
    recorder = app.extensions[_DRIVER] = _Recorder(real)
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", recorder.tell)
    try:
        yield recorder
    finally:
        event.remove(engine, "before_cursor_execute", recorder.tell)
        app.extensions[_DRIVER] = real


def call(app: Flask, request: Request, token: str) -> str:
    method, path, body = request
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "REMOTE_ADDR": "127.0.0.1",
    }
    seen: list[str] = []

    def start(status: str, _headers: Any, _error: Any = None) -> Any:
        seen.append(status)

    b"".join(app.wsgi_app(environ, start))
    return seen[0]
