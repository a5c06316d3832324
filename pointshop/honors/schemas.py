"""Shapes of rankings and honor rolls."""

from marshmallow import fields as base

from pointshop.core.fields import Code, Label, Shape, Whole, WholeText, client_name, one_of
from pointshop.core.periods import PERIOD_HINT, PERIOD_PATTERN
from pointshop.publishing.honor_roll import LONGEST, LONGEST_CATEGORY
from pointshop.publishing.sheets import Paper

SUBJECTS = ("household", "member")


def _period(**options: object) -> Code:
    return Code(PERIOD_PATTERN, limit=7, hint=PERIOD_HINT, **options)


class PeriodQuery(Shape):
    """`?period=` 2026, 2026-Q4 or 2026-11; the current year when not given."""

    period = _period(load_default=None)


class RankingQuery(PeriodQuery):
    subject = one_of(*SUBJECTS, load_default="household")
    group_no = WholeText(least=1, most=999, load_default=None)
    lane = Label(limit=30, load_default=None)
    category = Label(limit=30, load_default=None)
    limit = WholeText(least=1, most=500, load_default=50)


class RankedOut(Shape):
    place = base.Integer(metadata={"description": "名次；积分相同者并列：1, 1, 3"})
    household = base.String(metadata={"description": "户号"})
    name = base.String(metadata={"description": "户主或成员"})
    group_no = base.Integer()
    points = base.Integer()
    member_id = base.Integer(metadata={"description": "按成员排名时才有"})


class RankingOut(Shape):
    period = base.String()
    items = base.List(base.Nested(RankedOut))


class PlaceOut(Shape):
    period = base.String()
    household = base.String()
    place = base.Integer(allow_none=True, metadata={"description": "没有积分时为 null"})
    points = base.Integer()


class RegionRankingQuery(PeriodQuery):
    limit = WholeText(least=1, most=500, load_default=200)


class RankedVillageOut(Shape):
    place = base.Integer()
    village = base.String(metadata={"description": "村代码"})
    name = base.String()
    points = base.Integer()
    active_households = base.Integer(metadata={"description": "本期有积分的户数"})
    households = base.Integer()
    participation = base.Integer(metadata={"description": "活跃户占比，整数百分比"})


class RegionRankingOut(Shape):
    period = base.String()
    items = base.List(base.Nested(RankedVillageOut))


class HonorRollIn(Shape):
    title = Label(limit=LONGEST["title"], required=True)
    period = _period(required=True)
    subject = one_of(*SUBJECTS, required=True)
    places = Whole(least=1, most=300, required=True)
    category = Label(limit=LONGEST_CATEGORY, allow_none=True, load_default=None)
    group_no = Whole(least=1, most=999, allow_none=True, load_default=None)
    board = Label(limit=LONGEST["board"], required=True)
    notice_days = Whole(least=0, most=365, required=True)
    contact = Label(limit=LONGEST["contact"], required=True)
    replaces = client_name(allow_none=True, load_default=None)


class RollItemOut(Shape):
    place = base.Integer()
    name = base.String(metadata={"description": "公开写法：经同意写全名，否则隐去部分"})
    group_no = base.Integer(allow_none=True)
    points = base.Integer()


class RollSummaryOut(Shape):
    id = base.String()
    number = base.String(metadata={"description": "本年度期号，如 2026-003"})
    edition = base.Integer(metadata={"description": "1；更正后为 2、3……"})
    title = base.String()
    period = base.String()
    subject = base.String()
    board = base.String()
    digest = base.String(metadata={"description": "冻结文本的 SHA-256"})
    public_url = base.String()
    from_on = base.Date()
    until_on = base.Date()
    published_at = base.DateTime()
    withdrawn_at = base.DateTime(allow_none=True)


class HonorRollOut(RollSummaryOut):
    places = base.Integer()
    category = base.String(allow_none=True)
    group_no = base.Integer(allow_none=True)
    items = base.List(base.Nested(RollItemOut))
    notice_days = base.Integer()
    contact = base.String()
    issued_by = base.String()
    issued_on = base.Date()


class HonorRollPage(Shape):
    items = base.List(base.Nested(RollSummaryOut))
    next = base.String(allow_none=True)


class PaperQuery(Shape):
    paper = one_of(*Paper, load_default=Paper.A3)
