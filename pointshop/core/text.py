"""What people may write: names of persons, free text, and names made unreadable for the public.

Names follow the 2016 notice on names in official systems (middle dot U+00B7, at least 50 characters) and
GB 18030-2022 (rare ideographs, some newer than the Unicode tables of the running Python, some still in
private use).
"""

import re
import unicodedata
from collections.abc import Iterator

from pointshop.core.surnames import split_surname

NAME_LIMIT = 50

_MIDDLE_DOTS = dict.fromkeys(map(ord, "・•‧⋅･"), "·")
_SEPARATORS = frozenset(" -'’·")
#: Nine of ten names; they need no further look.
_PLAIN_NAME = re.compile(f"[\u4e00-\u9fff]{{1,{NAME_LIMIT}}}")

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
#: What no text may hold, with the reason: it breaks logs, databases or XML, or shows other than it is stored.
_UNFIT = (
    (re.compile("[\x00-\x1f\x7f-\x9f]"), "是控制字符，请删去"),
    (re.compile(f"[{_BIDI}]"), "会改变文字方向，请删去"),
    (re.compile("[\ud800-\udfff]"), "不是完整的字符"),
    (re.compile(f"[{_NONCHARACTERS}]"), "不是字符"),
)
_UNFIT_IN_TEXT = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\ud800-\udfff{_NONCHARACTERS}]")
#: Format characters, selectors for emoji, and letters without a shape: Hangul fillers and two Khmer vowels.
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff\u034f\ufe03-\ufe0f\u115f\u1160\u17b4\u17b5\u3164\uffa0]"
)

#: Categories of characters that nobody sees by themselves. Private use is not among them: fonts draw those.
_SHAPELESS = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})

#: Radicals are symbols to Unicode but stand in names typed on old systems, 〇 is a number to it, and Tibetan
#: parts its syllables with U+0F0B.
_EXTRA_LETTERS = re.compile("[〇\u2e80-\u2fd5\u0f0b]")
_IDEOGRAPH = re.compile("[〇\u2e80-\u2fd5\u3400-\u9fff\ue000-\ufaff\U00020000-\U0003fffd\U000f0000-\U0010fffd]")
#: Planes 2 and 3 are for ideographs only, and each Unicode version puts in more than this Python may know of.
_IDEOGRAPHIC_PLANES = re.compile("[\U00020000-\U0003fffd]")
#: Choose the shape of the ideograph before them: U+FE00–02 a compatibility shape, the others a registered
#: one (IVS). U+FE0E and U+FE0F choose between text and emoji and are not for names.
_SELECTOR = re.compile("[\ufe00-\ufe02\U000e0100-\U000e01ef]")
#: Tibetan writes consonants below each other: letters, not marks piled on a letter.
_SUBJOINED = re.compile("[\u0f90-\u0fbc]")


def clean_name(raw: str) -> str:
    """Bring a person's name to the one form in which it is stored.

    NFC, 1..50 code points, outer spaces (also full-width) dropped, every kind of middle dot made U+00B7
    without spaces around it. Letters of any script, ideographs of any plane with their variation selectors,
    private use; between them single spaces, hyphens, apostrophes and middle dots. Raises ValueError, in
    Chinese, saying which character is wrong.
    """
    if _PLAIN_NAME.fullmatch(raw):
        return raw
    if len(raw) > 8 * NAME_LIMIT:
        raise ValueError(f"姓名最多{NAME_LIMIT}个字")
    name = unicodedata.normalize("NFC", raw).translate(_MIDDLE_DOTS).strip(" \u3000\u00a0")
    name = re.sub(" *· *", "·", name)
    if not name:
        raise ValueError("姓名不能为空")
    if len(name) > NAME_LIMIT:
        raise ValueError(f"姓名最多{NAME_LIMIT}个字，现在有{len(name)}个字")
    for index, char in enumerate(name):
        fault = _fault_in_name(name, index)
        if fault:
            raise ValueError(f"姓名第{index + 1}个字{_show(char)}{fault}")
    return name


