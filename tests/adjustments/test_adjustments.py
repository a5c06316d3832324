"""B15: points put right by hand take two persons, a reason and a bound."""

from functools import partial
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.books import violations
from tests.together import at_once, outcome, outcomes
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture(autouse=True)
def village(world: World) -> None:
    world.households(2, points=20)


def adjustment(points: int = 7, household: str = "0001", **more: Any) -> dict[str, Any]:
    return {"household": household, "points": points, "reason": "paper_books", "note": "漏抄一页"} | more


def proposed(caller: Caller, points: int = 7, **more: Any) -> str:
    name = new_name()
    answer = caller.put(f"/adjustments/{name}", adjustment(points, **more))
    assert answer.status_code == 201, answer.text
    return name


def decide(caller: Caller, name: str, decision: str = "approve") -> TestResponse:
    return caller.put(f"/adjustments/{name}/decision", {"decision": decision})


def test_nothing_moves_before_another_person_signs(api: Api, world: World) -> None:
    name = proposed(api.as_("manager"))
    assert world.balance() == 20
    assert outcome(decide(api.as_("manager"), name)) == (403, "forbidden")
    assert world.balance() == 20
    answer = decide(api.as_("supervisor"), name)
    assert (answer.status_code, answer.get_json()["state"], answer.get_json()["balance"]) == (201, "posted", 27)
    line = api.as_("manager").get("/households/0001/passbook").get_json()["items"][0]
    assert (line["kind"], line["points"], line["source"]) == ("adjustment", 7, {"kind": "adjustment", "id": name})


def test_signed_twice_it_is_posted_once(api: Api, world: World) -> None:
    name = proposed(api.as_("manager"))
    assert [decide(api.as_("reviewer"), name).status_code for _ in range(2)] == [201, 200]
    assert outcome(decide(api.as_("supervisor"), name)) == (422, "not_pending")
    assert world.balance() == 27


def test_two_who_sign_at_once_post_one_line(api: Api, world: World) -> None:
    name = proposed(api.as_("manager"))
    answers = at_once([partial(decide, api.as_(role), name) for role in ("reviewer", "supervisor")])
    assert outcomes(answers) == {201: 1, (422, "not_pending"): 1}
    assert world.balance() == 27


def test_rejected_moves_nothing_and_stays_listed(api: Api, world: World) -> None:
    name = proposed(api.as_("manager"))
    assert decide(api.as_("reviewer"), name, "reject").get_json()["state"] == "rejected"
    assert world.balance() == 20
    (listed,) = api.as_("supervisor").get("/adjustments", query={"state": "rejected"}).get_json()["items"]
    assert (listed["id"], listed["points"], listed["reason"]) == (name, 7, "paper_books")


def test_points_are_taken_too_but_never_below_nothing(api: Api, world: World) -> None:
    assert decide(api.as_("reviewer"), proposed(api.as_("manager"), -20)).get_json()["balance"] == 0
    short = decide(api.as_("reviewer"), proposed(api.as_("manager"), -1))
    assert outcome(short) == (422, "insufficient_points")
    assert world.balance() == 0


@pytest.mark.parametrize("change", [{"points": 0}, {"points": 1001}, {"reason": "because"}, {"note": " "}])
def test_without_points_bound_or_reason_it_is_none(api: Api, change: dict[str, Any]) -> None:
    answer = api.as_("manager").put(f"/adjustments/{new_name()}", adjustment() | change)
    assert outcome(answer) == (422, "validation")


def test_unknown_household_is_told(api: Api) -> None:
    answer = api.as_("manager").put(f"/adjustments/{new_name()}", adjustment(household="9999"))
    assert answer.get_json()["errors"].keys() == {"household"}


def test_neither_proposes_nor_signs_for_the_own_family(api: Api, world: World) -> None:
    own = {"households": [{"number": "0001", "relation": "own"}]}
    name = proposed(api.as_("manager"))
    for username in ("manager", "reviewer"):
        assert api.as_("supervisor").put(f"/ties/{username}", own).status_code == 200
    answer = api.as_("manager").put(f"/adjustments/{new_name()}", adjustment())
    assert outcome(answer) == (422, "self_dealing")
    assert outcome(decide(api.as_("reviewer"), name)) == (422, "self_dealing")
    assert outcome(decide(api.as_("supervisor"), name)) == 201


@pytest.mark.breaks_the_books
@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE adjustment SET points = points + 1", "adjustment_has_its_line"),
        ("DELETE FROM adjustment", "adjusting_line_was_signed"),
    ],
)
def test_verify_finds_an_adjustment_that_was_tampered_with(api: Api, world: World, change: str, check: str) -> None:
    decide(api.as_("reviewer"), proposed(api.as_("manager")))
    assert world.see(violations) == {}
    api.ground.tamper(change)
    assert check in world.see(violations)
