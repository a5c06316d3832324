"""Shapes of evaluations, ballots and results."""

import re
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.core.clock import as_text
from pointshop.core.fields import (
    CardCode,
    Cleaned,
    Label,
    Shape,
    Whole,
    client_name,
    household_number,
    item_code,
    list_of,
    one_of,
    shape_of,
)
from pointshop.core.paging import PageQuery
from pointshop.evaluation.making import MOST_NOMINEES
from pointshop.evaluation.rules import ELECTORATES, LEAST_QUORUM, METHODS, STATES, SUBJECTS
from pointshop.publishing.table_sheet import LONGEST

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_MOST_MEMBER_ID = 2**53
_MOST_VOTERS = 5000


def _clean_instant(raw: str) -> str:
    if _INSTANT.fullmatch(raw) is None:
        raise ValueError("时间须写作 2026-11-22T18:00:00+08:00")
    try:
        found = datetime.fromisoformat(raw).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("没有这个时间") from error
    if not 2000 <= found.year <= 2100:
        raise ValueError("时间须在 2000 年到 2100 年之间")
    return as_text(found)


def instant(**options: Any) -> Cleaned:
    """RFC 3339 with an offset; comes out as we write instants."""
    return Cleaned(_clean_instant, limit=40, describe={"format": "date-time"}, **options)


class PersonIn(Shape):
    household = household_number(required=True)
    member_id = Whole(least=1, most=_MOST_MEMBER_ID, allow_none=True, load_default=None)


class CandidateIn(PersonIn):
    kin = list_of(household_number(), most=50, load_default=[])


class CriterionIn(Shape):
    name = Label(limit=20, required=True)
    most = Whole(least=1, most=1000, required=True)


class AwardIn(Shape):
    rule = item_code(required=True)
    first = Whole(least=1, most=MOST_NOMINEES, allow_none=True, load_default=None)
    last = Whole(least=1, most=MOST_NOMINEES, allow_none=True, load_default=None)
    least = Whole(least=1, most=10_000, allow_none=True, load_default=None)

    @validates_schema
    def _is_by_place_or_by_grade(self, data: dict[str, Any], **_: object) -> None:
        by_place = data["first"] is not None and data["last"] is not None and data["first"] <= data["last"]
        if by_place == (data["least"] is not None) or (data["first"] is None) != (data["last"] is None):
            raise ValidationError("名次（first 到 last）与分数（least）填一样", "first")


class EvaluationIn(Shape):
    title = Label(limit=20, required=True)
    subject = one_of(*SUBJECTS, required=True)
    group_no = Whole(least=1, most=999, allow_none=True, load_default=None)
    nominees = list_of(shape_of(PersonIn), least=2, most=MOST_NOMINEES, allow_none=True, load_default=None)
    method = one_of(*METHODS, required=True)
    choices = Whole(least=1, most=MOST_NOMINEES, allow_none=True, load_default=None)
    criteria = list_of(shape_of(CriterionIn), most=10, load_default=[])
    electorate = one_of(*ELECTORATES, required=True)
    candidates = list_of(shape_of(CandidateIn), most=300, load_default=[])
    seats = Whole(least=1, most=300, allow_none=True, load_default=None)
    quorum = Whole(least=1, most=_MOST_VOTERS, required=True)
    opens_at = instant(required=True)
    closes_at = instant(required=True)
    awards = list_of(shape_of(AwardIn), least=1, most=20, required=True)

    @validates_schema
    def _goes_together(self, data: dict[str, Any], **_: object) -> None:
        if data["closes_at"] <= data["opens_at"]:
            raise ValidationError("须晚于开始时间", "closes_at")
        if (data["method"] == "score") != bool(data["criteria"]):
            raise ValidationError("评分须列评分项目，排名不列", "criteria")
        if data["method"] == "score" and data["electorate"] != "judges":
            raise ValidationError("各户投票用排名；评分由评委进行", "electorate")
        if (data["method"], data["electorate"]) != ("rank", "judges") and data["quorum"] < LEAST_QUORUM:
            raise ValidationError(f"评分和秘密投票至少 {LEAST_QUORUM} 票", "quorum")
        if data["method"] == "score" and data["choices"] is not None:
            raise ValidationError("只有排名才填", "choices")
        if (data["electorate"] == "judges") != (data["seats"] is not None):
            raise ValidationError("只有评委评选才填，且必须填", "seats")
        if data["seats"] is not None and data["seats"] < data["quorum"]:
            raise ValidationError("不能少于法定票数", "seats")
        if (data["electorate"] == "judges") != bool(data["candidates"]):
            raise ValidationError("只有评委评选才填，且必须填", "candidates")
        if data["method"] == "rank" and any(award["least"] is not None for award in data["awards"]):
            raise ValidationError("按分数授奖只用于评分", "awards")