def clean_text(raw: str, *, limit: int) -> str:
    """Bring free text to its stored form: NFC, line ends as U+000A, at most `limit` code points.

    Emoji, tabs and line breaks stay; so does blank text, for the caller to judge. Raises ValueError, in
    Chinese, for other control characters, marks that turn the direction of writing, lone surrogates and
    noncharacters: they break logs, databases or XML, or make a line read other than it is stored.
    """
    if len(raw) > 4 * limit:
        raise ValueError(f"最多{limit}个字")
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > limit:
        raise ValueError(f"最多{limit}个字，现在有{len(text)}个字")
    unfit = _UNFIT_IN_TEXT.search(text)
    if unfit:
        raise ValueError(f"第{unfit.start() + 1}个字{_show(unfit[0])}{_unfit(unfit[0])}")
    return text


def has_visible(text: str) -> bool:
    """Whether there is anything to see in a text: more than spaces, marks, and characters without a shape."""
    return any(unicodedata.category(char) not in _SHAPELESS and not _INVISIBLE.match(char) for char in text)


def mask_name(name: str) -> str:
    """A name as the public may read it: 张*, 张*三, 欧阳**, 范**冰, each part of a · name by itself.

    Still personal information: in a village a masked name is recognised.
    """
    return "·".join(_mask_part(part) for part in name.split("·"))


def _mask_part(part: str) -> str:
    letters = list(_clusters(part))
    surname, given = split_surname(part)
    if len(surname) > 1:
        return surname + "*" * min(len(list(_clusters(given))), 2)
    if len(letters) <= 2:
        return letters[0] + "*" if len(letters) == 2 else "*" * len(letters)
    return letters[0] + ("*" if len(letters) == 3 else "**") + letters[-1]


def _clusters(text: str) -> Iterator[str]:
    """The letters of a text, each with the marks and selectors that belong to it."""
    letter = ""
    for char in text:
        if letter and unicodedata.category(char).startswith("M"):
            letter += char
            continue
        if letter:
            yield letter
        letter = char
    if letter:
        yield letter


def _fault_in_name(name: str, index: int) -> str | None:
    char, before = name[index], name[index - 1] if index else ""
    if char in _SEPARATORS:
        return _fault_of_separator(name, index)
    if _SELECTOR.match(char):
        return None if _IDEOGRAPH.match(before) else "是异体字选择符，前面没有汉字"
    if _is_mark(char):
        return _fault_of_mark(name, index)
    return _fault_of_letter(char)


def _fault_of_separator(name: str, index: int) -> str | None:
    if index in (0, len(name) - 1):
        return "不能在姓名的开头或结尾"
    if name[index - 1] in _SEPARATORS:
        return "前面已有分隔符，不能连用"
    return None


def _fault_of_mark(name: str, index: int) -> str | None:
    if _INVISIBLE.match(name[index]):
        return "看不见，请删去"
    if index == 0 or name[index - 1] in _SEPARATORS:
        return "是附加符号，前面没有字母"
    if index >= 2 and _is_mark(name[index - 1]) and _is_mark(name[index - 2]):
        return "是附加符号，一个字母上最多两个"
    return None


def _fault_of_letter(char: str) -> str | None:
    if fault := _unfit(char):
        return fault
    if _INVISIBLE.match(char):
        return "看不见，请删去"
    category = unicodedata.category(char)
    if category == "Cn":
        return None if _IDEOGRAPHIC_PLANES.match(char) else "不是已编码的文字"
    if category[0] == "L" or category == "Co" or _EXTRA_LETTERS.match(char) or _SUBJOINED.match(char):
        return None
    if category[0] == "N":
        return "是数字，姓名里不能有数字"
    if category[0] == "Z":
        return "是特殊空格，请改用普通空格"
    if char in ".．。":
        return "不能用在姓名里，间隔号请用“·”"
    return "不能用在姓名里，只能是文字、间隔号“·”、连字符和撇号"


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Mc") and not _SUBJOINED.match(char)


def _unfit(char: str) -> str | None:
    return next((reason for pattern, reason in _UNFIT if pattern.match(char)), None)


def _show(char: str) -> str:
    """A character for an error message: as it is where it can be seen, always with its code.

    Never a control character or half a surrogate: the message goes into JSON, logs and terminals.
    """
    visible = unicodedata.category(char)[0] not in "CMZ" and not _INVISIBLE.match(char)
    return f"“{char}”（U+{ord(char):04X}）" if visible else f"（U+{ord(char):04X}）"
