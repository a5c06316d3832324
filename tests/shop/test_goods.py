import pytest

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.shop.counter import Counter, code_of, problem

SOAP = {"name": "香皂", "spec": "125g", "unit": "块", "points": 5, "barcode": "6901234567892"}


def test_a_product_is_listed_and_changed_with_its_stock_untouched(shop: Counter) -> None:
    first = shop.ask("PUT", "products/P003", SOAP, by="manager")
    assert first.status_code == 201
    assert first.get_json() == SOAP | {
        "code": "P003",
        "limit": None,
        "limit_period": None,
        "active": True,
        "low_stock": None,
        "on_hand": 0,
        "is_low": True,
    }
    shop.move("receive", 20, product="P003")
    change = SOAP | {"points": 6, "limit": 2, "limit_period": "month", "active": False}
    second = shop.ask("PUT", "products/P003", change, by="manager")
    assert second.status_code == 200
    assert second.get_json() == change | {"code": "P003", "low_stock": None, "on_hand": 20, "is_low": False}


def test_a_barcode_stands_for_one_product(shop: Counter) -> None:
    shop.ask("PUT", "products/P003", SOAP, by="manager")
    refused = shop.ask("PUT", "products/P004", SOAP, by="manager")
    assert code_of(refused) == (422, "validation")
    assert list(problem(refused)["errors"]) == ["barcode"]
    assert shop.get("products/P004").status_code == 404
    assert shop.ask("PUT", "products/P003", SOAP, by="manager").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": 0}, "points"),
        ({"points": -5}, "points"),
        ({"points": 5.0}, "points"),
        ({"points": 1_000_001}, "points"),
        ({"unit": ""}, "unit"),
        ({"name": "长" * 61}, "name"),
        ({"limit": 2}, "limit_period"),
        ({"limit_period": "month"}, "limit_period"),
        ({"limit": 2, "limit_period": "decade"}, "limit_period"),
        ({"barcode": "条码"}, "barcode"),
        ({"on_hand": 5}, "on_hand"),
        ({"village_id": 1}, "village_id"),
    ],
)
def test_a_form_with_a_mistake_names_the_field(shop: Counter, change: dict[str, object], field: str) -> None:
    refused = shop.ask("PUT", "products/P003", SOAP | change, by="manager")
    assert code_of(refused) == (422, "validation")
    assert list(problem(refused)["errors"]) == [field]


def test_a_code_is_short_and_plain(shop: Counter) -> None:
    for code in ("P" * 21, "P%20003", "香皂"):
        refused = shop.ask("PUT", f"products/{code}", SOAP, by="manager")
        assert list(problem(refused)["errors"]) == ["code"]


@pytest.mark.parametrize("user", ["clerk", "worker", "supervisor"])
def test_only_the_office_lists_goods(shop: Counter, user: str) -> None:
    assert code_of(shop.ask("PUT", "products/P003", SOAP, by=user)) == (403, "forbidden")


def test_goods_are_found_by_name_code_and_barcode(shop: Counter) -> None:
    shop.ask("PUT", "products/P003", SOAP, by="manager")
    shop.ask("PUT", "products/P100", {"name": "100%纯棉毛巾", "unit": "条", "points": 9, "active": False}, by="manager")

    def found(query: str) -> list[str]:
        return [item["code"] for item in shop.get(f"products?{query}").get_json()["items"]]

    assert found("") == ["P003", "P100"]
    assert found("active=true") == ["P003"]
    assert found("active=false") == ["P100"]
    assert found("q=皂") == found("q=p003") == found("q=6901234567892") == ["P003"]
    assert found("q=%25") == ["P100"]
    assert found("q=_") == []


def test_the_list_comes_by_pages(shop: Counter) -> None:
    for number in range(5):
        shop.stock(f"P{number}", on_hand=0)
    page = shop.get("products?limit=3").get_json()
    rest = shop.get(f"products?limit=3&after={page['next']}").get_json()
    assert [item["code"] for item in page["items"] + rest["items"]] == ["P0", "P1", "P2", "P3", "P4"]
    assert rest["next"] is None


def test_goods_come_in_with_price_and_donor(shop: Counter) -> None:
    shop.stock(on_hand=0)
    name = new_name()
    body = {"product": "P001", "kind": "receive", "quantity": 30, "cost_fen": 420, "donor": "乡贤张先生"}
    answer = shop.ask("PUT", f"stock-moves/{name}", body)
    assert answer.status_code == 201
    document = answer.get_json()
    assert document == body | {
        "id": name,
        "note": None,
        "best_before": None,
        "supplier": None,
        "names_donor": False,
        "change": 30,
        "on_hand_after": 30,
        "at": document["at"],
        "by": "工作人员",
    }
    (listed,) = shop.get("stock-moves").get_json()["items"]
    assert listed == document | {"seq": 1, "redemption": None}


