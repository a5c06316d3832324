"""Which characters the fonts have: typst says nothing of one that is missing and prints a blank box."""

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from pointshop.core.errors import NoPdf

FONTS = Path(__file__).resolve().parent / "fonts"
#: Invisible in any font: joiners, variation selectors, line ends.
_INVISIBLE = frozenset({"Cc", "Cf", "Mn", "Zl", "Zp"})


class LacksGlyphs(NoPdf):
    """A text has characters that the fonts lack; `errors` names each place and character."""

    title = "有字库里没有的字，请打开 .html 用本机字体打印"


def refuse_unprintable(data: Mapping[str, object]) -> None:
    """Let pass what the fonts can show. Raises LacksGlyphs."""
    lacking = {path: _words(missing) for path, text in _texts(data) if (missing := find_missing(text))}
    if lacking:
        raise LacksGlyphs(errors=lacking)


def find_missing(text: str) -> str:
    """The characters of a text that the fonts lack, each once, in order."""
    starts, ends = _ranges()
    missing = dict.fromkeys(
        char
        for char in text
        if ord(char) > ends[bisect_right(starts, ord(char)) - 1] and unicodedata.category(char) not in _INVISIBLE
    )
    return "".join(missing)


@cache
def _ranges() -> tuple[list[int], list[int]]:
    """First and last of each run of characters that some font has; the first run begins at the blank or before."""
    found = json.loads((FONTS / "coverage.json").read_text(encoding="ascii"))
    return [first for first, _ in found], [last for _, last in found]


def _words(missing: str) -> list[str]:
    return [f"字库里没有“{char}”（U+{ord(char):04X}）" for char in missing]


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of every string; drawings are no text."""
    if isinstance(value, str):
        if not path.endswith("drawing"):
            yield path, value
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _texts(member, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, member in enumerate(value):
            yield from _texts(member, f"{path}.{index}")
