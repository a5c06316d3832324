"""How long what is kept (threats.md §6.9), as one table; `pointshop retention` goes through it each night.

The books, publications and what decided about points are kept for good: they are the village's archive, and hold ids.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, or_, select, update

from pointshop.accounts.models import LoginFailure, UserSession
from pointshop.core.clock import village_day
from pointshop.core.commands import Command
from pointshop.core.ids import new_name
from pointshop.core.work import Work
from pointshop.ledger.models import Closing
from pointshop.merits.models import Merit, Photo
from pointshop.people.models import HouseholdChange
from pointshop.reminders.models import Reminder
from pointshop.shop.models import Scan
from pointshop.subjects.erasing import erase, erased_households, number_of
from pointshop.subjects.forgetting import drop_vetoes
from pointshop.vetoes.models import Veto


class Rule(NamedTuple):
    """says: what is kept. keep: how long. end: lets go, in a village, what is older than an instant; how many rows."""

    name: str
    says: str
    keep: timedelta
    end: Callable[[Work, int, datetime], int]


def _photos(work: Work, village_id: int, before: datetime) -> int:
    """Evidence of deeds whose period has been closed long enough, and about which nothing is undecided."""
    last: date | None = work.read(
        select(func.max(Closing.last_on)).where(Closing.village_id == village_id, Closing.closed_at < before)
    ).scalar()
    if last is None:
        return 0
    settled = select(Merit.id).where(
        Merit.village_id == village_id,
        Merit.occurred_on <= last,
        Merit.state.in_(("posted", "rejected", "withdrawn", "reversed")),
    )
    return work.write(
        delete(Photo).where(Photo.village_id == village_id, Photo.uploaded_at < before, Photo.merit_id.in_(settled))
    ).rowcount


def _reminders(work: Work, village_id: int, before: datetime) -> int:
    return work.write(delete(Reminder).where(Reminder.village_id == village_id, Reminder.cleared_at < before)).rowcount


def _vetoes(work: Work, village_id: int, before: datetime) -> int:
    statement = select(Veto.id).where(
        Veto.village_id == village_id, or_(Veto.until_on < village_day(before), Veto.ended_at < before)
    )
    names = [name for (name,) in work.read(statement)]
    drop_vetoes(work, village_id, names)
    return len(names)


def _answers(work: Work, village_id: int, before: datetime) -> int:
    """The name stays taken for ever; only what was answered goes."""
    return work.write(
        update(Command)
        .where(Command.village_id == village_id, Command.at < before, Command.answer != "")
        .values(answer="")
    ).rowcount


def _scans(work: Work, village_id: int, before: datetime) -> int:
    return work.write(delete(Scan).where(Scan.village_id == village_id, Scan.at < before)).rowcount


def _profiles(work: Work, village_id: int, before: datetime) -> int:
    """Households that were merged or moved away long ago."""
    statement = select(HouseholdChange.household_id).where(
        HouseholdChange.village_id == village_id,
        HouseholdChange.kind.in_(("merge", "departure")),
        HouseholdChange.changed_at < before,
    )
    left = {household_id for (household_id,) in work.read(statement) if household_id is not None}
    due = sorted(left - erased_households(work, village_id))
    for household_id in due:
        number = number_of(work, village_id, household_id)
        erase(work, village_id, new_name(), household=number, member_id=None, basis="retention", actor_id=0)
    return len(due)


RULES: tuple[Rule, ...] = (
    Rule("photos", "佐证照片：所属期间结账后", timedelta(days=90), _photos),
    Rule("reminders", "整改提醒：办结后", timedelta(days=90), _reminders),
    Rule("vetoes", "否决的事由和申诉：期满后", timedelta(days=366), _vetoes),
    Rule("answers", "受理时的应答", timedelta(days=90), _answers),
    Rule("scans", "扫卡记录", timedelta(days=365), _scans),
    Rule("profiles", "并户、迁出户的资料：离开后", timedelta(days=366), _profiles),
)
#: The same for what belongs to no village.
SESSIONS, FAILURES = timedelta(days=30), timedelta(days=1)
#: A picture whose row may still be on its way.
YOUNGEST_ORPHAN = timedelta(hours=24)


def let_go(work: Work, village_id: int) -> dict[str, int]:
    """Apply every rule to a village; rule → rows."""
    return {rule.name: rule.end(work, village_id, work.now - rule.keep) for rule in RULES}


def let_go_of_sign_ins(work: Work) -> int:
    """Sessions that ended and failures that count no more."""
    ended = work.write(delete(UserSession).where(UserSession.expires_at < work.now - SESSIONS)).rowcount
    return ended + work.write(delete(LoginFailure).where(LoginFailure.at < work.now - FAILURES)).rowcount
