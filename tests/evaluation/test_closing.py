"""B14: a round ends once, whole, and not by those whom it is about."""

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from pointshop.core import clock, faults
from pointshop.core.ids import new_name
from pointshop.evaluation.sheet import box_digest
from pointshop.publishing.privacy import find_private
from tests.api import Api
from tests.books import violations
from tests.evaluation import rounds
from tests.evaluation.rounds import sheet
from tests.faults.killed import killed_at_point, killed_at_statement, survived
from tests.faults.stored import changed, stored
from tests.staff import hire
from tests.together import at_once, outcome, outcomes
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture(autouse=True)
def village(world: World) -> None:
    rounds.furnish(world, 12)


def voted(api: Api, *choices: int, **terms: Any) -> str:
    """A round in which households from 0007 on each name one; all nominees are 0001 to 0005."""
    nominees = [{"household": f"{number:04d}"} for number in range(1, 6)]
    name = rounds.make(api, **{"nominees": nominees} | terms)
    slips = rounds.codes(api, name)
    for number, choice in enumerate(choices, start=7):
        assert rounds.vote(api, slips[f"{number:04d}"], choice).status_code == 201
    return name


def items(answer: Any) -> list[tuple[Any, ...]]:
    assert answer.status_code == 201, answer.text
    return [
        tuple(each[key] for key in ("household", "place", "points", "unposted")) for each in answer.get_json()["items"]
    ]


def test_not_before_its_hour_unless_everybody_has_voted(api: Api) -> None:
    name, result = voted(api, 1, 1, 2), new_name()
    assert outcome(rounds.close(api, name, result=result)) == (422, "in_future")
    with clock.at(rounds.later()):
        assert outcome(rounds.close(api, name, result=result)) == 201


def test_closed_twice_or_by_many_at_once_it_is_closed_once(api: Api, world: World) -> None:
    name = voted(api, 1, 1, 2)
    with clock.at(rounds.later()):
        instant = clock.now()

    def close() -> Any:
        with clock.at(instant):
            return rounds.close(api, name)

    assert outcomes(at_once([close] * 6)) == {201: 1, (422, "round_closed"): 5}
    assert [world.balance(number) for number in ("0001", "0002")] == [50, 20]
    assert world.see(violations) == {}


def test_all_who_share_a_place_get_its_award(api: Api, world: World) -> None:
    """1 and 2 share the first place; the second is nobody's; 3, 4 and 5 share the third, the last that is awarded."""
    name = voted(api, 1, 2, 2, 1)
    with clock.at(rounds.later()):
        found = items(rounds.close(api, name))
    assert found == [
        ("0001", 1, 50, None),
        ("0002", 1, 50, None),
        ("0003", 3, 20, None),
        ("0004", 3, 20, None),
        ("0005", 3, 20, None),
    ]
    assert world.see(violations) == {}


def test_who_belongs_to_a_nominee_does_not_close_and_somebody_else_does(api: Api) -> None:
    other = hire(api, "manager2", "manager")
    ties = {"households": [{"number": "0002", "relation": "kin"}]}
    name = voted(api, 1, 1, 2)
    assert api.as_("supervisor").put("/ties/manager", ties).status_code == 200
    with clock.at(rounds.later()):
        answer = rounds.close(api, name)
        assert outcome(answer) == (422, "self_dealing")
        assert list(answer.get_json()["errors"]) == ["nominees.2"]
        body = {"evaluation": name, "contact": "村委会", "office": "村委会"}
        assert other.put(f"/evaluation-results/{new_name()}", body).status_code == 201


def test_where_every_manager_belongs_to_a_nominee_the_county_closes(api: Api) -> None:
    ties = {"households": [{"number": "0001", "relation": "own"}]}
    name = voted(api, 1, 1, 2)
    assert api.as_("supervisor").put("/ties/manager", ties).status_code == 200
    with clock.at(rounds.later()):
        assert outcome(rounds.close(api, name)) == (422, "self_dealing")
        body = {"evaluation": name, "contact": "村委会", "office": "村委会"}
        assert api.root.put(f"/evaluation-results/{new_name()}", body).status_code == 201


