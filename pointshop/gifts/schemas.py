"""Shapes of gifts."""

from marshmallow import fields as base

from pointshop.core.fields import MAX_POINTS, Label, Shape, Whole, household_number
from pointshop.core.paging import PageQuery
from pointshop.gifts.models import STATES
from pointshop.shop.schemas import CardOrSlip


class GiftIn(CardOrSlip):
    """The giver's `card`, or for a signed slip `household` with `occurred_on` and `note`."""

    to_household = household_number(required=True)
    points = Whole(least=1, most=MAX_POINTS, required=True)


class GiftReversalIn(Shape):
    reason = Label(limit=200, required=True)


class GiftLineOut(Shape):
    id = base.String()
    household = base.String(metadata={"description": "赠出户"})
    to_household = base.String(metadata={"description": "受赠户"})
    points = base.Integer()
    occurred_on = base.String()
    note = base.String(allow_none=True)
    state = base.String(metadata={"enum": list(STATES)})
    at = base.String()
    reversed_at = base.String(allow_none=True)
    reverse_reason = base.String(allow_none=True)
    points_back = base.Integer(allow_none=True, metadata={"description": "撤销时退回赠出户的积分"})


class GiftOut(GiftLineOut):
    balance = base.Integer(metadata={"description": "赠出户的余额"})


class GiftQuery(PageQuery):
    household = household_number(load_default=None)


class GiftPage(Shape):
    items = base.List(base.Nested(GiftLineOut))
    next = base.String(allow_none=True)
