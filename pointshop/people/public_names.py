"""How people are called on a sheet that hangs in public: in full, masked, or for a child not at all."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select

from pointshop.core.text import mask_name
from pointshop.core.work import Work
from pointshop.people.models import Household
from pointshop.people.queries import members_of

#: Children under this age are never named in public (PIPL art. 28, threats.md D04).
NAMED_FROM_AGE = 14
#: Numbers up to this length can't be taken for a telephone or a bank card.
_LONGEST_SHOWN = 10


class Person(NamedTuple):
    """Somebody to be named. number: of the household. consent, birth_year: None where nobody asked, or knows."""

    name: str
    number: str
    consent: bool | None
    birth_year: int | None


def called_in_public(person: Person, *, policy: str, year: int) -> str:
    """The name to print. policy: of the village, consent, full or masked. year: of the sheet.

    A child goes by the household's number alone; who said no is masked under any policy.
    """
    if may_be_child(person.birth_year, year=year):
        return household_code(person.number)
    in_full = person.consent is True if policy == "consent" else policy == "full"
    return person.name if in_full and person.consent is not False else mask_name(person.name)


def may_be_child(birth_year: int | None, *, year: int) -> bool:
    """Whether someone can still be under 14 in `year`: the birthday isn't known, so the year of turning 14 counts."""
    return birth_year is not None and year - birth_year <= NAMED_FROM_AGE


def household_code(number: str) -> str:
    """某户(0012); of long numbers the end, since a whole one might be a telephone's."""
    return f"某户({number if len(number) <= _LONGEST_SHOWN else '…' + number[-6:]})"


def birth_years_of_heads(work: Work, village_id: int, heads: dict[int, str]) -> dict[int, int | None]:
    """Household → its head's year of birth: an orphan may head one. Of two members of one name the younger counts.

    heads: household → the head's name.
    """
    members = members_of(work, village_id, list(heads))

    def born(household_id: int, head: str) -> int | None:
        years = [each.birth_year for each in members[household_id] if each.name == head and each.birth_year is not None]
        return max(years, default=None)

    return {household_id: born(household_id, head) for household_id, head in heads.items()}


def heads_in_public(
    work: Work, village_id: int, household_ids: Collection[int], *, policy: str, year: int
) -> dict[int, str]:
    """Household → how its head is called in public."""
    statement = select(Household.id, Household.number, Household.head, Household.name_consent).where(
        Household.village_id == village_id, Household.id.in_(sorted(household_ids))
    )
    rows = work.read(statement).all()
    born = birth_years_of_heads(work, village_id, {row.id: row.head for row in rows})
    return {
        row.id: called_in_public(Person(row.head, row.number, row.name_consent, born[row.id]), policy=policy, year=year)
        for row in rows
    }
