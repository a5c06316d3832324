"""Shapes of closing policies and closings."""

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.closing.rules import CYCLES, RULES
from pointshop.core.fields import MAX_POINTS, Code, Label, Shape, Whole, one_of
from pointshop.core.periods import PERIOD_HINT, PERIOD_PATTERN
from pointshop.publishing.table_sheet import LONGEST


class PolicyIn(Shape):
    cycle = one_of(*CYCLES, required=True)
    rule = one_of(*RULES, required=True)
    share = Whole(least=1, most=99, allow_none=True, load_default=None)
    limit = Whole(least=1, most=MAX_POINTS, allow_none=True, load_default=None)

    @validates_schema
    def _fits_the_rule(self, data: dict[str, object], **_: object) -> None:
        for name in ("share", "limit"):
            if (data["rule"] == name) != (data[name] is not None):
                raise ValidationError("只在相应的办法下填写，且必须填写", name)


class PolicyOut(Shape):
    cycle = base.String(metadata={"description": "quarter 按季度 year 按年度"})
    rule = base.String(metadata={"description": "clear 清零 keep 全部结转 share 按比例 limit 设上限"})
    share = base.Integer(allow_none=True, metadata={"description": "结转的百分比"})
    limit = base.Integer(allow_none=True, metadata={"description": "每户最多结转的积分"})


class ClosingIn(Shape):
    period = Code(PERIOD_PATTERN, limit=7, hint=PERIOD_HINT, required=True)
    notice_days = Whole(least=1, most=30, load_default=7)
    contact = Label(limit=LONGEST["contact"], required=True)
    office = Label(limit=LONGEST["office"], load_default="村民委员会")


class ClosingLineOut(Shape):
    id = base.String()
    period = base.String()
    households = base.Integer(metadata={"description": "有清零的户数"})
    expired = base.Integer(metadata={"description": "清零的积分"})
    carried = base.Integer(metadata={"description": "结转到下期的积分"})
    closed_at = base.String()


class ClosingOut(ClosingLineOut):
    number = base.String()
    digest = base.String()
    public_url = base.String()


class ClosingPage(Shape):
    items = base.List(base.Nested(ClosingLineOut))
    next = base.String(allow_none=True)
