"""Counting: ten sets of ballots by hand, and against an implementation that is not ours."""

import statistics
from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from votelib.component.rankscore import Borda
from votelib.convert import RankedToPositionalVotes

from pointshop.evaluation import rules
from pointshop.evaluation.rules import Award, Criterion

HALF = Fraction(1, 2)

#: name → nominees, ballots, values by hand, places by hand
BY_HAND: dict[str, tuple[int, list[tuple[int, ...]], list[Fraction | int], dict[int, int]]] = {
    "one ballot": (3, [(1, 2, 3)], [2, 1, 0], {1: 1, 2: 2}),
    "all agree": (3, [(3, 1, 2)] * 4, [4, 0, 8], {3: 1, 1: 2}),
    "a cycle: all share the first place": (3, [(1, 2, 3), (2, 3, 1), (3, 1, 2)], [3, 3, 3], {1: 1, 2: 1, 3: 1}),
    "two mirror each other": (2, [(1, 2), (2, 1)], [1, 1], {1: 1, 2: 1}),
    "two share the second place": (4, [(1, 2, 3, 4), (1, 3, 2, 4)], [6, 3, 3, 0], {1: 1, 2: 2, 3: 2}),
    "two share the first, then comes the third": (3, [(1, 2, 3), (2, 1, 3)], [3, 3, 0], {1: 1, 2: 1}),
    "one is named, two share the rest": (3, [(1,), (1,)], [4, 1, 1], {1: 1, 2: 2, 3: 2}),
    "halves": (4, [(1, 2), (2,)], [4, 5, Fraction(3, 2), Fraction(3, 2)], {2: 1, 1: 2, 3: 3, 4: 3}),
    "long and short ballots give out the same": (3, [(1,), (2, 3, 1)], [2, 2 + HALF, 1 + HALF], {2: 1, 1: 2, 3: 3}),
    "nobody voted": (3, [], [0, 0, 0], {}),
}

#: name → marks of the judges for one nominee, mean by hand
MEANS: dict[str, tuple[list[int], Fraction | int]] = {
    "three": ([80, 90, 100], 90),
    "four: all count": ([80, 80, 90, 100], Fraction(175, 2)),
    "five: highest and lowest don't": ([10, 80, 90, 100, 100], 90),
    "of equal ones only one is dropped": ([70, 70, 70, 70, 100], 70),
    "six": ([0, 60, 70, 80, 90, 100], 75),
    "thirds": ([90, 91, 91, 100, 20], Fraction(272, 3)),
}


def theirs(nominees: Sequence[int], rankings: Sequence[Sequence[int]]) -> dict[int, Fraction]:
    """votelib's count. It takes complete rankings: a short one is all the ways to complete it, each as likely."""
    votes: dict[tuple[int, ...], int] = {}
    whole = factorial(len(nominees))
    for ranking in rankings:
        rest = [each for each in nominees if each not in ranking]
        for end in permutations(rest):
            full = (*ranking, *end)
            votes[full] = votes.get(full, 0) + whole // factorial(len(rest))
    found = RankedToPositionalVotes(Borda(base=0)).convert(votes)
    return {each: Fraction(found.get(each, 0), whole) for each in nominees}


@pytest.mark.parametrize("name", BY_HAND)
def test_borda_is_as_counted_by_hand(name: str) -> None:
    count, rankings, values, places = BY_HAND[name]
    nominees = range(1, count + 1)
    found = rules.values("rank", nominees, rankings, quorum=1)
    assert found == dict(zip(nominees, values, strict=True))
    assert rules.places(found) == places


@pytest.mark.parametrize("name", [name for name in BY_HAND if BY_HAND[name][1]])
def test_borda_is_as_another_implementation_counts_it(name: str) -> None:
    count, rankings, _, _ = BY_HAND[name]
    assert rules.borda(range(1, count + 1), rankings) == theirs(range(1, count + 1), rankings)


@st.composite
def _ballots(draw: st.DrawFn) -> tuple[list[int], list[list[int]]]:
    nominees = list(range(1, draw(st.integers(2, 5)) + 1))
    ranking = st.permutations(nominees).flatmap(lambda each: st.integers(1, len(each)).map(lambda end: each[:end]))
    return nominees, draw(st.lists(ranking, min_size=1, max_size=12))


@given(_ballots())
def test_any_ballots_come_to_the_same_as_elsewhere(ballots: tuple[list[int], list[list[int]]]) -> None:
    assert rules.borda(*ballots) == theirs(*ballots)


@given(_ballots())
def test_each_ballot_gives_out_the_same_in_whatever_order_they_come(
    ballots: tuple[list[int], list[list[int]]],
) -> None:
    nominees, rankings = ballots
    found = rules.borda(nominees, rankings)
    count = len(nominees)
    assert sum(found.values()) == Fraction(count * (count - 1), 2) * len(rankings)
    assert rules.borda(nominees, sorted(rankings)) == found


@given(_ballots())
def test_equal_values_share_a_place_and_more_stands_before_less(ballots: tuple[list[int], list[list[int]]]) -> None:
    found = rules.values("rank", ballots[0], ballots[1], quorum=1)
    places = rules.places(found)
    for one, place in places.items():
        value = found[one]
        assert value is not None
        assert place == 1 + sum(other is not None and other > value for other in found.values())


