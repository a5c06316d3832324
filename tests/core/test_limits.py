"""Strangers are counted by address, in memory."""

from datetime import UTC, datetime, timedelta

import pytest

from pointshop.config import Limit
from pointshop.core.errors import TooManyRequests
from pointshop.core.limits import Visitors

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def _wait(visitors: Visitors, address: str, now: datetime) -> int | None:
    """Seconds for which an address is turned away, if it is."""
    try:
        visitors.check(address, now)
    except TooManyRequests as refusal:
        return int(refusal.headers["Retry-After"])
    return None


def test_address_is_turned_away_after_too_many_and_let_in_again_later() -> None:
    visitors = Visitors(Limit(2, timedelta(minutes=5)))
    visitors.count("a", NOW)
    assert _wait(visitors, "a", NOW) is None
    visitors.count("a", NOW + timedelta(minutes=1))
    assert _wait(visitors, "a", NOW + timedelta(minutes=1)) == 240
    assert _wait(visitors, "b", NOW) is None
    assert _wait(visitors, "a", NOW + timedelta(minutes=5)) is None
    visitors.count("a", NOW + timedelta(minutes=6))
    assert _wait(visitors, "a", NOW + timedelta(minutes=6)) is None


def test_no_more_addresses_are_remembered_than_said() -> None:
    visitors = Visitors(Limit(1, timedelta(minutes=5)), addresses=2)
    for address in "abc":
        visitors.count(address, NOW)
    assert [_wait(visitors, address, NOW) is not None for address in "abc"] == [False, True, True]


def test_of_a_fraction_of_a_second_a_whole_one_is_told() -> None:
    visitors = Visitors(Limit(1, timedelta(seconds=1)))
    visitors.count("a", NOW)
    with pytest.raises(TooManyRequests) as refused:
        visitors.check("a", NOW + timedelta(milliseconds=900))
    assert refused.value.headers["Retry-After"] == "1"
