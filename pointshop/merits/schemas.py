"""Shapes of rules, merits and reviews."""

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.core.fields import (
    MAX_QUANTITY,
    Day,
    Flag,
    Label,
    Rows,
    Shape,
    Text,
    Whole,
    client_name,
    household_number,
    item_code,
    list_of,
    one_of,
)
from pointshop.core.paging import DaysQuery, PageQuery
from pointshop.core.periods import PERIOD_KINDS
from pointshop.merits.models import STATES

_MAX_ID = 2**53


class RuleIn(Shape):
    category = Label(limit=30, required=True)
    name = Label(limit=60, required=True)
    points = Whole(least=-10_000, most=10_000, required=True)
    per = Label(limit=10, load_default="次")
    cap = Whole(least=1, most=MAX_QUANTITY, allow_none=True, load_default=None)
    cap_period = one_of(*PERIOD_KINDS, allow_none=True, load_default=None)
    evidence = Label(limit=60, allow_none=True, load_default=None)
    track = one_of("spend", "honor", load_default="spend")
    effective_from = Day(allow_none=True, load_default=None)
    active = Flag(load_default=True)

    @validates_schema
    def _makes_sense(self, data: dict[str, object], **_: object) -> None:
        if data["points"] == 0:
            raise ValidationError("不能为 0", "points")
        if (data["cap"] is None) != (data["cap_period"] is None):
            raise ValidationError("上限和上限周期须同时填写", "cap_period")


class RuleOut(Shape):
    code = base.String()
    version = base.Integer()
    category = base.String()
    name = base.String()
    points = base.Integer()
    per = base.String()
    cap = base.Integer(allow_none=True)
    cap_period = base.String(allow_none=True)
    evidence = base.String(allow_none=True)
    track = base.String()
    active = base.Boolean()
    effective_from = base.String()


class RuleQuery(PageQuery):
    on = Day(load_default=None)


class RulePage(Shape):
    items = base.List(base.Nested(RuleOut))
    next = base.String(allow_none=True)


class MeritIn(Shape):
    rule = item_code(required=True)
    household = household_number(required=True)
    member_id = Whole(least=1, most=_MAX_ID, allow_none=True, load_default=None)
    quantity = Whole(least=1, most=MAX_QUANTITY, load_default=1)
    occurred_on = Day(required=True)
    note = Text(limit=500, allow_none=True, load_default=None)
    self_dealing = Flag(
        load_default=False, metadata={"description": "如实说明是本户或亲属：不立即入账，报上级（乡镇、县）审批"}
    )


class LoggerOut(Shape):
    username = base.String()
    name = base.String()


class MeritOut(Shape):
    id = base.String()
    state = base.String()
    points = base.Integer()
    household = base.String()
    member_id = base.Integer(allow_none=True)
    rule = base.String()
    rule_version = base.Integer()
    rule_name = base.String()
    category = base.String()
    quantity = base.Integer()
    occurred_on = base.String()
    note = base.String()
    due_on = base.String(allow_none=True)
    batch = base.String(allow_none=True)
    self_dealing = base.Boolean(metadata={"description": "涉及登记人本户或亲属，由上级审批"})
    logged_at = base.String()
    balance = base.Integer()
    photos = base.List(base.String())
    reason = base.String(allow_none=True)


class MeritItem(MeritOut):
    """In a list it says who logged it: scoring is seen (人情分)."""

    head = base.String()
    logged_by = base.Nested(LoggerOut, allow_none=True)


class MeritQuery(DaysQuery):
    mine = one_of("true", "false", load_default="false")
    state = one_of(*STATES, load_default=None)
    household = household_number(load_default=None)
    category = Label(limit=30, load_default=None)


class MeritPage(Shape):
    items = base.List(base.Nested(MeritItem))
    next = base.String(allow_none=True)


class LineIn(Shape):
    household = household_number(required=True)
    member_id = Whole(least=1, most=_MAX_ID, allow_none=True, load_default=None)
    quantity = Whole(least=1, most=MAX_QUANTITY, load_default=1)


class BatchIn(Shape):
    rule = item_code(required=True)
    occurred_on = Day(required=True)
    note = Text(limit=500, allow_none=True, load_default=None)
    lines = Rows(LineIn, least=1, most=500, required=True)


class BatchOut(Shape):
    id = base.String()
    points = base.Integer()
    merits = base.List(base.Nested(MeritOut))


class ReviewIn(Shape):
    decision = one_of("approve", "reject", required=True)
    comment = Label(limit=200, allow_none=True, load_default=None)


class ReviewsIn(ReviewIn):
    merits = list_of(client_name(), least=1, most=500, required=True)

    @validates_schema
    def _each_once(self, data: dict[str, list[str]], **_: object) -> None:
        if len(set(data["merits"])) != len(data["merits"]):
            raise ValidationError("同一条记录只能出现一次", "merits")


class ReviewsOut(Shape):
    id = base.String()
    decision = base.String()
    merits = base.List(base.Nested(MeritOut))


class ReasonIn(Shape):
    reason = Label(limit=200, required=True)


class PhotoOut(Shape):
    id = base.String()
    width = base.Integer()
    height = base.Integer()
    sha256 = base.String()
