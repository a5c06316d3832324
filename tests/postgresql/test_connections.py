"""PostgreSQL goes away in every way it knows: the caller hears 503 or nothing at all, and the next call works."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, text, update

from pointshop.app import create_app
from pointshop.core import db as core_db
from pointshop.core.db import UnitTooOld, db, reading, snapshot, unit_of_work
from pointshop.core.ids import new_name
from pointshop.core.numbers import Counter, take_numbers
from pointshop.core.problems import as_problem
from pointshop.core.work import Prepared, Work
from pointshop.ledger.models import Account, Entry
from tests.api import Api
from tests.cut_proxy import CutProxy
from tests.ground import HOME
from tests.on_postgresql import PostgresqlGround
from tests.postgres_server import PostgresServer
from tests.together import at_once, outcome
from tests.world import World

_PATH = f"/api/v1/villages/{HOME}"
_END_OTHERS = (
    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
    "WHERE application_name = 'pointshop' AND datname = 'village'"
)


class Phone:
    """Someone who sends to an app and sends again; answers are not checked here, as they may be 503."""

    def __init__(self, app: Flask, token: str) -> None:
        self._client, self._headers = app.test_client(), {"Authorization": f"Bearer {token}"}

    def get(self, path: str = "/households") -> Any:
        return self._client.get(f"{_PATH}{path}", headers=self._headers)

    def put(self, path: str, body: Any) -> Any:
        return self._client.put(f"{_PATH}{path}", json=body, headers=self._headers)


@pytest.fixture
def phone(api: Api) -> Phone:
    return Phone(api.ground.app, api.as_("manager").token or "")


@pytest.fixture
def merit(world: World) -> dict[str, Any]:
    """The body of a merit worth 5 points for household 0001."""
    world.household()
    world.rule()
    return {"rule": "A1", "household": "0001", "occurred_on": world.see(lambda work: work.today).isoformat()}


def test_every_connection_is_told_how_long_to_wait(app: Flask) -> None:
    with app.app_context():
        settings = {
            name: reading().raw.execute(f"SHOW {name}".encode()).fetchone()[0]
            for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "timezone")
        }
    assert list(settings.values()) == ["3s", "5s", "10s", "UTC"]


def test_patient_units_may_take_their_time_and_the_next_may_not(app: Flask) -> None:
    def timeout(work: Work) -> str:
        (found,) = work.raw.execute("SHOW statement_timeout").fetchone()
        return str(found)

    with app.app_context():
        assert snapshot(timeout, patient=True) == "0"
        assert unit_of_work(timeout, patient=True) == "0"
        assert unit_of_work(timeout) == "5s"


def test_connections_that_died_in_the_pool_are_replaced_unseen(phone: Phone, ground: PostgresqlGround) -> None:
    assert phone.get().status_code == 200
    at_once([phone.get] * 8)
    ((ended,),) = ground.run(_END_OTHERS)
    assert ended > 1
    assert [answer.status_code for answer in at_once([phone.get] * 8)] == [200] * 8


def test_link_lost_in_the_middle_of_a_unit_is_503_and_leaves_nothing(
    phone: Phone, ground: PostgresqlGround, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(work: Work) -> None:
        take_numbers(work, world.village_id, "trial")
        ground.run(_END_OTHERS)
        take_numbers(work, world.village_id, "trial")

    with world.app.app_context(), pytest.raises(psycopg.OperationalError) as caught:
        unit_of_work(step)
    problem = as_problem(caught.value)
    assert (problem.status, problem.headers["Retry-After"]) == (503, "2")
    assert phone.get().status_code == 200
    assert world.do(lambda work: take_numbers(work, world.village_id, "trial")) == range(1, 2)


def test_link_lost_under_sqlalchemys_hands_is_503_and_leaves_nothing(ground: PostgresqlGround, world: World) -> None:
    def step(work: Work) -> None:
        work.write(update(Account).where(Account.village_id == world.village_id).values(status="frozen"))
        ground.run(_END_OTHERS)
        work.read(select(Account.id).where(Account.village_id == world.village_id))

    world.household()
    with pytest.raises(Exception) as caught:
        world.do(step)
    assert as_problem(caught.value).status == 503
    assert world.see(
        lambda work: work.read(select(Account.status).where(Account.village_id == world.village_id)).scalars().all()
    ) == ["active"]


@pytest.fixture
def wire(ground: PostgresqlGround, app: Flask) -> Iterator[CutProxy]:
    with CutProxy(ground.server.port) as proxy:
        yield proxy


@pytest.fixture
def far_phone(wire: CutProxy, ground: PostgresqlGround) -> Iterator[Phone]:
    """Reaches the database over a wire that can be cut."""
    url = ground.config().database_url.replace(f":{ground.server.port}/", f":{wire.port}/")
    app = create_app(replace(ground.config(), database_url=url))
    yield Phone(app, ground.tokens["manager", HOME])
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("words", [b"BEGIN", b"INSERT INTO entry", b"COMMIT"])
def test_wire_cut_at_any_word_and_repeated_counts_once(
    world: World, wire: CutProxy, far_phone: Phone, merit: dict[str, Any], words: bytes, before: bool
) -> None:
    """A cut after COMMIT has been heard is the one case in which it was done though 503 was said."""
    name = new_name()
    assert far_phone.get().status_code == 200
    wire.cut(words, before=before)
    lost = far_phone.put(f"/merits/{name}", merit)
    assert outcome(lost) == (503, "unavailable")
    assert lost.headers["Retry-After"] == "2"
    was_done = words == b"COMMIT" and not before
    assert world.balance() == (5 if was_done else 0)
    again = far_phone.put(f"/merits/{name}", merit)
    assert again.status_code == (200 if was_done else 201)
    assert world.balance() == 5


@pytest.fixture(scope="module")
def away() -> Iterator[PostgresServer]:
    """A server of its own on a real disk, to be stopped."""
    with PostgresServer(durable=True) as server:
        yield server


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_restarted_server_is_found_again_and_has_lost_nothing(away: PostgresServer, tmp_path: Path, mode: str) -> None:
    ground = PostgresqlGround(away, tmp_path, name=f"restart_{mode}")
    ground.renew()
    world = World(ground.app)
    phone = Phone(ground.app, ground.tokens["manager", HOME])
    world.household(points=10)
    away.stop(mode)
    started = time.monotonic()
    gone = phone.get()
    assert outcome(gone) == (503, "unavailable")
    assert time.monotonic() - started < 4
    assert ground.app.test_client().get("/healthz").status_code == 200
    assert ground.app.test_client().get("/readyz").status_code == 503
    away.start()
    assert phone.get().status_code == 200
    assert world.balance() == 10
    ground.close()


def test_deadlock_is_done_over_as_a_whole(world: World) -> None:
    first, second = (household.id for household in world.households(2))
    met, tries = Barrier(2), []

    def freeze(order: tuple[int, int]) -> None:
        def step(work: Work) -> None:
            tries.append(order)
            for place, account_id in enumerate(order):
                work.write(
                    update(Account)
                    .where(Account.village_id == world.village_id, Account.id == account_id)
                    .values(status="frozen")
                )
                if place == 0 and len(tries) <= 2:
                    met.wait(timeout=10)

        world.do(step)

    at_once([lambda: freeze((first, second)), lambda: freeze((second, first))])
    assert len(tries) == 3
    world.do(lambda work: work.write(update(Account).values(status="active")))


def test_row_that_somebody_holds_is_503_and_not_forever(ground: PostgresqlGround, phone: Phone, world: World) -> None:
    world.household(points=5)
    world.card()
    with ground.server.connect("village") as other, other.transaction():
        other.execute("SELECT FROM account FOR UPDATE")
        started = time.monotonic()
        refused = phone.put("/households/0001", {"head": "张建国", "group_no": 2})
        waited = time.monotonic() - started
    assert (refused.status_code in (200, 201)) or (outcome(refused) == (503, "unavailable") and 2 < waited < 5)


def test_a_unit_that_grew_too_old_is_not_committed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The daily seal leaves out what is younger; a row of an older instant must not come in after it."""
    monkeypatch.setattr(core_db, "LONGEST_UNIT", timedelta(milliseconds=10))

    def step(work: Work) -> None:
        take_numbers(work, world.village_id, "trial")
        time.sleep(0.05)

    with pytest.raises(UnitTooOld) as caught:
        world.do(step)
    assert as_problem(caught.value).status == 503
    # on a busy machine looking takes longer than that too
    monkeypatch.undo()
    assert world.see(lambda work: work.read(select(Counter.value).where(Counter.purpose == "trial")).all()) == []


