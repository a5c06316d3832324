"""What the cells of a household sheet may hold, and how people write it.

Each function takes the text of one cell and raises ValueError, in Chinese, saying what to put right.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from pointshop.core.text import clean_name, clean_text

MEMBERS_LIMIT = 30
GROUP_LIMIT = 999
OPENING_POINTS_LIMIT = 1_000_000_000

#: What people put into a cell to say that there is nothing to put in.
_NOTHING = frozenset(("", "无", "没有", "/", "\\", "-", "—", "——"))
_YES = frozenset(("是", "√", "✓", "✔", "☑", "有", "党员", "中共党员", "y", "yes", "true", "1"))
_NO = _NOTHING | {"否", "×", "✗", "x", "非党员", "群众", "不是", "n", "no", "false", "0"}

_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,19}")
_GROUP = re.compile(r"第?([0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:村民小组|村民组|小组|组|队)?")
_TENS = re.compile(r"([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)")
_POINTS = re.compile(r"[0-9]{1,10}")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
_LAND_LINE = re.compile(r"(?:0[0-9]{2,3}-?)?[1-9][0-9]{6,7}(?:-[0-9]{1,6})?")

_HAN = "[〇\u3400-\u9fff\U00020000-\U0003fffd]"
#: Spaces that make a name of two characters as wide as one of three.
_PADDING = re.compile(f"(?<={_HAN})[ \u3000]+(?={_HAN})")
_WITH_YEAR = re.compile(r"(.*?)\s*[(（]\s*([0-9０-９]{4})\s*(?:年生|年|生)?\s*[)）]", re.DOTALL)
_SPACE_BEFORE_YEAR = re.compile(r"\s+(?=[(（])")
_SEPARATORS = re.compile(r"[、,，;；/／|\r\n]+")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A person of a household (家庭成员) as the sheet has it. name: cleaned; birth_year: 1900..2099."""

    name: str
    birth_year: int | None = None
    party_member: bool = False


def household_number(text: str) -> str:
    number = _folded(text)
    if not number:
        raise ValueError("不能为空")
    if not _NUMBER.fullmatch(number):
        raise ValueError("户编号只能用字母、数字、“-”和“_”，以字母或数字开头，最多20个")
    return number


def person(text: str) -> MemberRow:
    """A name, perhaps with the birth year behind it: 张三, 张　三, 张三(2012), 张三（2012年生）."""
    name, year = text.strip(), None
    with_year = _WITH_YEAR.fullmatch(name)
    if with_year:
        name, year = with_year[1], int(with_year[2])
        if not 1900 <= year <= 2099:
            raise ValueError(f"出生年份{year}不对，应在1900到2099之间")
    elif re.search("[()（）]", name):
        raise ValueError("括号里只能写四位出生年份，如“张三(2012)”")
    return MemberRow(clean_name(_PADDING.sub("", name)), year)


def group_number(text: str) -> int:
    """3, 3组, 第3组, 三组, 第十二村民小组 → 1..999."""
    written = _folded(text)
    if not written:
        raise ValueError("不能为空")
    found = _GROUP.fullmatch(written)
    number = _count(found[1]) if found else None
    if number is None or not 1 <= number <= GROUP_LIMIT:
        raise ValueError("看不懂小组，请写数字，如“3”或“第三组”")
    return number


def line_of_text(text: str, *, limit: int) -> str | None:
    """A text of one line with single spaces; None for nothing."""
    line = " ".join(clean_text(text, limit=4 * limit).split())
    if line in _NOTHING:
        return None
    return clean_text(line, limit=limit)


def phone_number(text: str) -> str | None:
    """A mobile number as 11 digits, or a land line as it was written; None for nothing."""
    written = re.sub(r"\s", "", _folded(text).replace("—", "-"))
    if written in _NOTHING:
        return None
    mobile = _MOBILE.fullmatch(written.replace("-", ""))
    if mobile:
        return mobile[1]
    if not _LAND_LINE.fullmatch(written):
        raise ValueError("不像电话号码；只填一个，如“13800001234”或“0393-1234567”")
    return written


def opening_points(text: str) -> int:
    """Whole points 0..1,000,000,000, as much as an account may hold; 0 for nothing."""
    written = _folded(text)
    if written in _NOTHING:
        return 0
    if not _POINTS.fullmatch(written) or int(written) > OPENING_POINTS_LIMIT:
        raise ValueError(f"要填0到{OPENING_POINTS_LIMIT}的整数")
    return int(written)


def people(text: str) -> tuple[MemberRow, ...]:
    """Persons parted by 、 , ; / or line breaks; by spaces where there is nothing else. No name twice."""
    if text.strip() in _NOTHING:
        return ()
    found = tuple(person(part) for part in _parts(text))
    names = [member.name for member in found]
    if len(names) > MEMBERS_LIMIT:
        raise ValueError(f"最多{MEMBERS_LIMIT}人")
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"“{name}”写了不止一次")
    return found


def mark_party_members(text: str, household: tuple[MemberRow, ...], *, is_whole: bool = True) -> tuple[MemberRow, ...]:
    """The household, head first, with its Party members marked: 是 or √ means the head, else their names.

    is_whole: whether the sheet has a column for members, or the head alone.
    """
    written = _folded(text).casefold()
    if written in _NO:
        return household
    if written in _YES:
        return replace(household[0], party_member=True), *household[1:]
    marked = {member.name for member in people(text)}
    strangers = sorted(marked - {member.name for member in household})
    if strangers and not is_whole:
        raise ValueError("表里没有“成员”一列，党员一列只能写“是”“否”或户主姓名")
    if strangers:
        raise ValueError(f"“{strangers[0]}”不在户主和成员里；请写“是”“否”或本户党员的姓名")
    return tuple(replace(member, party_member=member.name in marked) for member in household)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _count(written: str) -> int | None:
    """The value of up to two digits or of a Chinese number below a hundred."""
    if written.isdecimal():
        return int(written)
    found = _TENS.fullmatch(written)
    if found is None or (found[1] and found[3] and not found[2]):
        return None
    tens, ten, ones = found[1], found[2], found[3]
    if not ten:
        tens, ones = "", tens or ones
    digits = "〇一二三四五六七八九"
    return (digits.index(tens) if tens else 1 if ten else 0) * 10 + (digits.index(ones) if ones else 0)


def _parts(text: str) -> list[str]:
    joined = _SPACE_BEFORE_YEAR.sub("", text.strip())
    if _SEPARATORS.search(joined):
        return [part for part in _SEPARATORS.split(joined) if part.strip()]
    parts = joined.split()
    for part in parts:
        if len(parts) > 1 and re.fullmatch(_HAN, part):
            raise ValueError(f"“{part}”只有一个字：姓名中间不要空格，几个人之间请用“、”分开")
    return parts
