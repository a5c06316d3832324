"""The page on which villagers vote (投票页): the code on the slip, the ballot, done. Without script, login, cookie."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response

from pointshop.core import forms
from pointshop.core.db import reading, snapshot, unit_of_work
from pointshop.core.errors import Invalid, NotFound, Refused
from pointshop.core.fields import load
from pointshop.core.forms import read_form
from pointshop.core.routes import PUBLIC, Call, Feature, VillageRef
from pointshop.core.work import Work
from pointshop.evaluation import answers, schemas, voting
from pointshop.evaluation.vote_api import guess_limited
from pointshop.evaluation.voting import Given
from pointshop.publishing import assets
from pointshop.publishing.pages import environment
from pointshop.regions.queries import get_village

feature = Feature("vote_page", description="投票页", prefix="")

_FORM_LIMIT = 256 * 1024
_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)
#: `p3`: the place of nominee 3; `s3.1`: points of nominee 3 by the first criterion.
_PLACE = re.compile(r"p([1-9][0-9]{0,3})", re.ASCII)
_SCORE = re.compile(r"s([1-9][0-9]{0,3})\.([1-9][0-9]?)", re.ASCII)
_code = schemas.CodeIn()
_ballot = schemas.BallotIn()


@feature.on("GET", "/vote/<village:village>", permission=PUBLIC, answer="text/html")
def ask_code(call: Call, village: str) -> Response:
    """投票页：输入选票上的投票码。"""
    return _page(get_village(reading(), village))


@feature.on(
    "POST",
    "/vote/<village:village>",
    permission=PUBLIC,
    uploads=[forms.MEDIA],
    answer="text/html",
    refuses=[429],
)
def fill_in(call: Call, village: str) -> Response:
    """凭投票码显示选票，填好后投出；一码一次。"""
    place = get_village(reading(), village)
    given = read_form(limit=_FORM_LIMIT)
    try:
        code = load(_code, {"code": given.get("code", "")})["code"]
        if "cast" not in given:
            return _page(place, code=code, paper=_paper(place, code))
    except (Refused, NotFound) as refusal:
        return _page(place, faults=_words(refusal), status=refusal.status)
    try:
        return _page(place, received=_cast(place, code, given))
    except (Refused, NotFound) as refusal:
        faults, status = _words(refusal), refusal.status
    try:
        # what was filled in wrongly is filled in again
        return _page(place, code=code, paper=_paper(place, code), given=given, faults=faults, status=status)
    except (Refused, NotFound):
        return _page(place, faults=faults, status=status)


def _paper(place: VillageRef, code: str) -> dict[str, Any]:
    def look(work: Work) -> dict[str, Any]:
        return answers.paper(work, place.id, voting.paper_of(work, place.id, code))

    return guess_limited(lambda: snapshot(look))


def _cast(place: VillageRef, code: str, given: Mapping[str, str]) -> str:
    """Vote as the form says; the title of the evaluation."""
    said = load(_ballot, _read(given))
    ballot = Given(said["ranking"], said["scores"])
    return guess_limited(lambda: unit_of_work(lambda work: voting.vote(work, place.id, code, ballot).title))


def _read(given: Mapping[str, str]) -> dict[str, Any]:
    """The ballot in a form: a ranking by the places written, or scores. What is left empty is not said."""
    places: dict[int, int] = {}
    scores: dict[int, dict[int, int]] = {}
    for name, text in given.items():
        place, score = _PLACE.fullmatch(name), _SCORE.fullmatch(name)
        if (place is None and score is None) or not text.strip():
            continue
        if _NUMBER.fullmatch(text.strip()) is None:
            raise Invalid("请填数字", errors={name: ["请填数字"]})
        if place is not None:
            places[int(place[1])] = int(text)
        elif score is not None:
            scores.setdefault(int(score[1]), {})[int(score[2])] = int(text)
    if scores:
        return {"scores": [{"nominee": no, "points": [by[at] for at in sorted(by)]} for no, by in scores.items()]}
    if sorted(places.values()) != list(range(1, len(places) + 1)) or not places:
        raise Invalid("名次须从 1 起依次填写，不能重复，不能跳过", errors={"ranking": ["名次不连续"]})
    return {"ranking": sorted(places, key=places.__getitem__)}


def _words(refusal: Refused | NotFound) -> list[str]:
    told = [word for words in (refusal.errors or {}).values() for word in words]
    return list(dict.fromkeys([refusal.detail, *told]))


def _page(
    place: VillageRef,
    *,
    code: str = "",
    paper: Mapping[str, Any] | None = None,
    given: Mapping[str, str] | None = None,
    received: str | None = None,
    faults: list[str] | None = None,
    status: int = 200,
) -> Response:
    page = environment.get_template("publishing/vote.html").render(
        village=place.name,
        action=f"/vote/{place.code}",
        code=code,
        paper=paper,
        given=given or {},
        received=received,
        faults=faults or [],
        stylesheet_url=assets.url("public.css"),
    )
    return Response(page, status=status, mimetype="text/html", headers={"Cache-Control": "no-store"})
