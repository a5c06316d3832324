"""B12: one ballot each, in time, and not for one's own."""

from functools import partial

import pytest

from pointshop.core import clock
from tests.api import Api
from tests.books import violations
from tests.evaluation import rounds
from tests.evaluation.rounds import sheet
from tests.ground import NOWHERE, OTHER
from tests.together import at_once, outcome, outcomes
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture(autouse=True)
def village(world: World) -> None:
    rounds.furnish(world, 12)


def test_who_votes_twice_is_told_and_the_first_ballot_counts(api: Api, world: World) -> None:
    slips = rounds.codes(api, rounds.make(api))
    assert outcome(rounds.vote(api, slips["0001"], 2)) == 201
    assert outcome(rounds.vote(api, slips["0001"], 3)) == (422, "already_voted")
    assert world.see(violations) == {}


def test_of_twenty_at_once_with_one_code_one_is_counted(api: Api, world: World) -> None:
    name = rounds.make(api)
    code = rounds.codes(api, name)["0001"]
    answers = at_once([partial(rounds.vote, api, code, 2 + attempt % 4) for attempt in range(20)])
    assert outcomes(answers) == {201: 1, (422, "already_voted"): 19}
    assert api.as_("manager").get(f"/evaluations/{name}").get_json()["voted"] == 1
    assert world.see(violations) == {}


def test_of_twelve_at_once_none_is_lost(api: Api, world: World) -> None:
    name = rounds.make(api)
    slips = rounds.codes(api, name)
    nominee = {number: 1 if number != "0001" else 2 for number in slips}
    answers = at_once([partial(rounds.vote, api, code, nominee[number]) for number, code in slips.items()])
    assert outcomes(answers) == {201: 12}
    assert api.as_("manager").get(f"/evaluations/{name}").get_json()["voted"] == 12
    assert world.see(violations) == {}


def test_nobody_votes_before_it_opens_or_after_it_closes(api: Api) -> None:
    later = rounds.later()
    name = rounds.make(api, opens_at=clock.as_text(later), closes_at=clock.as_text(later.replace(year=2027)))
    code = rounds.codes(api, name)["0001"]
    assert outcome(rounds.vote(api, code, 2)) == (422, "in_future")
    with clock.at(later.replace(year=2027)):
        assert outcome(rounds.vote(api, code, 2)) == (422, "round_closed")
        assert outcome(api.as_("manager").post(f"/evaluations/{name}/slips", {})) == (422, "round_closed")
    with clock.at(later):
        assert outcome(rounds.vote(api, code, 2)) == 201


def test_nobody_votes_for_their_own_household(api: Api) -> None:
    slips = rounds.codes(api, rounds.make(api))
    answer = rounds.vote(api, slips["0002"], 1, 2)
    assert outcome(answer) == (422, "self_dealing")
    assert answer.get_json()["errors"].keys() == {"ranking.1"}
    assert outcome(rounds.vote(api, slips["0002"], 1)) == 201


def test_a_judge_skips_the_own_household_and_declared_kin(api: Api, world: World) -> None:
    """0004 is put up with 0002, of one family as the village knows; a cadre's ties say the same of 0005 and 0003."""
    for number, relation in (("0005", "own"), ("0003", "kin")):
        households = [{"number": "0005", "relation": "own"}, {"number": "0003", "relation": "kin"}]
        assert api.as_("manager").put("/ties/clerk", {"households": households}).status_code == 200, (number, relation)
    candidates = [{"household": "0001"}, {"household": "0004", "kin": ["0002"]}, {"household": "0005"}]
    candidates += [{"household": f"{number:04d}"} for number in range(6, 9)]
    slips = rounds.codes(api, rounds.judge(api, seats=6, candidates=candidates))
    whole = sheet(80, 80, 80)
    for number, own in (("0001", 1), ("0004", 2), ("0005", 3)):
        answer = rounds.vote(api, slips[number], scores=whole)
        assert outcome(answer) == (422, "self_dealing")
        assert list(answer.get_json()["errors"]) == [f"scores.{own - 1}.nominee"]
        rest = [each for each in whole if each["nominee"] != own]
        assert outcome(rounds.vote(api, slips[number], scores=rest[:1])) == (422, "validation")
        assert outcome(rounds.vote(api, slips[number], scores=rest)) == 201
    assert outcome(rounds.vote(api, slips["0006"], scores=whole[:2])) == (422, "validation")


def test_the_ballot_paper_says_whom_one_steps_aside_for(api: Api) -> None:
    code = rounds.codes(api, rounds.make(api))["0002"]
    path = "/api/v1/ballot-papers/" + api.stranger.village
    paper = api.stranger.post(path, {"code": code}).get_json()
    assert [each["no"] for each in paper["nominees"] if each["aside"]] == [2]
    assert paper["choices"] == 11
    rounds.vote(api, code, 1)
    assert outcome(api.stranger.post(path, {"code": code})) == (422, "already_voted")


