"""How long a text is in print and where it breaks, so that every name gets the largest type that fits."""

import math
import re
import unicodedata
from dataclasses import dataclass

#: The longest line that has a size class in the style sheets (len-1 … len-60).
LONGEST_LINE = 60

#: The dot between the parts of a name (U+00B7), its look-alikes in registers, and the blank.
_NAME_BREAKS = "·•・‧ "
_TITLE_BREAKS = "省市县区镇乡村年度月日期 ，、：·"
_TITLE_ENDINGS = ("光荣榜", "积分榜", "先进榜", "好人榜", "英雄榜", "红榜")
_LARGE_TITLE = 8
_LONGEST_TITLE_LINE = 14

#: Size of type, against one line, when a name stands in 1, 2, 3 lines.
_SIZES = (1.0, 0.68, 0.45)
#: A further line has to gain this much to be worth a break.
_WORTH_A_BREAK = 0.85


@dataclass(frozen=True, slots=True)
class Name:
    """lines: 1 to 3. length: of the longest, in widths of a Chinese character."""

    lines: tuple[str, ...]
    length: int


@dataclass(frozen=True, slots=True)
class Title:
    """lead: what stands above 光荣榜 and the like, or empty. length: of the longest line."""

    lead: str
    lines: tuple[str, ...]
    length: int


def ems(text: str) -> int:
    """Width in Chinese characters, rounded up; marks that sit on a character have none."""
    return max(1, math.ceil(sum(_width(char) for char in text)))


def set_name(name: str, *, room: float) -> Name:
    """Break a name into as many lines as make it largest, after a dot where one is near: 阿依古丽· / 买买提.

    room: how many characters of full size a line holds. Without breaks a name of eight characters would be half
    as large as its neighbours.
    """
    ways = [_parts(name, count, after=_NAME_BREAKS) for count in (1, 2, 3) if count <= ems(name)]
    lines = max(ways, key=lambda way: _size(way, room) * _WORTH_A_BREAK ** len(way))
    return Name(tuple(lines), min(_longest(lines), LONGEST_LINE))


def name_parts(name: str) -> list[str]:
    """The parts of a name, each with its closing dot, between which a screen may break: 阿依古丽·, 买买提."""
    return re.findall(rf"[^{_NAME_BREAKS}]*[{_NAME_BREAKS}]*", name)[:-1]


def longest_part(name: str) -> int:
    """Width of the longest part of a name in Chinese characters."""
    return _longest(name_parts(name))


def set_title(title: str) -> Title:
    """A short title whole; one that ends in 光荣榜 or the like with that large; others in one line or two."""
    if ems(title) <= _LARGE_TITLE:
        return Title("", (title,), ems(title))
    for ending in _TITLE_ENDINGS:
        if title.endswith(ending):
            return Title(title.removesuffix(ending).strip(), (ending,), ems(ending))
    lines = _parts(title, 1 if ems(title) <= _LONGEST_TITLE_LINE else 2, after=_TITLE_BREAKS)
    return Title("", tuple(lines), _longest(lines))


def _width(char: str) -> float:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 1 if unicodedata.east_asian_width(char) in "WFA" else 0.62


def _longest(lines: list[str]) -> int:
    return max(map(ems, lines))


def _size(lines: list[str], room: float) -> float:
    return min(_SIZES[len(lines) - 1], room / _longest(lines))


def _parts(text: str, count: int, *, after: str) -> list[str]:
    """About equal parts that join to the text."""
    if count == 1:
        return [text]
    at = _break_near(text, len(text) / count, after=after)
    return [text[:at], *_parts(text[at:], count - 1, after=after)]


def _break_near(text: str, wanted: float, *, after: str) -> int:
    """After the nearest of the characters `after`, or where wanted if all of them are far."""
    breaks = [index for index in range(1, len(text)) if text[index - 1] in after and text[index] not in after]
    nearest = min(breaks, key=lambda index: abs(index - wanted), default=0)
    if nearest and abs(nearest - wanted) <= max(len(text) / 4, 1):
        return nearest
    at = math.ceil(wanted)
    while at < len(text) - 1 and _width(text[at]) == 0:
        at += 1  # a mark or variation selector stays with the character before it
    return at
