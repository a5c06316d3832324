import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointshop.closing.rules import Policy, expiring, kept, words

CLEAR = Policy("year", "clear", None, None)
KEEP = Policy("year", "keep", None, None)
HALF = Policy("quarter", "share", 50, None)
MOST_100 = Policy("year", "limit", None, 100)


@pytest.mark.parametrize(
    ("policy", "points", "left"),
    [
        (CLEAR, 80, 0),
        (KEEP, 80, 80),
        (HALF, 81, 41),
        (HALF, 1, 1),
        (HALF, 0, 0),
        (MOST_100, 250, 100),
        (MOST_100, 9, 9),
    ],
)
def test_what_lives_on(policy: Policy, points: int, left: int) -> None:
    assert kept(points, policy) == left


@pytest.mark.parametrize(
    ("at_end", "spent_since", "balance", "gone"),
    [
        (100, 0, 100, 100),
        (100, 30, 70, 70),  # the old ones are spent first
        (100, 30, 90, 70),  # twenty were earned since
        (100, 130, 20, 0),  # all the old ones were spent, and new ones too
        (100, -10, 110, 110),  # goods of the old year came back
        (-5, 0, 40, 0),
    ],
)
def test_old_points_go_first(at_end: int, spent_since: int, balance: int, gone: int) -> None:
    assert expiring(at_end=at_end, spent_since=spent_since, balance=balance, policy=CLEAR) == gone


@given(
    at_end=st.integers(-1000, 10**6),
    spent=st.integers(-1000, 10**6),
    balance=st.integers(0, 10**6),
    policy=st.sampled_from([CLEAR, KEEP, HALF, MOST_100]),
)
def test_takes_no_more_than_there_is_and_never_gives(at_end: int, spent: int, balance: int, policy: Policy) -> None:
    gone = expiring(at_end=at_end, spent_since=spent, balance=balance, policy=policy)
    assert 0 <= gone <= balance
    assert gone <= max(0, at_end - spent)
    if policy == KEEP:
        assert gone == 0


def test_rule_in_words() -> None:
    assert [words(policy) for policy in (CLEAR, KEEP, HALF, MOST_100)] == [
        "全部清零",
        "全部结转",
        "按50%结转，其余清零",
        "每户最多结转100分，其余清零",
    ]
