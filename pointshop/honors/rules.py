"""Places, and how people are called on a sheet that hangs in public. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from pointshop.people.public_names import Person, called_in_public
from pointshop.publishing.honor_roll import LONGEST
from pointshop.regions.rules import committee_name

RULE_OF_RANKING = "按积分从高到低排列，积分相同者名次并列；只列已入账的积分，兑换商品不影响名次。"
_SPANS = {4: "本年度", 7: "本月"}


class Counted(Protocol):
    """Something that has points and a code which orders equals."""

    @property
    def points(self) -> int: ...

    @property
    def number(self) -> str: ...


T = TypeVar("T", bound=Counted)


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A total and its place (名次)."""

    place: int
    total: T


class Total(NamedTuple):
    """What a household, or one member of it, was honoured for.

    number: of the household. member_id: 0 for the household as such. name: the head's or the member's.
    birth_year, name_consent: of the person named; None: not known, was not asked.
    """

    points: int
    number: str
    household_id: int
    member_id: int
    name: str
    group_no: int
    name_consent: bool | None
    birth_year: int | None


def rank(totals: Sequence[T], *, places: int) -> list[Placed[T]]:
    """Order totals for an honor roll; equal points share a place: 1, 1, 3.

    totals: any order, points >= 0. places: from 1; all who tie at the last place are kept. Equals stand in the order of
    their numbers. Raises ValueError when places < 1. Standard competition ranking.
    """
    if places < 1:
        raise ValueError("places must be 1 or more")
    placed: list[Placed[T]] = []
    for position, total in enumerate(sorted(totals, key=lambda total: (-total.points, total.number)), start=1):
        is_tied = bool(placed) and placed[-1].total.points == total.points
        place = placed[-1].place if is_tied else position
        if place > places:
            break
        placed.append(Placed(place, total))
    return placed


def public_name(total: Total, *, policy: str, year: int) -> str:
    """How a total is called in public. policy: of the village, consent, full or masked. year: of the sheet."""
    person = Person(total.name, total.number, total.name_consent, total.birth_year)
    return called_in_public(person, policy=policy, year=year)


def scope_of(period: str, subject: str) -> str:
    """What a roll counts, in one line; period: 2026, 2026-Q4 or 2026-11."""
    span = "本季度" if "Q" in period else _SPANS[len(period)]
    return f"按{span}新得积分，不含结转" if subject == "household" else f"按{span}个人新得积分，不含结转"


def issuer(township: str, village: str) -> str:
    """Who signs: 城关镇王庄村村民委员会; without the township where the line has no room for both."""
    committee = committee_name(village)
    return township + committee if len(township + committee) <= LONGEST["issued_by"] else committee


def participation(active: int, households: int) -> int:
    """Households with points among all, in whole per cent, rounded down; 0 where there are none."""
    return active * 100 // households if households else 0
