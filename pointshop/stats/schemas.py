"""Shapes of passbook pages."""

from marshmallow import fields as base

from pointshop.core.fields import Shape


class SourceOut(Shape):
    kind = base.String()
    id = base.String()


class PassbookLineOut(Shape):
    seq = base.Integer()
    points = base.Integer()
    balance_after = base.Integer()
    kind = base.String()
    occurred_on = base.String()
    recorded_at = base.String()
    summary = base.String()
    source = base.Nested(SourceOut)


class PassbookPage(Shape):
    items = base.List(base.Nested(PassbookLineOut))
    next = base.String(allow_none=True)
