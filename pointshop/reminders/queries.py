"""Reads of reminders."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, select

from pointshop.core.errors import NotFound
from pointshop.core.work import AnySelect, Work
from pointshop.people.models import Household
from pointshop.reminders.models import Reminder


class ReminderRow(NamedTuple):
    """A reminder with where its household is."""

    id: str
    household: str
    group_no: int
    lane: str | None
    household_id: int
    item: str
    due_on: date
    given_at: datetime
    cleared_at: datetime | None
    cleared_by: int | None
    photo_id: str | None
    sha256: str | None

    def state(self, today: date) -> str:
        if self.cleared_at is not None:
            return "cleared"
        return "overdue" if self.due_on < today else "open"


_ROW = select(
    Reminder.id,
    Household.number,
    Household.group_no,
    Household.lane,
    *(getattr(Reminder, name) for name in ReminderRow._fields[4:]),
).join(Household, and_(Household.village_id == Reminder.village_id, Household.id == Reminder.household_id))


def get_reminder(work: Work, village_id: int, name: str) -> ReminderRow:
    """Raises NotFound."""
    found: Any = work.read(_ROW.where(Reminder.village_id == village_id, Reminder.id == name)).first()
    if found is None:
        raise NotFound()
    return ReminderRow(*found)


def reminders(village_id: int, *, state: str | None, today: date) -> AnySelect:
    """Reminders, all or those that are open, overdue or cleared; unordered."""
    statement: AnySelect = _ROW.where(Reminder.village_id == village_id)
    if state == "cleared":
        return statement.where(Reminder.cleared_at.is_not(None))
    if state is not None:
        statement = statement.where(Reminder.cleared_at.is_(None))
    if state == "overdue":
        return statement.where(Reminder.due_on < today)
    return statement.where(Reminder.due_on >= today) if state == "open" else statement
