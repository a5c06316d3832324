"""`verify` finds what was let in past a cap or the budget, and nothing else (threats.md I12)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pointshop.core import clock
from pointshop.core.ids import new_name
from pointshop.core.periods import PERIOD_KINDS, PeriodKind, period_of
from tests.api import Api
from tests.behind import tamper
from tests.books import violations
from tests.ground import Ground
from tests.merits.deeds import deed, reverse
from tests.world import World


def _log(api: Api, *days: date, household: str = "0001", note: str = "") -> list[int]:
    caller = api.as_("manager")
    return [
        caller.put(
            f"/merits/{new_name()}", deed(household, occurred_on=day.isoformat(), note=f"{note}{place}")
        ).status_code
        for place, day in enumerate(days)
    ]


@pytest.mark.breaks_the_books
@pytest.mark.parametrize("kind", PERIOD_KINDS)
def test_more_than_a_cap_lets_in_is_found_in_each_kind_of_period(
    api: Api, ground: Ground, world: World, kind: PeriodKind
) -> None:
    world.households(2)
    world.settings(backdate_days=366)
    world.rule(cap=2, cap_period=kind)
    with clock.at(datetime(2026, 12, 31, 12, tzinfo=UTC)):
        period = period_of(date(2026, 11, 18), kind)
        inside = _log(api, period.first, period.last)
        # the last day before, the first after, and the neighbours count for themselves
        beside = [
            day for day in (period.first - timedelta(days=1), period.last + timedelta(days=1)) if day.year == 2026
        ]
        assert inside + _log(api, *beside, note="x") + _log(api, period.first, household="0002") == [201] * (
            3 + len(beside)
        )
        assert _log(api, period.last, note="y") == [422]
    assert world.see(violations) == {}
    tamper(ground, "UPDATE rule_version SET cap = 1 WHERE version = 1")
    broken: Any = world.see(violations)
    (found,) = broken["cap_never_exceeded"]
    assert (found["household_id"], found["cap"], found["used"]) == (1, 1, 2)


def test_a_cap_that_was_lowered_later_is_no_violation(api: Api, world: World) -> None:
    world.household()
    world.rule(cap=3, cap_period="month")
    today = clock.village_day(clock.now())
    assert _log(api, today, today, today) == [201] * 3
    world.rule(cap=1, cap_period="month", effective_from=today)
    assert _log(api, today, note="x") == [422]
    assert world.see(violations) == {}


@pytest.mark.breaks_the_books
def test_more_than_the_budget_is_found(api: Api, ground: Ground, world: World) -> None:
    world.households(3)
    world.rule(points=40)
    world.settings(period_budget=100)
    today = clock.village_day(clock.now())
    assert [_log(api, today, household=f"000{number}") for number in (1, 2, 3)] == [[201], [201], [422]]
    assert world.see(violations) == {}
    tamper(
        ground, f"UPDATE settings_change SET period_budget = 79 WHERE village_id = {world.village_id} AND version = 2"
    )
    broken: Any = world.see(violations)
    (found,) = broken["budget_never_exceeded"]
    assert found["issued"] == 80


def test_a_budget_holds_from_when_it_was_decided_and_gets_back_what_was_reversed(api: Api, world: World) -> None:
    world.household()
    world.rule(points=40)
    today = clock.village_day(clock.now())
    _log(api, today, today, today)
    world.settings(period_budget=10)
    assert _log(api, today, note="x") == [422]
    world.settings(period_budget=170)
    assert _log(api, today, note="y") == [201]
    item = api.as_("manager").get("/merits").get_json()["items"][0]
    reverse(api.as_("manager"), item["id"])
    world.settings(period_budget=None)
    assert _log(api, today, today, today, note="z") == [201] * 3
    assert world.see(violations) == {}
