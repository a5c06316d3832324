from datetime import date, datetime, timedelta

import pytest

from pointshop.cli.demo.season import BREATH, at_clock, first_of_month, season_until


def test_half_a_year_is_six_whole_months_and_what_there_is_of_this_one() -> None:
    season = season_until(at_clock(date(2026, 11, 22), 9))
    assert season.opens_on == date(2026, 5, 1)
    assert season.reviewed_from == date(2026, 8, 1)
    assert season.noticed_from == date(2026, 10, 1)
    assert list(season.days())[-1] == date(2026, 11, 22)


def test_today_is_the_villages_day_not_greenwichs() -> None:
    assert season_until(datetime.fromisoformat("2026-12-31T17:00:00+00:00")).today == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("today", "quarter", "month"),
    [
        (date(2026, 11, 22), "2026-Q3", "2026-10"),
        (date(2027, 1, 1), "2026-Q4", "2026-12"),
        (date(2027, 3, 31), "2026-Q4", "2027-02"),
        (date(2028, 2, 29), "2027-Q4", "2028-01"),
    ],
)
def test_last_quarter_and_last_month_are_over_and_were_lived(today: date, quarter: str, month: str) -> None:
    season = season_until(at_clock(today, 12))
    assert (season.last_quarter(), season.last_month()) == (quarter, month)


@pytest.mark.parametrize(
    ("now", "signed"),
    [
        (at_clock(date(2026, 11, 22), 0, 5), at_clock(date(2026, 11, 21), 20, 30)),
        (at_clock(date(2026, 11, 22), 8, 40), at_clock(date(2026, 11, 21), 20, 30)),
        (at_clock(date(2026, 11, 22), 8, 50), at_clock(date(2026, 11, 22), 8, 30)),
        (at_clock(date(2026, 11, 22), 23, 59), at_clock(date(2026, 11, 22), 20, 30)),
    ],
)
def test_the_last_signing_was_at_an_hour_when_people_sign(now: datetime, signed: datetime) -> None:
    assert season_until(now).last_signing == signed


def test_nothing_happens_in_the_last_minutes() -> None:
    season = season_until(at_clock(date(2026, 11, 22), 9))
    assert season.has_come(season.now - BREATH)
    assert not season.has_come(season.now - BREATH + timedelta(seconds=1))


def test_months_are_counted_back_over_new_year() -> None:
    assert first_of_month(date(2027, 1, 31), back=6) == date(2026, 7, 1)
    assert first_of_month(date(2026, 12, 31)) == date(2026, 12, 1)
