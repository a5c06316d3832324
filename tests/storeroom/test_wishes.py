"""Wishes of households, and what is in demand."""

from datetime import timedelta

import pytest

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.ground import OTHER
from tests.together import outcome
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture
def clerk(api: Api, world: World) -> Caller:
    world.households(3, points=50)
    return api.as_("clerk")


def wish(caller: Caller, household: str, item: str) -> None:
    assert caller.put(f"/wishes/{new_name()}", {"household": household, "item": item}).status_code == 201


def test_what_most_households_wish_for_stands_first(clerk: Caller) -> None:
    for household, item in (
        ("0001", "电饭锅"),
        ("0002", "电饭锅"),
        ("0001", "电饭锅"),
        ("0003", "雨鞋"),
        ("0003", "雨鞋"),
    ):
        wish(clerk, household, item)
    assert clerk.get("/demand").get_json()["wished"] == [
        {"item": "电饭锅", "households": 2},
        {"item": "雨鞋", "households": 1},
    ]
    listed = clerk.get("/wishes").get_json()["items"]
    assert (len(listed), listed[0]["household"], listed[0]["item"]) == (5, "0003", "雨鞋")


def test_what_was_taken_is_counted_without_what_was_voided(api: Api, clerk: Caller, world: World) -> None:
    card = world.card()
    for code, name in (("P1", "大米"), ("P2", "食盐")):
        assert api.as_("manager").put(f"/products/{code}", {"name": name, "unit": "袋", "points": 1}).status_code == 201
        move = {"product": code, "kind": "receive", "quantity": 20}
        assert clerk.put(f"/stock-moves/{new_name()}", move).status_code == 201
    names = [new_name() for _ in range(3)]
    for name, code, quantity in zip(names, ("P1", "P2", "P2"), (3, 4, 9), strict=True):
        lines = [{"product": code, "quantity": quantity}]
        order = {"card": card, "lines": lines, "expected_points": quantity}
        assert clerk.put(f"/redemptions/{name}", order).status_code == 201
    assert clerk.put(f"/redemptions/{names[2]}/void", {"reason": "拿错了"}).status_code == 201
    assert clerk.get("/demand").get_json()["taken"] == [
        {"product": "P2", "name": "食盐", "quantity": 4, "households": 1},
        {"product": "P1", "name": "大米", "quantity": 3, "households": 1},
    ]


def test_old_wishes_are_no_demand(clerk: Caller) -> None:
    with clock.at(clock.now() - timedelta(days=100)):
        wish(clerk, "0001", "雨鞋")
    assert clerk.get("/demand").get_json()["wished"] == []
    assert len(clerk.get("/demand", query={"days": "120"}).get_json()["wished"]) == 1


def test_a_wish_is_a_households_of_this_village(api: Api, clerk: Caller) -> None:
    assert outcome(clerk.put(f"/wishes/{new_name()}", {"household": "9999", "item": "雨鞋"})) == (422, "validation")
    wish(clerk, "0001", "雨鞋")
    assert api.as_("clerk", of=OTHER).get("/wishes").get_json()["items"] == []
    answer = api.as_("supervisor").put(f"/wishes/{new_name()}", {"household": "0001", "item": "雨鞋"})
    assert outcome(answer) == (403, "forbidden")


def test_sent_twice_it_is_one_wish(clerk: Caller) -> None:
    name, body = new_name(), {"household": "0001", "item": "雨鞋"}
    assert [clerk.put(f"/wishes/{name}", body).status_code for _ in range(2)] == [201, 200]
    assert len(clerk.get("/wishes").get_json()["items"]) == 1