def test_a_move_sent_twice_is_done_once(shop: Counter) -> None:
    shop.stock(on_hand=0)
    path, body = f"stock-moves/{new_name()}", {"product": "P001", "kind": "receive", "quantity": 30}
    first, second = shop.ask("PUT", path, body), shop.ask("PUT", path, body)
    assert (first.status_code, second.status_code, shop.on_hand()) == (201, 200, 30)
    assert first.data == second.data
    assert code_of(shop.ask("PUT", path, body | {"quantity": 31})) == (422, "name_reused")


def test_a_count_posts_the_difference(shop: Counter) -> None:
    shop.stock(on_hand=30)
    less = shop.move("count", 28, note="月底盘点").get_json()
    assert (less["quantity"], less["change"], less["on_hand_after"]) == (28, -2, 28)
    more = shop.move("count", 31).get_json()
    assert (more["change"], shop.on_hand()) == (3, 31)
    listed = shop.get("stock-moves").get_json()["items"]
    assert [(move["kind"], move["quantity"], move["change"]) for move in listed] == [
        ("count", 31, 3),
        ("count", 28, -2),
        ("receive", 30, 30),
    ]


def test_a_count_without_a_difference_moves_nothing_and_is_remembered(shop: Counter) -> None:
    shop.stock(on_hand=30)
    path, body = f"stock-moves/{new_name()}", {"product": "P001", "kind": "count", "quantity": 30}
    answer = shop.ask("PUT", path, body)
    assert (answer.status_code, answer.get_json()["change"]) == (201, 0)
    assert len(shop.get("stock-moves").get_json()["items"]) == 1
    shop.move("receive", 5)
    again = shop.ask("PUT", path, body)
    assert (again.status_code, again.data, shop.on_hand()) == (200, answer.data, 35)


def test_no_more_is_written_off_than_is_there(shop: Counter) -> None:
    shop.stock(on_hand=3)
    refused = shop.move("write_off", 4)
    assert code_of(refused) == (422, "out_of_stock")
    assert problem(refused)["data"] == {"product": "P001", "on_hand": 3}
    assert shop.move("write_off", 3).get_json()["on_hand_after"] == 0


def test_a_shelf_has_an_end(shop: Counter) -> None:
    shop.stock(on_hand=1_000_000)
    assert list(problem(shop.move("receive", 1))["errors"]) == ["quantity"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"product": "P999"}, ["product"]),
        ({"quantity": 0}, ["quantity"]),
        ({"quantity": -1}, ["quantity"]),
        ({"kind": "redeem"}, ["kind"]),
        ({"kind": "write_off", "cost_fen": 5, "donor": "张"}, ["cost_fen", "donor"]),
        ({"kind": "count", "donor": "张"}, ["donor"]),
        ({"on_hand_after": 5}, ["on_hand_after"]),
    ],
)
def test_a_move_with_a_mistake_names_the_field(shop: Counter, change: dict[str, object], fields: list[str]) -> None:
    shop.stock()
    body = {"product": "P001", "kind": "receive", "quantity": 1} | change
    refused = shop.ask("PUT", f"stock-moves/{new_name()}", body)
    assert code_of(refused) == (422, "validation")
    assert list(problem(refused)["errors"]) == fields


def test_only_shop_staff_move_goods_and_all_staff_may_look(shop: Counter) -> None:
    body = {"product": "P001", "kind": "receive", "quantity": 1}
    for user in ("worker", "supervisor"):
        assert code_of(shop.ask("PUT", f"stock-moves/{new_name()}", body, by=user)) == (403, "forbidden")
        assert shop.get("stock-moves", by=user).status_code == 200


def test_the_stock_book_is_cut_by_product_and_day_and_comes_by_pages(shop: Counter) -> None:
    shop.stock("P001", on_hand=1)
    shop.stock("P002", on_hand=2)
    shop.move("receive", 3, product="P001")
    today = clock.village_day(clock.now()).isoformat()

    def listed(query: str) -> list[int]:
        return [item["quantity"] for item in shop.get(f"stock-moves?{query}").get_json()["items"]]

    assert listed(f"from={today}&to={today}") == [3, 2, 1]
    assert listed("product=P001") == [3, 1]
    assert listed("to=2020-01-01") == listed("from=2099-01-01") == []
    page = shop.get("stock-moves?limit=2").get_json()
    assert [item["quantity"] for item in page["items"]] == [3, 2]
    assert listed(f"limit=2&after={page['next']}") == [1]
