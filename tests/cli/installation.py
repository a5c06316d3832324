"""An installation of its own for one test: a copied village, and the commands run against it in this process."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from pointshop.cli.main import main


class Ran(NamedTuple):
    """Exit status, and what was told to stdout and stderr."""

    status: int
    out: str
    err: str


class Installation(NamedTuple):
    """file: its SQLite database, perhaps not there yet."""

    file: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str, typed: str = "") -> Ran:
        """`pointshop …` with `typed` on standard input."""
        self.capsys.readouterr()
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main(arguments)
        return Ran(status, *self.capsys.readouterr())

    def sql(self, *statements: str) -> list[tuple[object, ...]]:
        """What the sqlite3 shell would do: no foreign keys, no triggers but those stored; the last one's rows."""
        rows: list[tuple[object, ...]] = []
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            for statement in statements:
                rows = connection.execute(statement).fetchall()
        return rows
