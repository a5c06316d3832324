"""The databases to measure on, both with durable commits: a file of SQLite's, and a PostgreSQL server of our own."""

import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url

from benchmarks.load import cpu_seconds
from tests.postgres_server import PostgresServer

NAMES = ("sqlite", "postgresql")
#: As a township's server might be set; on a disk, `fsync` and `synchronous_commit` on as they come.
_SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "maintenance_work_mem": "512MB",
    "work_mem": "16MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    # its work would be counted as that of whatever is measured; instead all is vacuumed before
    "autovacuum": "off",
}


class Database(Protocol):
    """name: `sqlite` or `postgresql`. url: for SQLAlchemy. folder: the app's data folder."""

    name: str
    url: str
    folder: Path

    def cpu(self) -> float:
        """Seconds of CPU that the database's own processes have used; SQLite has none."""

    def copied(self, number: int) -> AbstractContextManager[str]:
        """The URL of a copy, gone at the end; nobody may be connected while it is made. number: of the copy."""

    def another(self) -> AbstractContextManager["Database"]:
        """An empty database of the same kind, gone at the end."""

    def settle(self) -> None:
        """What a night does for a database: statistics, and what was deleted cleared away."""


class Sqlite:
    """A file in a folder."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "pointshop.sqlite3"
        self.url = f"sqlite:///{self._path}"

    def cpu(self) -> float:
        return 0.0

    @contextmanager
    def copied(self, number: int) -> Iterator[str]:
        target = self.folder / f"copy{number}.sqlite3"
        old, new = sqlite3.connect(self._path), sqlite3.connect(target)
        old.backup(new)
        old.close()
        new.close()
        try:
            yield f"sqlite:///{target}"
        finally:
            for file in self.folder.glob(f"copy{number}.sqlite3*"):
                file.unlink()

    @contextmanager
    def another(self) -> Iterator[Database]:
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            yield Sqlite(Path(folder))

    def settle(self) -> None:
        """The planner's figures are our own (core/planner.py)."""


class Postgresql:
    """A database of a running server."""

    name = "postgresql"

    def __init__(self, server: PostgresServer, folder: Path, *, database: str = "village") -> None:
        self.server, self.folder, self._database = server, folder, database
        server.create_database(database)
        self.url = server.url(database)

    def cpu(self) -> float:
        return cpu_seconds(self.server.pid)

    @contextmanager
    def copied(self, number: int) -> Iterator[str]:
        name = f"copy{number}"
        self.server.create_database(name, template=self._database)
        try:
            yield self.server.url(name)
        finally:
            self.server.drop_database(name)

    @contextmanager
    def another(self) -> Iterator[Database]:
        name = f"village_{secrets.token_hex(4)}"
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            yield Postgresql(self.server, Path(folder), database=name)
            self.server.drop_database(name)

    def settle(self) -> None:
        self.server.run("VACUUM ANALYZE", database=self._database)


def path_of(database: Database) -> str:
    """The file of an SQLite URL, or the name of a PostgreSQL database."""
    return make_url(database.url).database or ""


@contextmanager
def opened(names: tuple[str, ...], folder: Path) -> Iterator[list[Database]]:
    """The databases named, empty, each with a data folder of its own."""
    found: list[Database] = []
    folders = {name: folder / name for name in names}
    for each in folders.values():
        each.mkdir()
    if "sqlite" in names:
        found.append(Sqlite(folders["sqlite"]))
    if "postgresql" not in names:
        yield found
        return
    with PostgresServer(durable=True, settings=_SETTINGS) as server:
        yield [*found, Postgresql(server, folders["postgresql"])]
