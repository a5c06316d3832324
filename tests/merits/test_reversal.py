"""Taking merits back (冲正)."""

from functools import partial

import pytest
from sqlalchemy import update

from pointshop.core.ids import new_name
from pointshop.ledger.models import Account
from tests.api import Api
from tests.ground import OTHER
from tests.merits.deeds import honour, log, logged, reverse, state_of
from tests.together import at_once, outcome, outcomes
from tests.world import World


@pytest.fixture
def village(world: World) -> World:
    world.rule()
    world.household()
    return world


def test_it_takes_back_points_honour_and_the_share_of_the_cap(api: Api, village: World) -> None:
    village.rule("C1", cap=1, cap_period="month")
    name = logged(api.as_("worker"), rule="C1")
    answer = reverse(api.as_("manager"), name)
    assert (answer.status_code, answer.get_json()["state"], answer.get_json()["balance"]) == (201, "reversed", 0)
    assert answer.get_json()["reason"] == "记错了"
    assert (village.balance(), honour(api.as_("manager"))) == (0, 0)
    assert log(api.as_("worker"), rule="C1").status_code == 201


def test_it_never_takes_more_than_is_there(api: Api, village: World) -> None:
    village.rule("D1", points=-3)
    name = logged(api.as_("worker"))
    logged(api.as_("worker"), rule="D1")
    assert reverse(api.as_("manager"), name).get_json()["balance"] == 0
    lines = api.as_("manager").get("/households/0001/passbook").get_json()["items"]
    assert [(line["kind"], line["points"]) for line in lines] == [("reversal", -2), ("deduction", -3), ("merit", 5)]
    assert honour(api.as_("manager")) == -3


def test_with_nothing_left_it_takes_honour_alone(api: Api, village: World) -> None:
    village.rule("D1", points=-5)
    name = logged(api.as_("worker"))
    logged(api.as_("worker"), rule="D1")
    assert reverse(api.as_("manager"), name).status_code == 201
    assert len(api.as_("manager").get("/households/0001/passbook").get_json()["items"]) == 2
    assert (village.balance(), honour(api.as_("manager"))) == (0, -5)


@pytest.mark.parametrize(("had", "given_back"), [(5, 5), (20, 8), (0, 0)])
def test_a_deduction_gives_back_only_what_it_took(api: Api, village: World, had: int, given_back: int) -> None:
    village.rule("D1", points=-8)
    if had:
        logged(api.as_("worker"), quantity=had // 5)
    name = logged(api.as_("worker"), rule="D1")
    assert village.balance() == had - given_back
    assert reverse(api.as_("manager"), name).status_code == 201
    assert (village.balance(), honour(api.as_("manager"))) == (had, had)


def test_once_is_enough(api: Api, village: World) -> None:
    name = logged(api.as_("worker"), quantity=2)
    first = reverse(api.as_("manager"), name)
    again = reverse(api.as_("manager"), name)
    assert (again.status_code, again.data) == (200, first.data)
    assert outcome(reverse(api.as_("manager"), name, "又错了")) == (422, "already_voided")
    assert village.balance() == 0


def test_ten_at_once_in_different_words_take_back_once(api: Api, village: World) -> None:
    logged(api.as_("worker"), note="另一件")
    name = logged(api.as_("worker"))
    answers = at_once([partial(reverse, api.as_("manager"), name, f"理由{number}") for number in range(10)])
    assert outcomes(answers) == {201: 1, (422, "already_voided"): 9}
    assert village.balance() == 5


@pytest.mark.parametrize("role", ["admin", "worker", "reviewer", "clerk", "supervisor", "viewer"])
def test_only_a_manager_may(api: Api, village: World, role: str) -> None:
    name = logged(api.as_("worker"))
    assert outcome(reverse(api.as_(role), name)) == (403, "forbidden")
    assert village.balance() == 5


def test_another_villages_manager_sees_nothing(api: Api, village: World) -> None:
    name = logged(api.as_("worker"))
    for village_code in (OTHER, village.village):
        answer = reverse(api.as_("manager", of=OTHER).into(village_code), name)
        assert outcome(answer) == (404, "not_found")
    assert outcome(reverse(api.as_("manager"), new_name())) == (404, "not_found")
    assert village.balance() == 5


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\nb", None, 1])
def test_a_reason_must_be_given(api: Api, village: World, reason: object) -> None:
    name = logged(api.as_("worker"))
    answer = api.as_("manager").put(f"/merits/{name}/reversal", {"reason": reason})
    assert outcome(answer) == (422, "validation")


def test_a_frozen_account_is_left_alone(api: Api, village: World) -> None:
    name = logged(api.as_("worker"))
    village.do(lambda work: work.write(update(Account).values(status="frozen")))
    assert outcome(reverse(api.as_("manager"), name)) == (422, "account_not_active")
    assert (village.balance(), state_of(api.as_("manager"), name)) == (5, "posted")


def test_honour_alone_is_taken_back_alone(api: Api, village: World) -> None:
    village.rule("H1", track="honor", points=50)
    logged(api.as_("worker"))
    name = logged(api.as_("worker"), rule="H1")
    assert reverse(api.as_("manager"), name).get_json()["balance"] == 5
    assert (village.balance(), honour(api.as_("manager"))) == (5, 5)


def test_what_was_not_posted_yet_simply_ends(api: Api, village: World) -> None:
    village.settings(review_levels=1)
    name = logged(api.as_("worker"))
    assert reverse(api.as_("manager"), name).get_json()["state"] == "reversed"
    assert (village.balance(), honour(api.as_("manager"))) == (0, 0)
    # and the deed may be logged again
    assert log(api.as_("worker")).status_code == 201
