"""What looks odd at the counter was taken, and is shown to those who watch (threats.md B08)."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from pointshop.core import clock
from pointshop.core.ids import new_name
from pointshop.merits.anomaly_rules import BURST, Logged, find_anomalies
from tests.shop.counter import Counter


def _noon() -> datetime:
    """Of tomorrow in the village: the night, and what was set up, are far."""
    return datetime.combine(clock.now().date() + timedelta(days=1), time(4), UTC)


def _seen(shop: Counter, now: datetime) -> list[tuple[Any, ...]]:
    with clock.at(now):
        items = shop.get("anomalies", by="supervisor").get_json()["items"]
    return [(item["sort"], item["kind"], item["clerk"], item["count"], item["household"]) for item in items]


def test_what_is_odd_at_the_counter_is_in_the_list_by_clerk(shop: Counter) -> None:
    """Six redemptions of one household, each voided at once; then three at night by another clerk."""
    noon, names = _noon(), [new_name() for _ in range(6)]
    shop.stock("P001", points=20)
    for minute, name in enumerate(names):
        with clock.at(noon + timedelta(minutes=minute)):
            assert shop.redeem(shop.order(points=20), name=name).status_code == 201
            assert shop.void(name).status_code == 201
    shop.stock("P002", points=1)
    for minute in range(3):
        with clock.at(noon + timedelta(hours=10, minutes=minute)):
            assert shop.redeem(shop.order(("P002", 1), household="0002", points=1), by="clerk2").status_code == 201
    assert _seen(shop, noon + timedelta(hours=12)) == [
        ("redemption", "favour", "工作人员", 6, "0001"),
        ("redemption", "night", "赵店员", 3, None),
        ("void", "burst", "工作人员", 6, None),
        ("void", "favour", "工作人员", 6, "0001"),
    ]
    with clock.at(noon + timedelta(hours=12)):
        found = shop.get("anomalies", by="supervisor").get_json()["items"][2]
    assert (found["redemptions"], found["merits"], found["gifts"], found["worker"]) == (names, [], [], None)
    assert _seen(shop, noon + timedelta(days=9)) == []


def test_many_gifts_in_an_hour_are_odd(shop: Counter) -> None:
    noon = _noon()
    for minute in range(BURST["gift"] + 1):
        body = {"household": "0001", "to_household": "0002", "points": 1, "note": "签字条"}
        with clock.at(noon + timedelta(minutes=minute)):
            gift = body | {"occurred_on": clock.village_day(clock.now()).isoformat()}
            assert shop.ask("PUT", f"gifts/{new_name()}", gift, by="manager").status_code == 201
    assert _seen(shop, noon + timedelta(hours=1)) == [("gift", "burst", "工作人员", BURST["gift"] + 1, None)]


@pytest.mark.parametrize("sort", BURST)
def test_each_sort_is_counted_by_itself(sort: str) -> None:
    noon = _noon()

    def entries(of: str) -> list[Logged]:
        return [Logged(new_name(), "甲", str(n), 1, noon, sort=of) for n in range(BURST[of] + (of == sort))]

    (found,) = find_anomalies(entry for of in BURST for entry in entries(of))
    assert (found.kind, found.sort, len(found.entries)) == ("burst", sort, BURST[sort] + 1)
