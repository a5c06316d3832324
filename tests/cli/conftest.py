"""A server in a process of its own, serving the stand-in application."""

import json
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
