"""The bare transaction: the very statements of a request, sent to SQLite through the driver and nothing else.

A recorder stands between the app and its connection while some requests run; what passed is then played to a copy of
the database as it was before, with the same settings. So the limit that a request is held against does the same work.
"""

import io
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from pointshop.core import sqlite
from pointshop.core.work import Work

#: A request: method, path, body.
Request = tuple[str, str, bytes]
Statements = list[tuple[str, Any]]


class _Recorder:
    def __init__(self, connection: Any, into: Statements) -> None:
        self._connection, self._into = connection, into

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        self._into.append((sql, list(parameters)))
        return self._connection.execute(sql, parameters)

    def cursor(self) -> Any:
        return self

    def executemany(self, sql: str, rows: Sequence[Any]) -> Any:
        self._into.append((sql, [tuple(row) for row in rows]))
        return self._connection.executemany(sql, rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def record(app: Flask, requests: Iterable[Request], *, token: str) -> list[Statements]:
    """Run requests in this process; for each, the statements it sent. Raises RuntimeError for an answer not 2xx."""
    recorded = []
    for request in requests:
        statements: Statements = []
        with _listening(statements):
            status = _call(app, request, token)
        if not status.startswith("2"):
            raise RuntimeError(f"{request[:2]} answered {status}")
        recorded.append(statements)
    return recorded


def play(database: Path, recorded: Iterable[Statements]) -> float:
    """CPU seconds of this process for the statements, on a connection set up as the app's are."""
    connection = sqlite3.connect(database, isolation_level=None, cached_statements=512)
    sqlite.prepare(connection)
    try:
        started = time.process_time()
        for statements in recorded:
            for sql, parameters in statements:
                if parameters and isinstance(parameters[0], tuple):
                    connection.executemany(sql, parameters)
                else:
                    connection.execute(sql, parameters).fetchall()
        return time.process_time() - started
    finally:
        connection.close()


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy, as backups are made."""
    old, new = sqlite3.connect(source), sqlite3.connect(target)
    try:
        old.backup(new)
    finally:
        old.close()
        new.close()


@contextmanager
def _listening(into: Statements) -> Iterator[None]:
    real = Work.__init__

    def listening(self: Work, *arguments: Any, **named: Any) -> None:
        real(self, *arguments, **named)
        self.raw = _Recorder(self.raw, into)

    Work.__init__ = listening  # type: ignore[method-assign]
    try:
        yield
    finally:
        Work.__init__ = real  # type: ignore[method-assign]


def _call(app: Flask, request: Request, token: str) -> str:
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
