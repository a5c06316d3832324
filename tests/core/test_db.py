"""What a unit of work leaves behind when it fails: nothing in the books, and a connection that still serves."""

import logging
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Thread

import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from pointshop.core.clock import as_text
from pointshop.core.db import db, reading, snapshot, unit_of_work
from pointshop.core.numbers import Counter, take_numbers
from pointshop.core.problems import as_problem
from pointshop.core.work import Work
from tests.api import Api
from tests.ground import Ground
from tests.hurry import patient
from tests.together import outcome
from tests.world import World

_HOUSEHOLD = {"head": "张建国", "group_no": 1}


def _take(world: World) -> Callable[[Work], int]:
    return lambda work: take_numbers(work, world.village_id, "trial")[0]


def _next(world: World) -> int:
    return world.do(_take(world))


def _fail_after(world: World, damage: Callable[[Work], object]) -> Callable[[Work], None]:
    def step(work: Work) -> None:
        _take(world)(work)
        damage(work)

    return step


def _raise(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize("error", [ValueError(), KeyboardInterrupt(), SystemExit()])
def test_whatever_is_raised_takes_everything_back(world: World, error: BaseException) -> None:
    with pytest.raises(type(error)):
        world.do(_fail_after(world, lambda _: _raise(error)))
    assert _next(world) == 1


def test_the_same_context_goes_on_after_a_failure(world: World) -> None:
    with world.app.app_context():
        for _ in range(10):
            with pytest.raises(ValueError):
                unit_of_work(_fail_after(world, lambda _: _raise(ValueError())))
        assert unit_of_work(_take(world)) == 1


def test_a_connection_lost_in_the_middle_is_replaced(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Handed back, it would fail every later request that gets it from the pool."""
    with caplog.at_level(logging.WARNING), world.app.app_context():
        with pytest.raises(ZeroDivisionError):
            unit_of_work(_fail_after(world, lambda work: (work.raw.close(), 1 // 0)))
        # in the same request, too
        assert unit_of_work(_take(world)) == 1
    assert "connection thrown away" in caplog.text
    for number in range(2, 22):
        assert _next(world) == number


def test_a_connection_lost_under_sqlalchemys_hands_is_replaced(world: World) -> None:
    def lose(work: Work) -> None:
        work.write(insert(Counter).values(village_id=world.village_id, purpose="lost", value=1))
        work.raw.close()

    with pytest.raises(sqlite3.ProgrammingError):
        world.do(lose)
    assert [_next(world) for _ in range(10)] == list(range(1, 11))
    assert world.see(lambda work: work.read(select(Counter.value).where(Counter.purpose == "lost")).all()) == []


def test_a_transaction_that_the_step_ended_itself_is_an_error(world: World) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no transaction"):
        world.do(_fail_after(world, lambda work: work.raw.execute("ROLLBACK")))
    assert _next(world) == 1


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


def test_when_the_file_cannot_grow_the_service_says_503_and_recovers(api: Api, ground: Ground) -> None:
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


def test_a_writer_that_waits_too_long_is_told_to_come_back(api: Api, ground: Ground) -> None:
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


def test_two_units_one_inside_the_other_are_a_mistake(world: World) -> None:
    with pytest.raises(RuntimeError, match="already open"):
        world.do(lambda _: unit_of_work(_take(world)))
    assert _next(world) == 1


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


def test_a_snapshot_sees_one_instant_and_changes_nothing(world: World) -> None:
    _next(world)

    def look(work: Work) -> tuple[object, object]:
        statement = select(Counter.value).where(Counter.purpose == "trial")
        before = work.read(statement).scalar_one()
        other = Thread(target=_next, args=[world])
        other.start()
        other.join()
        return before, work.read(statement).scalar_one()

    with world.app.app_context():
        assert snapshot(look) == (1, 1)
        assert snapshot(look) == (2, 2)


def test_the_text_of_an_error_holds_no_values(world: World) -> None:
    def add(work: Work) -> None:
        work.write(insert(Counter).values(village_id=world.village_id, purpose="金丝雀", value=1))

    world.do(add)
    with pytest.raises(IntegrityError) as caught:
        world.do(add)
    assert "金丝雀" not in str(caught.value)


def test_recorded_instants_are_kept_to_the_microsecond_in_utc(world: World) -> None:
    with world.app.app_context():
        now = reading().now
    assert as_text(now).endswith("Z") and len(as_text(now)) == 27


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


def test_loser_of_a_race_for_a_key_is_asked_to_come_again() -> None:
    assert as_problem(UniqueViolation("duplicate key value violates unique constraint")).code == "busy"
