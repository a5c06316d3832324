from datetime import UTC, datetime, timedelta

import pytest

from pointshop.core import clock
from pointshop.core.clock import village_day
from pointshop.core.ids import new_name
from tests.shop.counter import Counter, code_of, problem


@pytest.fixture
def name(shop: Counter) -> str:
    """A redemption of 3 of P001 and 2 of P002 for 31 points by `clerk`."""
    shop.stock("P001", points=5)
    shop.stock("P002", points=8)
    name = new_name()
    assert shop.redeem(shop.order(("P001", 3), ("P002", 2), points=31), name=name).status_code == 201
    return name


def test_points_and_goods_come_back_together(shop: Counter, name: str) -> None:
    assert (shop.balance(), shop.on_hand("P001"), shop.on_hand("P002")) == (69, 97, 98)
    answer = shop.void(name, reason="拿错了")
    assert answer.status_code == 201
    document = answer.get_json()
    assert (document["state"], document["balance"], document["balance_after"]) == ("voided", 100, 69)
    assert (document["voided_by"], document["void_reason"]) == ("工作人员", "拿错了")
    assert (shop.balance(), shop.on_hand("P001"), shop.on_hand("P002")) == (100, 100, 100)
    del document["balance"]
    assert shop.get(f"redemptions/{name}").get_json() == document


def test_passbook_and_stock_book_tell_of_the_void(shop: Counter, name: str) -> None:
    shop.void(name)
    moves = shop.get("stock-moves?product=P001").get_json()["items"]
    assert [(move["kind"], move["change"], move["on_hand_after"]) for move in moves] == [
        ("return", 3, 100),
        ("redeem", -3, 97),
        ("receive", 100, 100),
    ]
    assert [move["redemption"] for move in moves] == [name, name, None]


def test_sent_twice_is_done_once(shop: Counter, name: str) -> None:
    first, second = shop.void(name), shop.void(name)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.data == second.data
    assert shop.balance() == 100


def test_what_is_voided_is_voided_once(shop: Counter, name: str) -> None:
    shop.void(name)
    again = shop.void(name, reason="再来一次")
    assert code_of(again) == (422, "already_voided")
    assert problem(again)["data"] == {"redemption": name, "household": "0001"}
    assert code_of(shop.void(name, by="manager")) == (422, "already_voided")
    assert shop.balance() == 100


def test_the_order_replayed_after_its_void_answers_as_it_did(shop: Counter, name: str) -> None:
    shop.void(name)
    again = shop.redeem(shop.order(("P001", 3), ("P002", 2), points=31), name=name)
    assert (again.status_code, again.get_json()["state"]) == (200, "completed")
    assert shop.balance() == 100


def test_the_clerk_has_minutes_the_manager_has_days(shop: Counter, name: str) -> None:
    with clock.at(clock.now() + timedelta(minutes=16)):
        late = shop.void(name)
        assert code_of(late) == (422, "void_window_passed")
        assert problem(late)["data"]["void_minutes"] == 15
        assert shop.void(name).headers["Idempotency-Replayed"] == "true"
        assert shop.void(name, by="manager").status_code == 201
    assert shop.balance() == 100


def test_late_void_is_for_a_manager_who_was_not_the_clerk(shop: Counter) -> None:
    shop.stock("P001")
    name = new_name()
    assert shop.redeem(shop.order(("P001", 1), points=5), name=name, by="manager").status_code == 201
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert code_of(shop.void(name, by="manager")) == (403, "forbidden")
    assert shop.void(name, by="manager").status_code == 201


def test_after_midnight_the_goods_have_left_however_few_minutes_ago(shop: Counter) -> None:
    shop.stock("P001")
    name = new_name()
    with clock.at(datetime(2027, 1, 1, 15, 55, tzinfo=UTC)):
        assert shop.redeem(shop.order(("P001", 1), points=5), name=name).status_code == 201
    with clock.at(datetime(2027, 1, 1, 16, 5, tzinfo=UTC)):
        assert code_of(shop.void(name)) == (422, "void_window_passed")


def test_what_does_not_come_back_late_is_not_voided(shop: Counter, name: str) -> None:
    counted = [{"product": "P001", "quantity": 3}, {"product": "P002", "quantity": 2}]
    body = {"reason": "家人不知情", "returned": counted}
    at_once = shop.ask("PUT", f"redemptions/{name}/void", body)
    assert problem(at_once)["errors"].keys() == {"returned"}
    with clock.at(clock.now() + timedelta(hours=1)):
        for wrong in (
            counted[:1],
            [counted[0] | {"quantity": 4}, counted[1]],
            [counted[0] | {"quantity": 1}, counted[1]],
        ):
            answer = shop.ask("PUT", f"redemptions/{name}/void", body | {"returned": wrong}, by="manager")
            assert problem(answer)["errors"].keys() == {"returned"}
            assert (shop.balance(), shop.on_hand("P001")) == (69, 97)
        assert shop.ask("PUT", f"redemptions/{name}/void", body, by="manager").status_code == 201
    assert (shop.balance(), shop.on_hand("P001"), shop.on_hand("P002")) == (100, 100, 100)
    assert shop.broken() == {}


def test_what_others_sold_is_not_voided_for_the_own_family(shop: Counter, name: str) -> None:
    own = {"households": [{"number": "0001", "relation": "kin"}]}
    assert shop.ask("PUT", "ties/manager", own, by="supervisor").status_code == 200
    assert code_of(shop.void(name, by="manager")) == (422, "self_dealing")
    with clock.at(clock.now() + timedelta(hours=1)):
        assert code_of(shop.void(name, by="manager")) == (422, "self_dealing")


def test_nobody_enters_a_slip_for_the_own_family(shop: Counter) -> None:
    shop.stock("P001")
    own = {"households": [{"number": "0001", "relation": "own"}]}
    assert shop.ask("PUT", "ties/manager", own, by="supervisor").status_code == 200
    slip = shop.slip(occurred_on=village_day(clock.now()).isoformat())
    assert code_of(shop.redeem(slip, by="manager")) == (422, "self_dealing")
    assert shop.balance() == 100


def test_another_clerk_may_not_void(shop: Counter, name: str) -> None:
    assert code_of(shop.void(name, by="clerk2")) == (403, "forbidden")
    assert code_of(shop.void(name, by="supervisor")) == (403, "forbidden")
    assert shop.void(name).status_code == 201


def test_a_name_nobody_used_is_not_found(shop: Counter) -> None:
    assert code_of(shop.void(new_name())) == (404, "not_found")


def test_a_void_needs_a_reason(shop: Counter, name: str) -> None:
    assert problem(shop.void(name, reason="  "))["errors"] == {"reason": ["不能为空"]}


def test_goods_off_the_list_come_back_too(shop: Counter, name: str) -> None:
    shop.stock("P001", on_hand=0, active=False)
    assert shop.void(name).status_code == 201
    assert shop.on_hand("P001") == 100


def test_a_frozen_account_takes_nothing_back(shop: Counter, name: str) -> None:
    shop.run("UPDATE account SET status = 'frozen'")
    assert code_of(shop.void(name)) == (422, "account_not_active")
    assert shop.on_hand("P001") == 97
    assert code_of(shop.void(name)) == (422, "account_not_active")


def test_a_failure_in_the_middle_leaves_nothing_behind(shop: Counter, name: str) -> None:
    shop.ground.obstruct("UPDATE", "redemption")
    assert shop.void(name).status_code == 500
    assert (shop.balance(), shop.on_hand("P001")) == (69, 97)
    shop.ground.clear("UPDATE", "redemption")
    assert shop.void(name).status_code == 201
