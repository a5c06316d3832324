"""Shapes of an offline batch."""

from marshmallow import fields as base

from pointshop.core.fields import Anything, Label, Shape, list_of


class OperationIn(Shape):
    put = Label(limit=120, required=True)
    body = Anything(required=True)


class SyncIn(Shape):
    """Operations are looked at one by one, as OperationIn: a bad one must not keep the others on the phone."""

    device_now = Label(limit=40, required=True)
    operations = list_of(Anything(allow_none=True), most=500, required=True)


class ResultOut(Shape):
    put = base.String(allow_none=True)
    status = base.Integer()
    body = base.Dict()


class SyncOut(Shape):
    server_now = base.String()
    clock_skew_seconds = base.Integer(metadata={"description": "手机时钟比服务器快的秒数"})
    results = base.List(base.Nested(ResultOut))
