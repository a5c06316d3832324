"""Giving and clearing reminders."""

from datetime import date

from sqlalchemy import insert, update

from pointshop.core.errors import Forbidden, Invalid, NameReused
from pointshop.core.policy import GridCell
from pointshop.core.work import Work
from pointshop.merits.photos import Photo
from pointshop.people.queries import named_household
from pointshop.reminders.models import Reminder
from pointshop.reminders.queries import ReminderRow, get_reminder


def give_reminder(
    work: Work,
    village_id: int,
    reminder_id: str,
    *,
    household: str,
    item: str,
    due_on: date,
    grid: tuple[GridCell, ...] | None,
    actor_id: int,
) -> ReminderRow:
    """Ask a household (by number) to put something right. Raises Invalid, Forbidden outside the grid."""
    found = named_household(work, village_id, household)
    if grid is not None and not any(cell.holds(found.group_no, found.lane) for cell in grid):
        raise Forbidden(f"户 {household} 不在您的网格内")
    if due_on < work.today:
        raise Invalid(errors={"due_on": ["已经过去"]})
    work.write(
        insert(Reminder).values(
            village_id=village_id,
            id=reminder_id,
            household_id=found.id,
            item=item,
            due_on=due_on,
            given_at=work.now,
            given_by=actor_id,
        )
    )
    return get_reminder(work, village_id, reminder_id)


def clear_reminder(
    work: Work, village_id: int, reminder_id: str, photo_id: str, picture: Photo, *, actor_id: int
) -> bool:
    """Write down that a photo shows it done; False where this very photo did before. Raises NotFound, NameReused."""
    found = get_reminder(work, village_id, reminder_id)
    if found.cleared_at is not None:
        if (found.photo_id, found.sha256, found.cleared_by) != (photo_id, picture.sha256, actor_id):
            raise NameReused("这项整改已经办结")
        return False
    work.write(
        update(Reminder)
        .where(Reminder.village_id == village_id, Reminder.id == reminder_id, Reminder.cleared_at.is_(None))
        .values(
            cleared_at=work.now,
            cleared_by=actor_id,
            photo_id=photo_id,
            sha256=picture.sha256,
            width=picture.width,
            height=picture.height,
        )
    )
    return True