class NomineeOut(Shape):
    no = base.Integer()
    household = base.String()
    head = base.String()
    group_no = base.Integer()
    member = base.String(allow_none=True)
    value = base.String(allow_none=True, metadata={"description": "得分，最多两位小数；结束前为空"})
    place = base.Integer(allow_none=True)
    rule = base.String(allow_none=True)
    merit = base.String(allow_none=True)
    unposted = base.String(allow_none=True, metadata={"description": "有奖而没有记分的原因"})


class CriterionOut(Shape):
    name = base.String()
    most = base.Integer()


class AwardOut(Shape):
    rule = base.String()
    first = base.Integer(allow_none=True)
    last = base.Integer(allow_none=True)
    least = base.Integer(allow_none=True)


class EvaluationLineOut(Shape):
    id = base.String()
    title = base.String()
    subject = base.String(metadata={"description": "household 户 member 个人"})
    group_no = base.Integer(allow_none=True)
    method = base.String(metadata={"description": "rank 排名（波达计数） score 评分（去最高最低后平均）"})
    electorate = base.String(metadata={"description": "households 每户一票 judges 评委"})
    state = base.String(metadata={"description": "prepared 待抽评委 open 进行中 closed 已结束 failed 未达法定票数"})
    opens_at = base.String()
    closes_at = base.String()
    quorum = base.Integer()
    ballots = base.Integer(allow_none=True, metadata={"description": "选票数；结束前为空"})
    publication = base.String(allow_none=True, metadata={"description": "评选结果的公示件"})


class EvaluationOut(EvaluationLineOut):
    choices = base.Integer(allow_none=True)
    seats = base.Integer(allow_none=True)
    seed = base.String(allow_none=True, metadata={"description": "抽评委的种子，任何人可据此复算"})
    criteria = base.List(base.Nested(CriterionOut))
    awards = base.List(base.Nested(AwardOut))
    voters = base.Integer(metadata={"description": "可以投票的户数或人数"})
    voted = base.Integer(metadata={"description": "已经投票的"})
    nominees = base.List(base.Nested(NomineeOut))


class EvaluationQuery(PageQuery):
    state = one_of(*STATES, load_default=None)


class EvaluationPage(Shape):
    items = base.List(base.Nested(EvaluationLineOut))
    next = base.String(allow_none=True)


class DrawIn(Shape):
    seed = Label(limit=60, required=True)


class VoterOut(Shape):
    no = base.Integer()
    household = base.String()
    head = base.String()
    group_no = base.Integer()
    member = base.String(allow_none=True)
    drawn = base.Boolean(metadata={"description": "候选评委是否抽中；各户投票时都为真"})
    voted = base.String(allow_none=True, metadata={"description": "code 凭投票码 paper 纸质；还没有投为空"})


class IssueOut(Shape):
    no = base.Integer()
    issued_at = base.String()
    issued_by = base.String()
    voters = base.List(base.Integer(), metadata={"description": "给哪些号发了投票码"})


class RollOut(Shape):
    items = base.List(base.Nested(VoterOut))
    issues = base.List(base.Nested(IssueOut), metadata={"description": "每次印发投票单的记录"})


