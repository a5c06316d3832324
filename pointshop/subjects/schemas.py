"""Shapes of erasures and of what is held of a household."""

from marshmallow import fields as base

from pointshop.core.fields import Shape, Whole, household_number, one_of

_MAX_ID = 2**53


class ErasureIn(Shape):
    household = household_number(required=True)
    member_id = Whole(least=1, most=_MAX_ID, allow_none=True, load_default=None)
    basis = one_of("request", "consent", "deceased", required=True)


class ErasureOut(Shape):
    id = base.String()
    erased_at = base.String()
    withdrawn = base.List(base.String(), metadata={"description": "随之撤下的公示"})


class DossierOut(Shape):
    household = base.Dict()
    balance = base.Integer()
    cards = base.List(base.Dict())
    passbook = base.List(base.Dict())
    merits = base.List(base.Dict())
    redemptions = base.List(base.Dict())
    gifts = base.List(base.Dict())
    attendances = base.List(base.Dict())
    reminders = base.List(base.Dict())
    vetoes = base.List(base.Dict())
    evaluations = base.List(base.Dict())
    changes = base.List(base.Dict())
