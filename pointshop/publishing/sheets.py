"""Lays the lines of an honor roll out on sheets: who stands on the podium, how many columns, rows and sheets.

Lengths are in units of 1/297 of the sheet's width (1 mm on A3). The same numbers are in honor_roll.css, which
has the last word on sizes: here they only decide where to break.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from pointshop.publishing.honor_roll import Item
from pointshop.publishing.typeset import Name, ems, set_name

#: Height of the line above the columns that names them.
COLUMN_HEAD = 7
#: Height of one row of podium cards with the gap below it.
PODIUM = {"s": 40, "m": 66, "l": 92, "xl": 140}
#: More who share the first three places would leave no room for the rest: then all stand in the columns.
LARGEST_PODIUM = 6
#: Characters of full size that a card holds.
_ROOM_ON_CARD = {"s": 3.5, "m": 4.1, "l": 3.3, "xl": 3.1, "grand": 3.8}
#: Longer names don't fit a third of the width in readable type.
_LONGEST_IN_THREE_COLUMNS = 16
_COLUMN_WIDTH = {1: 216.0, 2: 124.0, 3: 79.7}
_HIGHEST_ROW = 24.0
_LARGEST_TYPE = 15.0


class Paper(StrEnum):
    """Paper a roll is printed on, upright."""

    A3 = "A3"
    A4 = "A4"
    POSTER = "poster"


#: Width and height in millimetres; a poster is the sheet that print shops sell as 正二开 (570×840).
SIZES = {Paper.A3: (297, 420), Paper.A4: (210, 297), Paper.POSTER: (570, 840)}
#: Height between head and foot; a poster is a little taller for its width.
BODY = {Paper.A3: 273.0, Paper.A4: 273.0, Paper.POSTER: 290.0}
#: Lowest row: on A4 type has to stay as readable as on A3.
LOWEST_ROW = {Paper.A3: 7.4, Paper.A4: 9.4, Paper.POSTER: 7.4}


@dataclass(frozen=True, slots=True)
class Line:
    """An item with its name broken into lines of print."""

    place: int
    name: Name
    group_no: int | None
    points: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows: lines of the longest column. podium_size: a key of PODIUM, grand when it is alone, or empty."""

    number: int
    podium: tuple[Line, ...]
    podium_size: str
    columns: tuple[tuple[Line, ...], ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Measure:
    """What all sheets of a roll share, so that type is equally large on each.

    usual_name: length most names keep within, 3..5; 3 only if all do. digits: of the highest points.
    """

    usual_name: int
    digits: int


def measure(items: Sequence[Item]) -> Measure:
    """An empty roll has the measure of a small one."""
    lengths = sorted(ems(item.name) for item in items) or [3]
    usual, longest = lengths[len(lengths) * 9 // 10], lengths[-1]
    return Measure(min(max(usual, longest, 3), 4 if usual <= 4 else 5), len(str(items[0].points)) if items else 1)


def lay_out(items: Sequence[Item], *, paper: Paper) -> tuple[Sheet, ...]:
    """At least one sheet; every item on exactly one, in order; sheets after the first equally full."""
    podium = _podium(items)
    rest = items[len(podium) :]
    if not rest:
        return (Sheet(1, _on_cards(podium, "grand"), "grand" if podium else "", (), 0),)
    column_count = _column_count(rest)
    size = _podium_size(len(podium), math.ceil(len(rest) / column_count))
    height = BODY[paper] - COLUMN_HEAD
    first_height = height - podium_height(len(podium), size)
    parts = _spread(rest, column_count, heights=(first_height, height), lowest_row=LOWEST_ROW[paper])
    shape = measure(items)
    heights = [first_height] + [height] * (len(parts) - 1)
    columns = [
        _in_columns(part, column_count, height=height, shape=shape) for part, height in zip(parts, heights, strict=True)
    ]
    first = Sheet(1, _on_cards(podium, size), size, columns[0], len(columns[0][0]))
    others = [Sheet(number, (), "", own, len(own[0])) for number, own in enumerate(columns[1:], start=2)]
    return (first, *others)


def podium_height(people: int, size: str) -> int:
    """Units a podium takes; four and more stand in two rows."""
    if not people:
        return 0
    return PODIUM[size] * (1 if people <= 3 else 2)


def _podium(items: Sequence[Item]) -> Sequence[Item]:
    leaders = [item for item in items if item.place <= 3]
    return leaders if len(leaders) <= LARGEST_PODIUM else []


def _podium_size(people: int, rows: int) -> str:
    if not people:
        return ""
    if rows > 13 or people > 3:
        return "s"
    return "m" if rows > 7 else "l" if rows > 5 else "xl"


def _column_count(rest: Sequence[Item]) -> int:
    if len(rest) <= 7:
        return 1
    if len(rest) <= 36 or any(ems(item.name) > _LONGEST_IN_THREE_COLUMNS for item in rest):
        return 2
    return 3


def _spread(
    rest: Sequence[Item], column_count: int, *, heights: tuple[float, float], lowest_row: float
) -> list[Sequence[Item]]:
    """Items per sheet: as few sheets as the lowest row allows, and on these the highest rows that do.

    heights: of the columns on the first sheet and on the others.
    """
    first_height, height = heights
    if len(rest) <= column_count * int(first_height / lowest_row):
        return [rest]

    def on_first(rows: int) -> int:
        """What the first sheet holds when its rows are no lower than those of the others."""
        return column_count * int(rows * first_height / height)

    most = int(height / lowest_row)
    others = max(1, math.ceil((len(rest) - on_first(most)) / (column_count * most)))
    rows = next(rows for rows in range(1, most + 1) if on_first(rows) + column_count * rows * others >= len(rest))
    return [rest[: on_first(rows)], *_equal_parts(rest[on_first(rows) :], others)]


def _equal_parts(items: Sequence[Item], count: int) -> list[Sequence[Item]]:
    """Consecutive parts whose lengths differ by one at most, the longer ones first."""
    length, longer = divmod(len(items), count)
    ends = [length * part + min(part, longer) for part in range(count + 1)]
    return [items[start:end] for start, end in pairwise(ends)]


def _in_columns(
    part: Sequence[Item], column_count: int, *, height: float, shape: Measure
) -> tuple[tuple[Line, ...], ...]:
    columns = _equal_parts(part, column_count)
    row = min(height / len(columns[0]), _HIGHEST_ROW)
    room = _room_in_line(row, _COLUMN_WIDTH[column_count], shape)
    return tuple(tuple(_line(item, room=room) for item in column) for column in columns)


def _room_in_line(row: float, width: float, shape: Measure) -> float:
    """Characters of full size between place and group; the sums are those of .columns in honor_roll.css."""
    beside_name = 4.7 + 0.49 * shape.digits
    size = min(row * 0.68, width / (shape.usual_name + beside_name), _LARGEST_TYPE)
    return width / size - beside_name


def _on_cards(podium: Sequence[Item], size: str) -> tuple[Line, ...]:
    return tuple(_line(item, room=_ROOM_ON_CARD[size]) for item in podium)


def _line(item: Item, *, room: float) -> Line:
    return Line(item.place, set_name(item.name, room=room), item.group_no, item.points)
