"""Shapes of gifts."""

from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.core.fields import MAX_POINTS, CardCode, Day, Label, Shape, Whole, household_number
from pointshop.core.paging import PageQuery
from pointshop.gifts.models import STATES
from pointshop.pins.schemas import six_digits


class GiftIn(Shape):
    """The giver's `card`, or for a signed slip `household` with `occurred_on` and `note`."""

    card = CardCode(load_default=None)
    household = household_number(load_default=None)
    to_household = household_number(required=True)
    points = Whole(least=1, most=MAX_POINTS, required=True)
    occurred_on = Day(allow_none=True, load_default=None)
    note = Label(limit=200, allow_none=True, load_default=None)
    pin = six_digits(allow_none=True, load_default=None)

    @validates_schema
    def _card_or_slip(self, data: dict[str, Any], **_: object) -> None:
        if (data["card"] is None) == (data["household"] is None):
            raise ValidationError("卡与户编号须填且只填一项", "card")
        if data["household"] is not None:
            missing = {name: ["补录须填写"] for name in ("occurred_on", "note") if data[name] is None}
            if data["pin"] is not None:
                missing["pin"] = ["补录没有密码"]
            if missing:
                raise ValidationError(missing)


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
