from pointshop.core.ids import new_name
from tests.shop.counter import Counter, code_of


def test_what_was_refused_at_the_counter_stands_in_one_list(shop: Counter) -> None:
    shop.stock(on_hand=5, points=50)
    paid = new_name()
    assert shop.redeem(shop.order(points=50), name=paid).status_code == 201
    shop.scan("no card")
    short = new_name()
    assert code_of(shop.redeem(shop.order(("P001", 2), points=100), name=short)) == (422, "insufficient_points")
    shop.void(paid)
    shop.void(paid, by="manager")
    shop.ask("PUT", f"households/0002/cards/{new_name()}", {}, by="manager")
    shop.scan(shop.cards["0002"], by="clerk2")
    assert shop.redeem(shop.order() | {"lines": []}).status_code == 422
    items = shop.get("refusals", by="supervisor").get_json()["items"]
    assert [(item["kind"], item["code"], item["household"], item["clerk"]) for item in items] == [
        ("scan", "card_revoked", "0002", "赵店员"),
        ("void", "already_voided", "0001", "工作人员"),
        ("redemption", "insufficient_points", "0001", "工作人员"),
        ("scan", "card_unknown", None, "工作人员"),
    ]
    assert [item["id"] for item in items[1:3]] == [paid, short]
    assert [item["detail"] for item in items] == [
        "此卡已作废，请使用新卡",
        "此兑换单已作废",
        "积分不足：需要 100 分，现有 50 分",
        "这不是本村的积分卡",
    ]


def test_the_list_comes_by_pages(shop: Counter) -> None:
    for _ in range(5):
        shop.scan("no card")
    page = shop.get("refusals?limit=3", by="manager").get_json()
    rest = shop.get(f"refusals?limit=3&after={page['next']}", by="manager").get_json()
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (3, 2, None)
    assert len({item["id"] for item in page["items"] + rest["items"]}) == 5


def test_clerks_do_not_read_it(shop: Counter) -> None:
    assert code_of(shop.get("refusals")) == (403, "forbidden")
