"""What a proof of the books costs grows with the books and no faster: a check that looks at every other line of a
household for each of its lines takes hours in a village that has been at it for years."""

from sqlalchemy.dialects import sqlite

from pointshop.app import CHECKS
from pointshop.core.work import Work
from tests.world import World

#: SQLite tells after so many steps of its machine.
_EVERY = 50
#: Below this nothing can be said.
_LITTLE = 3_000


def steps(work: Work) -> dict[str, int]:
    """Check → what its query costs, in steps of SQLite's machine: the same on every computer."""
    found = {}
    for check in CHECKS:
        told = [0]

        def tell(told: list[int] = told) -> int:
            told[0] += _EVERY
            return 0

        words = str(check.statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
        work.raw.set_progress_handler(tell, _EVERY)
        work.raw.execute(words).fetchall()
        work.raw.set_progress_handler(None, 0)
        found[check.name] = told[0]
    return found


def fill(world: World, count: int) -> None:
    def step(work: Work) -> None:
        for number in range(count):
            world.log(work, "0001", note=f"{count}-{number}")

    world.do(step)


def test_twice_the_deeds_of_a_household_cost_twice(world: World) -> None:
    world.household()
    world.rule(cap=10_000, cap_period="month")
    world.settings(period_budget=1_000_000)
    fill(world, 100)
    before = world.see(steps)
    # and as many again
    fill(world, 99)
    after = world.see(steps)
    grown = {name: after[name] / cost for name, cost in before.items() if cost > _LITTLE}
    assert "cap_never_exceeded" in grown
    assert {name: times for name, times in grown.items() if times > 2.5} == {}
