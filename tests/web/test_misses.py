from datetime import UTC, datetime, timedelta

from pointshop.web.misses import Misses

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_address_is_turned_away_after_too_many_and_let_in_again_later() -> None:
    misses = Misses(most=2, window=timedelta(minutes=5))
    misses.add("a", NOW)
    assert misses.seconds_to_wait("a", NOW) == 0
    misses.add("a", NOW + timedelta(minutes=1))
    assert misses.seconds_to_wait("a", NOW + timedelta(minutes=1)) == 240
    assert misses.seconds_to_wait("b", NOW) == 0
    assert misses.seconds_to_wait("a", NOW + timedelta(minutes=5)) == 0
    misses.add("a", NOW + timedelta(minutes=6))
    assert misses.seconds_to_wait("a", NOW + timedelta(minutes=6)) == 0


def test_no_more_addresses_are_remembered_than_said() -> None:
    misses = Misses(most=1, addresses=2)
    for address in "abc":
        misses.add(address, NOW)
    assert [misses.seconds_to_wait(address, NOW) > 0 for address in "abc"] == [False, True, True]
