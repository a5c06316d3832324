"""Time: one source of instants, and the village's calendar (Asia/Shanghai)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from time import monotonic
from zoneinfo import ZoneInfo

VILLAGE_TIME = ZoneInfo("Asia/Shanghai")

_given: ContextVar[datetime | None] = ContextVar("pointshop_given_instant", default=None)


#: How far back a server bridges: network time puts a clock right by minutes, a wrong zone by hours, a dead battery by
#: years; a clock that was days ahead must not be believed until the next restart.
BRIDGED = timedelta(hours=12)


class Steady:
    """A clock that does not go back when the machine's does (threats.md F16): the daily seal covers all that was
    recorded before an instant, so nothing may be recorded before it later.

    Follows the machine's clock forward; a step back of at most `BRIDGED` is bridged by time that merely passes.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        passing: Callable[[], float] = monotonic,
    ) -> None:
        """wall: the machine's clock. passing: seconds since whenever."""
        self._wall, self._passing = wall, passing
        self._started = self._offset()

    def __call__(self) -> datetime:
        offset = self._offset()
        if offset >= self._started or self._started - offset > BRIDGED:
            self._started = offset
        return self._started + timedelta(seconds=self._passing())

    def _offset(self) -> datetime:
        """What the machine's clock says of the instant at which `passing` was 0."""
        return self._wall() - timedelta(seconds=self._passing())


_machine: Callable[[], datetime] = partial(datetime.now, UTC)


def keep_steady() -> None:
    """From now on `now()` does not go back; for servers, which live long enough to see clocks put right."""
    global _machine
    _machine = Steady()


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _given.get() or _machine()


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


def as_text(instant: datetime) -> str:
    """RFC 3339 with `Z` and microseconds: `2026-11-22T08:00:00.000000Z`, the only form we send."""
    # what isoformat writes for UTC ends in +00:00
    return instant.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def days_before(day: date, days: int) -> date:
    """`day` minus whole `days`, stopping at the first date Python knows."""
    return day - timedelta(days=min(days, day.toordinal() - 1))
