from datetime import UTC, date, datetime, timedelta

import pytest

from pointshop.shop.rules import is_late, is_open, points_left, receipt_number, void_right

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
WINDOW = timedelta(minutes=15)


def test_the_shop_is_open_on_its_weekdays() -> None:
    sunday = date(2026, 11, 22)
    assert is_open("7", sunday)
    assert not is_open("123456", sunday)
    assert not is_open("", sunday)


@pytest.mark.parametrize(
    ("balance", "limit", "spent", "left"),
    [(100, None, 50, 100), (100, 30, 0, 30), (100, 30, 20, 10), (5, 30, 20, 5), (100, 30, 40, 0), (0, 30, 0, 0)],
)
def test_points_left_is_the_smaller_of_balance_and_rest_of_the_limit(
    balance: int, limit: int | None, spent: int, left: int
) -> None:
    assert points_left(balance, daily_limit=limit, spent=spent) == left


def test_a_receipt_is_numbered_by_household_and_line() -> None:
    assert receipt_number("0001", 7) == "0001-0007"
    assert receipt_number("A-1", 12345) == "A-1-12345"


@pytest.mark.parametrize(
    ("after", "is_own", "is_manager", "right"),
    [
        (timedelta(0), True, False, "allowed"),
        (WINDOW, True, False, "allowed"),
        (WINDOW + timedelta(microseconds=1), True, False, "too_late"),
        (timedelta(0), False, False, "not_theirs"),
        (timedelta(days=9), False, False, "not_theirs"),
        (timedelta(days=9), False, True, "allowed"),
        (timedelta(days=9), True, True, "needs_other"),
        (WINDOW, True, True, "allowed"),
    ],
)
def test_clerks_void_their_own_for_some_minutes_managers_always(
    after: timedelta, is_own: bool, is_manager: bool, right: str
) -> None:
    late = is_late(at=AT, now=AT + after, minutes=15)
    assert void_right(is_late=late, is_own=is_own, is_manager=is_manager) == right
