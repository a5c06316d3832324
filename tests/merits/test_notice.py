"""Points that hang on the wall before they can be spent (公示期)."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import update

from pointshop.core.work import Work
from pointshop.ledger.models import Account
from pointshop.merits.service import post_due
from tests.api import Api
from tests.merits.deeds import honour, log, logged, reverse, review, state_of
from tests.together import at_once, outcome
from tests.world import World

#: Noon of the 20th in the village; the period of seven days ends with the 27th.
_LOGGED = datetime(2026, 11, 20, 4, tzinfo=UTC)
_LAST_INSTANT = datetime(2026, 11, 26, 15, 59, 59, 999_999, UTC)
_OVER = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)


@pytest.fixture
def village(world: World) -> World:
    world.rule()
    world.household()
    world.settings(notice_days=7)
    return world


def _due(world: World) -> Callable[[Work], int]:
    return lambda work: post_due(work, world.village_id)


def test_points_wait_for_the_last_instant_of_the_period(api: Api, village: World) -> None:
    with time_machine.travel(_LOGGED, tick=False):
        answer = log(api.as_("worker")).get_json()
        assert (answer["state"], answer["due_on"], answer["balance"]) == ("approved", None, 0)
        village.hang_notice()
        hung = api.as_("manager").get(f"/merits/{answer['id']}").get_json()
        assert (hung["state"], hung["due_on"]) == ("noticed", "2026-11-27")
    with time_machine.travel(_LAST_INSTANT, tick=False):
        assert village.do(_due(village)) == 0
        assert (village.balance(), honour(api.as_("manager"))) == (0, 0)
    with time_machine.travel(_OVER, tick=False):
        assert village.do(_due(village)) == 1
        assert (village.balance(), honour(api.as_("manager"))) == (5, 5)
        assert state_of(api.as_("manager"), answer["id"]) == "posted"
        assert village.do(_due(village)) == 0
    assert village.balance() == 5


def test_points_on_the_wall_cannot_be_spent_and_those_whose_time_is_over_can(api: Api, village: World) -> None:
    card = village.card()
    product = {"name": "肥皂", "unit": "块", "points": 5}
    order = {"card": card, "lines": [{"product": "P1", "quantity": 1}], "expected_points": 5}
    name = "018f6f2e-0000-7000-8000-00000000000"
    with time_machine.travel(_LOGGED, tick=False):
        api.as_("manager").put("/products/P1", product)
        api.as_("clerk").put(f"/stock-moves/{name}1", {"product": "P1", "kind": "receive", "quantity": 9})
        logged(api.as_("worker"))
        village.hang_notice()
        assert outcome(api.as_("clerk").put(f"/redemptions/{name}2", order)) == (422, "insufficient_points")
    with time_machine.travel(_LAST_INSTANT, tick=False):
        assert outcome(api.as_("clerk").put(f"/redemptions/{name}3", order)) == (422, "insufficient_points")
    with time_machine.travel(_OVER, tick=False):
        assert api.as_("clerk").post("/scans", {"code": card}).get_json()["balance"] == 5
        assert api.as_("clerk").put(f"/redemptions/{name}4", order).status_code == 201


def test_what_does_not_hang_never_counts_however_long_ago_it_was_signed(api: Api, village: World) -> None:
    village.settings(review_levels=1)
    with time_machine.travel(_LOGGED, tick=False):
        name = logged(api.as_("worker"))
        answer = review(api.as_("reviewer"), name).get_json()
        assert (answer["state"], answer["due_on"]) == ("approved", None)
    with time_machine.travel(_OVER, tick=False):
        assert village.do(_due(village)) == 0
        assert state_of(api.as_("manager"), name) == "approved"


def test_a_deduction_never_hangs_in_public(api: Api, village: World) -> None:
    village.rule("D1", points=-3)
    with time_machine.travel(_LOGGED, tick=False):
        assert log(api.as_("worker"), rule="D1").get_json()["state"] == "posted"


def test_what_hangs_on_the_wall_counts_against_the_cap_and_can_be_taken_down(api: Api, village: World) -> None:
    village.rule("C1", cap=1, cap_period="month")
    with time_machine.travel(_LOGGED, tick=False):
        name = logged(api.as_("worker"), rule="C1")
        assert outcome(log(api.as_("worker"), rule="C1", note="x")) == (422, "cap_exceeded")
        assert reverse(api.as_("manager"), name).get_json()["state"] == "reversed"
        assert log(api.as_("worker"), rule="C1", note="x").status_code == 201
        village.hang_notice()
    with time_machine.travel(_OVER, tick=False):
        assert village.do(_due(village)) == 1
    assert village.balance() == 5


def test_a_frozen_account_waits_and_nobody_waits_for_it(api: Api, village: World) -> None:
    village.household("0002")
    with time_machine.travel(_LOGGED, tick=False):
        logged(api.as_("worker"), "0001")
        logged(api.as_("worker"), "0002")
        village.hang_notice()
    village.do(lambda work: work.write(update(Account).where(Account.id == 1).values(status="frozen")))
    with time_machine.travel(_OVER, tick=False):
        assert village.do(_due(village)) == 1
        assert (village.balance("0001"), village.balance("0002")) == (0, 5)
        village.do(lambda work: work.write(update(Account).where(Account.id == 1).values(status="active")))
        assert village.do(_due(village)) == 1
    assert village.balance("0001") == 5


def test_two_that_post_at_once_post_once(api: Api, village: World) -> None:
    with time_machine.travel(_LOGGED, tick=False):
        for number in range(5):
            logged(api.as_("worker"), note=str(number))
        village.hang_notice()
    with time_machine.travel(_OVER, tick=False):
        assert sorted(at_once([lambda: village.do(_due(village))] * 4)) == [0, 0, 0, 5]
    assert village.balance() == 25


def test_other_villages_wait_for_their_own(api: Api, village: World) -> None:
    with time_machine.travel(_LOGGED, tick=False):
        logged(api.as_("worker"))
        village.hang_notice()
    with time_machine.travel(_OVER, tick=False):
        assert village.do(lambda work: post_due(work, 410927100201)) == 0
    assert village.balance() == 0
