"""How households are made up: who lives under one roof, by age, sex and family. Pure."""

from collections.abc import Callable, Iterator
from random import Random

from pointshop.cli.demo.names import Sex

#: (age, sex, whether of the family's surname), the head first
Seat = tuple[int, Sex, bool]


def pick_seats(chance: Random) -> Iterator[Seat]:
    """The members of a household, 2 to 6, the head first."""
    (shape,) = chance.choices(_SHAPES, _SHAPE_WEIGHTS)
    return shape(chance)


def _old_couple(chance: Random) -> Iterator[Seat]:
    yield from _couple(chance, chance.randint(62, 81))


def _young_family(chance: Random) -> Iterator[Seat]:
    age = chance.randint(30, 45)
    yield from _couple(chance, age)
    yield from _children(chance, chance.choices((1, 2, 3), (35, 55, 10))[0], parent=age)


def _grown_children(chance: Random) -> Iterator[Seat]:
    age = chance.randint(46, 58)
    yield from _couple(chance, age)
    for _ in range(chance.randint(1, 2)):
        yield age - chance.randint(22, 26), _sex(chance), True


def _three_generations(chance: Random) -> Iterator[Seat]:
    age = chance.randint(54, 70)
    yield from _couple(chance, age)
    parent = max(25, age - chance.randint(23, 28))
    yield parent, "male", True
    yield max(23, parent - chance.randint(-1, 3)), "female", False
    yield from _children(chance, chance.randint(1, 2), parent=parent)


def _left_behind(chance: Random) -> Iterator[Seat]:
    """Grandparents who raise the children while the parents work in the city (留守)."""
    age = chance.randint(56, 70)
    if chance.random() < 0.7:
        yield from _couple(chance, age)
    else:
        yield age, "female", False
    yield from _children(chance, chance.randint(1, 2), parent=age - 26)


def _couple(chance: Random, age: int) -> Iterator[Seat]:
    husband: Seat = (age, "male", True)
    wife: Seat = (max(22, age - chance.randint(-2, 4)), "female", False)
    yield from (husband, wife) if chance.random() < 0.83 else (wife, husband)


def _children(chance: Random, count: int, *, parent: int) -> Iterator[Seat]:
    oldest = min(17, max(1, parent - chance.randint(23, 27)))
    for index in range(count):
        yield max(1, oldest - 3 * index - chance.randint(0, 1)), _sex(chance), True


def _sex(chance: Random) -> Sex:
    return "male" if chance.random() < 0.52 else "female"


_SHAPES: tuple[Callable[[Random], Iterator[Seat]], ...] = (
    _old_couple,
    _young_family,
    _grown_children,
    _three_generations,
    _left_behind,
)
_SHAPE_WEIGHTS = (20, 26, 18, 24, 12)
