"""An evaluation from its terms to the points, over HTTP."""

from typing import Any

import pytest

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.api import Api
from tests.books import violations
from tests.evaluation import rounds
from tests.evaluation.rounds import sheet
from tests.together import outcome
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


def test_every_household_votes_and_the_first_three_get_their_points(api: Api, world: World) -> None:
    rounds.furnish(world)
    name = rounds.make(api)
    assert world.see(violations) == {}
    made = api.as_("worker").get(f"/evaluations/{name}").get_json()
    assert (made["voters"], made["voted"], made["choices"], len(made["nominees"])) == (5, 0, 4, 5)
    slips = rounds.codes(api, name)
    for number, ranking in (("0001", (2, 3)), ("0002", (3, 1)), ("0003", (2, 1)), ("0004", (2, 3, 1))):
        assert rounds.vote(api, slips[number], *ranking).status_code == 201
        assert world.see(violations) == {}
    assert api.as_("worker").get(f"/evaluations/{name}").get_json()["voted"] == 4
    with clock.at(rounds.later()):
        result = new_name()
        answer = rounds.close(api, name, result=result)
        assert answer.status_code == 201, answer.text
        again = rounds.close(api, name, result=result)
    document = answer.get_json()
    assert (document["state"], document["ballots"], document["number"]) == ("closed", 4, "2026-001")
    # by hand: 2nd 4+1+4+4=13, 3rd 3+4+1+3=11, 1st 1+3+3+2=9, the others 3.5 and 3.5... of each ballot's rest
    assert [tuple(each[key] for key in ("household", "place", "value", "points")) for each in document["items"]] == [
        ("0002", 1, "13", 50),
        ("0003", 2, "11", 20),
        ("0001", 3, "9", 20),
    ]
    assert (again.status_code, again.data) == (200, answer.data)
    assert [world.balance(number) for number in ("0001", "0002", "0003", "0004")] == [20, 50, 20, 0]
    assert world.see(violations) == {}


def test_judges_are_drawn_score_and_the_stars_get_their_points(api: Api, world: World) -> None:
    rounds.furnish(world, 12)
    name = rounds.judge(api)
    assert world.see(violations) == {}
    slips = rounds.codes(api, name)
    assert len(slips) == 5
    marks = [(92, 70, 40), (95, 70, 40), (91, 75, 40), (20, 71, 40), (100, 100, 40)]
    for code, totals in zip(slips.values(), marks, strict=True):
        assert rounds.vote(api, code, scores=sheet(*totals)).status_code == 201
    # all have voted: nobody need wait
    answer = rounds.close(api, name)
    assert answer.status_code == 201, answer.text
    assert [
        (each["household"], each["value"], each["rule"], each["points"]) for each in answer.get_json()["items"]
    ] == [
        ("0001", "92.67", "HJ115", 50),
        ("0002", "72", "HJ113", 20),
    ]
    assert [world.balance(f"{number:04d}") for number in (1, 2, 3)] == [50, 20, 0]
    found: Any = api.as_("supervisor").get(f"/evaluations/{name}/ballots").get_json()
    assert len(found["items"]) == 5
    far = {(each["nominee"], each["total"], each["differs"]) for each in found["far_off"]}
    assert far == {(1, 20, "-73.5"), (2, 100, "+29.5")}
    assert world.see(violations) == {}


def test_the_sheet_says_how_it_came_about_and_prints(api: Api, world: World) -> None:
    rounds.furnish(world)
    name = rounds.make(api)
    slips = rounds.codes(api, name)
    for number, choice in (("0001", 2), ("0002", 1), ("0003", 1), ("0004", 2)):
        assert rounds.vote(api, slips[number], choice).status_code == 201
    with clock.at(rounds.later()):
        result = new_name()
        rounds.close(api, name, result=result)
        sheet = api.as_("viewer").get(f"/publications/{result}").get_json()
        content = sheet["document"]
        assert content["title"].endswith("文明户评选结果")
        assert "应投5户，参加4户，选票4张，达到法定票数3张；得分相等的名次并列" in content["basis"]
        assert [(each["place"], each["remark"]) for each in content["items"]] == [
            (1, "并列"),
            (1, "并列"),
            (3, "并列"),
        ] + [(3, "并列")] * 2
        assert api.as_("viewer").get(f"/publications/{result}.html").status_code == 200
        pdf = api.as_("viewer").get(f"/publications/{result}.pdf")
        assert pdf.data.startswith(b"%PDF")
        public = api.ground.app.test_client().get("/b/" + sheet["public_url"].rpartition("/")[2])
        assert public.status_code == 200
        assert "评选结果" in public.text


def test_below_the_quorum_it_fails_and_nobody_gets_anything(api: Api, world: World) -> None:
    rounds.furnish(world)
    name = rounds.make(api)
    slips = rounds.codes(api, name)
    assert rounds.vote(api, slips["0001"], 2).status_code == 201
    with clock.at(rounds.later()):
        answer = rounds.close(api, name)
        assert (answer.status_code, answer.get_json()["state"], answer.get_json()["number"]) == (201, "failed", None)
        assert outcome(rounds.close(api, name)) == (422, "round_closed")
    assert sum(world.balance(f"{number:04d}") for number in range(1, 6)) == 0
    assert world.see(violations) == {}
