"""A server in a process of its own, serving the stand-in application; an installation to run commands in."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from pointshop.app import create_app
from tests.cli.installation import Installation
from tests.ground import Ground, config_for
from tests.world import World

ROOT = Path(__file__).parents[2]


class Server(NamedTuple):
    process: subprocess.Popen[str]
    port: int

    def ask(self, path: str = "/pid", *, method: str = "GET", body: Iterable[bytes] = ()) -> tuple[int, Any]:
        """Status and parsed JSON of the answer; the body is sent in chunks."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        with closing(connection):
            connection.request(method, path, body=iter(body) if body else None)
            answer = connection.getresponse()
            return answer.status, json.load(answer)

    def stop(self, number: signal.Signals) -> int:
        """Send the signal and wait for the end; the exit status, negative for a death by signal."""
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


StartServer = Callable[..., Server]


@pytest.fixture(scope="module")
def start_server() -> Iterator[StartServer]:
    """A function that starts a server and waits until it listens; keywords as in `serve`."""
    running: list[subprocess.Popen[str]] = []

    def start(*, port: int = 0, workers: int = 1, application: str = "tests.cli.standin:create_app") -> Server:
        code = (
            "from pointshop.cli.serve import serve\n"
            f"serve(host='127.0.0.1', port={port}, workers={workers}, application={application!r})"
        )
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        return Server(process, urlsplit(process.stdout.readline()).port or 0)

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Installation:
    """Configured, and nothing in it."""
    for name in ("DATABASE_URL", "PUBLIC_URL", "SECRET_KEY", "ENV"):
        monkeypatch.delenv(f"POINTSHOP_{name}", raising=False)
    monkeypatch.setenv("POINTSHOP_DATA_DIR", str(tmp_path))
    return Installation(tmp_path / "pointshop.sqlite3", monkeypatch, capsys)


@pytest.fixture
def installed(bare: Installation, ground: Ground) -> Installation:
    """With two villages and their staff in it, no households yet."""
    shutil.copyfile(ground.template, bare.file)
    return bare


@pytest.fixture
def village(installed: Installation) -> Iterator[World]:
    """The home village of the installation, with two households, 30 points each, and a card."""
    world = World(create_app(config_for(installed.file)))
    world.households(2, points=30)
    world.card()
    yield world
    world.close()
