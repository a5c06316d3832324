"""Lunar dates as villages write them on paper (农历): 农历丙午年八月二十."""

from bisect import bisect_right
from datetime import date
from itertools import accumulate
from typing import NamedTuple

#: Lunar year 2019 began on this day.
_FIRST_YEAR = 2019
_FIRST_DAY = date(2019, 2, 5)

#: One word per lunar year from 2019: bits 0-12 say which months have 30 days (the others 29), the leap month
#: counted in its place; bits 13-16 name the month that a leap month of the same number follows, 0 for none.
#: Sources and why this is no dependency: docs/decisions/0005-lunar-date.md.
# fmt: off
_YEARS = (
    0x00c95, 0x0952e, 0x00556, 0x00ab5, 0x055b2, 0x006d2, 0x0cea5, 0x00725, 0x0064b, 0x0ac97,
    0x00cab, 0x0055a, 0x06ad6, 0x00b69, 0x17752, 0x00b52, 0x00b25, 0x0da4b, 0x00a4b, 0x004ab,
    0x0a55b, 0x005ad, 0x00b6a, 0x05b52, 0x00d92, 0x0fd25, 0x00d25, 0x00a55, 0x0b4ad, 0x004b6,
    0x005b5, 0x06daa, 0x00ec9, 0x11e92, 0x00e92, 0x00d26, 0x0ca56, 0x00a57, 0x004d6, 0x086d5,
    0x00755, 0x00749, 0x06e93, 0x00693, 0x0f52b, 0x0052b, 0x00a5b, 0x0b55a, 0x0056a, 0x00b65,
    0x0974a, 0x00b4a, 0x11a95, 0x00a95, 0x0052d, 0x0caad, 0x00ab5, 0x005aa, 0x08ba5, 0x00da5,
    0x00d4a, 0x07c95,
)
# fmt: on

FIRST = date(2020, 1, 1)
LAST = date(2080, 12, 31)

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_MONTHS = ("正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月")
_NUMERALS = "一二三四五六七八九十"


def _month_lengths(word: int) -> list[int]:
    months = 13 if word >> 13 else 12
    return [29 + (word >> index & 1) for index in range(months)]


#: Days from the first lunar year's first day to the first day of each.
_STARTS = tuple(accumulate((sum(_month_lengths(word)) for word in _YEARS[:-1]), initial=0))


class LunarDate(NamedTuple):
    """year: the civil year in which the lunar year begins. month: 1..12. day: 1..30."""

    year: int
    month: int
    is_leap: bool
    day: int


def lunar_date(day: date) -> LunarDate:
    """The lunar date of a civil date from 2020-01-01 to 2080-12-31, else ValueError."""
    if not FIRST <= day <= LAST:
        raise ValueError(f"no lunar table for {day.isoformat()}")
    since = (day - _FIRST_DAY).days
    index = bisect_right(_STARTS, since) - 1
    return _within_year(_FIRST_YEAR + index, _YEARS[index], since - _STARTS[index])


def lunar_label(day: date) -> str:
    """Like 农历丙午年八月二十; a leap month reads 闰四月, the eleventh and twelfth 冬月 and 腊月."""
    lunar = lunar_date(day)
    stem, branch = _STEMS[(lunar.year - 4) % 10], _BRANCHES[(lunar.year - 4) % 12]
    leap = "闰" if lunar.is_leap else ""
    return f"农历{stem}{branch}年{leap}{_MONTHS[lunar.month - 1]}{_day_name(lunar.day)}"


def _within_year(year: int, word: int, left: int) -> LunarDate:
    leap_month = word >> 13
    for index, length in enumerate(_month_lengths(word)):
        if left < length:
            is_past_leap = bool(leap_month) and index >= leap_month
            month = index + (0 if is_past_leap else 1)
            return LunarDate(year, month, is_leap=bool(leap_month) and index == leap_month, day=left + 1)
        left -= length
    raise AssertionError("a day lies within its lunar year")


def _day_name(day: int) -> str:
    if day <= 10:
        return "初" + _NUMERALS[day - 1]
    if day in (20, 30):
        return _NUMERALS[day // 10 - 1] + "十"
    return ("十" if day < 20 else "廿") + _NUMERALS[day % 10 - 1]
