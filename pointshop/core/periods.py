"""Months, quarters and years of the village calendar: names, bounds, keys. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PeriodKind = Literal["day", "week", "month", "quarter", "year"]
PERIOD_KINDS: tuple[PeriodKind, ...] = ("day", "week", "month", "quarter", "year")

#: How a year, a quarter and a month are named: `2026`, `2026-Q4`, `2026-11`.
PERIOD_PATTERN = r"20[0-9]{2}(-(Q[1-4]|0[1-9]|1[0-2]))?"
PERIOD_HINT = "期间须写作 2026、2026-Q4 或 2026-11"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of village days, both ends included."""

    first: date
    last: date

    def months(self) -> list[str]:
        """The months it touches, in order, as `YYYY-MM`."""
        start = self.first.year * 12 + self.first.month - 1
        stop = self.last.year * 12 + self.last.month
        return [f"{index // 12:04d}-{index % 12 + 1:02d}" for index in range(start, stop)]


def month_key(day: date) -> str:
    """`YYYY-MM` of a day: how tallies name their month."""
    return f"{day.year:04d}-{day.month:02d}"


def period_of(day: date, kind: PeriodKind) -> Period:
    """The period of `kind` that holds `day`; weeks run Monday to Sunday."""
    if kind == "day":
        return Period(day, day)
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))
    if kind == "month":
        return _months(day.year, day.month, 1)
    if kind == "quarter":
        return _months(day.year, (day.month - 1) // 3 * 3 + 1, 3)
    return _months(day.year, 1, 12)


def parse_period(text: str) -> Period:
    """`2026`, `2026-Q4` or `2026-11` as days. Raises ValueError for anything else."""
    if re.fullmatch(PERIOD_PATTERN, text) is None:
        raise ValueError(PERIOD_HINT)
    year, part = int(text[:4]), text[5:]
    if part.startswith("Q"):
        return _months(year, int(part[1]) * 3 - 2, 3)
    return _months(year, int(part), 1) if part else _months(year, 1, 12)


def period_label(text: str) -> str:
    """How a period is written on paper: 2026年, 2026年第四季度, 2026年11月."""
    parse_period(text)
    year, _, part = text.partition("-")
    if part.startswith("Q"):
        return f"{year}年第{'一二三四'[int(part[1]) - 1]}季度"
    return f"{year}年{int(part)}月" if part else f"{year}年"


def _months(year: int, month: int, count: int) -> Period:
    after = year * 12 + month - 1 + count
    return Period(date(year, month, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1))
