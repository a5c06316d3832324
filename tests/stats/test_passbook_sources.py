"""What the lines of a passbook say."""

from typing import Any

import pytest

from pointshop.core.ids import new_name
from tests.api import Api
from tests.merits.deeds import deed
from tests.world import World


@pytest.fixture
def bought(api: Api, world: World) -> str:
    """A bag of salt was redeemed under this name."""
    world.household(points=100)
    world.rule(name="集中清扫")
    manager, name = api.as_("manager"), new_name()
    manager.put("/products/P001", {"name": "食盐", "unit": "袋", "points": 5})
    received = {"product": "P001", "kind": "receive", "quantity": 10}
    assert manager.put(f"/stock-moves/{new_name()}", received).status_code == 201
    order = {"card": world.card(), "lines": [{"product": "P001", "quantity": 2}], "expected_points": 10}
    assert api.as_("clerk").put(f"/redemptions/{name}", order).status_code == 201
    return name


def lines(api: Api) -> dict[str, str]:
    """Kind → what the line says."""
    found: list[dict[str, Any]] = api.as_("manager").get("/households/0001/passbook").get_json()["items"]
    return {line["kind"]: line["summary"] for line in found}


def test_merit_under_the_name_of_a_redemption_does_not_hide_what_was_taken_home(api: Api, bought: str) -> None:
    assert api.as_("worker").put(f"/merits/{bought}", deed()).status_code == 201
    assert lines(api) == {"opening": "期初积分", "redemption": "兑换 食盐×2", "merit": "集中清扫"}
