"""Voting in a browser without script: the code, the ballot, done."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api import Api
from tests.books import violations
from tests.evaluation import rounds
from tests.ground import HOME, NOWHERE
from tests.world import World


@pytest.fixture(autouse=True)
def village(world: World) -> None:
    rounds.furnish(world, 12)


def send(api: Api, *, village: str = HOME, **fields: Any) -> TestResponse:
    """The form as a browser sends it; `s1_2` is the field s1.2."""
    given = {name.replace("_", "."): str(value) for name, value in fields.items()}
    return api.ground.app.test_client().post(f"/vote/{village}", data=given)


def test_a_household_types_its_code_ranks_and_is_done(api: Api, world: World) -> None:
    name = rounds.make(api)
    code = rounds.codes(api, name)["0003"]
    client = api.ground.app.test_client()
    first = client.get(f"/vote/{HOME}")
    assert first.status_code == 200 and first.headers["Cache-Control"] == "no-store"
    paper = send(api, code=f"{code[:4]}-{code[4:8]} {code[8:].lower()}")
    assert paper.status_code == 200
    assert set(re.findall(r'name="(p\d+)"', paper.text)) == {f"p{no}" for no in range(1, 13) if no != 3}
    assert "3 号" in paper.text and "不填" in paper.text
    wrong = send(api, code=code, cast=1, p1=1, p2=3)
    assert (wrong.status_code, 'value="3"' in wrong.text, "没有投出" in wrong.text) == (422, True, True)
    done = send(api, code=code, cast=1, p1=2, p2=1, p4="")
    assert done.status_code == 200 and "已投出" in done.text
    assert code not in done.text
    again = send(api, code=code, cast=1, p1=1)
    assert again.status_code == 422 and "已经投过票" in again.text
    assert api.as_("manager").get(f"/evaluations/{name}").get_json()["voted"] == 1
    assert world.see(violations) == {}


def test_a_judge_gives_points_by_every_criterion(api: Api, world: World) -> None:
    name = rounds.judge(api, seats=3)
    code = next(iter(rounds.codes(api, name).values()))
    assert "满分 60" in send(api, code=code).text
    marks: dict[str, Any] = {f"s{no}_{at}": 30 for no in (1, 2, 3) for at in (1, 2)}
    lacking = send(api, code=code, cast=1, **{key: value for key, value in marks.items() if key != "s3_2"})
    assert lacking.status_code == 422
    assert send(api, code=code, cast=1, **marks | {"s1_2": 41}).status_code == 422
    assert send(api, code=code, cast=1, **marks | {"s1_2": "多"}).status_code == 422
    assert "已投出" in send(api, code=code, cast=1, **marks).text
    assert api.as_("supervisor").get(f"/evaluations/{name}/ballots").get_json()["items"][0]["ballot"] == [
        [1, [30, 30]],
        [2, [30, 30]],
        [3, [30, 30]],
    ]
    assert world.see(violations) == {}


def test_codes_of_nobody_and_villages_that_are_not_there(api: Api) -> None:
    api.ground.app.extensions.pop("pointshop.visitors.ballot", None)
    assert send(api, code="0000-0000-0000-0000").status_code == 404
    assert send(api, code="").status_code == 404
    assert send(api, code="0000000000000000", cast=1, p1=1).status_code == 404
    assert send(api, village=NOWHERE, code="0000000000000000").status_code == 404
    assert send(api).status_code == 415
    for _ in range(30):
        last = send(api, code="0000000000000001")
    assert last.status_code == 429
    api.ground.app.extensions.pop("pointshop.visitors.ballot", None)


def test_printed_slips_bring_each_household_a_code_that_opens_the_ballot(api: Api, world: World) -> None:
    name = rounds.make(api)
    path = f"/evaluations/{name}/slips.html"
    page = api.as_("manager").post(path, {})
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    codes = re.findall(r"投票码 <strong>([^<]+)</strong>", page.text)
    assert len(codes) == 12
    assert f"/vote/{HOME}" in page.text and codes[0] not in page.text.partition("投票码")[0]
    assert "已投出" in send(api, code=codes[0], cast=1, p2=1).text
    again = api.as_("supervisor").post(path, {"voters": [2]})
    (code,) = re.findall(r"投票码 <strong>([^<]+)</strong>", again.text)
    assert send(api, code=codes[1]).status_code == 404
    assert "已投出" in send(api, code=code, cast=1, p1=1).text
