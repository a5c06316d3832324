"""F09–F11: a market day on one purse, on the last piece, and on many shelves at once."""

import random
from functools import partial
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pointshop.core.ids import new_name
from tests.api import Api
from tests.faults.deeds import put
from tests.together import at_once, outcomes
from tests.world import World


@pytest.fixture
def market(world: World, api: Api) -> World:
    """A household with a purse of 50 and shelves with plenty, but one last broom."""
    world.household("0001", points=50)
    world.household("0002", points=5000)
    for number in range(10):
        _stock(api, f"P{number}", 5000)
    _stock(api, "BROOM", 1)
    return world


def _stock(api: Api, code: str, quantity: int) -> None:
    assert api.as_("manager").put(f"/products/{code}", {"name": code, "unit": "个", "points": 1}).status_code == 201
    assert (
        put("clerk", "/stock-moves/{id}", product=code, kind="receive", quantity=quantity).send(api).status_code == 201
    )


def _order(card: str, *codes: str) -> dict[str, Any]:
    return {
        "card": card,
        "lines": [{"product": code, "quantity": 1} for code in codes],
        "expected_points": len(codes),
    }


def _storm(api: Api, orders: list[dict[str, Any]], *, at_a_time: int = 40) -> dict[object, int]:
    """All orders, each under a name of its own, from as many counters at a time."""
    answers: list[TestResponse] = []
    for first in range(0, len(orders), at_a_time):
        calls = [
            partial(api.as_("clerk").put, f"/redemptions/{new_name()}", order)
            for order in orders[first : first + at_a_time]
        ]
        answers += at_once(calls)
    return outcomes(answers)


@pytest.mark.parametrize("count", [200, pytest.param(1000, marks=pytest.mark.soak)])
def test_of_many_at_once_a_purse_of_fifty_pays_exactly_fifty(api: Api, market: World, count: int) -> None:
    found = _storm(api, [_order(market.card("0001"), "P1")] * count)
    assert found == {201: 50, (422, "insufficient_points"): count - 50}
    assert market.balance("0001") == 0


@pytest.mark.parametrize("count", [200, pytest.param(1000, marks=pytest.mark.soak)])
def test_of_many_at_once_one_gets_the_last_broom(api: Api, market: World, count: int) -> None:
    found = _storm(api, [_order(market.card("0002"), "BROOM")] * count)
    assert found == {201: 1, (422, "out_of_stock"): count - 1}


def test_baskets_in_random_order_never_embrace(api: Api, market: World) -> None:
    chance, card = random.Random(11), market.card("0002")
    baskets = [_order(card, *chance.sample([f"P{n}" for n in range(10)], 4)) for _ in range(120)]
    assert _storm(api, baskets) == {201: 120}
    assert market.balance("0002") == 5000 - 480
