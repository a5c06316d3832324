"""The passbook in words (积分存折)."""

from typing import Any

import pytest

from pointshop.core.ids import new_name
from tests.api import Api
from tests.ground import OTHER
from tests.merits.deeds import logged, reverse
from tests.statements import cost
from tests.together import outcome
from tests.world import World


@pytest.fixture
def village(api: Api, world: World) -> World:
    """A household that lived through everything once."""
    world.rule(per="小时")
    world.rule("D1", points=-3, name="乱倒垃圾", category="违规")
    world.household(points=20)
    manager, clerk = api.as_("manager"), api.as_("clerk")
    for code, name in (("P1", "肥皂"), ("P2", "食用油")):
        manager.put(f"/products/{code}", {"name": name, "unit": "个", "points": 2})
        clerk.put(f"/stock-moves/{new_name()}", {"product": code, "kind": "receive", "quantity": 9})
    logged(api.as_("worker"), quantity=2)
    reverse(manager, logged(api.as_("worker"), note="x"))
    logged(api.as_("worker"), rule="D1")
    redemption = new_name()
    lines = [{"product": "P1", "quantity": 2}, {"product": "P2", "quantity": 1}]
    order = {"card": world.card(), "lines": lines, "expected_points": 6}
    assert clerk.put(f"/redemptions/{redemption}", order).status_code == 201
    assert clerk.put(f"/redemptions/{redemption}/void", {"reason": "拿错了"}).status_code == 201
    return world


def _lines(api: Api, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.as_("clerk").get("/households/0001/passbook", query=query).get_json()["items"]
    return items


def test_every_line_says_what_it_is_for_the_newest_first(api: Api, village: World) -> None:
    assert [
        (line["seq"], line["points"], line["balance_after"], line["kind"], line["summary"]) for line in _lines(api)
    ] == [
        (7, 6, 27, "void", "作废兑换：兑换 肥皂×2、食用油×1"),
        (6, -6, 21, "redemption", "兑换 肥皂×2、食用油×1"),
        (5, -3, 27, "deduction", "乱倒垃圾"),
        (4, -5, 30, "reversal", "冲正：集中清扫"),
        (3, 5, 35, "merit", "集中清扫"),
        (2, 10, 30, "merit", "集中清扫 2小时"),
        (1, 20, 20, "opening", "期初积分"),
    ]


def test_a_line_leads_to_its_record_and_says_when(api: Api, village: World) -> None:
    line = _lines(api)[-2]
    assert line["source"]["kind"] == "merit"
    assert api.as_("manager").get(f"/merits/{line['source']['id']}").get_json()["points"] == 10
    assert line["recorded_at"].endswith("Z") and line["recorded_at"][:4] == line["occurred_on"][:4]


def test_pages_hold_still_while_lines_are_added(api: Api, village: World) -> None:
    first = api.as_("clerk").get("/households/0001/passbook", query={"limit": 3}).get_json()
    logged(api.as_("worker"), note="后来")
    rest = _lines(api, after=first["next"])
    assert [line["seq"] for line in first["items"] + rest] == [7, 6, 5, 4, 3, 2, 1]


def test_a_page_costs_the_same_however_long(api: Api, village: World) -> None:
    # who asks, the household, its lines, the deeds, the goods
    assert [cost(village.app, lambda limit=limit: _lines(api, limit=limit)) for limit in (6, 7, 200)] == [5, 5, 5]  # type: ignore[misc]


@pytest.mark.parametrize(
    "after", ["x", "WyI3Il0", "WzFd.", "W10", "WzEsMl0", "bnVsbA", "WzFlNDAwXQ", "WzkyMjMzNzIwMzY4NTQ3NzU4MDhd"]
)
def test_a_cursor_that_was_tampered_with_is_refused(api: Api, village: World, after: str) -> None:
    answer = api.as_("clerk").get("/households/0001/passbook", query={"after": after})
    assert outcome(answer) in [(422, "validation")] or after == "WzFd."


def test_who_reads_only_roll_ups_reads_no_passbook(api: Api, village: World) -> None:
    assert outcome(api.as_("viewer").get("/households/0001/passbook")) == (403, "forbidden")


def test_another_villages_passbook_is_not_there(api: Api, village: World) -> None:
    for caller in (api.as_("manager", of=OTHER), api.as_("manager", of=OTHER).into(village.village)):
        assert outcome(caller.get("/households/0001/passbook")) == (404, "not_found")
