"""A pointshop as a village has it: the real commands, a real server process, spoken to over HTTP.

A process is forked from one that has read the program in and done nothing else (`forkserver`): to read it in again for
each power cut would be most of the test. `command` runs it as a villager's machine does, `python -m pointshop`.
"""

import http.client
import json
import multiprocessing
import os
import secrets
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, TextIO

from pointshop.__main__ import run
from pointshop.config import Config
from tests.ground import Tokens

ADMIN_PASSWORD = "桥头赶集日 admin"
VILLAGE = "410926100201"

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["pointshop.cli.main", __name__])


@dataclass(slots=True)
class Answer:
    """What came back. json: the body where it is JSON, else None."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if "json" in self.headers.get("content-type", "") else None


@dataclass(slots=True)
class Served:
    """One installation: its data folder, its configuration, and the server while it runs.

    program: what runs in place of `pointshop`. workers: its processes; more than one on PostgreSQL only.
    """

    data_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: ForkServerProcess | None = None
    port: int = 0
    program: Callable[[], int] = run
    workers: int = 1

    @classmethod
    def of(cls, config: Config, **options: Any) -> "Served":
        """Over the database of a configuration."""
        return cls(config.data_dir, {"POINTSHOP_DATABASE_URL": config.database_url}, **options)

    def command(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run `pointshop WORDS…`."""
        return subprocess.run(
            [sys.executable, "-m", "pointshop", *words],
            input=stdin,
            capture_output=True,
            text=True,
            env=self._environment(),
            timeout=60,
        )

    def verify(self) -> tuple[int, str]:
        """`pointshop verify`: its exit status, and what it found."""
        process, output = self._fork(run, ["verify"])
        with output:
            found = output.read()
        process.join(timeout=60)
        assert process.exitcode is not None
        return process.exitcode, found

    def start(self) -> None:
        """Start the server; on the port it had, if it ran before."""
        words = ["serve", "--host", "127.0.0.1", "--port", str(self.port), "--workers", str(self.workers)]
        self.process, output = self._fork(self.program, words)
        address = output.readline().strip()
        output.close()
        assert address, "the server did not start"
        self.port = int(address.rstrip("/").rsplit(":", 1)[1])
        self._wait_until_ready()

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self._forget()

    def mourn(self) -> None:
        """Wait for a server that died by itself."""
        self._forget()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self._forget()

    def send(
        self, method: str, path: str, body: Any = None, *, token: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request. body: a JSON value, or bytes as they are. Raises OSError when the server is gone."""
        given = dict(headers or {})
        if token:
            given["Authorization"] = f"Bearer {token}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
            given.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=given)
            found = connection.getresponse()
            return Answer(found.status, {k.lower(): v for k, v in found.getheaders()}, found.read())
        finally:
            connection.close()

    def api(self, method: str, path: str, body: Any = None, *, token: str = "", **options: Any) -> Answer:
        return self.send(method, f"/api/v1{path}", body, token=token, **options)

    def login(self, username: str, password: str) -> str:
        answer = self.api("POST", "/sessions", {"username": username, "password": password})
        assert answer.status == 201, answer.body
        token: str = answer.json["token"]
        return token

    def _fork(self, program: Callable[[], int], words: list[str]) -> tuple[ForkServerProcess, TextIO]:
        heard, told = _PROCESSES.Pipe(duplex=False)
        process = _PROCESSES.Process(target=_run, args=(program, words, self._environment(), told))
        process.start()
        told.close()
        output = os.fdopen(os.dup(heard.fileno()), encoding="utf-8")
        heard.close()
        return process, output

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("POINTSHOP_")}
        defaults = {"POINTSHOP_DATA_DIR": str(self.data_dir), "POINTSHOP_SECRET_KEY": secrets.token_hex(32)}
        # storms are no market days
        defaults["POINTSHOP_LIMITS"] = "off"
        return own | defaults | self.settings | {"PYTHONUTF8": "1"}

    def _wait_until_ready(self) -> None:
        for _ in range(200):
            try:
                if self.api("GET", "/me").status == 401:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError("the server did not become ready")

    def _forget(self) -> None:
        assert self.process is not None
        self.process.join(timeout=30)
        assert self.process.exitcode is not None, "the server does not end"
        self.process.close()
        self.process = None


def _run(program: Callable[[], int], words: list[str], environment: dict[str, str], told: Connection) -> None:
    """In the new process: the program with these words, its output into the pipe."""
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(told.fileno(), 1)
    sys.argv = ["pointshop", *words]
    sys.exit(program())


@contextmanager
def running(served: Served) -> Iterator[Served]:
    """Whatever of it still runs at the end is stopped."""
    try:
        yield served
    finally:
        served.stop()


@dataclass(slots=True)
class VillageOnline:
    """A served village and the tokens of its staff."""

    served: Served
    tokens: dict[str, str]

    def put(self, role: str, path: str, body: Any, name: str | None = None) -> Answer:
        """PUT under the village; `{id}` in the path becomes `name` or a new one."""
        path = path.replace("{id}", name or new_name())
        return self.served.api("PUT", f"/villages/{VILLAGE}{path}", body, token=self.tokens[role])

    def get(self, role: str, path: str) -> Answer:
        return self.served.api("GET", f"/villages/{VILLAGE}{path}", token=self.tokens[role])

    def post(self, role: str, path: str, body: Any, **options: Any) -> Answer:
        return self.served.api("POST", f"/villages/{VILLAGE}{path}", body, token=self.tokens[role], **options)

    def verify(self) -> int:
        status, _ = self.served.verify()
        return status


def new_name() -> str:
    return str(uuid.uuid4())


def open_village(served: Served, tokens: Tokens) -> VillageOnline:
    """The home village of a ground that was copied, whose staff are signed in already; the server is running."""
    served.start()
    return VillageOnline(served, {role: token for (role, village), token in tokens.items() if village == VILLAGE})


def found_village(served: Served) -> VillageOnline:
    """init, an admin, the region chain, the village and one of each of its staff; the server is running."""
    assert served.command("init").returncode == 0
    made = served.command("create-admin", "admin", "--password-stdin", stdin=ADMIN_PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    served.start()
    tokens = {"admin": served.login("admin", ADMIN_PASSWORD)}
    for code, name in (
        ("41", "河南省"),
        ("4109", "平川市"),
        ("410926", "石门县"),
        ("410926100", "城关镇"),
        (VILLAGE, "垸头塆村"),
    ):
        answer = served.api("PUT", f"/regions/{code}", {"name": name}, token=tokens["admin"])
        assert answer.status == 201, answer.body
    for role in ("manager", "reviewer", "worker", "clerk", "supervisor"):
        password = f"{role} 的密码 2026"
        grant = {"role": role, "region": VILLAGE}
        user = {"name": "王建国", "password": password, "grants": [grant]}
        assert served.api("PUT", f"/users/{role}", user, token=tokens["admin"]).status == 201
        tokens[role] = served.login(role, password)
    return VillageOnline(served, tokens)
