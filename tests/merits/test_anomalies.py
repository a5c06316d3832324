"""What looks odd is taken and shown to those who watch (threats.md B08, B10)."""

import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pointshop.core import clock
from pointshop.core.ids import new_name
from pointshop.merits import anomaly_rules
from pointshop.merits.anomaly_rules import BURST_WINDOW, Logged, find_anomalies
from tests.api import Api
from tests.merits.deeds import deed
from tests.together import outcome
from tests.world import World

BURST = anomaly_rules.BURST["merit"]
NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)


def _entry(minutes: float, *, worker: str = "甲", household: str = "", points: int = 1, batch: bool = False) -> Logged:
    """Each for another household unless told otherwise."""
    name = new_name()
    return Logged(name, worker, household or name, points, NOON + timedelta(minutes=minutes), batch)


def _kinds(entries: list[Logged]) -> list[tuple[str, int]]:
    return [(found.kind, len(found.entries)) for found in find_anomalies(entries)]


def test_forty_in_an_hour_are_work_and_one_more_is_a_burst() -> None:
    assert _kinds([_entry(number) for number in range(BURST)]) == []
    assert _kinds([_entry(number) for number in range(BURST + 1)]) == [("burst", BURST + 1)]
    # two workers, or an hour's rest between
    assert _kinds([_entry(number, worker="甲乙"[number % 2]) for number in range(BURST + 1)]) == []
    assert _kinds([_entry(number + 30 * (number // 30) * 2) for number in range(BURST + 1)]) == []


def test_a_batch_is_one_decision() -> None:
    assert _kinds([_entry(0, batch=True) for _ in range(500)]) == []


def test_one_long_burst_is_told_once_and_two_are_told_twice() -> None:
    assert _kinds([_entry(number) for number in range(150)]) == [("burst", 150)]
    two = [_entry(number / 2) for number in range(50)] + [_entry(300 + number / 2) for number in range(60)]
    assert _kinds(two) == [("burst", 50), ("burst", 60)]


@given(st.lists(st.integers(0, 24 * 60), max_size=120))
def test_every_hour_with_too_many_lies_in_a_burst_and_no_other_entry_does(minutes: list[int]) -> None:
    entries = sorted((_entry(minute - 8 * 60) for minute in minutes), key=lambda entry: entry.logged_at)
    told = {entry.id for found in find_anomalies(entries) if found.kind == "burst" for entry in found.entries}
    dense = set()
    for start in entries:
        within = [e for e in entries if start.logged_at <= e.logged_at < start.logged_at + BURST_WINDOW]
        if len(within) > BURST:
            dense |= {entry.id for entry in within}
    assert told == dense


def test_three_in_one_night_are_odd_and_the_night_does_not_end_at_midnight() -> None:
    evening = 10 * 60
    assert _kinds([_entry(evening), _entry(evening + 150)]) == []
    assert _kinds([_entry(evening), _entry(evening + 150), _entry(evening + 6 * 60 + 59)]) == [("night", 3)]
    assert _kinds([_entry(evening), _entry(evening + 24 * 60), _entry(evening + 48 * 60)]) == []
    assert _kinds([_entry(evening - 1), _entry(evening + 7 * 60), _entry(evening + 150)]) == []


def test_a_household_that_gets_most_of_a_workers_points_is_odd() -> None:
    fair = [_entry(90 * number, points=10, household=f"{number % 4}") for number in range(16)]
    kin = [_entry(90 * number, points=10, household="0001") for number in range(16)]
    assert [kind for kind, _ in _kinds(fair)].count("favour") == 0
    (found,) = (found for found in find_anomalies(fair + kin) if found.kind == "favour")
    assert (found.household, len(found.entries)) == ("0001", 16)
    # little is no pattern
    assert not any(kind == "favour" for kind, _ in _kinds(kin[:6]))


@pytest.fixture
def village(world: World) -> World:
    world.households(3)
    world.rule()
    return world


def _anomalies(api: Api, role: str = "supervisor", **query: Any) -> Any:
    return api.as_(role).get("/anomalies", query=query).get_json()


def test_a_planted_pattern_is_in_the_weekly_list_though_all_was_taken(api: Api, village: World) -> None:
    """B08: forty-one entries before ten, three in the night, most of it for one household."""
    worker = api.as_("worker")
    for number in range(BURST + 4):
        with clock.at(NOON + timedelta(minutes=number if number <= BURST else 11 * 60 + number)):
            body = deed("0001" if number % 8 else "0002", occurred_on="2026-11-18", note=f"{number}")
            assert worker.put(f"/merits/{new_name()}", body).status_code == 201
    with clock.at(NOON + timedelta(days=3)):
        week = _anomalies(api)
        assert (week["from"], week["to"]) == ("2026-11-15", "2026-11-21")
        assert [(item["kind"], item["count"], item["household"]) for item in week["items"]] == [
            ("burst", BURST + 1, None),
            ("night", 3, None),
            ("favour", 38, "0001"),
        ]
        assert len(week["items"][0]["merits"]) == 20
        assert _anomalies(api, **{"from": "2026-11-19"})["items"] == []


def test_a_photo_that_proves_two_deeds_is_taken_and_shown(api: Api, village: World) -> None:
    """B10; the same photo sent again for the same merit is nothing."""
    worker, out = api.as_("worker"), io.BytesIO()
    Image.new("RGB", (8, 8), (9, 9, 9)).save(out, "PNG")
    merits = [new_name() for _ in range(3)]
    with clock.at(NOON):
        for number, merit in enumerate(merits):
            assert worker.put(f"/merits/{merit}", deed("0001", note=f"{number}")).status_code == 201
        assert _anomalies(api)["items"] == []
        for merit in (merits[0], merits[0], merits[1]):
            path = f"/merits/{merit}/photos/{new_name()}"
            assert worker.put(path, data=out.getvalue(), content_type="image/png").status_code == 201
        (found,) = _anomalies(api)["items"]
        assert (found["kind"], found["count"], Counter(found["merits"])) == ("same_photo", 2, Counter(merits[:2]))


@pytest.mark.parametrize("days", [("2026-01-01", "2026-02-01"), ("2026-02-01", "2026-01-01")])
def test_a_report_covers_a_month_at_most(api: Api, village: World, days: tuple[str, str]) -> None:
    answer = api.as_("manager").get("/anomalies", query={"from": days[0], "to": days[1]})
    assert outcome(answer) == (422, "validation")
