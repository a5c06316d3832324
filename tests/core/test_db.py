"""What a unit of work leaves behind when it fails: nothing in the books, and a connection that still serves."""

import logging
from collections.abc import Callable
from threading import Thread

import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from pointshop.core.clock import as_text
from pointshop.core.db import reading, snapshot, unit_of_work
from pointshop.core.numbers import Counter, take_numbers
from pointshop.core.problems import as_problem
from pointshop.core.work import Work
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


def test_a_transaction_that_the_step_ended_itself_is_an_error(world: World) -> None:
    with pytest.raises(Exception, match="no transaction"):
        world.do(_fail_after(world, lambda work: work.raw.execute("ROLLBACK")))
    assert _next(world) == 1


def test_two_units_one_inside_the_other_are_a_mistake(world: World) -> None:
    with pytest.raises(RuntimeError, match="already open"):
        world.do(lambda _: unit_of_work(_take(world)))
    assert _next(world) == 1


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


def test_loser_of_a_race_for_a_key_is_asked_to_come_again() -> None:
    assert as_problem(UniqueViolation("duplicate key value violates unique constraint")).code == "busy"
