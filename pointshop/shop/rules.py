"""Decisions of the counter. Pure: dates, instants and numbers in, decision out."""

from datetime import date, datetime, timedelta
from typing import Literal


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


VoidRight = Literal["allowed", "not_theirs", "too_late"]


def void_right(*, at: datetime, now: datetime, minutes: int, is_own: bool, is_manager: bool) -> VoidRight:
    """Whether someone may void a redemption of the instant `at`: its clerk for `minutes`, a manager always."""
    if is_manager:
        return "allowed"
    if not is_own:
        return "not_theirs"
    return "allowed" if now - at <= timedelta(minutes=minutes) else "too_late"
