"""When things happen in the demonstration's half year: its turning points, counted back from today. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from pointshop.core.clock import VILLAGE_TIME, village_day
from pointshop.core.periods import month_key

#: Whole months of life before the current one.
MONTHS = 6
#: Gatherings and market days stop counting this long before the story is told.
BREATH = timedelta(minutes=20)


class Season(NamedTuple):
    """The days on which the village's ways begin and change.

    now: the instant up to which the story goes, aware. founded_on: books are set up; opens_on: first of a month, the
    first deeds; reviewed_from: merits need a signature; noticed_from: and hang on the wall for days before they count.
    """

    now: datetime
    today: date
    founded_on: date
    opens_on: date
    reviewed_from: date
    noticed_from: date

    def days(self) -> Iterator[date]:
        """Every day of life, today included."""
        for ordinal in range(self.opens_on.toordinal(), self.today.toordinal() + 1):
            yield date.fromordinal(ordinal)

    def has_come(self, instant: datetime) -> bool:
        return instant <= self.now - BREATH

    @property
    def last_signing(self) -> datetime:
        """When the reviewer last sat down: the newest of the day's usual hours that is over, or yesterday evening."""
        hours = [at_clock(self.today, hour, 30) for hour in (8, 12, 17, 20)]
        evening = at_clock(self.today - timedelta(days=1), 20, 30)
        return max([evening, *(hour for hour in hours if self.has_come(hour))])

    def last_month(self) -> str:
        """`YYYY-MM` of the month before this one."""
        return month_key(self.today.replace(day=1) - timedelta(days=1))

    def last_quarter(self) -> str:
        """`YYYY-Qn` of the last quarter that is over."""
        first = date(self.today.year, (self.today.month - 1) // 3 * 3 + 1, 1)
        last = first - timedelta(days=1)
        return f"{last.year}-Q{(last.month + 2) // 3}"


def season_until(now: datetime) -> Season:
    """The half year that ends at `now` (aware)."""
    today = village_day(now)
    opens_on = first_of_month(today, back=MONTHS)
    return Season(
        now=now,
        today=today,
        founded_on=opens_on - timedelta(days=12),
        opens_on=opens_on,
        reviewed_from=first_of_month(today, back=MONTHS - 3),
        noticed_from=first_of_month(today, back=1),
    )


def first_of_month(day: date, *, back: int = 0) -> date:
    """The first day of the month `back` months before that of `day`."""
    index = day.year * 12 + day.month - 1 - back
    return date(index // 12, index % 12 + 1, 1)


def at_clock(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant on the village's clock."""
    return datetime.combine(day, time(hour, minute, second), VILLAGE_TIME)
