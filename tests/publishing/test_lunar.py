import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from pointshop.publishing.lunar import FIRST, LAST, LunarDate, lunar_date, lunar_label

YEARS = Path(__file__).with_name("lunar_years.csv")


def every_day_of_the_reference() -> dict[date, LunarDate]:
    days = {}
    with YEARS.open(encoding="ascii") as lines:
        for row in csv.DictReader(lines):
            day, leap = date.fromisoformat(row["first_day"]), int(row["leap_month"])
            numbers = list(range(1, 13))
            if leap:
                numbers.insert(leap, leap)
            for index, length in enumerate(row["month_lengths"].split()):
                for number in range(1, int(length) + 1):
                    is_leap = bool(leap) and index == leap
                    days[day] = LunarDate(int(row["year"]), numbers[index], is_leap=is_leap, day=number)
                    day += timedelta(days=1)
    return days


def test_every_day_from_2020_to_2080_agrees_with_the_reference() -> None:
    reference = every_day_of_the_reference()
    day = FIRST
    while day <= LAST:
        assert lunar_date(day) == reference[day], day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 9, 30), "农历丙午年八月二十"),
        (date(2026, 2, 17), "农历丙午年正月初一"),
        (date(2026, 2, 16), "农历乙巳年腊月廿九"),
        (date(2027, 2, 6), "农历丁未年正月初一"),
        (date(2030, 2, 3), "农历庚戌年正月初一"),
        (date(2020, 5, 23), "农历庚子年闰四月初一"),
        (date(2033, 12, 22), "农历癸丑年闰冬月初一"),
        (date(2026, 10, 10), "农历丙午年九月初一"),
        (date(2026, 10, 9), "农历丙午年八月廿九"),
        (date(2025, 1, 28), "农历甲辰年腊月廿九"),
        (date(2024, 2, 9), "农历癸卯年腊月三十"),
        (date(2020, 1, 1), "农历己亥年腊月初七"),
        (date(2026, 12, 9), "农历丙午年冬月初一"),
        (date(2026, 10, 19), "农历丙午年九月初十"),
        (date(2026, 10, 20), "农历丙午年九月十一"),
    ],
)
def test_labels_read_as_on_a_wall_calendar(day: date, label: str) -> None:
    assert lunar_label(day) == label


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2081, 1, 1)])
def test_days_outside_the_table_are_refused(day: date) -> None:
    with pytest.raises(ValueError, match="no lunar table"):
        lunar_date(day)
