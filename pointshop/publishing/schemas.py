"""Shapes of publications."""

from marshmallow import fields as base

from pointshop.core.fields import Label, Shape, WholeText


class WithdrawalIn(Shape):
    reason = Label(limit=200, required=True)


class WithdrawalOut(Shape):
    id = base.String()
    number = base.String()
    withdrawn_at = base.DateTime()


class CardsQuery(Shape):
    group_no = WholeText(least=1, most=999, load_default=None)
