from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pointshop.core.periods import parse_period
from pointshop.notices.rhythm import DISCLOSURES, duties

LONG_AGO = date(2020, 1, 1)
MONTHS = st.sets(st.from_regex(r"202[56]-(0[1-9]|1[0-2])", fullmatch=True))
DAYS = st.dates(date(2026, 1, 1), date(2027, 1, 31))


def periods(today: date, *, since: date = LONG_AGO, moved: set[str] | None = None, kind: str = "goods") -> list[str]:
    return [duty.period for duty in duties(today, since=since, moved={kind: moved or set()}) if duty.kind == kind]


def test_a_quarter_in_which_nothing_moved_is_due_once() -> None:
    assert periods(date(2026, 11, 2))[-1:] == ["2026-Q3"]


def test_months_in_which_something_moved_are_due_one_by_one() -> None:
    assert periods(date(2026, 11, 2), moved={"2026-07", "2026-09", "2026-10"})[-3:] == ["2026-07", "2026-09", "2026-10"]


def test_the_month_that_runs_is_not_due_yet() -> None:
    assert "2026-11" not in periods(date(2026, 11, 30), moved={"2026-11"})
    assert "2026-11" in periods(date(2026, 12, 1), moved={"2026-11"})


def test_each_is_due_ten_days_after_its_period() -> None:
    (duty,) = [duty for duty in duties(date(2026, 11, 2), since=date(2026, 8, 1), moved={}) if duty.kind == "ledger"]
    assert (duty.label, duty.due_on, duty.rhythm) == ("2026年第三季度", date(2026, 10, 10), "quarterly")
    assert (duty.first, duty.last) == (date(2026, 8, 1), date(2026, 9, 30))


def test_a_village_owes_nothing_for_the_time_before_it_began() -> None:
    assert periods(date(2026, 11, 2), since=date(2026, 10, 5)) == []
    assert periods(date(2026, 11, 2), since=date(2026, 10, 5), moved={"2026-10"}) == ["2026-10"]


@given(DAYS, MONTHS)
def test_every_ended_month_of_the_year_is_covered_once(today: date, moved: set[str]) -> None:
    for kind in DISCLOSURES:
        found = [parse_period(name) for name in periods(today, moved=moved, kind=kind)]
        months = [month for period in found for month in period.months()]
        assert len(months) == len(set(months))
        ended = {month for month in moved if parse_period(month).last < today}
        assert {month for month in ended if parse_period(month).first >= min(p.first for p in found)} <= set(months)
        assert all(period.last < today for period in found)
