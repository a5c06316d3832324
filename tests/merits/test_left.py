"""A household that has moved away or merged is given nothing more, whatever its account says."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from pointshop.core import clock
from pointshop.merits.service import post_due
from pointshop.people.models import Household
from tests.api import Api
from tests.merits.deeds import log, log_batch, logged, reverse, review, state_of
from tests.together import outcome
from tests.world import World

pytestmark = pytest.mark.parametrize("status", ["moved", "merged"])


def _leaves(world: World, status: str) -> None:
    world.do(
        lambda work: work.write(update(Household).where(Household.village_id == world.village_id).values(status=status))
    )


def test_nothing_is_logged_for_it(api: Api, world: World, status: str) -> None:
    world.household(points=10)
    world.rule()
    _leaves(world, status)
    assert outcome(log(api.as_("worker"))) == (422, "account_not_active")
    assert outcome(log_batch(api.as_("worker"), "0001")) == (422, "account_not_active")
    assert world.balance() == 10


def test_what_waits_is_sent_back_but_not_approved(api: Api, world: World, status: str) -> None:
    world.household()
    world.rule()
    world.settings(review_levels=1)
    first, second = logged(api.as_("worker")), logged(api.as_("worker"), note="x")
    _leaves(world, status)
    assert outcome(review(api.as_("reviewer"), first)) == (422, "account_not_active")
    answer = api.as_("reviewer").put(
        "/reviews/018f6f2e-0000-7000-8000-000000000001", {"decision": "approve", "merits": [first]}
    )
    assert outcome(answer) == (422, "account_not_active")
    assert outcome(review(api.as_("reviewer"), second, "reject")) == 201
    assert (state_of(api.as_("manager"), first), world.balance()) == ("submitted", 0)


def test_what_is_due_is_not_posted(api: Api, world: World, status: str) -> None:
    world.household()
    world.rule()
    world.settings(notice_days=1)
    with clock.at(clock.now() - timedelta(days=5)):
        name = logged(api.as_("worker"))
        world.hang_notice()
    _leaves(world, status)
    assert world.do(lambda work: post_due(work, world.village_id)) == 0
    assert state_of(api.as_("manager"), name) == "noticed"


def test_what_it_got_may_still_be_taken_back(api: Api, world: World, status: str) -> None:
    world.household()
    world.rule()
    name = logged(api.as_("worker"))
    _leaves(world, status)
    assert outcome(reverse(api.as_("manager"), name)) == 201
    assert world.balance() == 0
