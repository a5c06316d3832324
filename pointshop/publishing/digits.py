"""Digits in a text however written: full width, other scripts, Chinese numerals, broken by blanks or dots."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CHINESE = dict(zip("〇一二三四五六七八九零幺壹贰叁肆伍陆柒捌玖貳參陸", "012345678901123456789236", strict=True))
#: Numerals of merchants: 〡〢〣.
_SUZHOU = dict(zip("〡〢〣〤〥〦〧〨〩", "123456789", strict=True))
_WRITTEN = _CHINESE | _SUZHOU
_X = frozenset("xXｘＸ×Χ")
_BREAKING = frozenset("·•・‧∙⋅.．_−/／\t\n\r")
#: Blanks, dashes, brackets, invisible marks, and marks that sit on a digit, as in the keycap emoji.
_BREAKING_CATEGORIES = frozenset({"Zs", "Pd", "Ps", "Pe", "Cf", "Mn", "Me"})
_LONGEST_BREAK = 4

_CALENDAR_YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Group:
    """Digits without a break.

    ends_in_x: an X closes them, as in some identity numbers. start, end: code points in the text.
    """

    digits: str
    start: int
    end: int
    ends_in_x: bool = False


def without_numerals(text: str) -> str:
    """The text with its Chinese numerals out of the way: they are also names, 张三13800001234."""
    return "".join("文" if char in _CHINESE else char for char in text)


def runs_of_digits(text: str) -> Iterator[tuple[Group, ...]]:
    """Groups of digits that only blanks, dashes, dots, strokes and brackets part; anything else ends the run."""
    run: list[Group] = []
    position = 0
    while position < len(text):
        group = _group_at(text, position)
        if group is None:
            position += 1
            continue
        if run and not _is_break(text[run[-1].end : group.start]):
            yield tuple(run)
            run = []
        run.append(group)
        position = group.end
    if run:
        yield tuple(run)


def holds_date(groups: Sequence[Group]) -> bool:
    """Whether year, month and day stand in it as three groups: 2026-09-30, 2026.9.30."""
    return any(
        _CALENDAR_YEAR.fullmatch(year.digits) and is_calendar_day(month.digits, day.digits)
        for year, month, day in zip(groups, groups[1:], groups[2:], strict=False)
    )


def holds_compact_date(groups: Sequence[Group]) -> bool:
    """Whether one group is a date written 20260930."""
    return any(
        len(group.digits) == 8
        and _CALENDAR_YEAR.match(group.digits)
        and is_calendar_day(group.digits[4:6], group.digits[6:])
        for group in groups
    )


def is_calendar_day(month: str, day: str) -> bool:
    """Two texts of one or two digits: 1..12 and 1..31."""
    return len(month) <= 2 and len(day) <= 2 and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _digit(char: str) -> str | None:
    if "0" <= char <= "9":
        return char
    # of digits in circles and on high, too, not only of those that count in tens
    value = unicodedata.digit(char, None)
    return _WRITTEN.get(char) if value is None else str(value)


def _group_at(text: str, start: int) -> Group | None:
    digits = []
    end = start
    while end < len(text) and (digit := _digit(text[end])) is not None:
        digits.append(digit)
        end += 1
    if not digits:
        return None
    after_x = _end_of_x(text, end)
    return Group("".join(digits), start, after_x or end, ends_in_x=after_x is not None)


def _end_of_x(text: str, end: int) -> int | None:
    """Where a closing X ends, beside the digits or after a break; None without one or if a word begins."""
    position = end
    while position < len(text) and position - end < _LONGEST_BREAK and _breaks(text[position]):
        position += 1
    if position == len(text) or text[position] not in _X:
        return None
    following = text[position + 1 : position + 2]
    if following and ((following.isascii() and following.isalpha()) or _digit(following) is not None):
        return None
    return position + 1


def _breaks(char: str) -> bool:
    return char in _BREAKING or unicodedata.category(char) in _BREAKING_CATEGORIES


def _is_break(between: str) -> bool:
    return len(between) <= _LONGEST_BREAK and all(_breaks(char) for char in between)
