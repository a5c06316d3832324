"""B01 at the counter: nobody serves their own household or a relative's, with a card or without."""

from datetime import timedelta
from functools import partial

import pytest

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.shop.counter import Counter, code_of, problem
from tests.statements import cost as cost_of


@pytest.fixture
def own(shop: Counter) -> None:
    """0001 is the clerk's own household, 0002 a brother's."""
    shop.stock("P001")
    households = [{"number": "0001", "relation": "own"}, {"number": "0002", "relation": "kin"}]
    assert shop.ask("PUT", "ties/clerk", {"households": households}, by="manager").status_code == 200


def test_a_clerk_serves_neither_the_own_household_nor_kin(shop: Counter, own: None) -> None:
    for household in ("0001", "0002"):
        name, order = new_name(), shop.order(household=household)
        answer = shop.redeem(order, name=name)
        assert code_of(answer) == (422, "self_dealing")
        assert problem(answer)["data"] == {"household": household}
        again = shop.redeem(order, name=name)
        assert (code_of(again), again.headers["Idempotency-Replayed"]) == ((422, "self_dealing"), "true")
    assert (shop.balance("0001"), shop.balance("0002"), shop.on_hand()) == (100, 40, 100)
    assert shop.redeem(shop.order(), by="clerk2").status_code == 201


def test_the_refusal_stands_in_the_log_of_refusals(shop: Counter, own: None) -> None:
    shop.redeem(shop.order())
    found = shop.get("refusals", by="supervisor").get_json()["items"][0]
    assert (found["kind"], found["code"], found["household"]) == ("redemption", "self_dealing", "0001")


def test_a_scan_tells_it_before_anything_is_picked(shop: Counter, own: None) -> None:
    assert shop.scan(shop.cards["0001"]).get_json()["self_dealing"] is True
    assert shop.scan(shop.cards["0003"]).get_json()["self_dealing"] is False
    assert shop.scan(shop.cards["0001"], by="clerk2").get_json()["self_dealing"] is False


def test_a_tie_that_has_ended_binds_no_more(shop: Counter, own: None) -> None:
    with clock.at(clock.now() + timedelta(seconds=1)):
        assert shop.ask("PUT", "ties/clerk", {"households": []}, by="manager").status_code == 200
        assert shop.redeem(shop.order()).status_code == 201


def test_it_costs_no_statement_of_its_own(shop: Counter, own: None) -> None:
    order = shop.order(household="0003", points=5)
    before = cost_of(shop.app, partial(shop.redeem, order))
    assert cost_of(shop.app, partial(shop.redeem, shop.order())) < before
    assert cost_of(shop.app, partial(shop.redeem, shop.order(), by="clerk2")) == 11
