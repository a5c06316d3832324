"""Shapes of deliveries, wishes and demand."""

from marshmallow import fields as base

from pointshop.accounts.schemas import username_field
from pointshop.core.fields import Flag, Label, Shape, WholeText, household_number, one_of
from pointshop.core.paging import PageQuery
from pointshop.storeroom.models import RECEIVERS


class DeliveryIn(Shape):
    carrier = username_field(required=True)


class DeliveryDoneIn(Shape):
    received_by = one_of(*RECEIVERS, required=True)
    signed = Flag(load_default=False)


class DeliveryOut(Shape):
    redemption = base.String()
    household = base.String()
    head = base.String()
    group_no = base.Integer()
    carrier = base.String(metadata={"description": "送货人"})
    marked_at = base.String()
    state = base.String(metadata={"enum": ["open", "delivered"]})
    confirmed_at = base.String(allow_none=True)
    confirmed_by = base.String(allow_none=True)
    received_by = base.String(allow_none=True, metadata={"description": "self 本人 family 家人 neighbour 邻居代收"})
    signed = base.Boolean(allow_none=True, metadata={"description": "户里已签字"})


class DeliveryQuery(PageQuery):
    state = one_of("open", "delivered", load_default=None)


class DeliveryPage(Shape):
    items = base.List(base.Nested(DeliveryOut))
    next = base.String(allow_none=True)


class WishIn(Shape):
    household = household_number(required=True)
    item = Label(limit=60, required=True)


class WishOut(Shape):
    id = base.String()
    household = base.String()
    head = base.String()
    item = base.String()
    at = base.String()


class WishPage(Shape):
    items = base.List(base.Nested(WishOut))
    next = base.String(allow_none=True)


class DemandQuery(Shape):
    days = WholeText(least=1, most=366, load_default=90)


class WishedOut(Shape):
    item = base.String()
    households = base.Integer(metadata={"description": "想要的户数"})


class TakenOut(Shape):
    product = base.String()
    name = base.String()
    quantity = base.Integer(metadata={"description": "兑出件数"})
    households = base.Integer(metadata={"description": "兑过的户数"})


class DemandOut(Shape):
    wished = base.List(base.Nested(WishedOut))
    taken = base.List(base.Nested(TakenOut))
