"""Shapes of changes of households."""

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.core.fields import (
    MAX_POINTS,
    Code,
    Label,
    PersonName,
    Shape,
    Text,
    Whole,
    household_number,
    list_of,
    shape_of,
)
from pointshop.people.schemas import MemberIn

_MAX_ID = 2**53


class _BeginsIn(Shape):
    number = household_number(required=True)
    head = PersonName(required=True)
    group_no = Whole(least=1, most=999, required=True)
    lane = Label(limit=50, allow_none=True, load_default=None)
    address = Label(limit=200, allow_none=True, load_default=None)


class SplitIn(_BeginsIn):
    household = household_number(required=True)
    members = list_of(Whole(least=1, most=_MAX_ID, required=True), least=1, most=30, required=True)
    points = Whole(least=0, most=MAX_POINTS, required=True)

    @validates_schema
    def _each_once(self, data: dict[str, list[int]], **_: object) -> None:
        if len(set(data["members"])) != len(data["members"]):
            raise ValidationError("同一成员只能出现一次", "members")


class MergeIn(Shape):
    household = household_number(required=True)
    into = household_number(required=True)
    note = Label(limit=200, allow_none=True, load_default=None)


class DepartureIn(Shape):
    household = household_number(required=True)
    to_village = Code(r"[1-9][0-9]{11}", limit=12, hint="须为 12 位村代码", required=True)
    note = Label(limit=200, allow_none=True, load_default=None)


class ArrivalIn(_BeginsIn):
    handover = Text(limit=1000, required=True)
    members = list_of(shape_of(MemberIn), most=30, load_default=list)


class HeadIn(Shape):
    household = household_number(required=True)
    head = PersonName(required=True)
    note = Label(limit=200, allow_none=True, load_default=None)


class ChangedOut(Shape):
    id = base.String()
    household = base.String()
    to_household = base.String(allow_none=True)
    points = base.Integer(metadata={"description": "随之转去的积分"})


class DepartedOut(ChangedOut):
    handover = base.String(metadata={"description": "交接单，到新村办理迁入时交验"})


class ChangeOut(Shape):
    id = base.String()
    kind = base.String(metadata={"description": "split 分户 merge 并户 departure 迁出 arrival 迁入 head 户主变更"})
    household = base.String(allow_none=True)
    to_household = base.String(allow_none=True)
    points = base.Integer()
    other_village = base.String(allow_none=True)
    note = base.String(allow_none=True)
    changed_at = base.String()


class ChangesOut(Shape):
    items = base.List(base.Nested(ChangeOut))
