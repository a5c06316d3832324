"""The people of the demonstration village: households on their lanes, generation by generation. Pure."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from pointshop.cli.demo.families import pick_seats
from pointshop.cli.demo.names import Sex, pick_given_name, pick_surname

VILLAGE_NAME = "槐树湾村"
ADULT, OLDEST_ACTIVE = 18, 72


class Group(NamedTuple):
    """A village group (村民小组). families: surnames of those who settled there first."""

    number: int
    households: int
    lanes: tuple[str, ...]
    families: tuple[str, ...]


GROUPS = (
    Group(1, 24, ("东大巷", "槐树巷", "井台巷"), ("王", "郄")),
    Group(2, 23, ("前街", "后街", "磨坊巷"), ("李", "仉")),
    Group(3, 22, ("祠堂巷", "柿园巷", "西头巷"), ("张", "周")),
    Group(4, 21, ("南坡巷", "水渠巷"), ("陈", "马")),
    Group(5, 20, ("柳堤巷", "渡口巷", "河湾巷"), ("刘", "赵")),
    Group(6, 22, ("新村一巷", "新村二巷", "新村三巷"), ()),
)


class Person(NamedTuple):
    """A member of a household; consent to stand on public sheets by full name: None where nobody asked."""

    name: str
    born: int
    sex: Sex
    party_member: bool = False
    volunteer: bool = False
    name_consent: bool | None = None


class Home(NamedTuple):
    """A household as it is to be registered, the head first among its members.

    zeal: how often it takes part, 1 for the middle; 0 for those who work far away all year.
    """

    number: str
    group_no: int
    lane: str
    address: str
    phone: str
    name_consent: bool | None
    members: tuple[Person, ...]
    zeal: float

    @property
    def head(self) -> str:
        return self.members[0].name


#: Names that test every program that handles names: beyond the basic plane, in extension A, compound, with a dot.
#: (group, place in it, place in the household) → name
_RARE = {
    (1, 2, 0): "王𠮷祥",
    (1, 5, 0): "郄桂芳",
    (2, 1, 0): "仉德厚",
    (2, 7, 1): "李㛃",
    (3, 3, 0): "张垚",
    (3, 9, 0): "周赟",
    (4, 0, 0): "马犇",
    (4, 6, 1): "陈喆",
    (5, 4, 1): "刘䶮",
    (5, 8, 1): "阿依古丽·买买提",
    (6, 1, 0): "欧阳志远",
    (6, 5, 0): "上官文博",
    (6, 9, 1): "欧阳小雨",
}


def settle(chance: Random, *, year: int) -> list[Home]:
    """All households of the village as of `year`, by number; at least 128, of 2 to 6 members."""
    return [_settle_home(chance, group, index, year=year) for group in GROUPS for index in range(group.households)]


def _settle_home(chance: Random, group: Group, index: int, *, year: int) -> Home:
    lane = group.lanes[index * len(group.lanes) // group.households]
    zeal = 0.0 if chance.random() < 0.08 else min(7.0, chance.lognormvariate(0, 0.75))
    members = _family(chance, group, index, year=year)
    members = [_with_roles(chance, person, zeal, year=year) for person in members]
    # 0399 is no area code in use: these numbers ring nowhere
    phone = f"0399-555{group.number:02d}{index + 1:02d}"
    return Home(
        number=f"{group.number:02d}{index + 1:02d}",
        group_no=group.number,
        lane=lane,
        address=f"{VILLAGE_NAME}{group.number}组{lane}{index + 1}号",
        phone=phone,
        name_consent=chance.choices((True, None, False), (76, 14, 10))[0],
        members=tuple(members),
        zeal=zeal,
    )


def _family(chance: Random, group: Group, index: int, *, year: int) -> list[Person]:
    surname = pick_surname(chance, group.families)
    members: list[Person] = []
    for place, (age, sex, is_kin) in enumerate(pick_seats(chance)):
        rare = _RARE.get((group.number, index, place))
        family = surname if is_kin else pick_surname(chance)
        taken = [person.name for person in members]
        name = rare or _name(chance, family, born=year - age, sex=sex, taken=taken)
        if rare and place == 0:
            surname = rare[:2] if rare.startswith(("欧阳", "上官")) else rare[:1]
        members.append(Person(name, year - age, sex))
    return members


def _name(chance: Random, surname: str, *, born: int, sex: Sex, taken: Sequence[str]) -> str:
    while True:
        name = surname + pick_given_name(chance, born=born, sex=sex)
        if name not in taken:
            return name


def _with_roles(chance: Random, person: Person, zeal: float, *, year: int) -> Person:
    age = year - person.born
    if age < ADULT:
        return person
    party_member = age >= 24 and chance.random() < 0.07
    volunteer = age <= OLDEST_ACTIVE and chance.random() < min(0.5, 0.05 + 0.07 * zeal)
    consent = True if (party_member or volunteer) and chance.random() < 0.85 else None
    return person._replace(party_member=party_member, volunteer=volunteer, name_consent=consent)