def test_a_cap_that_is_used_up_leaves_the_award_without_points(api: Api, world: World) -> None:
    for expected in ([("0001", 1, 50, None)], [("0001", 1, None, "cap_exceeded")]):
        name = voted(api, 1, 1, 1, awards=[{"rule": "WM01", "first": 1, "last": 1}])
        with clock.at(rounds.later()):
            assert items(rounds.close(api, name)) == expected
    assert world.balance("0001") == 50
    assert world.see(violations) == {}


def test_who_is_vetoed_takes_no_place_and_the_sheet_does_not_tell(api: Api, world: World) -> None:
    name = voted(api, 1, 1, 2)
    today = world.see(lambda work: work.today)
    veto = {
        "household": "0001",
        "reason": "违建",
        "evidence": "照片",
        "decided_by": "村两委会议",
        "from_on": today.isoformat(),
        "until_on": (today + timedelta(days=9)).isoformat(),
        "effects": ["no_award"],
    }
    assert api.as_("manager").put(f"/vetoes/{new_name()}", veto).status_code == 201
    with clock.at(rounds.later()):
        answer = rounds.close(api, name)
        assert items(answer)[0] == ("0002", 1, 50, None)
        published = api.as_("manager").get(f"/publications/{answer.get_json()['id']}").get_json()
    assert "违建" not in json.dumps(published, ensure_ascii=False)
    assert [each["place"] for each in published["document"]["items"]] == [1, 2, 2, 2]
    assert world.see(violations) == {}


def test_a_household_that_has_gone_keeps_its_place_and_gets_no_points(api: Api, world: World) -> None:
    name = voted(api, 1, 1, 2)
    assert (
        api.as_("manager").put(f"/household-merges/{new_name()}", {"household": "0001", "into": "0012"}).status_code
        == 201
    )
    with clock.at(rounds.later()):
        assert items(rounds.close(api, name))[0] == ("0001", 1, None, "account_not_active")
    assert world.see(violations) == {}


def test_members_are_put_up_and_their_household_gets_the_points(api: Api, world: World) -> None:
    member = {"name": "李秀英", "birth_year": 1980, "party_member": False, "volunteer": True, "name_consent": True}
    for number in ("0101", "0102"):
        world.household(number, members=[member])
    ids = {
        number: api.as_("manager").get(f"/households/{number}").get_json()["members"][0]["id"]
        for number in ("0101", "0102")
    }
    nominees = [{"household": number, "member_id": id} for number, id in ids.items()]
    name = voted(api, 2, 2, 2, subject="member", nominees=nominees, title="好媳妇好婆婆")
    with clock.at(rounds.later()):
        answer = rounds.close(api, name)
        assert items(answer)[0] == ("0102", 1, 50, None)
        published = api.as_("manager").get(f"/publications/{answer.get_json()['id']}").get_json()
    assert published["document"]["items"][0]["name"] == "李秀英"
    assert world.see(violations) == {}


def test_awards_wait_for_review_and_notice_like_any_other_points(api: Api, world: World) -> None:
    name = voted(api, 1, 1, 2)
    world.settings(review_levels=1)
    with clock.at(rounds.later()):
        merit = rounds.close(api, name).get_json()["items"][0]["merit"]
        assert world.balance("0001") == 0
        assert api.as_("reviewer").put(f"/merits/{merit}/review", {"decision": "approve"}).status_code == 201
    assert world.balance("0001") == 50
    assert world.see(violations) == {}


def test_over_the_budget_nothing_is_closed_and_later_it_is(api: Api, world: World) -> None:
    name = voted(api, 1, 1, 2)
    world.settings(period_budget=60)
    with clock.at(rounds.later()):
        assert outcome(rounds.close(api, name)) == (422, "budget_exceeded")
        assert world.see(violations) == {}
        assert api.as_("manager").get(f"/evaluations/{name}").get_json()["state"] == "open"
        world.settings(period_budget=None)
        assert outcome(rounds.close(api, name)) == 201


def test_a_rule_that_no_longer_gives_points_is_told(api: Api, world: World) -> None:
    name = voted(api, 1, 1, 2)
    world.rule("WM01", category="文明户", name="星级文明户称号", points=50, is_active=False)
    with clock.at(rounds.later()):
        answer = rounds.close(api, name)
    assert outcome(answer) == (422, "validation")
    assert "WM01" in answer.get_json()["errors"]["round"][0]


