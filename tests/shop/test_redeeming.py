from datetime import timedelta

import pytest

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.ground import OTHER
from tests.shop.counter import Counter, code_of, problem


def _today(days: int = 0) -> str:
    return (clock.village_day(clock.now()) + timedelta(days=days)).isoformat()


def test_points_and_goods_change_hands_together(shop: Counter) -> None:
    shop.stock("P001", points=5)
    shop.stock("P002", points=8, name="牙膏", unit="支")
    name = new_name()
    answer = shop.redeem(shop.order(("P002", 3), ("P001", 1), points=29), name=name)
    assert answer.status_code == 201
    document = answer.get_json()
    assert {
        "id": name,
        "receipt_no": "0001-0002",
        "household": "0001",
        "points": 29,
        "balance_after": 71,
        "state": "completed",
        "clerk": "工作人员",
        "lines": [
            {"product": "P002", "name": "牙膏", "unit": "支", "quantity": 3, "points": 24},
            {"product": "P001", "name": "商品P001", "unit": "个", "quantity": 1, "points": 5},
        ],
    } == {key: document[key] for key in ("id", "receipt_no", "household", "points", "balance_after", "state")} | {
        key: document[key] for key in ("clerk", "lines")
    }
    assert document["at"].endswith("Z")
    assert (shop.balance(), shop.on_hand("P001"), shop.on_hand("P002")) == (71, 99, 97)
    assert shop.get(f"redemptions/{name}").get_json() == document


def test_the_cards_url_is_as_good_as_its_code(shop: Counter) -> None:
    shop.stock()
    order = shop.order()
    order["card"] = f"HTTP://POINTS.EXAMPLE.CN/C/{order['card']}"
    assert shop.redeem(order).status_code == 201


def test_sent_twice_is_done_once(shop: Counter) -> None:
    shop.stock()
    name, order = new_name(), shop.order()
    first, second = shop.redeem(order, name=name), shop.redeem(order, name=name)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert first.data == second.data
    assert (shop.balance(), shop.on_hand()) == (95, 99)


def test_one_name_is_for_one_order_of_one_clerk(shop: Counter) -> None:
    shop.stock()
    name = new_name()
    shop.redeem(shop.order(), name=name)
    assert code_of(shop.redeem(shop.order(("P001", 2), points=10), name=name)) == (422, "name_reused")
    assert code_of(shop.redeem(shop.order(), name=name, by="clerk2")) == (422, "name_reused")
    assert shop.balance() == 95


def test_a_refusal_stays_with_its_name_though_it_could_be_paid_later(shop: Counter) -> None:
    shop.stock(points=50)
    name, order = new_name(), shop.order(household="0002", points=50)
    first = shop.redeem(order, name=name)
    assert code_of(first) == (422, "insufficient_points")
    assert problem(first)["data"] == {"household": "0002", "balance": 40, "needed": 50}
    shop.stock(points=1)
    again = shop.redeem(order, name=name)
    assert (again.status_code, again.data) == (422, first.data)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_basket_too_dear_leaves_stock_untouched(shop: Counter) -> None:
    shop.stock(points=30)
    assert code_of(shop.redeem(shop.order(("P001", 4), points=120))) == (422, "insufficient_points")
    assert (shop.balance(), shop.on_hand()) == (100, 100)


@pytest.mark.parametrize(
    "card", ["", "hello", "7Z3K9M2PQRSTVWXY", "https://evil.example/c/7Z3K9M2PQRSTVWXY", "扫" * 2000]
)
def test_what_is_no_card_of_this_village_gets_one_answer(shop: Counter, card: str) -> None:
    shop.stock()
    expected = problem(shop.redeem(shop.order(household="other")))
    assert expected["code"] == "card_unknown"
    assert problem(shop.redeem(shop.order() | {"card": card})) == expected


def test_a_replaced_card_pays_no_more(shop: Counter) -> None:
    shop.stock()
    shop.ask("PUT", f"households/0001/cards/{new_name()}", {}, by="manager")
    refused = shop.redeem(shop.order())
    assert code_of(refused) == (422, "card_revoked")
    assert "data" not in problem(refused)


def test_goods_are_given_on_redemption_days_only(shop: Counter) -> None:
    shop.stock()
    weekday = clock.village_day(clock.now()).isoweekday()
    shop.set(redemption_weekdays=[day for day in range(1, 8) if day != weekday])
    assert code_of(shop.redeem(shop.order())) == (422, "closed_today")


