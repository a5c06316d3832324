"""Shapes of what operators are told."""

from marshmallow import fields as base

from pointshop.core.fields import Shape


class StateOut(Shape):
    status = base.String(
        metadata={
            "description": "ok 或 not_ready；本机另可见 schema_not_current、guards_missing、disk_full、"
            "database_unavailable"
        }
    )
    detail = base.String()
