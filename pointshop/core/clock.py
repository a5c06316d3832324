"""Time: one source of instants, and the village's calendar (Asia/Shanghai)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

VILLAGE_TIME = ZoneInfo("Asia/Shanghai")

_given: ContextVar[datetime | None] = ContextVar("pointshop_given_instant", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _given.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let `now()` answer `instant` inside the block: for histories that are told after the fact.

    Raises ValueError for a naive instant.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset")
    token = _given.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _given.reset(token)


def village_day(instant: datetime) -> date:
    """The date on the village's wall calendar at `instant` (aware)."""
    return instant.astimezone(VILLAGE_TIME).date()


def day_starts_at(day: date) -> datetime:
    """The instant at which the village's `day` begins, in UTC."""
    return datetime.combine(day, time(), VILLAGE_TIME).astimezone(UTC)


@lru_cache(maxsize=256)
def as_text(instant: datetime) -> str:
    """RFC 3339 with `Z` and microseconds: `2026-11-22T08:00:00.000000Z`, the only form we send."""
    # all rows of one unit of work bear one instant, so it is written once; what isoformat writes for UTC ends in +00:00
    return instant.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def as_text_or_none(instant: datetime | None) -> str | None:
    return as_text(instant) if instant else None


def days_before(day: date, days: int) -> date:
    """`day` minus whole `days`, stopping at the first date Python knows."""
    return day - timedelta(days=min(days, day.toordinal() - 1))
