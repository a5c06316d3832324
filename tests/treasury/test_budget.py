"""The budget line: outstanding points at their rate against fund and stock at cost, told before it breaks."""

import pytest

from pointshop.core.ids import new_name
from pointshop.treasury.rules import Means, budget_line, yuan
from pointshop.treasury.rules import warnings as warnings_of
from tests.api import Api, Caller
from tests.ground import OTHER
from tests.statements import cost
from tests.together import outcome
from tests.treasury.money import booked, receive, today
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")

MEANS = Means(
    outstanding_points=100, waiting_points=10, rate_fen=100, fund_fen=8_000, stock_fen=5_000, owed_fen=1_000, unpriced=0
)


def line_of(caller: Caller, **query: str) -> dict[str, object]:
    answer = caller.get("/budget", query=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.get_json()
    return found


def codes(line: dict[str, object]) -> list[str]:
    told = line["warnings"]
    assert isinstance(told, list)
    return [warning["code"] for warning in told]


def test_the_line_is_cover_less_points_at_their_rate() -> None:
    line = budget_line(MEANS, adding=5)
    assert line == (10_000, 12_000, 2_000, 500)
    assert warnings_of(MEANS, line) == []


def test_the_last_point_that_is_covered_warns_of_nothing_and_the_next_one_does() -> None:
    assert warnings_of(MEANS, budget_line(MEANS, adding=10)) == []
    ((code, words),) = warnings_of(MEANS, budget_line(MEANS, adding=11))
    assert (code, words) == ("short_after", "这些积分入账后若全部兑换，经费和存货将差 1 元")


def test_what_is_short_already_is_said_so() -> None:
    means = MEANS._replace(fund_fen=0, unpriced=3)
    found = warnings_of(means, budget_line(means))
    assert [code for code, _ in found] == ["short_now", "unpriced"]
    assert yuan(12_345) == "123.45"


def test_points_money_and_goods_move_the_line(api: Api, world: World) -> None:
    """From an empty village to one that is short, and verify after every step is the fixture's."""
    manager = api.as_("manager")
    assert line_of(manager)["margin_fen"] == 0
    world.household("0001", points=100)
    world.household("0002", points=50)
    assert codes(line_of(manager)) == ["short_now"]
    booked(manager, "grant", 120)
    receive(api, 10, cost_fen=400)
    line = line_of(manager)
    assert (line["outstanding_fen"], line["fund_fen"], line["stock_fen"], line["margin_fen"]) == (
        15_000,
        12_000,
        4_000,
        1_000,
    )
    assert codes(line) == []
    assert codes(line_of(manager, adding="10")) == []
    assert codes(line_of(manager, adding="11")) == ["short_after"]
    card = world.card("0001")
    order = {"card": card, "lines": [{"product": "P1", "quantity": 2}], "expected_points": 10}
    assert api.as_("clerk").put(f"/redemptions/{new_name()}", order).status_code == 201
    after = line_of(manager)
    assert (after["outstanding_points"], after["stock_fen"], after["margin_fen"]) == (140, 3_200, 1_200)


def test_a_batch_that_would_break_the_line_is_told_of_and_not_refused(api: Api, world: World) -> None:
    worker, manager = api.as_("worker"), api.as_("manager")
    world.households(3)
    world.rule(points=5)
    booked(manager, "grant", 10)
    assert codes(line_of(worker, adding="15")) == ["short_after"]
    lines = [{"household": number} for number in ("0001", "0002", "0003")]
    batch = {"rule": "A1", "occurred_on": today(), "lines": lines}
    assert worker.put(f"/merit-batches/{new_name()}", batch).status_code == 201
    assert codes(line_of(worker)) == ["short_now"]


def test_what_waits_for_a_signature_or_hangs_counts_as_coming(api: Api, world: World) -> None:
    world.household()
    world.rule(points=5)
    world.rule("H1", points=9, track="honor")
    world.settings(review_levels=1)
    name = world.merit()
    world.merit(rule="H1")
    manager = api.as_("manager")
    line = line_of(manager)
    assert (line["waiting_points"], line["margin_fen"], line["after_fen"]) == (5, 0, -500)
    assert codes(line) == ["short_after"]
    assert api.as_("reviewer").put(f"/merits/{name}/review", {"decision": "approve"}).status_code == 201
    line = line_of(manager)
    assert (line["outstanding_points"], line["waiting_points"]) == (5, 0)
    assert codes(line) == ["short_now"]


def test_goods_of_unknown_cost_count_nothing_and_are_told_of(api: Api) -> None:
    receive(api, 3)
    line = line_of(api.as_("manager"))
    assert (line["stock_fen"], codes(line)) == (0, ["unpriced"])


def test_goods_that_are_not_paid_for_cover_nothing(api: Api) -> None:
    manager = api.as_("manager")
    receive(api, 10, cost_fen=400, supplier="县供销社")
    line = line_of(manager)
    assert (line["stock_fen"], line["owed_fen"], line["cover_fen"]) == (4_000, 4_000, 0)
    booked(manager, "grant", 40)
    booked(manager, "purchase", 40, party="县供销社", settles=today()[:7])
    line = line_of(manager)
    assert (line["fund_fen"], line["owed_fen"], line["cover_fen"]) == (0, 0, 4_000)


def test_suppliers_are_settled_by_month(api: Api) -> None:
    manager, month = api.as_("manager"), today()[:7]
    receive(api, 10, cost_fen=400, supplier="县供销社")
    receive(api, 2, cost_fen=1_000, supplier="镇日杂店")
    receive(api, 5, cost_fen=900, donor="李大山")
    receive(api, 5, cost_fen=900)
    booked(manager, "grant", 100)
    paid = booked(manager, "purchase", 30, party="县供销社", settles=month)

    def settled() -> dict[str, tuple[int, int, int]]:
        found = manager.get("/settlements", query={"month": month}).get_json()
        return {
            item["supplier"]: (item["delivered_fen"], item["paid_fen"], item["open_fen"]) for item in found["items"]
        }

    assert settled() == {"县供销社": (4_000, 3_000, 1_000), "镇日杂店": (2_000, 0, 2_000)}
    assert manager.put(f"/fund-entries/{paid}/reversal", {"reason": "退回"}).status_code == 201
    assert settled()["县供销社"] == (4_000, 0, 4_000)
    empty = manager.get("/settlements", query={"month": "2020-01"}).get_json()
    assert (empty["items"], empty["open_fen"]) == ([], 0)


def test_what_stayed_open_is_told_the_month_after(api: Api) -> None:
    receive(api, 10, cost_fen=400, supplier="县供销社")
    year, month = map(int, today()[:7].split("-"))
    following = f"{year + month // 12}-{month % 12 + 1:02d}"
    (item,) = api.as_("manager").get("/settlements", query={"month": following}).get_json()["items"]
    assert (item["delivered_fen"], item["open_before_fen"]) == (0, 4_000)


def test_the_line_is_each_villages_own(api: Api, world: World) -> None:
    world.household(points=100)
    booked(api.as_("manager"), "grant", 7)
    receive(api, 10, cost_fen=400, supplier="县供销社")
    there = line_of(api.as_("manager", of=OTHER))
    assert (there["outstanding_points"], there["fund_fen"], there["stock_fen"], there["owed_fen"]) == (0, 0, 0, 0)


def test_clerks_are_not_asked_and_strangers_not_told(api: Api) -> None:
    assert outcome(api.as_("clerk").get("/budget")) == (403, "forbidden")
    assert outcome(api.as_("manager").get("/budget", query={"adding": "-1"})) == (422, "validation")


def test_the_line_costs_the_same_however_much_there_is(api: Api, world: World) -> None:
    manager = api.as_("manager")
    few = cost(api.ground.app, lambda: line_of(manager))
    world.households(4, points=9)
    for code in ("P1", "P2"):
        receive(api, 9, product=code, cost_fen=100, supplier="县供销社")
    assert cost(api.ground.app, lambda: line_of(manager)) == few == 8


def test_a_cost_that_was_mistyped_breaks_neither_the_line_nor_settlements(api: Api) -> None:
    """22 pieces at a million yuan are more fen than an integer of PostgreSQL holds."""
    receive(api, 22, cost_fen=100_000_000, supplier="县供销社")
    manager = api.as_("manager")
    assert manager.get("/budget").status_code == 200
    (item,) = manager.get("/settlements", query={"month": today()[:7]}).get_json()["items"]
    assert item["delivered_fen"] == 2_200_000_000
