"""SIGTERM while clerks are at work: what has begun is finished and answered, nothing else is taken."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from urllib.parse import urlsplit

import pytest

from pointshop.core.ids import new_name
from tests.ground import HOME
from tests.installation import Installation
from tests.merits.deeds import deed
from tests.world import World

_CLERKS = 6


class Clerk(threading.Thread):
    """Logs one deed after the other until nobody answers any more. answered: names that were answered 201."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__()
        self._port, self._token = port, token
        self.answered: list[str] = []
        self.others: list[int] = []

    def run(self) -> None:
        there = closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=20))
        with suppress(OSError, http.client.HTTPException), there as connection:
            while True:
                self._log_one(connection)

    def _log_one(self, connection: http.client.HTTPConnection) -> None:
        name = new_name()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        path = f"/api/v1/villages/{HOME}/merits/{name}"
        connection.request("PUT", path, body=json.dumps(deed(note=name)), headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status == 201:
            self.answered.append(name)
        else:
            self.others.append(answer.status)


@pytest.mark.parametrize("workers", [1, 2])
def test_it_finishes_what_has_begun_and_ends_in_time(
    installed: Installation, village: World, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    if workers > 1 and installed.config.database_url.startswith("sqlite"):
        # one process is all that SQLite may have; the command says so
        assert "只能用一个进程" in _refusal(installed, monkeypatch)
        return
    village.rule()
    village.close()
    monkeypatch.setenv("POINTSHOP_SECRET_KEY", "0123456789abcdef0123456789abcdef-for-tests")
    command = [sys.executable, "-m", "pointshop", "serve", "--port", "0", "--workers", str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None and server.stderr is not None
        port = urlsplit(server.stdout.readline()).port or 0
        clerks = [Clerk(port, installed.ground.tokens["worker", HOME]) for _ in range(_CLERKS)]
        for clerk in clerks:
            clerk.start()
        _wait_for(lambda: all(len(clerk.answered) > 3 for clerk in clerks))
        started = time.monotonic()
        os.kill(server.pid, signal.SIGTERM)
        log = server.stderr.read()
        assert server.wait(timeout=20) == 0
        assert time.monotonic() - started < 15
    for clerk in clerks:
        clerk.join(timeout=20)
    answered = {name for clerk in clerks for name in clerk.answered}
    stored = {str(name) for (name,) in installed.sql("SELECT id FROM merit")}
    # nobody was left in doubt: what stands in the books was answered, what was answered stands there
    assert stored == answered
    assert [status for clerk in clerks for status in clerk.others] == []
    # a line each, as JSON, since nobody looks on
    lines = [json.loads(line) for line in log.splitlines()]
    assert sum(line["event"] == "request" and line["status"] == 201 for line in lines) == len(answered)


def _refusal(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("POINTSHOP_SECRET_KEY", "0123456789abcdef0123456789abcdef-for-tests")
    return installed.run("serve", "--workers", "2").err


def _wait_for(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.05)
