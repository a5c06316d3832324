"""A village with a year's worth of kinds of entries in few rows."""

import pytest

from pointshop.core.clock import now, village_day
from pointshop.core.ids import new_name
from tests.api import Api
from tests.world import World


@pytest.fixture
def booked(api: Api, world: World) -> World:
    """Household 0001: 100 points at the start, five for a deed, a deduction of 30, and a deed that was taken back."""
    world.rule()
    world.rule("B1", points=-30, category="违规")
    world.household(points=100)
    world.household("0002")
    day = village_day(now()).isoformat()
    names = [new_name() for _ in range(3)]
    for name, rule, note in zip(names, ("A1", "B1", "A1"), ("", "", "又一次"), strict=True):
        body = {"rule": rule, "household": "0001", "occurred_on": day, "note": note}
        assert api.as_("worker").put(f"/merits/{name}", body).status_code == 201
    assert api.as_("manager").put(f"/merits/{names[2]}/reversal", {"reason": "记错了"}).status_code == 201
    return world
