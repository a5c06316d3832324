"""An honor roll (光荣榜) as it is frozen: its fields and their bounds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pointshop.core.periods import PERIOD_PATTERN
from pointshop.publishing.bounds import require, require_day, require_range, require_text
from pointshop.publishing.parts import URL, Seal, Village, require_number

MAX_ITEMS = 2000
MAX_POINTS = 10**9

#: Longest text per field in code points: what the sheet has room for.
LONGEST = {
    "title": 40,
    "period_label": 12,
    "scope": 20,
    "board": 40,
    "rule": 80,
    "contact": 60,
    "issued_by": 30,
}
LONGEST_CATEGORY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The notice period (公示期): first and last day, and the days it lasts at least."""

    from_on: date
    until_on: date
    days: int

    def __post_init__(self) -> None:
        require_day("notice.from", self.from_on)
        require_day("notice.until", self.until_on)
        require_range("notice.days", self.days, 0, 366)
        require((self.until_on - self.from_on).days + 1 >= max(self.days, 1), "notice.until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of the roll. name: as it is to be read, masked by the caller where it has to be."""

    place: int
    name: str
    group_no: int | None
    points: int

    def __post_init__(self) -> None:
        require_range("items[].place", self.place, 1, MAX_ITEMS)
        require_text("items[].name", self.name, longest=50)
        require_range("items[].points", self.points, 1, MAX_POINTS)
        if self.group_no is not None:
            require_range("items[].group_no", self.group_no, 1, 999)


@dataclass(frozen=True, slots=True, kw_only=True)
class HonorRoll:
    """Everything a sheet says; raises InvalidDocument naming the first field out of bounds.

    year, serial: its number, counted within the village and year.
    edition: 1, or more for a correction (更正); `replaces` is then the digest of the edition it replaces.
    group_no, category: set when the roll covers only these.
    places: how many were asked for; all who tie at the last one are in.
    items: by place, at most 2000; equal points share a place: 1, 1, 3.
    seal: None where the books were never sealed, and on rolls of the first version, which did not say.
    """

    year: int
    serial: int
    edition: int = 1
    replaces: str | None = None
    village: Village
    title: str
    period: str
    period_label: str
    scope: str
    subject: Literal["household", "member"]
    board: str
    group_no: int | None = None
    category: str | None = None
    places: int
    rule: str
    items: tuple[Item, ...]
    notice: Notice
    contact: str
    issued_by: str
    issued_on: date
    public_url: str
    seal: Seal | None = None

    def __post_init__(self) -> None:
        require_number(self.year, self.serial, self.edition, self.replaces)
        require(re.fullmatch(PERIOD_PATTERN, self.period), "period")
        require(self.subject in ("household", "member"), "subject")
        require_range("places", self.places, 1, 500)
        require_day("issued_on", self.issued_on)
        require(URL.fullmatch(self.public_url), "public_url")
        for field, longest in LONGEST.items():
            require_text(field, getattr(self, field), longest=longest)
        if self.group_no is not None:
            require_range("group_no", self.group_no, 1, 999)
        if self.category is not None:
            require_text("category", self.category, longest=LONGEST_CATEGORY)
        _check_places(self.items)


def _check_places(items: Sequence[Item]) -> None:
    """Standard competition ranking: a roll that lies about places is never frozen."""
    require(len(items) <= MAX_ITEMS, "items")
    for position, item in enumerate(items, start=1):
        above = items[position - 2] if position > 1 else None
        is_tied = above is not None and above.points == item.points
        require(above is None or above.points >= item.points, "items[].points")
        require(item.place == (above.place if above is not None and is_tied else position), "items[].place")
