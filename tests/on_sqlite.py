"""The ground on SQLite: a file, copied for each test."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from pointshop.app import create_app
from pointshop.config import Config
from pointshop.core.db import db
from tests.ground import settled
from tests.hurry import hurry


def config_for(file: Path) -> Config:
    """An installation whose database is `file` and whose data folder is the file's."""
    return Config(f"sqlite:///{file}", file.parent, "for tests only", "http://127.0.0.1:8000", is_production=False)


def file_of(config: Config) -> Path:
    return Path(config.database_url.removeprefix("sqlite:///"))


class SqliteGround:
    """See `ground.Ground`."""

    def __init__(self, folder: Path) -> None:
        self._template, self.file = folder / "template.sqlite3", folder / "village.sqlite3"
        # the last connection to go writes the log back and removes it
        self.tokens = settled(config_for(self._template))
        self.app = create_app(self.config())
        hurry(self.app)
        self._copied = (0, 0)

    def close(self) -> None:
        """Let go of the file."""
        with self.app.app_context():
            db.engine.dispose()

    def renew(self) -> None:
        if self.was_written():
            self.close()
            for suffix in ("-wal", "-shm"):
                Path(f"{self.file}{suffix}").unlink(missing_ok=True)
            shutil.copyfile(self._template, self.file)
            self._copied = self._stamp()
        shutil.rmtree(self.file.parent / "photos", ignore_errors=True)

    def was_written(self) -> bool:
        log = Path(f"{self.file}-wal")
        return (log.exists() and log.stat().st_size > 0) or self._stamp() != self._copied

    def _stamp(self) -> tuple[int, int]:
        """What changes when the log is written back into the file; nothing is known of one that is not there."""
        if not self.file.exists():
            return 0, -1
        found = self.file.stat()
        return found.st_mtime_ns, found.st_size

    def config(self) -> Config:
        return config_for(self.file)

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Config]:
        shutil.copyfile(self._template, folder / "pointshop.sqlite3")
        yield config_for(folder / "pointshop.sqlite3")

    @contextmanager
    def empty(self, folder: Path) -> Iterator[Config]:
        yield config_for(folder / "pointshop.sqlite3")

    def run(self, *statements: str, config: Config | None = None) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        with closing(sqlite3.connect(file_of(config or self.config()), isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys=ON")
            for statement in statements:
                rows = connection.execute(statement).fetchall()
        return rows

    def tamper(self, *statements: str, config: Config | None = None) -> int:
        changed = 0
        with closing(sqlite3.connect(file_of(config or self.config()), isolation_level=None)) as connection:
            connection.execute("PRAGMA ignore_check_constraints=ON")
            connection.execute("BEGIN IMMEDIATE")
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                changed = connection.execute(statement).rowcount
            for _, words in triggers:
                connection.execute(words)
            connection.execute("COMMIT")
        return changed

    def drop_trigger(self, name: str, *, config: Config | None = None) -> None:
        self.run(f"DROP TRIGGER {name}", config=config)

    def contents(self) -> bytes:
        with self.app.app_context():
            return self.file.read_bytes() + Path(f"{self.file}-wal").read_bytes()

    def obstruct(self, verb: str, table: str) -> None:
        self.run(f"CREATE TRIGGER obstruct_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END")

    def clear(self, verb: str, table: str) -> None:
        self.run(f"DROP TRIGGER obstruct_{verb}")
