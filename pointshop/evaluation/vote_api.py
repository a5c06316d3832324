"""HTTP of voting: for whoever holds a slip, without login. The code travels in the body, never in an address."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import request

from pointshop.config import Limit
from pointshop.core import clock, limits
from pointshop.core.db import snapshot, unit_of_work
from pointshop.core.errors import NotFound
from pointshop.core.routes import PUBLIC, Call, Feature
from pointshop.core.work import Work
from pointshop.evaluation import answers, schemas, voting
from pointshop.evaluation.voting import Given
from pointshop.regions.queries import get_village

_Found = TypeVar("_Found")
feature = Feature("voting", description="凭投票码投票")

#: Codes of nobody by one address, whatever the installation limits: who asks for more is guessing. Codes that are
#: right don't count: a whole village may vote at one table.
MISSES = Limit(20, timedelta(minutes=5))


@feature.on(
    "POST",
    "/ballot-papers/<village:village>",
    permission=PUBLIC,
    body=schemas.CodeIn,
    answer=schemas.BallotPaperOut,
    refuses=[429],
)
def read_paper(call: Call, village: str) -> dict[str, Any]:
    """凭投票码看选票：评选对象、评分项目，不能填的已标明。"""

    def look(work: Work) -> dict[str, Any]:
        village_id = get_village(work, village).id
        return answers.paper(work, village_id, voting.paper_of(work, village_id, call.body["code"]))

    return guess_limited(lambda: snapshot(look))


@feature.on(
    "POST",
    "/ballots/<village:village>",
    permission=PUBLIC,
    body=schemas.VoteIn,
    answer=schemas.VotedOut,
    status=201,
    refuses=[429],
)
def vote(call: Call, village: str) -> dict[str, Any]:
    """凭投票码投票，一码一次；谁投了有记录，投了什么与谁投的分开存放。"""
    given = Given(call.body["ranking"], call.body["scores"])

    def put_in(work: Work) -> dict[str, Any]:
        return {"title": voting.vote(work, get_village(work, village).id, call.body["code"], given).title}

    return guess_limited(lambda: unit_of_work(put_in))


def guess_limited(ask: Callable[[], _Found]) -> _Found:
    """Do what a code is needed for. Raises TooManyRequests for an address that keeps trying codes of nobody."""
    address, misses = request.remote_addr or "", limits.visitors("ballot", MISSES)
    misses.check(address, clock.now())
    try:
        return ask()
    except NotFound:
        misses.count(address, clock.now())
        raise
