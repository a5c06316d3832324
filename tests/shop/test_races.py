"""Many counters at once: SQLite holds it by BEGIN IMMEDIATE, PostgreSQL by row locks."""

from functools import partial

from pointshop.core.ids import new_name
from tests.shop.counter import Counter
from tests.together import at_once, outcomes


def test_of_fifty_redemptions_that_five_can_pay_five_are_paid(shop: Counter) -> None:
    shop.stock(points=20)
    order = shop.order(points=20)
    answers = at_once([lambda: shop.redeem(order, name=new_name())] * 50)
    assert outcomes(answers) == {201: 5, (422, "insufficient_points"): 45}
    assert (shop.balance(), shop.on_hand()) == (0, 95)


def test_one_name_sent_fifty_times_is_one_redemption(shop: Counter) -> None:
    shop.stock()
    name, order = new_name(), shop.order()
    answers = at_once([lambda: shop.redeem(order, name=name)] * 50)
    assert outcomes(answers) == {201: 1, 200: 49}
    assert len({answer.data for answer in answers}) == 1
    assert (shop.balance(), shop.on_hand()) == (95, 99)


def test_the_last_piece_goes_to_one_of_twenty(shop: Counter) -> None:
    shop.stock(on_hand=1, points=1)
    order = shop.order(points=1)
    answers = at_once([lambda: shop.redeem(order, name=new_name())] * 20)
    assert outcomes(answers) == {201: 1, (422, "out_of_stock"): 19}
    assert shop.on_hand() == 0


def test_two_households_and_the_last_piece(shop: Counter) -> None:
    shop.stock(on_hand=1)
    orders = [shop.order(household="0001"), shop.order(household="0002")]
    answers = at_once([partial(shop.redeem, order) for order in orders])
    assert outcomes(answers) == {201: 1, (422, "out_of_stock"): 1}
    assert shop.balance("0001") + shop.balance("0002") == 135


def test_a_limit_holds_for_twenty_counters(shop: Counter) -> None:
    shop.stock(points=1, limit=3, limit_period="day")
    order = shop.order(points=1)
    answers = at_once([lambda: shop.redeem(order, name=new_name())] * 20)
    assert outcomes(answers) == {201: 3, (422, "limit_exceeded"): 17}


def test_clerk_and_manager_void_at_once_and_one_does(shop: Counter) -> None:
    shop.stock()
    name = new_name()
    shop.redeem(shop.order(), name=name)
    answers = at_once([partial(shop.void, name, by=by) for by in ("clerk", "manager")])
    assert outcomes(answers) == {201: 1, (422, "already_voided"): 1}
    assert (shop.balance(), shop.on_hand()) == (100, 100)


def test_baskets_in_any_order_all_go_through(shop: Counter) -> None:
    codes = [f"P{number}" for number in range(6)]
    for code in codes:
        shop.stock(code, points=1)
    baskets = [[(code, 1) for code in (codes[turn:] + codes[:turn])[:4]] for turn in range(6)] * 2
    answers = at_once([partial(shop.redeem, shop.order(*lines, points=4)) for lines in baskets])
    assert outcomes(answers) == {201: 12}
    assert shop.balance() == 52
