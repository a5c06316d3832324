"""What people take home for their points. Pure."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, NamedTuple


class OnShelf(NamedTuple):
    """A product on offer. points: for one piece."""

    code: str
    points: int
    on_hand: int


#: How often a product is asked for, against the others; once where not named.
_WANTED = {
    "P002": 5,
    "P005": 4,
    "P006": 4,
    "P007": 7,
    "P008": 4,
    "P009": 5,
    "P012": 9,
    "P013": 6,
    "P017": 6,
    "P018": 6,
    "P019": 5,
    "P021": 3,
    "P022": 6,
    "P023": 6,
    "P024": 4,
    "P025": 8,
    "P027": 9,
    "P028": 3,
    "P041": 3,
}
_MOST_LINES, _MOST_PIECES = 3, 2


def fill_basket(chance: Random, shelf: Sequence[OnShelf], *, points: int) -> dict[OnShelf, int]:
    """Product → pieces, 1 to 3 lines worth at most `points`; empty where nothing can be had for them.

    Some spend all they have, most keep something for a larger wish.
    """
    left = round(points * chance.choice((0.4, 0.6, 0.8, 1.0)))
    basket: dict[OnShelf, int] = {}
    for _ in range(chance.randint(1, _MOST_LINES)):
        able = [line for line in shelf if line.points <= left and line.on_hand and line not in basket]
        if not able:
            break
        (line,) = chance.choices(able, [_WANTED.get(line.code, 1) for line in able])
        pieces = min(chance.randint(1, _MOST_PIECES), left // line.points, line.on_hand)
        basket[line] = pieces
        left -= pieces * line.points
    return basket


def order(basket: Mapping[OnShelf, int]) -> dict[str, Any]:
    """The basket as a redemption asks for it."""
    return {
        "lines": [{"product": line.code, "quantity": pieces} for line, pieces in basket.items()],
        "expected_points": sum(line.points * pieces for line, pieces in basket.items()),
    }
