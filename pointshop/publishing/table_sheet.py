"""A sheet that is a table (公示表): what it says, and the bounds of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from pointshop.publishing.bounds import InvalidDocument, require, require_day, require_range, require_text
from pointshop.publishing.kinds import KINDS, MAX_AMOUNT, Cell, DayCell, Kind, TextCell
from pointshop.publishing.parts import URL, Seal, Village, require_number

MAX_ITEMS = 20_000
MAX_TOTALS = 12
MAX_ANSWERS = 500
#: Longest text per field in code points: what the sheet has room for.
LONGEST = {"title": 80, "period_label": 20, "basis": 300, "contact": 60, "office": 40}
LONGEST_REASON = 200

Value = str | int | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum below the table. unit: 分, 户, 元; amounts of money are in fen and say 元."""

    label: str
    value: int
    unit: str

    def __post_init__(self) -> None:
        require_text("totals[].label", self.label, longest=12)
        require_range("totals[].value", self.value, -MAX_AMOUNT, MAX_AMOUNT)
        require_text("totals[].unit", self.unit, longest=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of an objection to an earlier sheet (异议答复); who objected is never named.

    number: of that sheet, 2026年第5期. line: of it, None where it was about the whole. matter: what the line said.
    """

    number: str
    line: int | None
    matter: str
    decision: Literal["upheld", "dismissed"]
    reason: str

    def __post_init__(self) -> None:
        require_text("answers[].number", self.number, longest=20)
        if self.line is not None:
            require_range("answers[].line", self.line, 1, MAX_ITEMS)
        require_text("answers[].matter", self.matter, longest=60)
        require(self.decision in ("upheld", "dismissed"), "answers[].decision")
        require_text("answers[].reason", self.reason, longest=LONGEST_REASON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose passbook it is: given to this household, never hung."""

    number: str
    head: str
    group_no: int

    def __post_init__(self) -> None:
        require_text("holder.number", self.number, longest=20)
        require_text("holder.head", self.head, longest=50)
        require_range("holder.group_no", self.group_no, 1, 999)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSheet:
    """Everything a sheet says; raises InvalidDocument naming the first field out of bounds.

    year, serial: its number, counted within the village, kind and year. edition: 1, or more for a correction (更正);
    `replaces` is then the digest of the edition it replaces. first_on, last_on: the days it tells of. items: lines in
    order, values by the kind's cells. days: the notice period (公示期), from the day it is hung; None where nothing
    waits for it. office: where to object. issued_by: who signs, one a line. public_url: None for a private kind.
    """

    kind: Kind
    year: int
    serial: int
    edition: int = 1
    replaces: str | None = None
    village: Village
    title: str
    period_label: str
    first_on: date
    last_on: date
    holder: Holder | None = None
    basis: str
    items: tuple[Mapping[str, Value], ...]
    totals: tuple[Total, ...] = ()
    answers: tuple[Answer, ...] = ()
    days: int | None = None
    contact: str
    office: str
    issued_by: tuple[str, ...]
    issued_on: date
    public_url: str | None
    seal: Seal | None = None

    def __post_init__(self) -> None:
        require(KINDS.get(self.kind.name) is self.kind, "kind")
        require_number(self.year, self.serial, self.edition, self.replaces)
        for field, longest in LONGEST.items():
            require_text(field, getattr(self, field), longest=longest)
        for field in ("first_on", "last_on", "issued_on"):
            require_day(field, getattr(self, field))
        require(self.first_on <= self.last_on, "last_on")
        require((self.holder is not None) == (self.kind.name == "passbook"), "holder")
        self._check_notice()
        require(1 <= len(self.issued_by) <= 2, "issued_by")
        for name in self.issued_by:
            require_text("issued_by", name, longest=30)
        require(len(self.items) <= MAX_ITEMS, "items")
        require(len(self.totals) <= MAX_TOTALS, "totals")
        require(len(self.answers) <= MAX_ANSWERS, "answers")
        for number, item in enumerate(self.items):
            _check_item(self.kind, number, item)

    def _check_notice(self) -> None:
        require((self.days is not None) == self.kind.has_period, "notice")
        if self.days is not None:
            require_range("notice.days", self.days, 1, 30)
        require((self.public_url is not None) == self.kind.is_public, "public_url")
        require(self.public_url is None or URL.fullmatch(self.public_url), "public_url")


def _check_item(kind: Kind, number: int, item: Mapping[str, Value]) -> None:
    if item.keys() != kind.cells.keys():
        raise InvalidDocument(f"items[{number}]")
    for field, cell in kind.cells.items():
        _check_cell(f"items[{number}].{field}", cell, item[field])


def _check_cell(path: str, cell: Cell, value: Value) -> None:
    if isinstance(cell, DayCell):
        require_day(path, cast(date, value))
    elif value is None:
        require(cell.may_lack, path)
    elif isinstance(cell, TextCell):
        require_text(path, cast(str, value), longest=cell.longest)
    else:
        require_range(path, cast(int, value), cell.least, cell.most)
