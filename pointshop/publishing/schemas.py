"""Shapes of publications."""

from marshmallow import fields as base

from pointshop.core.fields import Label, Shape


class WithdrawalIn(Shape):
    reason = Label(limit=200, required=True)


class WithdrawalOut(Shape):
    id = base.String()
    number = base.String()
    withdrawn_at = base.DateTime()
