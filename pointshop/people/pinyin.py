"""Finding people by what others type: part of a name, its pinyin, its initials, the household's number.

A search key is made once, when a household is written, and searched with `LIKE '%term%'`; the caller escapes
`%`, `_` and the escape character in the term. Cost, measured on one core of 2.5 GHz: 50 µs a name, a thousand
households of four 0.2 s.
"""

import functools
import itertools
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence

# Read by pypinyin when it is imported. Phrases say how a character is read inside a word; names aren't words.
# Without them the import takes 0.1 s and 13 MB instead of 0.3 s and 56 MB.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")

from pypinyin.constants import PINYIN_DICT

from pointshop.core.surnames import split_surname
from pointshop.people.surname_readings import COMPOUND_READINGS, SURNAME_READINGS

#: Of one character; the dictionary lists up to eight, the rear ones from old books.
_READINGS_LIMIT = 4
#: Of one name. Each reading of each character gets in before readings are combined.
_SPELLINGS_LIMIT = 16

_MARKS = re.compile("[\u0300-\u036f]")
#: Written by some and left out by others: spaces, apostrophes, dots, variation selectors, zero-width.
_OVERLOOKED = re.compile(
    "[\\s'’‘ʼ`´·・•‧⋅.\u00ad\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)


def search_key(names: Sequence[str], number: str) -> str:
    """All that a household is found by, in lower case, one to a line.

    number, then for each name: itself, its pinyin without tones (ü as v and as u; the surname's own reading
    before the usual one), its initials. Characters without a known reading stand for themselves.
    """
    lines = [search_term(number)]
    for name in names:
        lines += _lines_of(name)
    return "\n".join(dict.fromkeys(line for line in lines if line))


def search_term(q: str) -> str:
    """What somebody typed, in the form of a search key: NFKC, lower case, no spaces, apostrophes, tones.

    "" when nothing is left: no filter then.
    """
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", q).casefold())
    plain = _MARKS.sub("", folded.replace("u\u0308", "v"))
    return _OVERLOOKED.sub("", unicodedata.normalize("NFKC", plain))


def _lines_of(name: str) -> Iterator[str]:
    folded = search_term(name)
    yield folded
    slots = _slots(folded, is_chinese="·" not in name)
    spellings = list(_spellings(slots))
    yield from ("".join(spelling) for spelling in spellings)
    yield from (_initials(folded, spelling) for spelling in spellings)


def _slots(folded: str, *, is_chinese: bool) -> list[tuple[str, ...]]:
    """The readings of each character, the likeliest first."""
    slots = [_readings(char) for char in folded]
    if not is_chinese or not slots:
        return slots
    surname, _ = split_surname(folded)
    own = COMPOUND_READINGS.get(surname) or (SURNAME_READINGS.get(surname, ()),)
    for index, readings in enumerate(own):
        slots[index] = tuple(dict.fromkeys((*readings, *slots[index])))
    return slots


@functools.lru_cache(maxsize=4096)
def _readings(char: str) -> tuple[str, ...]:
    listed = PINYIN_DICT.get(ord(char))
    if listed is None:
        return (char,)
    plain = [search_term(reading) for reading in listed.split(",")]
    spelled = [spelling for reading in plain for spelling in (reading, reading.replace("v", "u"))]
    return tuple(dict.fromkeys(spelled))[:_READINGS_LIMIT]


def _spellings(slots: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Combinations of readings: the likeliest, then those with one other reading, then the rest."""
    likeliest = tuple(readings[0] for readings in slots)
    one_other = (
        (*likeliest[:index], reading, *likeliest[index + 1 :])
        for index, readings in enumerate(slots)
        for reading in readings[1:]
    )
    every = itertools.chain([likeliest], one_other, itertools.product(*slots))
    distinct: dict[tuple[str, ...], None] = {}
    for spelling in every:
        distinct[spelling] = None
        if len(distinct) == _SPELLINGS_LIMIT:
            break
    yield from distinct


def _initials(folded: str, spelling: Sequence[str]) -> str:
    """First letters: of each syllable, and of each run of Latin letters (oneil-李 → ol)."""
    initials = ""
    for before, char, reading in zip(" " + folded, folded, spelling, strict=False):
        starts_word = char.isalpha() and not (before.isascii() and before.isalpha())
        if starts_word or not char.isascii():
            initials += reading[0]
    return initials
