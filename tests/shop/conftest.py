"""Three households with cards, one more in another village, and the staff of the shop."""

import pytest
from flask import Flask

from pointshop.accounts import queries as users
from pointshop.accounts import service as accounts
from pointshop.cli.place import SYSTEM
from pointshop.core.ids import new_name
from pointshop.core.work import Work
from pointshop.people import service as people
from pointshop.people.queries import get_household
from pointshop.people.service import HouseholdData
from tests.ground import HOME, OTHER, Ground
from tests.shop.counter import Counter
from tests.world import World

#: number → points at the start
_HOUSEHOLDS = {"0001": 100, "0002": 40, "0003": 0}


@pytest.fixture
def shop(app: Flask, ground: Ground, world: World) -> Counter:
    return open_shop(app, ground, world)


def open_shop(app: Flask, ground: Ground, world: World) -> Counter:
    staff = ("manager", "clerk", "worker", "supervisor")
    tokens = {role: ground.tokens[role, HOME] for role in staff} | {"stranger": ground.tokens["manager", OTHER]}
    second, cards = world.do(lambda work: (_hire_second_clerk(work), _settle(work)))
    return Counter(app, ground, tokens | {"clerk2": second}, cards)


def _settle(work: Work) -> dict[str, str]:
    """All in one unit of work, as there are many tests; card code by household number."""
    cards = {number: _household(work, int(HOME), number, points) for number, points in _HOUSEHOLDS.items()}
    return cards | {"other": _household(work, int(OTHER), "0001", 100)}


def _household(work: Work, village_id: int, number: str, points: int) -> str:
    data = HouseholdData(f"户主{number[-1]}", 1, None, None, None, None, None)
    people.put_household(work, village_id, number, data, actor_id=SYSTEM.user_id, opening_points=points)
    household = get_household(work, village_id, number)
    return people.issue_card(work, village_id, household, card_id=new_name()).code


def _hire_second_clerk(work: Work) -> str:
    grants = [{"role": "clerk", "region": HOME, "grid": []}]
    accounts.put_user(
        work, SYSTEM, username="clerk2", name="赵店员", password_hash="nobody types it", grants=grants, is_active=True
    )
    user = users.find_user(work, "clerk2")
    assert user is not None
    return accounts.open_session(work, user, device_name="柜台").token
