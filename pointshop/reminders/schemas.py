"""Shapes of reminders."""

from marshmallow import fields as base

from pointshop.core.fields import Day, Label, Shape, household_number, one_of
from pointshop.core.paging import PageQuery


class ReminderIn(Shape):
    household = household_number(required=True)
    item = Label(limit=100, required=True)
    due_on = Day(required=True)


class ReminderOut(Shape):
    id = base.String()
    household = base.String()
    item = base.String()
    due_on = base.String()
    state = base.String(metadata={"description": "open 待整改 overdue 已过期限 cleared 已办结"})
    given_at = base.String()
    cleared_at = base.String(allow_none=True)
    photo = base.String(allow_none=True)


class ReminderQuery(PageQuery):
    state = one_of("open", "overdue", "cleared", load_default=None)


class ReminderPage(Shape):
    items = base.List(base.Nested(ReminderOut))
    next = base.String(allow_none=True)
