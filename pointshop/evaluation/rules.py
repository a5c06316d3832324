"""How an evaluation is counted. Pure: ballots in, values and places out.

A ranking is a list of nominee numbers, best first; a score sheet is a list of [nominee, [points by criterion]], by
nominee. Values are exact fractions, so that equal is equal on every machine.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import Any, Literal, NamedTuple

Method = Literal["rank", "score"]
METHODS: tuple[Method, ...] = ("rank", "score")
#: `households`: one ballot each, secret; `judges`: drawn, each ballot known to the supervisor
ELECTORATES = ("households", "judges")
SUBJECTS = ("household", "member")
STATES = ("prepared", "open", "closed", "failed")
WAYS = ("code", "paper")

#: From so many scores on the highest and the lowest are dropped.
TRIMMED_FROM = 5
#: Fewest scores that make a mean (threats.md B13), and fewest secret ballots that are counted.
LEAST_QUORUM = 3
#: A judge is told to be far off who differs from the middle of the others by this share of the full mark.
FAR_OFF = Fraction(1, 4)

#: For hex digits on the sheet: the sheet is searched for telephones, and one round in 500 would seem to hold one.
LETTERS = "bcdfghjkmnpqrtvw"
_SPELLED = str.maketrans("0123456789abcdef", LETTERS)

Ranking = Sequence[int]
Scores = Sequence[Sequence[Any]]


class Criterion(NamedTuple):
    """What judges look at, and the most points for it."""

    name: str
    most: int


class Award(NamedTuple):
    """Which rule gives points: for places first..last, or for a mean of at least `least`."""

    rule: str
    first: int | None
    last: int | None
    least: int | None

    def is_for(self, place: int, value: Fraction) -> bool:
        if self.first is not None and self.last is not None:
            return self.first <= place <= self.last
        return self.least is not None and value >= self.least


def borda(nominees: Sequence[int], rankings: Iterable[Ranking]) -> dict[int, Fraction]:
    """Borda count: of n nominees the first gets n-1, the next n-2 …; those a ballot leaves out share what is left.

    So each ballot gives out the same, however short: a voter who names three is heard as loudly as who names all.
    """
    totals = dict.fromkeys(nominees, Fraction(0))
    for ranking in rankings:
        left = len(nominees) - len(ranking)
        for place, nominee in enumerate(ranking):
            totals[nominee] += len(nominees) - 1 - place
        for nominee in totals.keys() - set(ranking):
            totals[nominee] += Fraction(left - 1, 2)
    return totals


def trimmed_mean(scores: Sequence[int]) -> Fraction:
    """The mean, without the highest and the lowest from five on. Raises ValueError for none."""
    if not scores:
        raise ValueError("no scores")
    kept = sorted(scores)[1:-1] if len(scores) >= TRIMMED_FROM else scores
    return Fraction(sum(kept), len(kept))


def totals_by_nominee(sheets: Iterable[Scores]) -> dict[int, list[int]]:
    """Nominee → what each sheet that judges it comes to."""
    found: dict[int, list[int]] = {}
    for sheet in sheets:
        for nominee, points in sheet:
            found.setdefault(nominee, []).append(sum(points))
    return found


def values(method: str, nominees: Sequence[int], ballots: Sequence[Any], *, quorum: int) -> dict[int, Fraction | None]:
    """Nominee → what it came to; None where fewer than the quorum judged it."""
    if method == "rank":
        return dict(borda(nominees, ballots))
    totals = totals_by_nominee(ballots)
    return {each: trimmed_mean(totals[each]) if len(totals.get(each, ())) >= quorum else None for each in nominees}


def places(found: Mapping[int, Fraction | None], *, without: Collection[int] = ()) -> dict[int, int]:
    """Nominee → place, of those that came to something; equal values share one: 1, 1, 3.

    without: nominees that take no place, and keep nobody from theirs.
    """
    running = {each: value for each, value in found.items() if value and each not in without}
    ordered = sorted(running.values(), reverse=True)
    return {each: ordered.index(value) + 1 for each, value in running.items()}


def award_for(awards: Sequence[Award], place: int, value: Fraction) -> Award | None:
    """The award of a place or of a mean. All who share a place get its award; of several grades the highest counts."""
    fitting = [award for award in awards if award.is_for(place, value)]
    return max(fitting, key=lambda award: award.least or 0, default=None)


def draw(candidates: Iterable[int], *, seats: int, seed: str) -> list[int]:
    """The candidates whose SHA-256 of seed, unit separator and number comes first: anyone can draw them again."""
    return sorted(candidates, key=lambda no: hashlib.sha256(f"{seed}\x1f{no}".encode()).digest())[:seats]


def spelled(hex_digits: str) -> str:
    """Hex digits in letters, so that they can't look like a number of somebody."""
    return hex_digits.translate(_SPELLED)


def far_off(marks: Mapping[int, int], *, most: int) -> dict[int, Fraction]:
    """Judge → by how much they differ from the middle of the others, of those who differ by a quarter of the full mark.

    marks: judge → total for one nominee. Fewer than three marks have no middle to be far from.
    """
    if len(marks) < LEAST_QUORUM:
        return {}
    found = {}
    for judge, mark in marks.items():
        middle = Fraction(median(other for each, other in marks.items() if each != judge))
        if abs(mark - middle) >= FAR_OFF * most:
            found[judge] = mark - middle
    return found


class Wrong(NamedTuple):
    """What is wrong with a ballot: where, and in words. is_own: it is about who has to step aside."""

    path: str
    words: str
    is_own: bool = False


def wrong_ranking(ranking: Ranking, nominees: Collection[int], *, choices: int, aside: Collection[int]) -> list[Wrong]:
    """aside: nominees of the voter's own household and kin."""
    if not 1 <= len(ranking) <= choices:
        return [Wrong("ranking", f"须填 1 到 {choices} 个")]
    if len(set(ranking)) != len(ranking):
        return [Wrong("ranking", "同一个只能填一次")]
    return [wrong for at, each in enumerate(ranking) for wrong in _about(f"ranking.{at}", each, nominees, aside)]


def wrong_scores(
    scores: Scores, nominees: Collection[int], *, criteria: Sequence[Criterion], aside: Collection[int]
) -> list[Wrong]:
    """A sheet judges everybody but those for whom the judge steps aside."""
    judged = [nominee for nominee, _ in scores]
    if len(set(judged)) != len(judged):
        return [Wrong("scores", "同一个只能评一次")]
    found = [wrong for at, each in enumerate(judged) for wrong in _about(f"scores.{at}.nominee", each, nominees, aside)]
    if missing := sorted(set(nominees) - set(aside) - set(judged)):
        found.append(Wrong("scores", f"还没有评：{'、'.join(map(str, missing))} 号"))
    for at, (_, points) in enumerate(scores):
        if len(points) != len(criteria):
            found.append(Wrong(f"scores.{at}.points", f"须有 {len(criteria)} 项"))
        elif any(given > criterion.most for given, criterion in zip(points, criteria, strict=True)):
            found.append(Wrong(f"scores.{at}.points", "超过该项的满分"))
    return found


def _about(path: str, nominee: int, nominees: Collection[int], aside: Collection[int]) -> list[Wrong]:
    if nominee not in nominees:
        return [Wrong(path, f"没有 {nominee} 号")]
    return [Wrong(path, "涉及本户或亲属，应当回避", is_own=True)] if nominee in aside else []
