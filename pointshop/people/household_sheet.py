"""The form in which a village hands in its households (户名册): columns, their other names, faults."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from pointshop.people import household_cells as cells
from pointshop.people.household_cells import MemberRow
from pointshop.people.sheet_out import to_xlsx
from pointshop.people.spreadsheet import Row

_T = TypeVar("_T")

COLUMNS = ("户编号", "户主", "小组", "街巷", "地址", "电话", "成员", "党员", "期初积分")
_REQUIRED = COLUMNS[:3]
_LANE_LIMIT = 50
_ADDRESS_LIMIT = 200

_OTHER_NAMES = {
    "户编号": "户号 编号 家庭编号 农户编号",
    "户主": "户主姓名 姓名 户主名字",
    "小组": "组别 组 村民小组 村民组 所属小组 所在小组 组号",
    "街巷": "巷道 街道 胡同 巷",
    "地址": "住址 家庭住址 家庭地址 详细地址 门牌号",
    "电话": "联系电话 手机 手机号 手机号码 电话号码 联系方式",
    "成员": "家庭成员 家庭成员姓名 成员姓名 其他成员",
    "党员": "是否党员 党员姓名",
    "期初积分": "初始积分 现有积分 结转积分 积分",
}
_COLUMN_OF = {name: column for column in COLUMNS for name in (column, *_OTHER_NAMES[column].split())}

#: For `spreadsheet.read_rows`, to find the header by.
KNOWN_HEADERS = frozenset(_COLUMN_OF)

_SAMPLE = (
    ("0301", "张三", "第三组", "东街", "东街12号", "13800000000", "李秀英(1962)、张小三(2012)", "是", 120),
    ("0302", "欧阳春", 3, "东街", "", "0393-1234567", "欧阳秋、王芳", "王芳", 0),
    ("0303", "阿卜杜热依木·买买提", 3, "", "", "", "", "否", 0),
)


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household as the sheet has it, cleaned. members: without the head; opening_points: 0..1,000,000,000."""

    line: int
    number: str
    head: MemberRow
    group_no: int
    lane: str | None
    address: str | None
    phone: str | None
    members: tuple[MemberRow, ...]
    opening_points: int


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell to put right. line: as in the file, 0 for the whole sheet; message: what to do, in Chinese."""

    line: int
    column: str
    message: str


def parse_household_rows(rows: Sequence[Row]) -> tuple[list[HouseholdRow], list[CellError]]:
    """Read all households and find every cell that is wrong, never just the first.

    A row with a wrong cell gives no household. Columns go by many names; those of no known name are
    overlooked (`ignored_columns`). What the village already has is not looked at.
    """
    if not rows:
        return [], [CellError(0, "户编号", "表里没有一户；第一行是列名，从第二行起每行一户")]
    heading_of, faults = _headings(rows[0])
    if faults:
        return [], faults
    households: list[HouseholdRow] = []
    first_line: dict[str, int] = {}
    for row in rows:
        household = _parse_row(row, heading_of, first_line, faults)
        if household:
            households.append(household)
    return households, faults


def ignored_columns(rows: Sequence[Row]) -> list[str]:
    """The columns of a sheet that mean nothing to us, to be named to whoever uploads it."""
    return [heading for heading in rows[0].cells if _column_of(heading) is None] if rows else []


def absent_columns(rows: Sequence[Row]) -> frozenset[str]:
    """Our columns that a sheet doesn't have: it says nothing about them, not that there is nothing."""
    return frozenset(COLUMNS).difference(filter(None, map(_column_of, rows[0].cells)) if rows else ())


def sample_sheet() -> bytes:
    """The empty form with three households to see how it is filled in (.xlsx)."""
    return to_xlsx(COLUMNS, _SAMPLE)


def _column_of(heading: str) -> str | None:
    """The column a heading stands for; notes in brackets, asterisks and spaces don't count."""
    plain = re.sub(r"\(.*?\)|[\s*:]", "", unicodedata.normalize("NFKC", heading))
    return _COLUMN_OF.get(plain)


def _headings(row: Row) -> tuple[dict[str, str], list[CellError]]:
    """Column → its heading in this sheet; errors for columns that are missing or there twice."""
    heading_of: dict[str, str] = {}
    faults = []
    for heading in row.cells:
        column = _column_of(heading)
        if column in heading_of:
            faults.append(CellError(0, heading, f"和“{heading_of[column]}”都是{column}，只能留一列"))
        elif column:
            heading_of[column] = heading
    faults += [CellError(0, column, "缺少这一列") for column in _REQUIRED if column not in heading_of]
    return heading_of, faults


class _Cells:
    """The cells of one row by column; what is wrong with them goes onto the list of faults."""

    def __init__(self, row: Row, heading_of: dict[str, str], faults: list[CellError]) -> None:
        self._row, self._heading_of, self._faults = row, heading_of, faults
        self._before = len(faults)

    @property
    def are_right(self) -> bool:
        return len(self._faults) == self._before

    def read(self, column: str, parse: Callable[[str], _T]) -> _T | None:
        text = self._row.cells[self._heading_of[column]] if column in self._heading_of else ""
        try:
            return parse(text)
        except ValueError as error:
            self.blame(column, str(error))
            return None

    def blame(self, column: str, message: str) -> None:
        self._faults.append(CellError(self._row.line, self._heading_of.get(column, column), message))


def _parse_row(
    row: Row, heading_of: dict[str, str], first_line: dict[str, int], faults: list[CellError]
) -> HouseholdRow | None:
    sheet = _Cells(row, heading_of, faults)
    number = sheet.read("户编号", cells.household_number)
    if number is not None and first_line.setdefault(number, row.line) != row.line:
        sheet.blame("户编号", f"和第{first_line[number]}行的户编号重复")
    head = sheet.read("户主", cells.person)
    group_no = sheet.read("小组", cells.group_number)
    lane = sheet.read("街巷", partial(cells.line_of_text, limit=_LANE_LIMIT))
    address = sheet.read("地址", partial(cells.line_of_text, limit=_ADDRESS_LIMIT))
    phone = sheet.read("电话", cells.phone_number)
    members = sheet.read("成员", cells.people)
    family = _family(head, members) if head and members is not None else None
    if family:
        family = sheet.read("党员", partial(cells.mark_party_members, household=family, is_whole="成员" in heading_of))
    points = sheet.read("期初积分", cells.opening_points)
    if not sheet.are_right or number is None or group_no is None or not family or points is None:
        return None
    return HouseholdRow(row.line, number, family[0], group_no, lane, address, phone, family[1:], points)


def _family(head: MemberRow, members: tuple[MemberRow, ...]) -> tuple[MemberRow, ...]:
    """Head first. Many lists name the head among the members, too, some with the birth year only there."""
    again = next((member for member in members if member.name == head.name), head)
    head = replace(head, birth_year=head.birth_year or again.birth_year)
    return head, *(member for member in members if member.name != head.name)
