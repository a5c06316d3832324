"""Evaluations as tests set them up, vote in and close them."""

from datetime import datetime, timedelta
from typing import Any

from werkzeug.test import TestResponse

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.api import Api
from tests.ground import HOME
from tests.world import World

_LIMIT = timedelta(hours=6)


def furnish(world: World, count: int = 5) -> None:
    """Households 0001 … and the rules that awards are given by."""
    world.households(count)
    for code, name, points in (
        ("HJ113", "文明庭院三星", 20),
        ("HJ114", "文明庭院四星", 30),
        ("HJ115", "文明庭院五星", 50),
    ):
        world.rule(code, category="文明庭院", name=name, points=points, cap=1, cap_period="quarter")
    world.rule("WM01", category="文明户", name="星级文明户称号", points=50, cap=1, cap_period="year")


def terms(**changes: Any) -> dict[str, Any]:
    """Each household ranks: a first place and a second and third one."""
    now = clock.now()
    return {
        "title": "文明户",
        "subject": "household",
        "method": "rank",
        "electorate": "households",
        "quorum": 3,
        "opens_at": clock.as_text(now),
        "closes_at": clock.as_text(now + _LIMIT),
        "awards": [{"rule": "WM01", "first": 1, "last": 1}, {"rule": "HJ113", "first": 2, "last": 3}],
    } | changes


def judged(seats: int = 5, judges: range = range(6, 12), **changes: Any) -> dict[str, Any]:
    """Judges score courtyards by two criteria: three stars from 60, four from 75, five from 90."""
    asked = {
        "title": "文明庭院",
        "method": "score",
        "electorate": "judges",
        "criteria": [{"name": "整洁", "most": 60}, {"name": "绿化", "most": 40}],
        "nominees": [{"household": number} for number in ("0001", "0002", "0003")],
        "candidates": [{"household": f"{number:04d}"} for number in judges],
        "seats": seats,
        "quorum": 3,
        "awards": [{"rule": "HJ113", "least": 60}, {"rule": "HJ114", "least": 75}, {"rule": "HJ115", "least": 90}],
    }
    return terms(**asked | changes)


def make(api: Api, *, role: str = "manager", name: str | None = None, **changes: Any) -> str:
    """An evaluation; its name."""
    name = name or new_name()
    answer = api.as_(role).put(f"/evaluations/{name}", terms(**changes) if "criteria" not in changes else changes)
    assert answer.status_code == 201, answer.text
    return name


def judge(api: Api, **changes: Any) -> str:
    """An evaluation by judges, drawn by the supervisor; its name."""
    name = make(api, **judged(**changes))
    answer = api.as_("supervisor").put(f"/evaluations/{name}/draw", {"seed": "双色球 2026132"})
    assert answer.status_code == 201, answer.text
    return name


def codes(api: Api, name: str, *again: int, role: str = "manager") -> dict[str, str]:
    """Household → the code on its slip. again: voters who get a new one."""
    answer = api.as_(role).post(f"/evaluations/{name}/slips", {"voters": list(again)})
    assert answer.status_code == 200, answer.text
    return {each["household"]: each["code"] for each in answer.get_json()["items"]}


def vote(api: Api, code: str, *ranking: int, scores: Any = None, village: str = HOME) -> TestResponse:
    body: dict[str, Any] = {"code": code} | ({"ranking": list(ranking)} if scores is None else {"scores": scores})
    return api.stranger.call("POST", f"/api/v1/ballots/{village}", body)


def sheet(*totals: int | None) -> list[dict[str, Any]]:
    """Scores for nominees 1, 2 …; None leaves one out."""
    return [
        {"nominee": no, "points": [min(total, 60), max(total - 60, 0)]}
        for no, total in enumerate(totals, start=1)
        if total is not None
    ]


def close(api: Api, name: str, *, role: str = "manager", result: str | None = None) -> TestResponse:
    body = {"evaluation": name, "contact": "监督电话 0393-5261234", "office": "村委会"}
    return api.as_(role).put(f"/evaluation-results/{result or new_name()}", body)


def later() -> datetime:
    """When every evaluation of `terms` is over."""
    return clock.now() + _LIMIT + timedelta(minutes=1)
