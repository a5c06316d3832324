import pytest

from pointshop.pins.rules import digest_of, is_weak, key_of, mark_of


@pytest.mark.parametrize(
    "pin",
    [
        *("000000", "777777", "121212", "123123", "112233", "889900", "123456", "654321", "890123", "135791"),
        *("900615", "061590", "199006", "200012", "000229", "520131", "147258"),
    ],
)
def test_what_a_thief_tries_first_is_weak(pin: str) -> None:
    assert is_weak(pin)


@pytest.mark.parametrize("pin", ["308472", "991399", "471903", "300000", "203741", "199013", "900699"])
def test_what_says_nothing_is_not(pin: str) -> None:
    assert not is_weak(pin)


def test_what_the_village_knows_of_the_household_is_weak_for_it_alone() -> None:
    assert is_weak("308472", "13930847211", "0001")
    assert is_weak("000471", "", "0471")
    assert not is_weak("308472", "13930847311", "", "0001")


def test_most_of_a_million_are_left() -> None:
    assert sum(is_weak(f"{pin:06d}") for pin in range(0, 1_000_000, 7)) < 80_000 / 7


def test_same_pin_is_another_digest_for_another_household_and_another_key() -> None:
    key, other = key_of("one secret of an installation"), key_of("the secret of another one")
    digests = {digest_of(each, change_id=change, pin="308472") for each in (key, other) for change in ("a", "b")}
    assert len(digests) == 4
    assert mark_of(key) != mark_of(other)
    assert digest_of(key, change_id="a", pin="308472") == digest_of(key, change_id="a", pin="308472")