@pytest.mark.parametrize("ranking", [(2, 2), (99,), tuple(range(1, 13))])
def test_a_ballot_filled_in_wrongly_is_refused_and_can_be_filled_in_again(api: Api, ranking: tuple[int, ...]) -> None:
    code = rounds.codes(api, rounds.make(api))["0001"]
    assert outcome(rounds.vote(api, code, *ranking)) == (422, "validation")
    assert outcome(rounds.vote(api, code, scores=sheet(1, 2))) == (422, "validation")
    assert outcome(rounds.vote(api, code, 2)) == 201


def test_a_new_slip_ends_the_old_one(api: Api) -> None:
    name = rounds.make(api)
    old = rounds.codes(api, name)
    rounds.vote(api, old["0001"], 2)
    new = rounds.codes(api, name, 2, role="supervisor")
    assert new.keys() == {"0002"}
    assert outcome(rounds.vote(api, old["0002"], 1)) == (404, "not_found")
    assert outcome(rounds.vote(api, new["0002"], 1)) == 201
    assert outcome(rounds.vote(api, old["0001"], 1)) == (422, "already_voted")


def test_slips_are_printed_once_and_then_for_those_named_by_somebody_else(api: Api) -> None:
    """B12: whoever prints a second code for a voter could keep the first; each printing is on record."""
    name = rounds.make(api)
    path = f"/evaluations/{name}/slips"
    old = rounds.codes(api, name)
    rounds.vote(api, old["0001"], 2)
    manager, supervisor = api.as_("manager"), api.as_("supervisor")
    for role in (manager, supervisor):
        assert outcome(role.post(path, {"voters": []})) == (422, "not_pending")
        assert outcome(role.post(path + ".html", {"voters": []})) == (422, "not_pending")
    assert outcome(manager.post(path, {"voters": [3]})) == (403, "forbidden")
    assert outcome(supervisor.post(path, {"voters": [3, 99]})) == (422, "validation")
    assert outcome(supervisor.post(path, {"voters": [1]})) == (422, "already_voted")
    assert outcome(rounds.vote(api, old["0004"], 1)) == 201
    assert outcome(supervisor.post(path, {"voters": [3]})) == 200
    for role in (manager, supervisor):
        assert outcome(role.post(path, {"voters": [3]})) == (403, "forbidden")
    issues = supervisor.get(f"/evaluations/{name}/voters").get_json()["issues"]
    assert [(each["no"], each["issued_by"], each["voters"]) for each in issues] == [
        (1, "manager", list(range(1, 13))),
        (2, "supervisor", [3]),
    ]
    assert outcome(rounds.vote(api, old["0005"], 1)) == 201
    with clock.at(rounds.later()):
        result = rounds.close(api, name).get_json()["id"]
        basis = api.as_("viewer").get(f"/publications/{result}").get_json()["document"]["basis"]
    assert "投票单印发2次，补发1张" in basis


def test_who_belongs_to_a_nominee_prints_no_slips_and_the_county_does(api: Api) -> None:
    ties = {"households": [{"number": "0002", "relation": "kin"}]}
    assert api.as_("supervisor").put("/ties/manager", ties).status_code == 200
    path = f"/evaluations/{rounds.make(api)}/slips"
    answer = api.as_("manager").post(path, {})
    assert outcome(answer) == (422, "self_dealing")
    assert list(answer.get_json()["errors"]) == ["nominees.2"]
    assert outcome(api.root.post(path, {})) == 200


def test_a_code_is_good_in_its_own_village_only(api: Api) -> None:
    code = rounds.codes(api, rounds.make(api))["0001"]
    for village in (OTHER, NOWHERE):
        assert outcome(rounds.vote(api, code, 2, village=village)) == (404, "not_found")
    assert outcome(rounds.vote(api, code, 2)) == 201


def test_whoever_guesses_codes_is_stopped_and_a_table_where_all_vote_is_not(api: Api) -> None:
    slips = list(rounds.codes(api, rounds.make(api)).items())
    api.ground.app.extensions.pop("pointshop.visitors.ballot", None)
    for number, code in slips[:6]:
        assert outcome(rounds.vote(api, code, 1 if number != "0001" else 2)) == 201
    guesses = [outcome(rounds.vote(api, f"{guess:016d}", 1)) for guess in range(21)]
    assert guesses == [(404, "not_found")] * 20 + [(429, "too_many_requests")]
    api.ground.app.extensions.pop("pointshop.visitors.ballot", None)
