"""Shapes of an offline batch."""

from marshmallow import fields as base

from pointshop.core.fields import Anything, Label, Shape, list_of, shape_of


class OperationIn(Shape):
    put = Label(limit=120, required=True)
    body = Anything(required=True)


class SyncIn(Shape):
    device_now = Label(limit=40, required=True)
    operations = list_of(shape_of(OperationIn), most=500, required=True)


class ResultOut(Shape):
    put = base.String()
    status = base.Integer()
    body = base.Dict()


class SyncOut(Shape):
    server_now = base.String()
    clock_skew_seconds = base.Integer(metadata={"description": "手机时钟比服务器快的秒数"})
    results = base.List(base.Nested(ResultOut))
