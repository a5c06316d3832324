"""HTTP of evaluations for staff: set up, draw, hand out slips, count paper, close."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response

from pointshop.accounts.queries import users_named
from pointshop.config import current_config
from pointshop.core import paging
from pointshop.core.db import reading, snapshot, unit_of_work
from pointshop.core.errors import NotFound
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.evaluation import answers, closing, issuing, making, queries, schemas, voting
from pointshop.evaluation.closing import Order
from pointshop.evaluation.issuing import Slip
from pointshop.evaluation.making import NewRound, Person
from pointshop.evaluation.models import Round
from pointshop.evaluation.queries import RoundRow
from pointshop.evaluation.slips import slips_page
from pointshop.evaluation.voting import Given

feature = Feature("evaluation", description="评选：提名、投票或评分、计票、公布与奖励")


@feature.command(
    "/villages/<village:v>/evaluations/<name:id>",
    kind="evaluation",
    permission="evaluation.run",
    body=schemas.EvaluationIn,
    answer=schemas.EvaluationOut,
)
def make_evaluation(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """发起一项评选：对象、办法、投票人或候选评委、起止时间、奖励，投票前一次定下。"""
    found = making.make_round(work, call.village.id, id, _wanted(call.body), actor_id=call.actor.user_id)
    return answers.evaluation(work, call.village.id, found)


@feature.command(
    "/villages/<village:v>/evaluations/<name:id>/draw",
    kind="evaluation_draw",
    permission="evaluation.draw",
    body=schemas.DrawIn,
    answer=schemas.EvaluationOut,
    own_refusal=True,
)
def draw_judges(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """抽签产生评委，种子留存可复算；发起人不能自己抽。"""
    found = making.draw_judges(work, call.village.id, id, words=call.body["seed"], actor_id=call.actor.user_id)
    return answers.evaluation(work, call.village.id, found)


@feature.on(
    "GET",
    "/villages/<village:v>/evaluations",
    permission="evaluation.read",
    query=schemas.EvaluationQuery,
    answer=schemas.EvaluationPage,
)
def list_evaluations(call: Call) -> dict[str, Any]:
    """评选，最近的在前。"""
    statement, state = queries.rounds(call.village.id), call.query["state"]
    columns = Round.__table__.c
    page = paging.page(
        statement if state is None else statement.where(Round.state == state),
        keys=[columns.made_at, columns.id],
        query=call.query,
        descending=True,
    )
    rows = [RoundRow(*row) for row in reading().read(page)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.made_at, row.id], item=answers.line)


@feature.on(
    "GET",
    "/villages/<village:v>/evaluations/<name:id>",
    permission="evaluation.read",
    answer=schemas.EvaluationOut,
)
def get_evaluation(call: Call, id: str) -> dict[str, Any]:
    """一项评选：对象、办法、参加人数，结束后的结果。"""
    return snapshot(
        lambda work: answers.evaluation(work, call.village.id, queries.get_round(work, call.village.id, id))
    )


@feature.on(
    "GET",
    "/villages/<village:v>/evaluations/<name:id>/voters",
    permission="evaluation.roll",
    answer=schemas.RollOut,
)
def list_voters(call: Call, id: str) -> dict[str, Any]:
    """投票人名册：谁可以投、谁已经投；投了什么、何时投的都没有记录。"""
    work = reading()
    queries.get_round(work, call.village.id, id)
    issues = queries.issues_of(work, call.village.id, id)
    users = users_named(work, {each.issued_by for each in issues})
    return {
        "items": [answers.voter(each) for each in queries.roll_of(work, call.village.id, id)],
        "issues": [answers.issue(each, users[each.issued_by]["username"]) for each in issues],
    }


@feature.on(
    "POST",
    "/villages/<village:v>/evaluations/<name:id>/slips",
    permission="evaluation.issue",
    body=schemas.SlipsIn,
    answer=schemas.SlipsOut,
    refuses=[422],
)
def issue_slips(call: Call, id: str) -> dict[str, Any]:
    """给投票人各发一个投票码，只在这里显示一次；全部只发一次，补发由另一人写明投票人的号，旧码作废。"""
    slips = unit_of_work(lambda work: _issue(work, call, id))
    return {"items": [answers.slip(each) for each in slips]}


@feature.on(
    "POST",
    "/villages/<village:v>/evaluations/<name:id>/slips.html",
    permission="evaluation.issue",
    body=schemas.SlipsIn,
    answer="text/html",
    refuses=[422],
)
def print_slips(call: Call, id: str) -> Response:
    """同样发新码，成一页投票单，裁开发放；网页不留副本。"""

    def issue(work: Work) -> tuple[RoundRow, list[Slip]]:
        return queries.get_round(work, call.village.id, id), _issue(work, call, id)

    found, slips = unit_of_work(issue)
    page = slips_page(call.village, found, slips, site=current_config().public_url)
    return Response(page, mimetype="text/html", headers={"Cache-Control": "no-store"})


@feature.on(
    "PUT",
    "/villages/<village:v>/evaluations/<name:id>/paper",
    permission="evaluation.enter",
    body=schemas.PaperIn,
    answer=schemas.PaperOut,
)
def enter_paper(call: Call, id: str) -> dict[str, Any]:
    """录入全部纸质选票和签名；另一人也录一遍，两遍一致才计入。"""
    given = [_given(each) for each in call.body["ballots"]]
    signed, user_id = call.body["signed"], call.actor.user_id

    def enter(work: Work) -> dict[str, Any]:
        found = voting.enter_paper(work, call.village.id, id, given, signed, user_id=user_id)
        return _compared(work, call.village.id, found, user_id)

    return unit_of_work(enter)


@feature.on(
    "GET",
    "/villages/<village:v>/evaluations/<name:id>/paper",
    permission="evaluation.enter",
    answer=schemas.PaperOut,
)
def compare_paper(call: Call, id: str) -> dict[str, Any]:
    """两遍录入的纸质选票有哪些不同：录过选票的人在一致之前才看得到，评委的只说哪一号不同。"""

    def look(work: Work) -> dict[str, Any]:
        found = queries.get_round(work, call.village.id, id)
        return _compared(work, call.village.id, found, call.actor.user_id)

    return snapshot(look)


@feature.on(
    "GET",
    "/villages/<village:v>/evaluations/<name:id>/ballots",
    permission="evaluation.ballots",
    answer=schemas.BallotsOut,
)
def list_ballots(call: Call, id: str) -> dict[str, Any]:
    """各评委的评分和明显偏离的分数，只给村务监督委员会看；秘密投票的没有。"""

    def look(work: Work) -> dict[str, Any]:
        found = queries.get_round(work, call.village.id, id)
        if found.is_secret:
            raise NotFound("秘密投票，没有各人的选票")
        return answers.ballots(work, call.village.id, found)

    return snapshot(look)


@feature.command(
    "/villages/<village:v>/evaluation-results/<name:id>",
    kind="evaluation_result",
    permission="evaluation.close",
    body=schemas.EvaluationResultIn,
    answer=schemas.EvaluationResultOut,
)
def close_evaluation(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """结束一项评选：计票、公布结果、按名次或星级记分，一次完成；本户和亲属有人参评的应当回避。"""
    order = Order(call.body["evaluation"], call.body["contact"], call.body["office"])
    site = current_config().public_url
    ended = closing.close_round(work, call.village, id, order, site=site, actor_id=call.actor.user_id)
    return answers.ended(id, order.round, ended)


def _wanted(body: Mapping[str, Any]) -> NewRound:
    nominees = body["nominees"]
    return NewRound(
        **dict(body)
        | {
            "nominees": None if nominees is None else [Person(**each) for each in nominees],
            "candidates": [
                Person(each["household"], each["member_id"], tuple(each["kin"])) for each in body["candidates"]
            ],
            "opens_at": datetime.fromisoformat(body["opens_at"]),
            "closes_at": datetime.fromisoformat(body["closes_at"]),
        }
    )


def _issue(work: Work, call: Call, id: str) -> list[Slip]:
    return issuing.issue_slips(work, call.village.id, id, call.body["voters"], actor_id=call.actor.user_id)


def _given(body: Mapping[str, Any]) -> Given:
    return Given(body["ranking"], body["scores"], body.get("voter"))


def _compared(work: Work, village_id: int, found: RoundRow, user_id: int) -> dict[str, Any]:
    counts = queries.paper_counts(work, village_id, found.id)
    users = users_named(work, {count.user_id for count in counts})
    differ = voting.differences_for(found, counts, user_id)
    return {
        "agreed": found.paper_ballots is not None,
        "entered_by": [users[count.user_id]["username"] for count in counts],
        "ballots": [each._asdict() for each in differ.ballots],
        "signed": [each._asdict() for each in differ.signed],
    }
