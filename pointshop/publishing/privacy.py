"""Finds what must never hang on a wall: numbers of identity cards, telephones and bank cards.

A sheet is searched before it is frozen and again before it is printed or shown. The search errs towards
finding: the person at the desk can reword a line, but can't call back a sheet that hung in the village.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pointshop.core.errors import Refused
from pointshop.publishing.digits import (
    Group,
    holds_compact_date,
    holds_date,
    is_calendar_day,
    runs_of_digits,
    without_numerals,
)


class Kind(StrEnum):
    """What a number looks like; the values go into refusals."""

    IDENTITY = "identity_number"
    MOBILE = "mobile_number"
    LANDLINE = "landline_number"
    BANK_CARD = "bank_card_number"


_NAMES = {
    Kind.IDENTITY: "身份证号",
    Kind.MOBILE: "手机号",
    Kind.LANDLINE: "固定电话号",
    Kind.BANK_CARD: "银行卡号",
}

#: Machine-made fields: codes, digests and addresses, no words of a person.
UNSEARCHED = frozenset({"public_url", "digest", "replaces", "code"})
#: Telephones that may stand where villagers are told whom to call.
ALLOWED = {"contact": frozenset({Kind.MOBILE, Kind.LANDLINE})}

#: An identity number: region, whose first two digits are a province's, birthday, three digits, check digit. Old
#: ones have two digits for the year and none to check.
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)"
_IDENTITY = re.compile(_PROVINCE + r"\d{4}(?:(?:18|19|20)\d\d(?P<day>\d{4})\d{3}[\dX]|\d\d(?P<old_day>\d{4})\d{3})")
_MOBILE = re.compile(r"(?:(?:00)?86|0)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:(?:00)?86)?(?:010[2-8]\d{7}|02\d[2-8]\d{7}|0[3-9]\d\d[2-8]\d{6,7})")
_BROKEN_CARD = re.compile(r"[3-69]\d{15,18}")
_SHORTEST_CARD, _LONGEST_CARD = 16, 19


@dataclass(frozen=True, slots=True)
class Finding:
    """Where something private stands; no copy of it, so that a finding may be logged.

    start, end: code points in the text. path: like items[3].name, empty for a bare text.
    """

    kind: Kind
    start: int
    end: int
    path: str = ""

    def overlaps(self, other: "Finding") -> bool:
        return self.start < other.end and other.start < self.end


class PrivateData(Refused):
    """The document would show private numbers; `errors` says where and of what kind."""

    code, title = "private_data", "含有不能公开的号码"

    def __init__(self, findings: Sequence[Finding]) -> None:
        errors: dict[str, list[str]] = {}
        for finding in findings:
            errors.setdefault(finding.path, []).append(f"像是{_NAMES[finding.kind]}，请删去")
        super().__init__(errors=errors)


def find_private(text: str) -> list[Finding]:
    """Private numbers in a text, in order, none overlapping.

    Identity numbers of 18 or 15 digits by region and birthday, whether or not the check digit is right; mobile
    numbers with or without +86; land lines with their area code; as bank cards 16 and more digits in one piece,
    or 16-19 in several. Dates, points and the 12 digits of a village code are none of these.
    """
    found = _search(text)
    more = [finding for finding in _search(without_numerals(text)) if not any(map(finding.overlaps, found))]
    return sorted(found + more, key=lambda finding: finding.start)


def check_document(document: Mapping[str, object]) -> list[Finding]:
    """Private numbers in a frozen document, UNSEARCHED fields left out; `contact` may hold telephones."""
    findings: list[Finding] = []
    for field, path, text in _texts(document):
        allowed = ALLOWED.get(path, frozenset())
        if field not in UNSEARCHED:
            found = (replace(finding, path=path) for finding in find_private(text))
            findings += [finding for finding in found if finding.kind not in allowed]
    return findings


def _search(text: str) -> list[Finding]:
    return [finding for run in runs_of_digits(text) for finding in _search_run(run)]


def _search_run(run: Sequence[Group]) -> Iterator[Finding]:
    start = 0
    while start < len(run):
        end, kind = _longest_match(run, start)
        if kind is not None:
            yield Finding(kind, run[start].start, run[end - 1].end)
        elif holds_date(run[start : start + 3]) and holds_date(run[start + 3 : start + 6]):
            # 2026-01-30 - 2026-02-03: from the first month on it would read like 0130 2026 0203
            end = start + 3
        start = end


def _longest_match(run: Sequence[Group], start: int) -> tuple[int, Kind | None]:
    """Where the longest number from `start` on ends and what it is; the next group and None without one."""
    most, digits = start, 0
    while most < len(run) and digits + len(run[most].digits) <= _LONGEST_CARD:
        digits += len(run[most].digits)
        most += 1
    for end in range(max(most, start + 1), start, -1):
        if kind := _kind_of(run[start:end]):
            return end, kind
    return start + 1, None


def _kind_of(groups: Sequence[Group]) -> Kind | None:
    digits = "".join(group.digits for group in groups)
    if _is_identity(digits) or (groups[-1].ends_in_x and _is_identity(digits + "X")):
        return Kind.IDENTITY
    if len(groups) == 1 and len(digits) >= _SHORTEST_CARD:
        return Kind.BANK_CARD
    if _MOBILE.fullmatch(digits):
        return Kind.MOBILE
    if holds_date(groups):
        return None
    if _LANDLINE.fullmatch(digits):
        return Kind.LANDLINE
    if _BROKEN_CARD.fullmatch(digits) and not holds_compact_date(groups):
        return Kind.BANK_CARD
    return None


def _is_identity(digits: str) -> bool:
    match = _IDENTITY.fullmatch(digits)
    if match is None:
        return False
    day = match["day"] or match["old_day"]
    return is_calendar_day(day[:2], day[2:])


def _texts(value: object, field: str = "", path: str = "") -> Iterator[tuple[str, str, str]]:
    """(last key, path, text) of every string and whole number."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _texts(member, str(key), f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _texts(member, field, f"{path}[{index}]")
    elif isinstance(value, str | int):
        yield field, path, str(value)
