"""Which periods are closed, and what that means for whoever books: nothing goes into a closed one (threats.md I17)."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, insert, select

from pointshop.core.errors import Refused
from pointshop.core.periods import Period, period_of
from pointshop.core.work import Change, Prepared, Work
from pointshop.ledger.models import Closing


class PeriodClosed(Refused):
    code, title = "period_closed", "这个期间已经结账"


class Closed(NamedTuple):
    """What a closing did. carried: what the next period begins with."""

    period: str
    id: str
    span: Period
    households: int
    expired: int
    carried: int
    #: an instant at which all accounts were held: whatever was booked into the period is older
    at: datetime


_CLOSED_THROUGH = Prepared(select(func.max(Closing.last_on)).where(Closing.village_id == bindparam("village_id")))
_ADD = Change(insert(Closing))


def closed_through(work: Work, village_id: int) -> date | None:
    """The last day of the books that are closed; None where none are."""
    return _CLOSED_THROUGH.one(work, village_id=village_id)[0]


def is_closed(work: Work, village_id: int, day: date) -> bool:
    """Whether a day lies in a closed period. Ask while holding the account: a closing waits for it, or is seen.

    Only quarters that are over can be closed, so most deeds ask nothing of the database.
    """
    if day >= period_of(work.today, "quarter").first:
        return False
    last = closed_through(work, village_id)
    return last is not None and day <= last


def refuse_closed(work: Work, village_id: int, day: date) -> None:
    """Raises PeriodClosed (data: closed_through) for a day of a closed period."""
    if is_closed(work, village_id, day):
        raise PeriodClosed(data={"closed_through": str(closed_through(work, village_id))})


def booking_day(work: Work, village_id: int, day: date) -> date:
    """The day under which a deed is booked that was logged in time: its own, or today when its period is closed."""
    return work.today if is_closed(work, village_id, day) else day


def record_closing(work: Work, village_id: int, closed: Closed, *, actor_id: int) -> None:
    """Write down that a period is over."""
    _ADD.run(
        work,
        village_id=village_id,
        period=closed.period,
        id=closed.id,
        first_on=closed.span.first,
        last_on=closed.span.last,
        closed_at=closed.at,
        actor_id=actor_id,
        households=closed.households,
        expired=closed.expired,
        carried=closed.carried,
    )
