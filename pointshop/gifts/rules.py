"""Decisions about gifts. Pure."""

from datetime import date, timedelta
from typing import Literal

from pointshop.core.periods import Period

#: Days after which a gift stands; what is wrong then is put right by an adjustment, which two persons sign.
REVERSIBLE_DAYS = 31

ReversalRight = Literal["allowed", "needs_other", "too_late"]


def year_of(day: date) -> Period:
    """The year in which a gift counts against its limits."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def left_of(limit: int, used: int) -> int:
    """What of a year's limit is left; never below nothing, also where the limit was lowered meanwhile."""
    return max(0, limit - used)


def reversal_right(*, given_on: date, today: date, is_own: bool, is_late: bool) -> ReversalRight:
    """Whether a manager may take a gift back. given_on: the day it was written down; is_own: by the same person.

    At once anyone may put the own slip of the pen right; later it takes a second person.
    """
    if today - given_on > timedelta(days=REVERSIBLE_DAYS):
        return "too_late"
    return "needs_other" if is_own and is_late else "allowed"
