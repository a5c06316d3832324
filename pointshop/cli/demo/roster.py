"""Who lives in the village, with the ids the register gave them, and how many deeds of each may still count."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any, NamedTuple

from pointshop.cli.demo.deeds import Doer
from pointshop.cli.demo.population import ADULT, OLDEST_ACTIVE, Home, Person
from pointshop.core.periods import Period, period_of
from pointshop.core.work import Work
from pointshop.people import queries

SCHOOL_AGE, LEAVING_SCHOOL, RECRUITED = range(7, 18), range(18, 21), range(18, 24)


class Neighbour(NamedTuple):
    """A household of the register. ids: of its members, in their order."""

    home: Home
    ids: tuple[int, ...]


class Doing(NamedTuple):
    """Who does a deed: a household, and a member of it where the deed is a person's."""

    neighbour: Neighbour
    member_id: int | None

    @property
    def number(self) -> str:
        return self.neighbour.home.number


def read_roster(work: Work, village_id: int, homes: Sequence[Home]) -> list[Neighbour]:
    """The households as they were registered."""
    registered = {row.number: row.id for row in queries.all_households(work, village_id)}
    members = queries.members_of(work, village_id, list(registered.values()))
    return [Neighbour(home, tuple(member.id for member in members[registered[home.number]])) for home in homes]


class Quota:
    """What still fits under the rules' caps, so that a whole batch is never refused for one line."""

    def __init__(self, rules: Mapping[str, Mapping[str, Any]]) -> None:
        self._rules = rules
        self._used: Counter[tuple[str, str, Period]] = Counter()
        self._days: set[tuple[str, str, date]] = set()

    def take(self, number: str, rule: str, day: date, quantity: int = 1) -> bool:
        """Count a deed if it fits; one a day for each household and rule."""
        cap, kind = self._rules[rule]["cap"], self._rules[rule]["cap_period"]
        key = (number, rule, period_of(day, kind or "day"))
        if (number, rule, day) in self._days or (cap is not None and self._used[key] + quantity > cap):
            return False
        self._days.add((number, rule, day))
        self._used[key] += quantity
        return True


def pick_doings(chance: Random, roster: Sequence[Neighbour], doer: Doer, *, year: int) -> Iterator[Doing]:
    """All who could do such a deed, the zealous likelier in front; those far away never."""
    near = [neighbour for neighbour in roster if neighbour.home.zeal]
    # weighted order without replacement (Efraimidis and Spirakis, 2006)
    for neighbour in sorted(near, key=lambda near: -(chance.random() ** (1 / near.home.zeal))):
        found = _doing(chance, neighbour, doer, year=year)
        if found is not None:
            yield found


def _doing(chance: Random, neighbour: Neighbour, doer: Doer, *, year: int) -> Doing | None:
    if doer == "household":
        return Doing(neighbour, None)
    fits = _FITS[doer]
    able = [
        member_id
        for member_id, person in zip(neighbour.ids, neighbour.home.members, strict=True)
        if fits(person, year - person.born)
    ]
    return Doing(neighbour, chance.choice(able)) if able else None


_FITS: dict[Doer, Callable[[Person, int], bool]] = {
    "adult": lambda _, age: ADULT <= age <= OLDEST_ACTIVE,
    "volunteer": lambda person, _: person.volunteer,
    "party": lambda person, _: person.party_member,
    "woman": lambda person, age: person.sex == "female" and ADULT <= age <= OLDEST_ACTIVE,
    "pupil": lambda _, age: age in SCHOOL_AGE,
    "graduate": lambda _, age: age in LEAVING_SCHOOL,
    "recruit": lambda person, age: person.sex == "male" and age in RECRUITED,
}
