"""Shapes of adjustments."""

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.adjustments.models import MOST_POINTS, REASONS, STATES
from pointshop.core.fields import Label, Shape, Whole, household_number, one_of
from pointshop.core.paging import PageQuery


class AdjustmentIn(Shape):
    household = household_number(required=True)
    points = Whole(least=-MOST_POINTS, most=MOST_POINTS, required=True)
    reason = one_of(*REASONS, required=True)
    note = Label(limit=200, required=True)

    @validates_schema
    def _moves_something(self, data: dict[str, object], **_: object) -> None:
        if data["points"] == 0:
            raise ValidationError("不能为 0", "points")


class DecisionIn(Shape):
    decision = one_of("approve", "reject", required=True)
    comment = Label(limit=200, allow_none=True, load_default=None)


class AdjustmentLineOut(Shape):
    id = base.String()
    household = base.String()
    points = base.Integer()
    reason = base.String(
        metadata={"description": "paper_books 旧账补录 wrong_household 记错户 wrong_points 记错分 resolution 两委决定"}
    )
    note = base.String()
    state = base.String()
    proposed_at = base.String()
    decided_at = base.String(allow_none=True)
    comment = base.String(allow_none=True)


class AdjustmentOut(AdjustmentLineOut):
    balance = base.Integer()


class AdjustmentQuery(PageQuery):
    state = one_of(*STATES, load_default=None)


class AdjustmentPage(Shape):
    items = base.List(base.Nested(AdjustmentLineOut))
    next = base.String(allow_none=True)
