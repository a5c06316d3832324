"""F04, F05: the database server is restarted under load, is slow, or is not to be had."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from pointshop.app import create_app
from pointshop.core import silence
from pointshop.core.db import db, snapshot
from pointshop.core.ids import new_name
from pointshop.merits.models import Merit
from tests.books import violations
from tests.cut_proxy import CutProxy
from tests.ground import HOME
from tests.on_postgresql import PostgresqlGround
from tests.postgres_server import PostgresServer
from tests.together import at_once
from tests.world import World


class Asked(NamedTuple):
    status: int
    seconds: float
    retry_after: str | None


Ask = Callable[..., Asked]
_MERITS = f"/api/v1/villages/{HOME}/merits"


@pytest.fixture(scope="module")
def away() -> Iterator[PostgresServer]:
    """A server of its own on a real disk."""
    with PostgresServer(durable=True) as server:
        yield server


class Sender(threading.Thread):
    """A phone that logs one merit after the other, and sends again whatever was not done."""

    def __init__(self, ground: PostgresqlGround, until: threading.Event) -> None:
        super().__init__()
        self._app, self._until = ground.app, until
        self._token = ground.tokens["worker", HOME]
        self._today = World(ground.app).see(lambda work: work.today).isoformat()
        self.done: list[str] = []
        self.refused: set[int] = set()
        self.replayed = 0

    def run(self) -> None:
        while not self._until.is_set():
            name = new_name()
            while not self._send(name):
                time.sleep(0.05)

    def _send(self, name: str) -> bool:
        body = {"rule": "A1", "household": "0001", "occurred_on": self._today, "note": name}
        answer = self._app.test_client().put(
            f"{_MERITS}/{name}", json=body, headers={"Authorization": f"Bearer {self._token}"}
        )
        if answer.status_code not in (200, 201):
            self.refused.add(answer.status_code)
            return False
        self.replayed += answer.status_code == 200
        self.done.append(name)
        return True


class Restarted(NamedTuple):
    """acknowledged: names that were answered with 201 or 200. stored: those in the books. refused: other statuses."""

    acknowledged: list[str]
    stored: set[str]
    refused: set[int]
    violations: dict[str, Any]


def _restarted_under_load(ground: PostgresqlGround, away: PostgresServer, *modes: str) -> Restarted:
    """Four phones at work while the server stops in each of the modes and comes back."""
    world, stop = World(ground.app), threading.Event()
    world.household()
    world.rule()
    senders = [Sender(ground, stop) for _ in range(4)]
    for sender in senders:
        sender.start()
    for mode in modes:
        time.sleep(1)
        away.stop(mode)
        away.start()
    stop.set()
    for sender in senders:
        sender.join()
    stored = set(world.see(lambda work: work.read(select(Merit.id).where(Merit.village_id == int(HOME))).scalars()))
    with ground.app.app_context():
        found = snapshot(violations)
    ground.close()
    return Restarted(
        [name for sender in senders for name in sender.done],
        stored,
        {status for sender in senders for status in sender.refused},
        found,
    )


def test_restarts_under_load_lose_nothing_and_double_nothing(away: PostgresServer, tmp_path: Path) -> None:
    ground = PostgresqlGround(away, tmp_path, name="under_load")
    ground.renew()
    found = _restarted_under_load(ground, away, "fast", "immediate")
    assert sorted(found.acknowledged) == sorted(found.stored)
    assert found.refused == {503}
    assert found.violations == {}


def test_a_database_that_does_not_wait_for_the_disk_loses_what_it_acknowledged(
    away: PostgresServer, tmp_path: Path
) -> None:
    """The anomaly is real: it is `synchronous_commit` that keeps the promise of a 201."""
    ground = PostgresqlGround(away, tmp_path, name="careless")
    ground.renew()
    away.run("ALTER DATABASE careless SET synchronous_commit = off")
    found = _restarted_under_load(ground, away, "immediate")
    assert set(found.acknowledged) - found.stored


@pytest.fixture
def wire(ground: PostgresqlGround) -> Iterator[CutProxy]:
    with CutProxy(ground.server.port) as proxy:
        yield proxy


@pytest.fixture
def ask(world: World, ground: PostgresqlGround, wire: CutProxy) -> Iterator[Ask]:
    """A call that reads, over the wire: its status, how many seconds it took, its Retry-After."""
    url = ground.config().database_url.replace(f":{ground.server.port}/", f":{wire.port}/")
    app = create_app(replace(ground.config(), database_url=url))
    headers = {"Authorization": f"Bearer {ground.tokens['clerk', HOME]}"}

    def ask(path: str = f"/api/v1/villages/{HOME}/products") -> Asked:
        began = time.monotonic()
        answer = app.test_client().get(path, headers=headers)
        return Asked(answer.status_code, time.monotonic() - began, answer.headers.get("Retry-After"))

    yield ask
    wire.is_down, wire.delay = False, 0
    with app.app_context():
        db.engine.dispose()


def test_a_server_out_of_reach_is_503_in_seconds_for_a_crowd_and_then_works(wire: CutProxy, ask: Ask) -> None:
    assert {asked.status for asked in at_once([ask] * 8)} == {200}
    wire.is_down = True
    found = at_once([ask] * 20)
    assert {asked.status for asked in found} == {503}
    assert all(asked.retry_after for asked in found)
    assert max(asked.seconds for asked in found) < 4
    assert (ask("/healthz").status, ask("/readyz").status) == (200, 503)
    wire.is_down = False
    assert {asked.status for asked in at_once([ask] * 8)} == {200}


def test_a_server_that_answers_two_seconds_late_holds_nobody_for_long(wire: CutProxy, ask: Ask) -> None:
    """A crowd of forty on eight connections: some get through, the others hear in seconds that they shall come back."""
    assert {asked.status for asked in at_once([ask] * 8)} == {200}
    wire.delay = 2
    found = at_once([ask] * 40)
    assert {asked.status for asked in found} == {200, 503}
    assert max(asked.seconds for asked in found if asked.status == 503) < 4
    assert ask("/healthz").status == 200


@pytest.fixture
def hung(away: PostgresServer, tmp_path: Path) -> Iterator[PostgresqlGround]:
    """A village with a household, on a server that may be made to hang."""
    ground = PostgresqlGround(away, tmp_path, name="hung")
    ground.renew()
    World(ground.app).household()
    World(ground.app).rule()
    yield ground
    ground.close()
    for name in ("hung", "template_hung"):
        away.drop_database(name)


def _log(ground: PostgresqlGround, today: str, name: str) -> Asked:
    """A merit that was sent under a name; status, seconds, Retry-After."""
    body = {"rule": "A1", "household": "0001", "occurred_on": today, "note": name}
    headers = {"Authorization": f"Bearer {ground.tokens['worker', HOME]}"}
    began = time.monotonic()
    answer = ground.app.test_client().put(f"{_MERITS}/{name}", json=body, headers=headers)
    return Asked(answer.status_code, time.monotonic() - began, answer.headers.get("Retry-After"))


def test_a_server_that_hangs_is_503_in_seconds_for_a_crowd_and_then_works(
    hung: PostgresqlGround, away: PostgresServer
) -> None:
    """Its machine still takes what is sent; the first eight wait for an answer, the others for a connection."""
    world, names = World(hung.app), [new_name() for _ in range(20)]
    today = world.see(lambda work: work.today).isoformat()
    tasks = [partial(_log, hung, today, name) for name in names]
    assert {asked.status for asked in at_once(tasks[:8])} == {201}
    with away.hanging():
        found = at_once(tasks)
        assert {asked.status for asked in found} == {503}
        assert all(asked.retry_after for asked in found)
        assert max(asked.seconds for asked in found) < silence.PATIENCE + 6
        # now that it is known, nobody waits for an old connection
        assert _log(hung, today, names[0]).seconds < 5
        client = hung.app.test_client()
        assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)
    again = at_once(tasks)
    assert {asked.status for asked in again} <= {200, 201}
    stored = world.see(lambda work: work.read(select(Merit.id).where(Merit.village_id == int(HOME))).scalars().all())
    assert sorted(stored) == sorted(names)
    assert world.see(violations) == {}


def test_unless_somebody_watches_whoever_asked_a_server_that_hangs_waits_as_long_as_it_does(
    hung: PostgresqlGround, away: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The anomaly is real: all timeouts that the server was told stand still with it."""
    monkeypatch.setattr(silence, "PATIENCE", 3600)
    today = World(hung.app).see(lambda work: work.today).isoformat()
    answers: list[Asked] = []
    phone = threading.Thread(target=lambda: answers.append(_log(hung, today, new_name())))
    with away.hanging():
        phone.start()
        phone.join(timeout=12)
        assert phone.is_alive()
    phone.join()
    assert len(answers) == 1