def test_a_judged_round_waits_for_its_draw(api: Api) -> None:
    name = rounds.make(api, **rounds.judged())
    with clock.at(rounds.later()):
        assert outcome(rounds.close(api, name)) == (422, "not_pending")


def test_killed_at_any_point_it_is_closed_wholly_or_not_at_all_and_then_once(api: Api, world: World) -> None:
    app = api.ground.app
    # without a cap, so that the second round gives points too
    world.rule()
    for last in ("after_commit", "before_response"):
        name, result = voted(api, 1, 1, 2, awards=[{"rule": "A1", "first": 1, "last": 1}]), new_name()
        with clock.at(rounds.later()):
            call = partial(rounds.close, api, name, result=result)
            before = stored(app)
            for point in faults.POINTS[:3]:
                assert killed_at_point(app, call, point)
                assert changed(before, stored(app)) == {}, point
            assert killed_at_point(app, call, last)
            left = stored(app)
            assert {"evaluation_result", "publication", "merit"} <= changed(before, left).keys()
            again = call()
            assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
            assert changed(left, stored(app)) == {}
    assert world.balance("0001") == 10
    assert world.see(violations) == {}


def test_a_vote_that_is_killed_is_in_the_box_and_on_the_roll_or_on_neither(api: Api, world: World) -> None:
    app = api.ground.app
    name = rounds.make(api)
    code = rounds.codes(api, name)["0001"]
    before = stored(app)
    number = 1
    while killed_at_statement(app, partial(rounds.vote, api, code, 2), number):
        assert changed(before, stored(app)) == {}, number
        number += 1
    assert number > 5
    assert changed(before, stored(app)).keys() == {"ballot_box", "evaluation_voter"}
    assert outcome(rounds.vote(api, code, 2)) == (422, "already_voted")
    assert world.see(violations) == {}


def test_a_close_that_nothing_happens_to_comes_back_alive(api: Api) -> None:
    name = voted(api, 1, 1, 1)
    with clock.at(rounds.later()):
        assert survived(api.ground.app, partial(rounds.close, api, name))


def test_chance_that_looks_like_a_telephone_keeps_no_round_open(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """In hex digits this seed holds 04185905781, and every close was refused for it."""
    monkeypatch.setattr("secrets.token_hex", lambda _: "d04185905781b313")
    name = rounds.judge(api, seats=3)
    for code in rounds.codes(api, name).values():
        assert rounds.vote(api, code, scores=sheet(90, 80, 74)).status_code == 201
    assert outcome(rounds.close(api, name)) == 201


def test_no_digest_of_a_box_looks_like_a_number_of_somebody() -> None:
    assert not [each for each in range(20_000) if find_private(box_digest("", f"[[{each}]]"))]


def test_the_longest_words_fit_on_the_sheet(api: Api) -> None:
    criteria = [{"name": f"项目{number}", "most": 1000} for number in range(10)]
    nominees, candidates = [{"household": f"{number:04d}"} for number in (1, 2)], range(3, 13)
    name = rounds.make(api, **rounds.judged(10, candidates, criteria=criteria, nominees=nominees, title="文" * 20))
    assert api.as_("supervisor").put(f"/evaluations/{name}/draw", {"seed": "签" * 60}).status_code == 201
    for code in rounds.codes(api, name).values():
        scores = [{"nominee": number, "points": [100] * 10} for number in (1, 2)]
        assert rounds.vote(api, code, scores=scores).status_code == 201
    assert outcome(rounds.close(api, name)) == 201


def test_by_score_a_tie_at_the_edge_of_a_grade_gives_both_the_grade(api: Api) -> None:
    slips = rounds.codes(api, rounds.judge(api, seats=3))
    name = api.as_("manager").get("/evaluations").get_json()["items"][0]["id"]
    for code in slips.values():
        assert rounds.vote(api, code, scores=sheet(90, 90, 74)).status_code == 201
    answer = rounds.close(api, name)
    assert [(each["place"], each["rule"]) for each in answer.get_json()["items"]] == [
        (1, "HJ115"),
        (1, "HJ115"),
        (3, "HJ113"),
    ]
