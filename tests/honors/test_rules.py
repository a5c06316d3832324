from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointshop.honors.rules import (
    Total,
    issuer,
    participation,
    public_name,
    rank,
    scope_of,
)


def total(points: int, number: str = "0001", **changes: Any) -> Total:
    return Total(points, number, 1, 0, "单雄信", 1, None, None)._replace(**changes)


TOTALS = st.lists(
    st.builds(total, points=st.integers(0, 20), number=st.from_regex(r"[0-9]{4}", fullmatch=True)), max_size=40
)


def places(points: list[int], *, up_to: int = 500) -> list[int]:
    return [line.place for line in rank([total(own, f"{own}") for own in points], places=up_to)]


def test_equal_points_share_a_place_and_the_next_place_is_skipped() -> None:
    assert places([10, 30, 30, 20]) == [1, 1, 3, 4]


def test_keeps_all_who_tie_at_the_last_place() -> None:
    assert places([30, 20, 20, 20, 10], up_to=2) == [1, 2, 2, 2]


def test_ends_before_a_place_that_ties_have_used_up() -> None:
    assert places([30, 30, 20], up_to=2) == [1, 1]


def test_refuses_fewer_than_one_place() -> None:
    with pytest.raises(ValueError, match="places"):
        rank([], places=0)


@given(TOTALS, st.integers(1, 45))
def test_a_place_is_one_more_than_the_number_of_better_totals(totals: list[Total], up_to: int) -> None:
    for line in rank(totals, places=up_to):
        assert line.place == 1 + sum(other.points > line.total.points for other in totals)


@given(TOTALS, st.integers(1, 45))
def test_leaves_out_exactly_those_beyond_the_last_place(totals: list[Total], up_to: int) -> None:
    listed = [line.total for line in rank(totals, places=up_to)]
    expected = [one for one in totals if sum(other.points > one.points for other in totals) < up_to]
    assert sorted(listed) == sorted(expected)


@given(TOTALS, st.randoms(use_true_random=False))
def test_order_does_not_depend_on_the_order_of_input(totals: list[Total], random: object) -> None:
    shuffled = list(totals)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types it as object
    assert rank(totals, places=50) == rank(shuffled, places=50)


@pytest.mark.parametrize(
    ("policy", "consent", "expected"),
    [
        ("consent", True, "单雄信"),
        ("consent", None, "单*信"),
        ("consent", False, "单*信"),
        ("full", None, "单雄信"),
        ("full", False, "单*信"),
        ("masked", True, "单*信"),
    ],
)
def test_shows_a_name_in_full_only_where_policy_and_person_agree(
    policy: str, consent: bool | None, expected: str
) -> None:
    assert public_name(total(5, name_consent=consent), policy=policy, year=2026) == expected


@pytest.mark.parametrize("policy", ["consent", "full", "masked"])
def test_a_child_is_never_named(policy: str) -> None:
    child = total(5, "0012", name_consent=True, birth_year=2013)
    assert public_name(child, policy=policy, year=2026) == "某户(0012)"


@pytest.mark.parametrize(
    ("period", "subject", "expected"),
    [
        ("2026", "household", "按本年度新得积分，不含结转"),
        ("2026-Q4", "household", "按本季度新得积分，不含结转"),
        ("2026-11", "member", "按本月个人新得积分，不含结转"),
    ],
)
def test_says_in_one_line_what_is_counted(period: str, subject: str, expected: str) -> None:
    assert scope_of(period, subject) == expected


@pytest.mark.parametrize(
    ("township", "village", "expected"),
    [
        ("城关镇", "王庄村", "城关镇王庄村村民委员会"),
        ("长" * 20, "大" * 10 + "村", "大" * 10 + "村村民委员会"),
    ],
)
def test_the_township_signs_too_where_there_is_room(township: str, village: str, expected: str) -> None:
    assert issuer(township, village) == expected


@pytest.mark.parametrize(("active", "households", "expected"), [(0, 0, 0), (2, 3, 66), (3, 3, 100)])
def test_participation_is_whole_per_cent(active: int, households: int, expected: int) -> None:
    assert participation(active, households) == expected
