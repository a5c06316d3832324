"""Stocktakes: two persons count alone; what they agree on is posted once, against the book of its instant."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pointshop.core import clock
from pointshop.core.clock import as_text
from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.books import violations
from tests.faults.deeds import put
from tests.faults.killed import killed_at_point, killed_at_statement
from tests.faults.stored import changed, stored
from tests.ground import OTHER, Ground
from tests.staff import hire
from tests.together import at_once, outcome, outcomes
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture
def clerk(api: Api, world: World) -> Caller:
    """A shop with soap at 3 yuan and rice at 20, twenty of each, and a household with points."""
    world.household(points=100)
    for code, cost in (("P1", 300), ("P2", 2_000)):
        goods = {"name": f"商品{code}", "unit": "件", "points": 1}
        assert api.as_("manager").put(f"/products/{code}", goods).status_code == 201
        move = {"product": code, "kind": "receive", "quantity": 20, "cost_fen": cost}
        assert api.as_("clerk").put(f"/stock-moves/{new_name()}", move).status_code == 201
    return api.as_("clerk")


def begin(api: Api, *products: str) -> str:
    name = new_name()
    body: dict[str, Any] = {"products": list(products)} if products else {}
    answer = api.as_("manager").put(f"/stocktakes/{name}", body)
    assert answer.status_code == 201, answer.text
    return name


def count(
    caller: Caller, stocktake: str, *, name: str | None = None, at: str | None = None, **found: int
) -> TestResponse:
    lines = [{"product": product, "quantity": quantity} for product, quantity in found.items()]
    body: dict[str, Any] = {"stocktake": stocktake, "lines": lines}
    return caller.put(f"/stocktake-counts/{name or new_name()}", body if at is None else body | {"counted_at": at})


def line_of(answer: TestResponse, product: str = "P1") -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = next(line for line in answer.get_json()["items"] if line["product"] == product)
    return found


def on_hand(api: Api, product: str = "P1") -> int:
    found: int = api.as_("clerk").get(f"/products/{product}").get_json()["on_hand"]
    return found


def sell(api: Api, world: World, quantity: int) -> None:
    order = {"card": world.card(), "lines": [{"product": "P1", "quantity": quantity}], "expected_points": quantity}
    assert api.as_("clerk").put(f"/redemptions/{new_name()}", order).status_code == 201


def test_what_two_find_alike_is_posted_and_valued_at_cost(api: Api, clerk: Caller) -> None:
    name = begin(api)
    first = count(clerk, name, P1=18, P2=21)
    assert [line_of(first, code)["state"] for code in ("P1", "P2")] == ["counted", "counted"]
    assert on_hand(api) == 20
    second = count(api.as_("supervisor"), name, P1=18, P2=21)
    assert (on_hand(api), on_hand(api, "P2")) == (18, 21)
    told = line_of(second)
    assert (told["state"], told["book"], told["counted"], told["difference"], told["value_fen"]) == (
        "agreed",
        20,
        18,
        -2,
        -600,
    )
    assert line_of(second, "P2")["value_fen"] == 2_000
    assert second.get_json()["value_fen"] == 1_400
    moves = clerk.get("/stock-moves").get_json()["items"][:2]
    assert [(move["kind"], move["change"]) for move in moves] == [("count", 1), ("count", -2)]


def test_the_second_does_not_see_what_the_first_found(api: Api, clerk: Caller) -> None:
    name = begin(api)
    count(clerk, name, P1=17)
    for role in ("supervisor", "manager", "clerk"):
        told = line_of(api.as_(role).get(f"/stocktakes/{name}"))
        assert (told["state"], told["counted_by"]) == ("counted", ["工作人员"])
        assert (told["differences"], told["book"], told["counted"], told["difference"]) == ([], None, None, None)
    assert "17" not in api.as_("supervisor").get(f"/stocktakes/{name}/variance.html").text


def test_what_they_find_differently_both_count_again(api: Api, clerk: Caller) -> None:
    name, other = begin(api), api.as_("supervisor")
    count(clerk, name, P1=18)
    told = line_of(count(other, name, P1=19))
    assert (told["state"], told["differences"], on_hand(api)) == ("differs", [-2, -1], 20)
    told = line_of(count(other, name, P1=19))
    assert (told["state"], told["differences"]) == ("counted", [-2, -1])
    told = line_of(count(clerk, name, P1=19))
    assert (told["state"], told["difference"], on_hand(api)) == ("agreed", -1, 19)


def test_nobody_is_both_persons(api: Api, clerk: Caller) -> None:
    name = begin(api)
    count(clerk, name, P1=18)
    assert outcome(count(clerk, name, P1=18)) == (403, "forbidden")
    assert outcome(count(clerk, name, P1=19)) == (403, "forbidden")
    assert on_hand(api) == 20


def test_what_is_agreed_is_not_counted_again(api: Api, clerk: Caller) -> None:
    name = begin(api)
    count(clerk, name, P1=20)
    assert line_of(count(api.as_("supervisor"), name, P1=20))["difference"] == 0
    assert outcome(count(clerk, name, P1=3)) == (422, "validation")
    assert clerk.get("/stock-moves").get_json()["items"][0]["kind"] == "receive"


def test_sales_while_it_goes_on_are_counted_right(api: Api, clerk: Caller, world: World) -> None:
    name = begin(api)
    count(clerk, name, P1=18)
    sell(api, world, 5)
    told = line_of(count(api.as_("supervisor"), name, P1=13))
    assert (told["state"], told["book"], told["difference"], on_hand(api)) == ("agreed", 15, -2, 13)


def test_a_count_holds_for_the_instant_it_names(api: Api, clerk: Caller, world: World) -> None:
    name = begin(api)
    counted_at = as_text(clock.now())
    with clock.at(clock.now() + timedelta(minutes=5)):
        sell(api, world, 5)
        # written on paper before the sale, entered after it
        count(clerk, name, at=counted_at, P1=18)
        told = line_of(count(api.as_("supervisor"), name, P1=13))
    assert (told["state"], told["book"], told["difference"], on_hand(api)) == ("agreed", 15, -2, 13)


def test_the_instant_lies_within_the_stocktake(api: Api, clerk: Caller) -> None:
    earlier, later = (as_text(clock.now() + timedelta(hours=hours)) for hours in (-1, 1))
    name = begin(api)
    assert outcome(count(clerk, name, at=earlier, P1=18)) == (422, "too_old")
    assert outcome(count(clerk, name, at=later, P1=18)) == (422, "in_future")
    assert outcome(count(clerk, name, at="昨天", P1=18)) == (422, "validation")
    assert outcome(count(clerk, name, at="2026-11-22T09:30:00", P1=18)) == (422, "validation")


def test_a_count_by_one_in_between_makes_both_look_again(api: Api, clerk: Caller) -> None:
    name = begin(api)
    count(clerk, name, P1=18)
    body = {"product": "P1", "kind": "count", "quantity": 18}
    assert clerk.put(f"/stock-moves/{new_name()}", body).status_code == 201
    told = line_of(count(api.as_("supervisor"), name, P1=16))
    assert (told["state"], on_hand(api)) == ("differs", 18)


def test_a_difference_that_the_shelf_cannot_bear_is_counted_again(api: Api, clerk: Caller, world: World) -> None:
    name = begin(api)
    at = as_text(clock.now())
    with clock.at(clock.now() + timedelta(minutes=5)):
        sell(api, world, 18)
        count(clerk, name, at=at, P1=10)
        told = line_of(count(api.as_("supervisor"), name, at=at, P1=10))
    assert (told["state"], on_hand(api)) == ("differs", 2)


def test_goods_stand_on_one_stocktake_at_a_time(api: Api, clerk: Caller) -> None:
    first = begin(api, "P1")
    answer = api.as_("manager").put(f"/stocktakes/{new_name()}", {"products": ["P2", "P1", "P9"]})
    assert answer.get_json()["errors"].keys() == {"products.1", "products.2"}
    assert api.as_("manager").put(f"/stocktakes/{first}/closing", {}).status_code == 201
    begin(api, "P1")
    assert outcome(count(clerk, first, P1=3)) == (422, "not_pending")
    assert outcome(api.as_("manager").put(f"/stocktakes/{first}/closing", {})) == 200


def test_two_managers_set_out_at_once_and_one_counts(api: Api, clerk: Caller) -> None:
    callers = [api.as_("manager"), hire(api, "manager2", "manager")]
    answers = at_once([partial(caller.put, f"/stocktakes/{new_name()}", {}) for caller in callers])
    assert outcomes(answers) == {201: 1, (422, "validation"): 1}


def test_two_who_hand_in_at_once_make_one_round(api: Api, clerk: Caller) -> None:
    name = begin(api)
    callers = [clerk, api.as_("supervisor")]
    assert outcomes(at_once([partial(count, caller, name, P1=18) for caller in callers])) == {201: 2}
    assert (line_of(clerk.get(f"/stocktakes/{name}"))["state"], on_hand(api)) == ("agreed", 18)


def test_handed_in_twice_it_counts_once(api: Api, clerk: Caller) -> None:
    name, list_name = begin(api), new_name()
    answers = [count(clerk, name, name=list_name, P1=18) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert line_of(count(api.as_("supervisor"), name, P1=18))["state"] == "agreed"


def test_killed_while_posting_all_is_posted_or_nothing(api: Api, clerk: Caller) -> None:
    app, name = api.ground.app, begin(api)
    count(clerk, name, P1=18, P2=22)
    lines = [{"product": "P1", "quantity": 18}, {"product": "P2", "quantity": 22}]
    deed = put("supervisor", "/stocktake-counts/{id}", stocktake=name, lines=lines)
    before = stored(app)
    for point in ("after_lookup", "after_effects", "before_commit"):
        assert killed_at_point(app, partial(deed.send, api), point)
        assert changed(before, stored(app)) == {}, point
    for number in range(1, 100):
        if not killed_at_statement(app, partial(deed.send, api), number):
            break
        assert changed(before, stored(app)) == {}, number
    assert number > 10
    assert deed.send(api).status_code == 200
    assert (on_hand(api), on_hand(api, "P2")) == (18, 22)


def test_the_sheet_shows_what_it_came_to(api: Api, clerk: Caller) -> None:
    name = begin(api)
    count(clerk, name, P1=18)
    count(api.as_("supervisor"), name, P1=18)
    page = api.as_("manager").get(f"/stocktakes/{name}/variance.html")
    for words in ("王庄村积分商店盘点表", "商品P1", "-2", "-6.00", "一致", "未盘"):
        assert words in page.text, words


def test_the_list_is_newest_first(api: Api, clerk: Caller) -> None:
    first = begin(api, "P1")
    with clock.at(clock.now() + timedelta(seconds=1)):
        second = begin(api, "P2")
    assert [each["id"] for each in clerk.get("/stocktakes").get_json()["items"]] == [second, first]


def test_roles_and_villages_keep_apart(api: Api, clerk: Caller) -> None:
    name = begin(api)
    for role in ("worker", "viewer"):
        assert outcome(count(api.as_(role), name, P1=1)) == (403, "forbidden")
        assert outcome(api.as_(role).get("/stocktakes")) == (403, "forbidden")
    for role in ("clerk", "supervisor"):
        assert outcome(api.as_(role).put(f"/stocktakes/{new_name()}", {})) == (403, "forbidden")
    there = api.as_("manager", of=OTHER)
    assert outcome(there.get(f"/stocktakes/{name}")) == (404, "not_found")
    assert outcome(count(there, name, P1=1)) == (404, "not_found")
    assert outcome(there.put(f"/stocktakes/{name}/closing", {})) == (404, "not_found")
    assert outcome(there.put(f"/stocktakes/{new_name()}", {})) == (422, "validation")


PLANTED = {
    "stocktake_was_counted_by_two": "UPDATE stocktake_count SET quantity = quantity - 1 WHERE place = 1",
    "stocktake_posted_its_difference": "UPDATE stocktake_count SET quantity = quantity - 1 WHERE place = 2",
    "stocktake_count_says_what_it_said": "UPDATE stocktake_count SET value_fen = 0 WHERE place = 2",
}


@pytest.mark.breaks_the_books
@pytest.mark.parametrize("check", PLANTED)
def test_verify_finds_what_was_changed(api: Api, clerk: Caller, world: World, ground: Ground, check: str) -> None:
    name = begin(api)
    count(clerk, name, P1=18)
    count(api.as_("supervisor"), name, P1=18)
    assert world.see(violations) == {}
    assert ground.tamper(PLANTED[check]) > 0
    assert check in world.see(violations)


def test_the_database_itself_wants_two_persons(api: Api, clerk: Caller) -> None:
    name = begin(api)
    count(clerk, name, P1=18)
    same = (
        "INSERT INTO stocktake_count SELECT village_id, stocktake_id, product_code, round, 2, count_id, counted_at, "
        "quantity, quantity, TRUE, NULL, NULL, recorded_at, actor_id, mark FROM stocktake_count"
    )
    with pytest.raises(Exception, match=r"(?i)unique"):
        api.ground.run(same)
