"""Shapes of vetoes and appeals. None has a number of points."""

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.core.fields import Day, Label, Shape, Text, household_number, list_of, one_of
from pointshop.core.paging import PageQuery
from pointshop.vetoes.models import EFFECTS


class VetoIn(Shape):
    household = household_number(required=True)
    reason = Label(limit=200, required=True)
    evidence = Label(limit=200, required=True)
    decided_by = Label(limit=60, required=True)
    from_on = Day(required=True)
    until_on = Day(required=True)
    effects = list_of(one_of(*EFFECTS, required=True), least=1, most=len(EFFECTS), required=True)

    @validates_schema
    def _each_once(self, data: dict[str, list[str]], **_: object) -> None:
        if len(set(data["effects"])) != len(data["effects"]):
            raise ValidationError("每种效果只能出现一次", "effects")


class LiftIn(Shape):
    reason = Label(limit=200, required=True)


class AppealIn(Shape):
    grounds = Text(limit=500, required=True)


class AppealDecisionIn(Shape):
    decision = one_of("upheld", "dismissed", required=True)
    answer = Text(limit=500, required=True)


class AppealOut(Shape):
    id = base.String()
    grounds = base.String()
    made_at = base.String()
    decision = base.String(allow_none=True)
    answer = base.String(allow_none=True)
    decided_at = base.String(allow_none=True)


class VetoOut(Shape):
    id = base.String()
    household = base.String()
    reason = base.String()
    evidence = base.String()
    decided_by = base.String()
    from_on = base.String()
    until_on = base.String()
    effects = base.List(
        base.String(), metadata={"description": "no_award 不得获奖 no_honor 不上光荣榜 no_redemption 暂停兑换"}
    )
    in_force = base.Boolean()
    recorded_at = base.String()
    ended_at = base.String(allow_none=True)
    end_reason = base.String(allow_none=True)
    appeals = base.List(base.Nested(AppealOut))


class VetoQuery(PageQuery):
    household = household_number(load_default=None)


class VetoPage(Shape):
    items = base.List(base.Nested(VetoOut))
    next = base.String(allow_none=True)
