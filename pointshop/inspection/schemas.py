"""Shapes of re-checks."""

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.core.fields import Code, Label, Shape, Whole, client_name, one_of
from pointshop.core.periods import PERIOD_HINT, PERIOD_PATTERN
from pointshop.inspection.models import OUTCOMES
from pointshop.inspection.rules import CONFIDENCES


class InspectionIn(Shape):
    period = Code(PERIOD_PATTERN, limit=7, hint=PERIOD_HINT, required=True)
    confidence = Whole(least=min(CONFIDENCES), most=max(CONFIDENCES), load_default=95)
    margin = Whole(least=1, most=50, load_default=10)
    #: the draw adds a space and 16 digits of its own
    seed = Label(limit=47, allow_none=True, load_default=None)

    @validates_schema
    def _known_confidence(self, data: dict[str, int], **_: object) -> None:
        if data["confidence"] not in CONFIDENCES:
            raise ValidationError("只能是 90、95 或 99", "confidence")


class FindingIn(Shape):
    merit = client_name(required=True)
    outcome = one_of(*OUTCOMES, required=True)
    note = Label(limit=200, allow_none=True, load_default=None)

    @validates_schema
    def _says_what_is_wrong(self, data: dict[str, str | None], **_: object) -> None:
        if data["outcome"] != "confirmed" and data["note"] is None:
            raise ValidationError("请写明查到的情况", "note")


class InspectedOut(Shape):
    item_no = base.Integer()
    merit = base.String()
    household = base.String()
    rule_name = base.String()
    quantity = base.Integer()
    points = base.Integer()
    occurred_on = base.String()
    outcome = base.String(allow_none=True)
    note = base.String(allow_none=True)


class InspectionHeadOut(Shape):
    id = base.String()
    first_on = base.String()
    last_on = base.String()
    confidence = base.Integer()
    margin = base.Integer()
    population = base.Integer()
    sample_size = base.Integer()
    seed = base.String()
    drawn_at = base.String()


class InspectionOut(InspectionHeadOut):
    checked = base.Integer()
    wrong = base.Integer()
    items = base.List(base.Nested(InspectedOut))


class InspectionPage(Shape):
    items = base.List(base.Nested(InspectionHeadOut))
    next = base.String(allow_none=True)
