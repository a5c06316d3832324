"""The end of a year in a village of two thousand households."""

import time
from functools import partial

from pointshop.core import clock
from pointshop.core.ids import new_name
from pointshop.core.work import Work
from tests.api import Api
from tests.closing.periods import close, decide, noon
from tests.faults.stored import changed, stored
from tests.together import outcome
from tests.world import World


def test_it_ends_within_seconds_and_twice_gives_the_same_books(api: Api, world: World) -> None:
    def furnish(first: int, work: Work) -> None:
        for number in range(first, first + 100):
            world.enter(work, str(number), points=100 + number % 7)

    with clock.at(noon("2026-12-02")):
        for hundred in range(1000, 3000, 100):
            world.do(partial(furnish, hundred))
    decide(api, rule="share", share=50)
    app, manager, name = api.ground.app, api.as_("manager"), new_name()
    with clock.at(noon("2027-01-03")):
        started = time.perf_counter()
        first = close(manager, name=name)
        took = time.perf_counter() - started
        books = stored(app)
        again = close(manager, name=name)
        assert (again.status_code, again.data) == (200, first.data)
        assert changed(books, stored(app)) == {}
        assert outcome(close(manager)) == (422, "period_closed")
        # the refusal is remembered under its name, and that is all
        assert changed(books, stored(app)).keys() <= {"command"}
    assert first.get_json()["households"] == 2000
    assert took < 5, took
    (lines,) = api.ground.run("SELECT count(*) FROM entry WHERE kind = 'expiry'")
    assert lines == (2000,)