def test_unknown_goods_and_goods_off_the_list_are_named(shop: Counter) -> None:
    shop.stock("P001")
    shop.stock("P002", active=False)
    name, order = new_name(), shop.order(("P001", 1), ("P002", 1), ("P009", 1), points=15)
    refused = shop.redeem(order, name=name)
    assert code_of(refused) == (422, "validation")
    assert problem(refused)["errors"] == {"lines.1.product": ["商品P002 已下架"], "lines.2.product": ["没有这件商品"]}
    # a mistake in the form doesn't stick: once the goods are listed, the same order goes through
    shop.stock("P009")
    shop.stock("P002")
    assert shop.redeem(order, name=name).status_code == 201


def test_a_changed_price_must_be_seen_first(shop: Counter) -> None:
    shop.stock(points=6)
    refused = shop.redeem(shop.order(points=5))
    assert code_of(refused) == (422, "price_changed")
    assert problem(refused)["data"]["points"] == 6


def test_the_day_has_a_limit_and_a_void_gives_it_back(shop: Counter) -> None:
    shop.stock(points=10)
    shop.set(card_daily_points=25)
    name = new_name()
    assert shop.redeem(shop.order(("P001", 2), points=20), name=name).status_code == 201
    refused = shop.redeem(shop.order(points=10))
    assert code_of(refused) == (422, "limit_exceeded")
    assert problem(refused)["data"] == {"household": "0001", "limit": 25, "points_left": 5}
    shop.void(name)
    assert shop.redeem(shop.order(points=10)).status_code == 201


@pytest.mark.parametrize("period", ["day", "week", "month", "quarter", "year"])
def test_a_product_has_a_limit_per_household_and_period(shop: Counter, period: str) -> None:
    shop.stock(limit=3, limit_period=period)
    name = new_name()
    assert shop.redeem(shop.order(("P001", 2), points=10), name=name).status_code == 201
    refused = shop.redeem(shop.order(("P001", 2), points=10))
    assert code_of(refused) == (422, "limit_exceeded")
    document = problem(refused)
    assert document["data"] == {
        "household": "0001",
        "product": "P001",
        "limit": 3,
        "limit_period": period,
        "left": 1,
    }
    assert list(document["errors"]) == ["lines.0.quantity"]
    assert shop.redeem(shop.order(("P001", 3), household="0002", points=15)).status_code == 201
    shop.void(name)
    assert shop.redeem(shop.order(("P001", 3), points=15)).status_code == 201


def test_a_limit_starts_anew_with_its_period(shop: Counter) -> None:
    shop.stock(limit=1, limit_period="day")
    assert shop.redeem(shop.order()).status_code == 201
    assert code_of(shop.redeem(shop.order())) == (422, "limit_exceeded")
    with clock.at(clock.now() + timedelta(days=1)):
        assert shop.redeem(shop.order()).status_code == 201


def test_one_line_out_of_stock_stops_the_whole_order(shop: Counter) -> None:
    shop.stock("P001", on_hand=5)
    shop.stock("P002", on_hand=1, name="香皂", unit="块")
    refused = shop.redeem(shop.order(("P001", 1), ("P002", 2), points=15))
    assert code_of(refused) == (422, "out_of_stock")
    document = problem(refused)
    assert document["data"] == {"household": "0001", "product": "P002", "on_hand": 1}
    assert document["errors"] == {"lines.1.quantity": ["香皂只剩 1 块"]}
    assert (shop.balance(), shop.on_hand("P001"), shop.on_hand("P002")) == (100, 5, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{"product": "P001", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"product": "P001", "quantity": 10_000}]}, "lines.0.quantity"),
        ({"lines": [{"product": "P001", "quantity": True}]}, "lines.0.quantity"),
        ({"lines": [{"product": "P001", "quantity": 1, "points": 1}]}, "lines.0.points"),
        ({"lines": [{"product": f"P{number}", "quantity": 1} for number in range(51)]}, "lines"),
        ({"lines": [{"product": "P001", "quantity": 1}] * 2}, "lines.1.product"),
        ({"expected_points": 0}, "expected_points"),
        ({"expected_points": 1_000_001}, "expected_points"),
        ({"household": "0001"}, "card"),
        ({"card": None}, "card"),
        ({"clerk": "me"}, "clerk"),
        ({"occurred_on": "2020-01-01"}, "occurred_on"),
    ],
)
def test_a_form_with_a_mistake_names_the_field(shop: Counter, change: dict[str, object], field: str) -> None:
    shop.stock()
    refused = shop.redeem(shop.order() | change, by="manager")
    assert code_of(refused) == (422, "validation")
    assert field in problem(refused)["errors"]


def test_a_basket_dearer_than_any_entry_is_refused(shop: Counter) -> None:
    shop.stock(points=1_000_000)
    assert code_of(shop.redeem(shop.order(("P001", 9_999), points=1_000_000))) == (422, "price_changed")


def test_a_manager_enters_a_paper_slip(shop: Counter) -> None:
    shop.stock()
    answer = shop.redeem(shop.slip(occurred_on=_today(-3)), by="manager")
    assert answer.status_code == 201
    document = answer.get_json()
    assert (document["occurred_on"], document["note"], document["household"]) == (_today(-3), "停电，手写", "0001")


