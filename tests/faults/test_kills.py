"""F01, F19: kill -9 at every fault point and every statement of every call. Asked again, it happened exactly once."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from pointshop.app import DUE, SEALED
from pointshop.core import clock, faults
from pointshop.core.db import reading
from pointshop.core.ids import new_name
from pointshop.ledger.seal import seal_village
from tests.api import Api
from tests.books import violations
from tests.faults.deeds import DEEDS, NAMED, Deed
from tests.faults.killed import killed_at_point, killed_at_statement, survived
from tests.faults.stored import changed, stored
from tests.world import World

_MOST = 200
#: What is done all day.
_ALL_OF = ("merit", "redemption")
#: After these the deed is done, answered or not.
_DONE = ("after_commit", "before_response")


@pytest.mark.parametrize("name", NAMED)
def test_killed_at_a_fault_point_and_asked_again_it_is_done_once(api: Api, card: str, name: str) -> None:
    app = api.ground.app
    points: tuple[str, ...] = faults.POINTS[:3]
    for last in _DONE:
        deed = DEEDS[name](api, card)
        before = stored(app)
        for point in points:
            assert killed_at_point(app, partial(deed.send, api), point)
            assert changed(before, stored(app)) == {}, point
        # once is enough
        points = ()
        assert killed_at_point(app, partial(deed.send, api), last)
        left = stored(app)
        assert changed(before, left) != {}
        again = deed.send(api)
        assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
        assert changed(left, stored(app)) == {}


def test_an_import_that_was_killed_is_whole_or_not_there_and_runs_again(api: Api, card: str) -> None:
    app, deed = api.ground.app, DEEDS["import"](api, card)
    before = stored(app)
    assert killed_at_point(app, partial(deed.send, api), "before_commit")
    assert changed(before, stored(app)) == {}
    assert killed_at_point(app, partial(deed.send, api), "before_response")
    left = stored(app)
    assert deed.send(api).get_json()["unchanged"] == 3
    assert changed(left, stored(app)) == {}


@pytest.mark.parametrize(
    ("name", "step"),
    [(name, 1 if name in _ALL_OF else 5) for name in DEEDS]
    + [pytest.param(name, 1, marks=pytest.mark.soak) for name in DEEDS if name not in _ALL_OF],
)
def test_killed_at_any_statement_nothing_or_everything_is_there(api: Api, card: str, name: str, step: int) -> None:
    """At each statement of the daily calls; of the others at every fifth, and at each with `-m soak`."""
    app, deed = api.ground.app, DEEDS[name](api, card)
    before = stored(app)
    for number in range(1, _MOST, step):
        if not killed_at_statement(app, partial(deed.send, api), number):
            break
        assert changed(before, stored(app)) == {}, number
    assert number > 3
    assert changed(before, stored(app)) != {}
    assert deed.send(api).status_code == 200


def _due(world: World) -> Callable[[], object]:
    """post-due, with four merits whose time on the wall is over."""
    world.settings(notice_days=1)
    with clock.at(clock.now() - timedelta(days=5)):
        for number in range(4):
            world.merit(f"000{number % 3 + 1}", note=f"{number}")
        world.hang_notice()
    return lambda: world.do(lambda work: sum(step(work, world.village_id) for step in DUE))


def _seal(world: World) -> Callable[[], object]:
    with clock.at(clock.now() - timedelta(days=5)):
        world.merit()
    return lambda: world.do(lambda work: seal_village(work, world.village_id, SEALED))


@pytest.mark.parametrize("prepare", [_due, _seal])
def test_what_runs_at_night_is_done_wholly_or_again(
    api: Api, world: World, card: str, prepare: Callable[[World], Callable[[], object]]
) -> None:
    app, run = api.ground.app, prepare(world)
    before = stored(app)
    for number in range(1, _MOST):
        if not killed_at_statement(app, run, number):
            break
        assert changed(before, stored(app)) == {}, number
    assert number > 2
    left = stored(app)
    assert changed(before, left) != {}
    assert not run()
    assert changed(left, stored(app)) == {}


@pytest.mark.breaks_the_books
def test_without_a_unit_of_work_the_night_may_end_in_the_middle(api: Api, world: World, card: str) -> None:
    """The anomaly is real: statements by themselves leave points in the tallies that are in no account."""
    app, _ = api.ground.app, _due(world)

    def run() -> None:
        with app.app_context():
            for step in DUE:
                step(reading(), world.village_id)

    for number in range(1, _MOST):
        assert killed_at_statement(app, run, number)
        if world.see(violations):
            break


def test_a_call_that_nothing_happens_to_comes_back_alive(api: Api, card: str) -> None:
    assert survived(api.ground.app, lambda: DEEDS["merit"](api, card).send(api))


def test_a_phone_that_makes_a_new_name_for_each_attempt_pays_twice(api: Api, card: str) -> None:
    """The anomaly is real: it is the name kept before sending that makes once out of twice."""
    deed = DEEDS["redemption"](api, card)
    assert killed_at_point(api.ground.app, partial(deed.send, api), "after_commit")
    renamed = Deed(deed.role, deed.method, f"/redemptions/{new_name()}", deed.body)
    assert renamed.send(api).status_code == 201
    assert api.as_("manager").get("/households/0001").get_json()["balance"] == 496


@pytest.mark.soak
def test_two_hundred_kills_anywhere(api: Api, card: str) -> None:
    """pytest -m soak: at fault points and statements by chance, of everything, in one village that goes on living."""
    chance = random.Random(4)
    app = api.ground.app
    # a new card would end the old one that everything else here pays with, and a limit without PIN would ask for one
    names = [name for name in NAMED if name not in ("card", "honor roll", "closing", "redemption by PIN")]
    for _ in range(200):
        deed = DEEDS[chance.choice(names)](api, card)
        before = stored(app)
        if chance.random() < 0.5:
            assert killed_at_point(app, partial(deed.send, api), chance.choice(faults.POINTS))
        else:
            killed_at_statement(app, partial(deed.send, api), chance.randint(1, 20))
        was_done = changed(before, stored(app)) != {}
        again = deed.send(api)
        assert again.status_code == (200 if was_done else 201), again.text
