"""Decisions of the counter. Pure: dates, instants and numbers in, decision out."""

from datetime import date, datetime, timedelta
from typing import Literal

from pointshop.core.clock import village_day


def is_open(weekdays: str, day: date) -> bool:
    """Whether the shop redeems on a village day. weekdays: ISO weekdays as digits, `1234567`."""
    return str(day.isoweekday()) in weekdays


def points_left(balance: int, *, daily_limit: int | None, spent: int) -> int:
    """What a household may still take on a day, having spent `spent` on it; never below nothing."""
    if daily_limit is None:
        return balance
    return max(0, min(balance, daily_limit - spent))


def receipt_number(household: str, entry_seq: int) -> str:
    """The number of a receipt (小票号): the household's and the passbook line's, `0001-0042`."""
    return f"{household}-{entry_seq:04d}"


VoidRight = Literal["allowed", "not_theirs", "too_late", "needs_other"]


def is_late(*, at: datetime, now: datetime, minutes: int) -> bool:
    """Whether a void comes when the goods have left the counter: after `minutes`, or on another village day."""
    return now - at > timedelta(minutes=minutes) or village_day(now) != village_day(at)


def void_right(*, is_late: bool, is_own: bool, is_manager: bool) -> VoidRight:
    """Whether someone may void a redemption: its clerk at once, a manager always, but late not their own.

    A late void takes a second person (threats.md A23): a manager who was not the clerk.
    """
    if not is_manager and not is_own:
        return "not_theirs"
    if not is_late:
        return "allowed"
    if not is_manager:
        return "too_late"
    return "needs_other" if is_own else "allowed"
