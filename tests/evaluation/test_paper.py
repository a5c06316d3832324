"""Paper ballots: two persons enter them, and nothing counts until both say the same."""

from typing import Any

import pytest
from sqlalchemy import select

from pointshop.core import clock
from pointshop.core.work import Work
from pointshop.evaluation.models import PaperCount
from tests.api import Api
from tests.books import violations
from tests.evaluation import rounds
from tests.evaluation.rounds import sheet
from tests.together import outcome
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture(autouse=True)
def village(world: World) -> None:
    rounds.furnish(world, 12)


def enter(api: Api, name: str, role: str, *rankings: list[int], signed: list[int] | None = None) -> Any:
    signed = list(range(1, len(rankings) + 1)) if signed is None else signed
    body = {"ballots": [{"ranking": ranking} for ranking in rankings], "signed": signed}
    return api.as_(role).put(f"/evaluations/{name}/paper", body)


def test_counts_that_differ_are_listed_and_nothing_counts_until_they_agree(api: Api, world: World) -> None:
    name = rounds.make(api)
    assert enter(api, name, "worker", [1, 2], [3], [3]).get_json()["agreed"] is False
    assert world.see(violations) == {}
    differ = enter(api, name, "reviewer", [1, 2], [3], [5], signed=[1, 2, 4]).get_json()
    assert differ == {
        "agreed": False,
        "entered_by": ["reviewer", "worker"] if differ["entered_by"][0] == "reviewer" else ["worker", "reviewer"],
        "ballots": differ["ballots"],
        "signed": differ["signed"],
    }
    of = {each: differ["entered_by"].index(each) for each in differ["entered_by"]}
    told = {str(each["what"]): each["counts"] for each in differ["ballots"] + differ["signed"]}
    assert {what: (counts[of["worker"]], counts[of["reviewer"]]) for what, counts in told.items()} == {
        "[3]": (2, 1),
        "[5]": (0, 1),
        "3": (1, 0),
        "4": (0, 1),
    }
    with clock.at(rounds.later()):
        assert outcome(rounds.close(api, name)) == (422, "validation")
        # the same ballots in another order are the same ballots
        assert enter(api, name, "reviewer", [3], [1, 2], [3], signed=[3, 1, 2]).get_json()["agreed"] is True
        assert world.see(violations) == {}
        assert outcome(enter(api, name, "worker", [1], signed=[1])) == (422, "not_pending")
        assert rounds.close(api, name).get_json()["ballots"] == 3
    assert world.see(violations) == {}


def test_one_person_alone_never_agrees(api: Api) -> None:
    name = rounds.make(api)
    for _ in range(2):
        assert enter(api, name, "worker", [1], [2]).get_json()["agreed"] is False
    assert api.as_("manager").get(f"/evaluations/{name}").get_json()["voted"] == 0


def test_who_signed_for_paper_cannot_vote_by_code_nor_the_other_way_round(api: Api, world: World) -> None:
    name = rounds.make(api)
    slips = rounds.codes(api, name)
    assert outcome(rounds.vote(api, slips["0001"], 2)) == 201
    answer = enter(api, name, "worker", [2], [3])
    assert outcome(answer) == (422, "already_voted")
    assert "1 号" in answer.get_json()["errors"]["signed"][0]
    assert outcome(enter(api, name, "worker", [2], [3], signed=[2, 3])) == 200
    assert outcome(enter(api, name, "reviewer", [2], [4], signed=[2, 3])) == 200
    assert outcome(rounds.vote(api, slips["0002"], 1)) == (422, "already_voted")
    assert outcome(rounds.vote(api, slips["0004"], 1)) == 201
    assert enter(api, name, "manager", [2], [3], signed=[2, 3]).get_json()["agreed"] is True
    voted = {
        each["no"]: each["voted"]
        for each in api.as_("supervisor").get(f"/evaluations/{name}/voters").get_json()["items"]
    }
    assert {no: way for no, way in voted.items() if way} == {1: "code", 2: "paper", 3: "paper", 4: "code"}
    assert world.see(violations) == {}


def test_one_person_alone_keeps_nobody_from_voting(api: Api, world: World) -> None:
    """What one says of who signed counts for nothing: neither before two others agree nor after."""
    name = rounds.make(api)
    slips = rounds.codes(api, name)
    assert enter(api, name, "worker", signed=[2, 3, 4, 5, 6]).status_code == 200
    assert outcome(rounds.vote(api, slips["0002"], 1)) == 201
    for role in ("reviewer", "supervisor"):
        assert enter(api, name, role, [1], signed=[7]).status_code == 200
    assert world.see(counted_by) == 2
    assert outcome(rounds.vote(api, slips["0003"], 1)) == 201
    assert outcome(rounds.vote(api, slips["0007"], 1)) == (422, "already_voted")
    assert world.see(violations) == {}


