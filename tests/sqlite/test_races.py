"""What BEGIN IMMEDIATE is for; the races themselves are in the features' own folders."""

import sqlite3
from threading import Barrier

from sqlalchemy.exc import OperationalError

from pointshop.core.db import unit_of_work
from pointshop.core.ids import new_name
from pointshop.core.policy import Actor
from pointshop.core.work import Work
from pointshop.shop.conditions import Item, Order
from pointshop.shop.redeeming import redeem
from pointshop.shop.stock import hold_products
from tests.ground import HOME
from tests.shop.counter import Counter
from tests.together import at_once


def _redeem_after(shop: Counter, seen: Barrier | None, *, lock: bool) -> str:
    """Redeem the last piece; where told so, after everyone has looked at the shelf. Returns what came of it."""
    order = Order(shop.cards["0001"], None, [Item("P001", 1)], 5, None, None)
    clerk = Actor(1, "clerk", "店员", ())

    def step(work: Work) -> None:
        hold_products(work, int(HOME), ["P001"])
        if seen is not None:
            seen.wait(timeout=10)
        redeem(work, int(HOME), new_name(), order, clerk=clerk)

    with shop.app.app_context():
        try:
            unit_of_work(step, lock=lock)
        except (OperationalError, sqlite3.OperationalError):
            return "failed in the middle"
        except Exception as error:
            return getattr(error, "code", repr(error))
        return "redeemed"


def test_with_the_writers_lock_the_loser_hears_why(shop: Counter) -> None:
    shop.stock(on_hand=1)
    found = at_once([lambda: _redeem_after(shop, None, lock=True)] * 2)
    assert sorted(found) == ["out_of_stock", "redeemed"]


def test_without_the_writers_lock_the_loser_fails_in_the_middle(shop: Counter) -> None:
    """The race is real: both see the last piece, and only SQLite itself stops the second."""
    shop.stock(on_hand=1)
    seen = Barrier(2)
    found = at_once([lambda: _redeem_after(shop, seen, lock=False)] * 2)
    assert sorted(found) == ["failed in the middle", "redeemed"]
