"""Shapes of PINs. None is ever answered."""

from marshmallow import fields as base

from pointshop.core.fields import CardCode, Code, Shape, household_number
from pointshop.core.paging import PageQuery


def six_digits(**options: object) -> Code:
    """A PIN (兑换密码)."""
    return Code(r"[0-9]{6}", limit=6, hint="兑换密码是 6 位数字", **options)


class PinIn(Shape):
    card = CardCode(required=True)
    pin = six_digits(required=True)
    old_pin = six_digits(allow_none=True, load_default=None)


class PinOut(Shape):
    id = base.String()
    household = base.String()
    basis = base.String(metadata={"enum": ["first", "known", "reset"]})
    at = base.String()
    by = base.String()


class PinQuery(PageQuery):
    household = household_number(load_default=None)


class PinPage(Shape):
    items = base.List(base.Nested(PinOut))
    next = base.String(allow_none=True)
