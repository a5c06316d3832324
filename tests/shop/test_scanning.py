from datetime import timedelta
from typing import Any

import pytest

from pointshop.core import clock
from pointshop.core.db import db
from pointshop.core.ids import new_name
from tests.shop.counter import Counter, code_of, problem
from tests.world import World


def _logged(shop: Counter) -> list[tuple[Any, ...]]:
    with shop.app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT outcome, card_id IS NULL, household_id FROM scan ORDER BY at, id")
        return [tuple(row) for row in rows]


def test_a_card_tells_who_it_is_and_what_is_left(shop: Counter) -> None:
    answer = shop.scan(shop.cards["0001"])
    assert answer.status_code == 200
    assert answer.get_json() == {
        "household": {"number": "0001", "head": "户主1"},
        "balance": 100,
        "today": {"open": True, "points_left": 100, "without_pin": None, "pin": None},
        "self_dealing": False,
    }
    assert _logged(shop) == [("ok", 0, 1)]


def test_a_scanned_url_is_read_like_the_code(shop: Counter) -> None:
    url = f"http://points.example.cn/c/{shop.cards['0002'].lower()}"
    assert shop.scan(url).get_json()["household"]["number"] == "0002"


def test_points_left_follow_the_days_limit(shop: Counter) -> None:
    shop.stock(points=10)
    shop.set(card_daily_points=30)
    assert shop.scan(shop.cards["0001"]).get_json()["today"]["points_left"] == 30
    assert shop.redeem(shop.order(("P001", 2), points=20)).status_code == 201
    assert shop.scan(shop.cards["0001"]).get_json()["today"]["points_left"] == 10
    shop.set(card_daily_points=15)
    assert shop.scan(shop.cards["0001"]).get_json()["today"]["points_left"] == 0


def test_a_scan_tells_when_the_shop_is_closed(shop: Counter) -> None:
    weekday = clock.village_day(clock.now()).isoweekday()
    shop.set(redemption_weekdays=[day for day in range(1, 8) if day != weekday])
    assert shop.scan(shop.cards["0001"]).get_json()["today"]["open"] is False


def test_a_household_whose_account_is_frozen_has_nothing_left_today(shop: Counter) -> None:
    shop.run("UPDATE account SET status = 'frozen'")
    found = shop.scan(shop.cards["0001"]).get_json()
    assert (found["balance"], found["today"]["points_left"]) == (100, 0)


@pytest.mark.parametrize("code", ["", "wxp://f2f0", "7Z3K9M2PQRSTVWXY", "a" * 4096, "{{7*7}}", "\u202e卡"])
def test_what_is_no_card_of_this_village_gets_one_answer(shop: Counter, code: str) -> None:
    expected = problem(shop.scan(shop.cards["other"]))
    assert (expected["status"], expected["code"]) == (422, "card_unknown")
    assert problem(shop.scan(code)) == expected
    assert _logged(shop) == [("card_unknown", 1, None)] * 2


def test_a_code_off_by_one_character_is_unknown(shop: Counter) -> None:
    code = shop.cards["0001"]
    for place in range(len(code)):
        forged = code[:place] + ("7" if code[place] != "7" else "8") + code[place + 1 :]
        assert code_of(shop.scan(forged)) == (422, "card_unknown")


def test_a_replaced_card_is_refused_and_logged_with_its_household(shop: Counter) -> None:
    shop.ask("PUT", f"households/0001/cards/{new_name()}", {}, by="manager")
    refused = shop.scan(shop.cards["0001"])
    assert code_of(refused) == (422, "card_revoked")
    assert refused.get_json().keys() == {"type", "title", "status", "code", "detail", "instance"}
    assert _logged(shop) == [("card_revoked", 0, 1)]


@pytest.mark.parametrize("user", ["worker", "supervisor"])
def test_only_shop_staff_scan(shop: Counter, user: str) -> None:
    assert code_of(shop.scan(shop.cards["0001"], by=user)) == (403, "forbidden")


def test_points_that_became_due_can_be_spent_at_once(shop: Counter) -> None:
    shop.set(notice_days=7)
    rule = {"category": "清洁", "name": "扫路", "points": 5, "per": "次", "track": "spend"}
    assert shop.ask("PUT", "rules/R1", rule, by="manager").status_code == 201
    today = clock.village_day(clock.now()).isoformat()
    merit = {"rule": "R1", "household": "0003", "occurred_on": today}
    assert shop.ask("PUT", f"merits/{new_name()}", merit, by="worker").status_code == 201
    World(shop.app).hang_notice()
    assert shop.scan(shop.cards["0003"]).get_json()["balance"] == 0
    with clock.at(clock.now() + timedelta(days=9)):
        found = shop.scan(shop.cards["0003"]).get_json()
    assert (found["balance"], found["today"]["points_left"]) == (5, 5)


def test_a_failure_in_the_middle_leaves_nothing_behind(shop: Counter) -> None:
    shop.ground.obstruct("INSERT", "scan")
    assert shop.scan(shop.cards["0001"]).status_code == 500
    assert _logged(shop) == []
