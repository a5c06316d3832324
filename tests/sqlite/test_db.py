"""What a unit of work leaves behind when SQLite fails it."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError

from pointshop.core.db import db, reading, unit_of_work
from pointshop.core.numbers import Counter, take_numbers
from pointshop.core.problems import as_problem
from pointshop.core.work import Work
from tests.api import Api
from tests.hurry import patient
from tests.on_sqlite import SqliteGround
from tests.together import outcome
from tests.world import World

_HOUSEHOLD = {"head": "张建国", "group_no": 1}


def _take(world: World) -> Callable[[Work], int]:
    return lambda work: take_numbers(work, world.village_id, "trial")[0]


def _next(world: World) -> int:
    return world.do(_take(world))


def test_a_connection_lost_under_sqlalchemys_hands_is_replaced(world: World) -> None:
    def lose(work: Work) -> None:
        work.write(insert(Counter).values(village_id=world.village_id, purpose="lost", value=1))
        work.raw.close()

    with pytest.raises(sqlite3.ProgrammingError):
        world.do(lose)
    assert [_next(world) for _ in range(10)] == list(range(1, 11))
    assert world.see(lambda work: work.read(select(Counter.value).where(Counter.purpose == "lost")).all()) == []


def _fill(work: Work) -> None:
    """Let no page be added to the database any more."""
    (pages,) = work.raw.execute("PRAGMA page_count").fetchone()
    work.raw.execute(f"PRAGMA max_page_count = {pages}")


def _make_room(work: Work) -> None:
    work.raw.execute("PRAGMA max_page_count = 1073741823")


def test_a_full_disk_takes_everything_back_and_reads_go_on(world: World) -> None:
    with world.app.app_context():
        _fill(reading())
        with pytest.raises(OperationalError) as caught:
            unit_of_work(_grow(world))
        assert isinstance(caught.value.orig, sqlite3.OperationalError)
        assert caught.value.orig.sqlite_errorcode == sqlite3.SQLITE_FULL
        assert as_problem(caught.value).headers == {"Retry-After": "2"}
        assert reading().read(select(Counter.value).where(Counter.purpose == "trial")).all() == []
        _make_room(reading())
        assert unit_of_work(_take(world)) == 1


def _grow(world: World) -> Callable[[Work], None]:
    def step(work: Work) -> None:
        _take(world)(work)
        rows = [{"village_id": world.village_id, "purpose": f"{number:040d}", "value": 1} for number in range(2000)]
        work.write(insert(Counter), rows)

    return step


@contextmanager
def _no_file_grows_beyond(size: int) -> Iterator[None]:
    """The system refuses to write any file of this process beyond `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_when_the_file_cannot_grow_the_service_says_503_and_recovers(api: Api, ground: SqliteGround) -> None:
    manager = api.as_("manager")
    assert manager.put("/households/0001", _HOUSEHOLD).status_code == 201
    log = Path(f"{ground.file}-wal")
    with _no_file_grows_beyond(log.stat().st_size + 100):
        client = ground.app.test_client()
        headers = {"Authorization": f"Bearer {manager.token}"}
        path = f"/api/v1/villages/{manager.village}/households"
        refused = client.put(f"{path}/0002", json=_HOUSEHOLD, headers=headers)
        read = client.get(path, headers=headers)
    assert outcome(refused) == (503, "unavailable")
    assert refused.headers["Retry-After"] == "2"
    assert [item["number"] for item in read.get_json()["items"]] == ["0001"]
    assert manager.put("/households/0002", _HOUSEHOLD).status_code == 201


def test_a_writer_that_waits_too_long_is_told_to_come_back(api: Api, ground: SqliteGround) -> None:
    other = sqlite3.connect(ground.file, isolation_level=None)
    with ground.app.app_context():
        reading().raw.execute("PRAGMA busy_timeout = 50")
    try:
        other.execute("BEGIN IMMEDIATE")
        answer = ground.app.test_client().put(
            f"/api/v1/villages/{api.as_('manager').village}/households/0001",
            json=_HOUSEHOLD,
            headers={"Authorization": f"Bearer {api.as_('manager').token}"},
        )
    finally:
        other.close()
    assert outcome(answer) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert api.as_("manager").put("/households/0001", _HOUSEHOLD).status_code == 201


def test_the_instant_is_taken_when_the_turn_has_come(world: World) -> None:
    """So recorded instants follow the order of commits, whoever asked first."""
    inside, instants = Barrier(2), {}

    def first(work: Work) -> None:
        inside.wait()
        instants["first"] = work.now

    def second() -> None:
        inside.wait()
        instants["second"] = world.do(lambda work: work.now)

    waiting = Thread(target=second)
    waiting.start()
    world.do(first)
    waiting.join()
    assert instants["first"] < instants["second"]


def test_every_connection_is_durable_and_guarded(world: World) -> None:
    with patient(world.app), world.app.app_context():
        raw = reading().raw
        found = {
            name: raw.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "secure_delete")
        }
        assert db.engine.pool.size() == 8  # type: ignore[attr-defined]  # of the pool that files have
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "secure_delete": 1,
    }