def test_a_failed_statement_that_somebody_swallowed_is_no_success(world: World) -> None:
    def step(work: Work) -> None:
        take_numbers(work, world.village_id, "trial")
        with pytest.raises(psycopg.errors.DivisionByZero):
            work.raw.execute("SELECT 1 / 0")

    with pytest.raises(psycopg.InternalError, match="had failed"):
        world.do(step)


def test_prepared_statements_outlive_a_refusal(app: Flask, world: World) -> None:
    def names(work: Work) -> set[str]:
        return {name for (name,) in work.raw.execute("SELECT name FROM pg_prepared_statements").fetchall()}

    def refuse(work: Work) -> None:
        take_numbers(work, world.village_id, "trial")
        raise ValueError

    with app.app_context():
        for _ in range(2):
            with pytest.raises(ValueError):
                unit_of_work(refuse)
        before = names(reading())
        assert before
        with pytest.raises(ValueError):
            unit_of_work(refuse)
        assert names(reading()) == before


_TYPES = Prepared(
    select(Entry.source_id, Entry.recorded_at, Entry.occurred_on, Entry.points, text("sum(points) OVER ()")).where(
        Entry.village_id == int(HOME)
    )
)


def test_values_come_back_as_on_sqlite(world: World) -> None:
    world.household(points=7)
    ((source_id, recorded_at, occurred_on, points, total),) = world.see(_TYPES.all)
    assert type(source_id) is str
    assert recorded_at.tzinfo is UTC
    assert type(occurred_on) is date
    assert (type(points), type(total), total) == (int, int, 7)