def counted_by(work: Work) -> int:
    return len(work.read(select(PaperCount.user_id)).all())


def test_only_who_entered_ballots_sees_what_others_entered_and_nobody_once_they_agree(api: Api) -> None:
    name = rounds.make(api)
    blank: dict[str, list[object]] = {"ballots": [], "signed": []}
    assert enter(api, name, "reviewer", [1], [2]).get_json()["ballots"] == []
    peeking = [enter(api, name, "worker"), api.as_("worker").get(f"/evaluations/{name}/paper")]
    assert all(answer.get_json() | blank == answer.get_json() for answer in peeking)
    # whoever entered nothing at all sees as little
    manager = api.as_("manager").get(f"/evaluations/{name}/paper").get_json()
    assert manager | blank == manager
    assert enter(api, name, "worker", [5]).get_json()["ballots"] != []
    assert enter(api, name, "supervisor", [1], [2]).get_json()["agreed"] is True
    for role in ("worker", "reviewer", "supervisor"):
        agreed = api.as_(role).get(f"/evaluations/{name}/paper").get_json()
        assert (agreed["agreed"], agreed["ballots"], agreed["signed"]) == (True, [], [])


def test_of_judges_it_is_told_which_sheets_differ_and_not_what_they_say(api: Api) -> None:
    """Their single marks are for the supervisor (evaluation.ballots)."""
    name = rounds.judge(api, seats=3)
    roll = api.as_("manager").get(f"/evaluations/{name}/voters").get_json()["items"]
    numbers = [int(each["no"]) for each in roll if each["drawn"]]
    marks = {"worker": (95, 95), "reviewer": (90, 95)}
    for role, totals in marks.items():
        ballots = [{"voter": no, "scores": sheet(total, 80, 50)} for no, total in zip(numbers[:2], totals, strict=True)]
        answer = api.as_(role).put(f"/evaluations/{name}/paper", {"ballots": ballots})
        assert answer.status_code == 200
    assert answer.get_json()["ballots"] == [{"what": numbers[0], "counts": [1, 1]}]


def test_who_signed_and_put_nothing_in_is_no_ballot(api: Api, world: World) -> None:
    name = rounds.make(api)
    for role in ("worker", "reviewer"):
        assert enter(api, name, role, [1], [2], [2], signed=[1, 2, 3, 4]).status_code == 200
    assert world.see(violations) == {}
    with clock.at(rounds.later()):
        assert rounds.close(api, name).get_json()["ballots"] == 3


@pytest.mark.parametrize(
    ("rankings", "signed", "field"),
    [
        ([[1], [2]], [1], "ballots"),
        ([[1]], [1, 1], "signed"),
        ([[1]], [99], "signed"),
        ([[1, 1]], [1], "ballots.0.ranking"),
        ([[1], [77]], [1, 2], "ballots.1.ranking.0"),
    ],
)
def test_a_count_that_cannot_be_is_refused_by_line(
    api: Api, rankings: list[list[int]], signed: list[int], field: str
) -> None:
    answer = enter(api, rounds.make(api), "worker", *rankings, signed=signed)
    assert outcome(answer) == (422, "validation")
    assert list(answer.get_json()["errors"]) == [field]


def test_judges_sheets_are_entered_with_their_numbers(api: Api, world: World) -> None:
    name = rounds.judge(api, seats=3)
    numbers = [
        int(each["no"])
        for each in api.as_("manager").get(f"/evaluations/{name}/voters").get_json()["items"]
        if each["drawn"]
    ]
    body = {"ballots": [{"voter": no, "scores": sheet(95, 80, 50)} for no in numbers]}
    assert outcome(api.as_("worker").put(f"/evaluations/{name}/paper", {"ballots": [{"scores": sheet(9, 9, 9)}]})) == (
        422,
        "validation",
    )
    twice = {"ballots": [body["ballots"][0], body["ballots"][0]]}
    assert outcome(api.as_("worker").put(f"/evaluations/{name}/paper", twice)) == (422, "validation")
    for role, agreed in (("worker", False), ("supervisor", True)):
        assert api.as_(role).put(f"/evaluations/{name}/paper", body).get_json()["agreed"] is agreed
    assert world.see(violations) == {}
    answer = rounds.close(api, name)
    assert [each["rule"] for each in answer.get_json()["items"]] == ["HJ115", "HJ114"]
    assert world.see(violations) == {}
