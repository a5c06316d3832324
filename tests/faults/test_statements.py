"""F03: the database fails at the first statement of a call, at the second, and so on until none is left to fail."""

import logging

import pytest
from flask import Flask

from pointshop.core.db import reading
from pointshop.core.ids import new_name
from pointshop.core.policy import Actor
from pointshop.shop.conditions import Item, Order
from pointshop.shop.redeeming import redeem
from tests.api import Api
from tests.books import violations
from tests.faults.deeds import DEEDS
from tests.faults.failing import Counted, counting, errors_of, raising
from tests.faults.stored import changed, stored
from tests.ground import HOME
from tests.world import World

#: More statements than any call needs; an endless loop would be a fault of the test.
_MOST = 200


@pytest.mark.parametrize("name", DEEDS)
def test_whichever_statement_fails_nothing_is_written_and_the_next_call_works(
    api: Api, card: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    app, deed = api.ground.app, DEEDS[name](api, card)
    errors = list(errors_of(app).values())
    before = stored(app)
    for first in range(1, _MOST):
        counted = Counted(raising(errors[first % len(errors)]), first=first)
        with counting(app, counted), caplog.at_level(logging.CRITICAL):
            answer = deed.send(api)
        if not counted.was_reached:
            break
        assert answer.status_code == 503, (first, answer.text)
        assert answer.headers["Retry-After"]
        assert changed(before, stored(app)) == {}, first
        assert api.as_("clerk").get("/products").status_code == 200
    assert first > 3
    assert answer.status_code in (200, 201), answer.text
    assert changed(before, stored(app)) != {}


@pytest.mark.breaks_the_books
def test_without_a_unit_of_work_half_a_redemption_stays(world: World, app: Flask, card: str) -> None:
    """The anomaly is real: statements by themselves leave a purse emptied and no goods handed over."""
    order = Order(card, None, [Item("P1", 1)], 1, None, None)
    clerk = Actor(1, "clerk", "店员", ())
    broken: set[str] = set()
    for first in range(1, _MOST):
        counted = Counted(raising(next(iter(errors_of(app).values()))), first=first, times=1)
        with counting(app, counted), app.app_context():
            try:
                redeem(reading(), int(HOME), new_name(), order, clerk=clerk)
            except Exception:
                broken |= world.see(violations).keys()
            else:
                break
    assert broken
