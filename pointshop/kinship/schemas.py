"""Shapes of ties."""

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.core.fields import Shape, household_number, list_of, one_of, shape_of
from pointshop.kinship.models import RELATIONS


class TieIn(Shape):
    number = household_number(required=True)
    relation = one_of(*RELATIONS, required=True)


class TiesIn(Shape):
    households = list_of(shape_of(TieIn), most=50, required=True)

    @validates_schema
    def _each_once(self, data: dict[str, list[dict[str, str]]], **_: object) -> None:
        numbers = [tie["number"] for tie in data["households"]]
        if len(set(numbers)) != len(numbers):
            raise ValidationError("同一户只能出现一次", "households")


class TiedHouseholdOut(Shape):
    number = base.String()
    head = base.String()
    relation = base.String(metadata={"description": "own 本户 kin 亲属户"})
    declared_at = base.String()


class TiesOut(Shape):
    username = base.String()
    households = base.List(base.Nested(TiedHouseholdOut))


class TieOut(TiedHouseholdOut):
    username = base.String()
    name = base.String()


class TiePage(Shape):
    items = base.List(base.Nested(TieOut))
    next = base.String(allow_none=True)