def test_a_clerk_may_not_enter_a_slip(shop: Counter) -> None:
    shop.stock()
    assert code_of(shop.redeem(shop.slip(occurred_on=_today()))) == (403, "forbidden")


def test_a_slip_needs_its_day_and_a_note(shop: Counter) -> None:
    slip = shop.slip() | {"note": None}
    assert problem(shop.redeem(slip, by="manager"))["errors"].keys() == {"occurred_on", "note"}


def test_a_slip_may_be_neither_too_old_nor_ahead(shop: Counter) -> None:
    shop.stock()
    assert code_of(shop.redeem(shop.slip(occurred_on=_today(-32)), by="manager")) == (422, "too_old")
    assert code_of(shop.redeem(shop.slip(occurred_on=_today(1)), by="manager")) == (422, "in_future")
    assert shop.redeem(shop.slip(occurred_on=_today(-31)), by="manager").status_code == 201


def test_a_slip_of_an_unknown_household_is_a_mistake_in_the_form(shop: Counter) -> None:
    refused = shop.redeem(shop.slip(household="9999", occurred_on=_today()), by="manager")
    assert problem(refused)["errors"] == {"household": ["没有这个户号"]}


def test_a_frozen_account_pays_nothing(shop: Counter) -> None:
    shop.stock()
    shop.run("UPDATE account SET status = 'frozen'")
    assert code_of(shop.redeem(shop.order())) == (422, "account_not_active")
    assert code_of(shop.redeem(shop.order(("P001", 30), points=150))) == (422, "insufficient_points")


def test_a_household_that_moved_away_pays_nothing(shop: Counter) -> None:
    shop.stock()
    shop.run("UPDATE household SET status = 'moved'")
    assert code_of(shop.redeem(shop.order())) == (422, "account_not_active")


@pytest.mark.parametrize("user", ["worker", "supervisor"])
def test_only_shop_staff_redeem(shop: Counter, user: str) -> None:
    assert code_of(shop.redeem(shop.order(), by=user)) == (403, "forbidden")


def test_another_village_is_not_there(shop: Counter) -> None:
    shop.stock()
    name = new_name()
    assert shop.redeem(shop.order(), name=name).status_code == 201
    assert code_of(shop.redeem(shop.order(), by="stranger")) == (404, "not_found")
    assert code_of(shop.void(name, by="stranger")) == (404, "not_found")
    for path in (f"redemptions/{name}", "products/P001"):
        assert shop.get(path, by="stranger").status_code == 404
        assert shop.get(path, by="stranger", village=OTHER).status_code == 404
    for path in ("redemptions", "products", "stock-moves", "refusals"):
        assert shop.get(path, by="stranger").status_code == 404
        assert shop.get(path, by="stranger", village=OTHER).get_json() == {"items": [], "next": None}


def test_a_failure_in_the_middle_leaves_nothing_behind(shop: Counter) -> None:
    shop.stock()
    shop.ground.obstruct("INSERT", "redemption_line")
    name = new_name()
    assert shop.redeem(shop.order(), name=name).status_code == 500
    assert (shop.balance(), shop.on_hand()) == (100, 100)
    shop.ground.clear("INSERT", "redemption_line")
    assert shop.redeem(shop.order(), name=name).status_code == 201


def test_the_list_is_newest_first_and_by_pages(shop: Counter) -> None:
    shop.stock(points=1)
    names = [shop.redeem(shop.order(points=1)).get_json()["id"] for _ in range(3)]
    late = shop.redeem(shop.slip(points=1, household="0002", occurred_on=_today(-2)), by="manager").get_json()["id"]
    page = shop.get("redemptions?limit=3").get_json()
    assert [item["id"] for item in page["items"]] == names[::-1]
    rest = shop.get(f"redemptions?limit=3&after={page['next']}").get_json()
    assert [item["id"] for item in rest["items"]] == [late]
    assert rest["next"] is None


def test_the_list_is_cut_by_household_and_day(shop: Counter) -> None:
    shop.stock(points=1)
    today = shop.redeem(shop.order(points=1)).get_json()["id"]
    late = shop.redeem(shop.slip(points=1, household="0002", occurred_on=_today(-2)), by="manager").get_json()["id"]

    def listed(query: str) -> list[str]:
        return [item["id"] for item in shop.get(f"redemptions?{query}").get_json()["items"]]

    assert listed("household=0001") == [today]
    assert listed(f"from={_today()}") == [today]
    assert listed(f"to={_today(-1)}") == [late]
    assert listed(f"from={_today(-2)}&to={_today(-2)}&household=0002") == [late]
    assert listed("household=none") == []
