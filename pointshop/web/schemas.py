"""Shapes of what the wall screen shows."""

from marshmallow import fields as base

from pointshop.core.fields import Shape


class BoardItemOut(Shape):
    place = base.Integer()
    name = base.String(metadata={"description": "公开写法"})
    group_no = base.Integer(allow_none=True)
    points = base.Integer()


class BoardRollOut(Shape):
    title = base.String()
    number = base.String()
    scope = base.String()
    until_on = base.String()
    contact = base.String()
    items = base.List(base.Nested(BoardItemOut))


class BoardProductOut(Shape):
    name = base.String()
    spec = base.String(allow_none=True)
    points = base.Integer()
    is_there = base.Boolean()


class BoardDeedOut(Shape):
    name = base.String()
    count = base.Integer(metadata={"description": "本周入账的户次"})


class BoardOut(Shape):
    village = base.String()
    at = base.String()
    today = base.String()
    next_day = base.String(allow_none=True, metadata={"description": "下次兑换日"})
    rolls = base.List(base.Nested(BoardRollOut))
    goods = base.List(base.Nested(BoardProductOut))
    deeds = base.List(base.Nested(BoardDeedOut))