@pytest.mark.parametrize("name", MEANS)
def test_mean_is_as_counted_by_hand(name: str) -> None:
    marks, expected = MEANS[name]
    assert rules.trimmed_mean(marks) == expected


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_mean_is_that_of_pythons_statistics(marks: list[int]) -> None:
    kept = sorted(marks)
    if len(kept) >= 5:
        kept.remove(max(kept))
        kept.remove(min(kept))
    assert rules.trimmed_mean(marks) == statistics.mean(map(Fraction, kept))


@given(st.lists(st.integers(0, 100), min_size=4, max_size=20), st.sampled_from([0, 100]))
def test_one_judge_alone_never_leads_out_of_what_the_others_say(marks: list[int], extreme: int) -> None:
    assert min(marks) <= rules.trimmed_mean([*marks, extreme]) <= max(marks)


def test_no_scores_have_no_mean() -> None:
    with pytest.raises(ValueError, match="no scores"):
        rules.trimmed_mean([])


def test_who_is_judged_by_too_few_takes_no_place() -> None:
    sheets = [[[1, [50, 30]], [2, [60, 40]]], [[1, [50, 30]], [2, [60, 40]]], [[1, [50, 30]]]]
    found = rules.values("score", [1, 2, 3], sheets, quorum=3)
    assert found == {1: 80, 2: None, 3: None}
    assert rules.places(found) == {1: 1}


def test_who_may_have_no_award_keeps_nobody_from_a_place() -> None:
    found: dict[int, Fraction | None] = {1: Fraction(9), 2: Fraction(7), 3: Fraction(7), 4: Fraction(0), 5: None}
    assert rules.places(found, without={1}) == {2: 1, 3: 1}


def test_award_is_by_place_or_the_highest_grade_reached() -> None:
    by_place = [Award("A", 1, 1, None), Award("B", 2, 3, None)]
    assert [award and award.rule for award in (rules.award_for(by_place, place, HALF) for place in (1, 2, 3, 4))] == [
        "A",
        "B",
        "B",
        None,
    ]
    grades = [Award("3", None, None, 60), Award("5", None, None, 90), Award("4", None, None, 75)]
    for value, rule in ((Fraction(90), "5"), (Fraction(8999, 100), "4"), (Fraction(75), "4"), (Fraction(60), "3")):
        award = rules.award_for(grades, 1, value)
        assert award is not None and award.rule == rule
    assert rules.award_for(grades, 1, Fraction(5999, 100)) is None


def test_the_draw_can_be_repeated_and_depends_on_the_seed_alone() -> None:
    drawn = rules.draw(range(1, 40), seats=7, seed="双色球 2026132")
    assert drawn == rules.draw(reversed(range(1, 40)), seats=7, seed="双色球 2026132")
    assert len(set(drawn)) == 7
    assert drawn != rules.draw(range(1, 40), seats=7, seed="双色球 2026133")
    # as sha256sum says it: printf '双色球 2026132\x1f7' | sha256sum
    assert rules.draw([3], seats=7, seed="x") == [3]


def test_a_judge_far_from_the_middle_of_the_others_is_named() -> None:
    assert rules.far_off({1: 90, 2: 88, 3: 92, 4: 20}, most=100) == {4: -70}
    assert rules.far_off({1: 90, 2: 66, 3: 92, 4: 90}, most=100) == {}
    assert rules.far_off({1: 0, 2: 100}, most=100) == {}


def test_a_ranking_names_each_once_nobody_unknown_and_nobody_of_the_own_family() -> None:
    def wrong(*ranking: int) -> list[tuple[str, bool]]:
        found = rules.wrong_ranking(ranking, {1, 2, 3}, choices=2, aside={3})
        return [(each.path, each.is_own) for each in found]

    assert wrong(1, 2) == wrong(2) == []
    assert wrong() == wrong(1, 2, 3) == wrong(1, 1) == [("ranking", False)]
    assert wrong(2, 9) == [("ranking.1", False)]
    assert wrong(3, 1) == [("ranking.0", True)]


def test_a_score_sheet_judges_everybody_else_by_every_criterion() -> None:
    criteria = [Criterion("整洁", 60), Criterion("绿化", 40)]

    def wrong(*scores: list[object]) -> list[str]:
        return [each.path for each in rules.wrong_scores(scores, {1, 2, 3}, criteria=criteria, aside={3})]

    assert wrong([1, [60, 40]], [2, [0, 0]]) == []
    assert wrong([1, [60, 40]]) == ["scores"]
    assert wrong([1, [60, 40]], [1, [60, 40]]) == ["scores"]
    assert wrong([1, [60, 41]], [2, [1]]) == ["scores.0.points", "scores.1.points"]
    assert wrong([1, [1, 1]], [2, [1, 1]], [3, [1, 1]]) == ["scores.2.nominee"]
    assert wrong([1, [1, 1]], [2, [1, 1]], [7, [1, 1]]) == ["scores.2.nominee"]
