"""I18: what is planted behind the service's back is found."""

import pytest

from pointshop.core import clock
from tests.api import Api
from tests.behind import behind_the_back
from tests.books import violations
from tests.evaluation import rounds
from tests.evaluation.rounds import sheet
from tests.ground import Ground
from tests.world import World

pytestmark = pytest.mark.breaks_the_books

_BOX = "UPDATE ballot_box SET ballots = '{}' WHERE ballots <> '[]'"


@pytest.fixture
def closed(api: Api, world: World) -> None:
    """Three households voted: 0001 came first, 0002 second, 0003 and 0004 share the third place."""
    rounds.furnish(world, 4)
    slips = rounds.codes(api, name := rounds.make(api))
    for number, ranking in (("0002", (1,)), ("0003", (1, 2)), ("0004", (1, 2))):
        assert rounds.vote(api, slips[number], *ranking).status_code == 201
    with clock.at(rounds.later()):
        assert rounds.close(api, name).status_code == 201
    assert world.see(violations) == {}


def found_after(ground: Ground, world: World, sql: str) -> set[str]:
    with behind_the_back(ground) as shell:
        assert shell.execute(sql).rowcount >= 1
    return set(world.see(violations))


@pytest.mark.parametrize(
    ("sql", "checks"),
    [
        # a ballot more, one less, one that says something else
        (
            _BOX.format("[[1],[1,2],[1,2],[4]]"),
            {"one_ballot_each", "result_follows_from_ballots", "box_is_as_published"},
        ),
        (_BOX.format("[[1],[1,2]]"), {"one_ballot_each", "result_follows_from_ballots", "box_is_as_published"}),
        (_BOX.format("[[1],[1,2],[3,2]]"), {"result_follows_from_ballots", "box_is_as_published"}),
        (_BOX.format("no json"), {"one_ballot_each", "result_follows_from_ballots", "box_is_as_published"}),
        # in another order it counts the same, but it is another box
        (_BOX.format("[[1,2],[1],[1,2]]"), {"box_is_as_published"}),
        ("UPDATE evaluation_voter SET voted = 'code', code_hash = 'x' WHERE no = 1", {"one_ballot_each"}),
        ("UPDATE evaluation_voter SET voted = NULL WHERE no = 2", {"one_ballot_each"}),
        ("DELETE FROM slip_issue", {"codes_were_issued"}),
        ("UPDATE evaluation_round SET ballots = 4", {"one_ballot_each"}),
        ("UPDATE evaluation_result SET numerator = 99 WHERE nominee_no = 1", {"result_follows_from_ballots"}),
        ("UPDATE evaluation_result SET place = 1 WHERE nominee_no = 2", {"places_follow_from_values"}),
        ("UPDATE evaluation_result SET place = 4 WHERE nominee_no = 4", {"places_follow_from_values"}),
        ("DELETE FROM evaluation_result WHERE nominee_no = 4", {"closed_round_has_its_results"}),
        ("UPDATE evaluation_result SET rule_code = 'HJ115' WHERE nominee_no = 1", {"award_has_its_merit"}),
        ("UPDATE evaluation_nominee SET household_id = 999 WHERE no = 1", {"award_has_its_merit"}),
    ],
)
def test_verify_finds_it(ground: Ground, world: World, closed: None, sql: str, checks: set[str]) -> None:
    assert found_after(ground, world, sql) == checks


def test_verify_finds_a_ballot_of_somebody_else_and_a_second_one_of_a_judge(
    api: Api, ground: Ground, world: World
) -> None:
    rounds.furnish(world, 12)
    slips = rounds.codes(api, rounds.judge(api, seats=3))
    for code in list(slips.values())[:2]:
        assert rounds.vote(api, code, scores=sheet(80, 80, 80)).status_code == 201
    assert world.see(violations) == {}
    name = api.as_("supervisor").get("/evaluations").get_json()["items"][0]["id"]
    voters = api.as_("supervisor").get(f"/evaluations/{name}/voters").get_json()["items"]
    judge = next(each["no"] for each in voters if each["voted"])
    stranger = next(each["no"] for each in voters if not each["drawn"])
    marks = "[[1,[9,9]],[2,[9,9]],[3,[9,9]]]"
    strange = f"UPDATE ballot_box SET ballots = '[[{judge},{marks}],[{stranger},{marks}]]'"
    assert found_after(ground, world, strange) == {"judges_ballots_are_of_the_panel"}
    twice = f"UPDATE ballot_box SET ballots = '[[{judge},{marks}],[{judge},{marks}]]'"
    assert found_after(ground, world, twice) == {"one_ballot_each", "judges_ballots_are_of_the_panel"}
