"""What is decided about events. Pure: instants and numbers in, decision out."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

LEVELS = ("household", "member")
Rounding = Literal["down", "nearest", "up"]
ROUNDINGS: tuple[Rounding, ...] = ("down", "nearest", "up")
#: what a closing makes of an attendance: all of it, as much as the cap has room for, nothing
OUTCOMES = ("posted", "reduced", "left_out")
#: why it is less than all
REASONS = (
    "cap_exceeded",
    "not_signed_out",
    "too_short",
    "account_not_active",
    "member_left",
    "duplicate_merit",
    "self_dealing",
)
#: No event lasts longer, in minutes.
LONGEST = 960
#: Somebody may come before the event begins, and leave after it ends; the time in between alone counts.
MARGIN = timedelta(hours=2)
#: A phone's clock may be ahead by so much; what it says then counts as now.
AHEAD = timedelta(minutes=2)


class Span(NamedTuple):
    """From when until when an event lasts; instants."""

    first: datetime
    last: datetime


def time_of_signing(said: datetime | None, *, now: datetime, span: Span) -> datetime | None:
    """The instant to write down; None where it lies outside the event.

    said: by the phone, that may have been without signal since; None for just now. Raises ValueError for an instant
    that is still to come.
    """
    at = now if said is None else said
    if at > now + AHEAD:
        raise ValueError(at)
    at = min(at, now)
    return at if span.first - MARGIN <= at <= span.last + MARGIN else None


def minutes_present(span: Span, *, came: datetime | None, left: datetime | None, stated: int | None) -> int | None:
    """Whole minutes somebody was there during the event; None where nobody knows when they left."""
    if stated is not None:
        return stated
    if came is None or left is None:
        return None
    during = min(left, span.last) - max(came, span.first)
    return max(0, during // timedelta(minutes=1))


def most_minutes(span: Span) -> int:
    """The longest that anybody can be said to have been there, the time before and after included."""
    return min(LONGEST, (span.last - span.first + 2 * MARGIN) // timedelta(minutes=1))


def quantity_of(minutes: int, *, unit_minutes: int | None, rounding: str) -> int:
    """How many of the rule's units so many minutes are; without a unit whoever was there counts once."""
    if unit_minutes is None:
        return 1 if minutes > 0 else 0
    whole, rest = divmod(minutes, unit_minutes)
    rounds_up = (rounding == "up" and rest > 0) or (rounding == "nearest" and rest * 2 >= unit_minutes)
    return whole + rounds_up
