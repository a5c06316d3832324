"""How many statements a call costs: each is a round trip on PostgreSQL, so none comes in unseen."""

from functools import partial

import pytest

from tests.shop.counter import Counter
from tests.statements import cost as cost_of


def test_a_redemption_costs_eleven_statements_and_each_more_line_three(shop: Counter) -> None:
    for code in ("P1", "P2", "P3"):
        shop.stock(code, points=1)
    lines = [("P1", 1), ("P2", 1), ("P3", 1)]
    costs = [cost_of(shop.app, partial(shop.redeem, shop.order(*lines[:count], points=count))) for count in (1, 2, 3)]
    assert costs == [11, 14, 17]


def test_a_refusal_costs_five_statements(shop: Counter) -> None:
    shop.stock(points=101)
    # who asks; was it asked before; who pays; the goods; the answer to remember
    assert cost_of(shop.app, lambda: shop.redeem(shop.order(points=101))) == 5


def test_a_scan_costs_four_statements(shop: Counter) -> None:
    # who asks; whose card; the log; what has become due
    assert cost_of(shop.app, lambda: shop.scan(shop.cards["0001"])) == 4


@pytest.mark.parametrize(("path", "cost"), [("redemptions", 3), ("products", 2), ("stock-moves", 2), ("refusals", 2)])
def test_a_list_costs_the_same_however_long(shop: Counter, path: str, cost: int) -> None:
    def listing() -> object:
        return shop.get(path, by="manager")

    shop.stock("P1", on_hand=10, points=1)
    shop.redeem(shop.order(("P1", 1), points=1))
    assert cost_of(shop.app, listing) == cost
    shop.stock("P2", points=1)
    for _ in range(3):
        shop.redeem(shop.order(("P1", 1), ("P2", 1), points=2))
        shop.scan("no card")
    assert cost_of(shop.app, listing) == cost