class SlipsIn(Shape):
    voters = list_of(Whole(least=1, most=_MOST_VOTERS), most=_MOST_VOTERS, load_default=[])


class SlipOut(Shape):
    no = base.Integer()
    household = base.String()
    head = base.String()
    member = base.String(allow_none=True)
    code = base.String()


class SlipsOut(Shape):
    items = base.List(base.Nested(SlipOut))


class ScoreIn(Shape):
    nominee = Whole(least=1, most=MOST_NOMINEES, required=True)
    points = list_of(Whole(least=0, most=1000), least=1, most=10, required=True)


class BallotIn(Shape):
    ranking = list_of(
        Whole(least=1, most=MOST_NOMINEES), most=MOST_NOMINEES, least=1, allow_none=True, load_default=None
    )
    scores = list_of(shape_of(ScoreIn), most=MOST_NOMINEES, least=1, allow_none=True, load_default=None)


class VoteIn(BallotIn):
    code = CardCode(required=True)


class CodeIn(Shape):
    code = CardCode(required=True)


class ChoiceOut(Shape):
    no = base.Integer()
    group_no = base.Integer()
    name = base.String()
    aside = base.Boolean(metadata={"description": "涉及本户或亲属，不能填"})


class BallotPaperOut(Shape):
    title = base.String()
    method = base.String()
    choices = base.Integer(allow_none=True)
    criteria = base.List(base.Nested(CriterionOut))
    closes_at = base.String()
    nominees = base.List(base.Nested(ChoiceOut))


class VotedOut(Shape):
    title = base.String()


class PaperBallotIn(BallotIn):
    voter = Whole(least=1, most=_MOST_VOTERS, allow_none=True, load_default=None)


class PaperIn(Shape):
    ballots = list_of(shape_of(PaperBallotIn), most=_MOST_VOTERS, required=True)
    signed = list_of(Whole(least=1, most=_MOST_VOTERS), most=_MOST_VOTERS, load_default=[])


class DifferenceOut(Shape):
    what = base.Raw(
        metadata={"type": ["array", "integer"], "description": "选票内容（评委的只有评委号），或签名人的号"}
    )
    counts = base.List(base.Integer(), metadata={"description": "各人录入的张数，按 entered_by 的次序"})


class PaperOut(Shape):
    agreed = base.Boolean(metadata={"description": "两人录入一致，已计入"})
    entered_by = base.List(base.String())
    ballots = base.List(base.Nested(DifferenceOut))
    signed = base.List(base.Nested(DifferenceOut))


class JudgeOut(Shape):
    voter = base.Integer()
    household = base.String()
    name = base.String()
    ballot = base.Raw(metadata={"type": "array", "description": "排名，或各对象的分项得分"})


class FarOffOut(Shape):
    voter = base.Integer()
    nominee = base.Integer()
    total = base.Integer()
    differs = base.String(metadata={"description": "与其他评委中位数之差"})


class BallotsOut(Shape):
    items = base.List(base.Nested(JudgeOut))
    far_off = base.List(base.Nested(FarOffOut))


class EvaluationResultIn(Shape):
    evaluation = client_name(required=True)
    contact = Label(limit=LONGEST["contact"], required=True)
    office = Label(limit=LONGEST["office"], required=True)


class AwardedOut(Shape):
    nominee = base.Integer()
    place = base.Integer()
    household = base.String()
    value = base.String()
    rule = base.String()
    points = base.Integer(allow_none=True)
    merit = base.String(allow_none=True)
    unposted = base.String(allow_none=True)


class EvaluationResultOut(Shape):
    id = base.String()
    evaluation = base.String()
    state = base.String(metadata={"description": "closed，或未达法定票数时 failed"})
    ballots = base.Integer()
    quorum = base.Integer()
    number = base.String(allow_none=True)
    digest = base.String(allow_none=True)
    public_url = base.String(allow_none=True)
    items = base.List(base.Nested(AwardedOut))
