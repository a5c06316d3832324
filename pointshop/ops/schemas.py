"""Shapes of what operators are told."""

from marshmallow import fields as base

from pointshop.core.fields import Shape


class StateOut(Shape):
    status = base.String(metadata={"description": "ok、schema_not_current 或 database_unavailable"})
    detail = base.String()
