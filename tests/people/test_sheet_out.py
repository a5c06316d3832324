import csv
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pointshop.people.sheet_out import to_csv, to_xlsx
from pointshop.people.spreadsheet import read_rows

LIVE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://x")',
    "=cmd|' /C calc'!A0",
    "'=1",
    "''-1",
]
QUIET = [
    "张三",
    "'张三",
    "007",
    " 前后有空格 ",
    "a,b",
    'a"b',
    "一\n二",
    "#N/A",
    "_x0041_",
    "1e5",
    "👨‍👩‍👧‍👦",
    "a\u2028b",
    "𠮷",
]

#: What clean_text lets into the database; of nothing but blanks it makes nothing, and so do readers of .xlsx.
_STORED = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\n\t=+-@'"),
    max_size=20,
).filter(lambda text: not text or text.strip() != "")
_TABLES = st.lists(st.tuples(st.integers(0, 10**6), _STORED, _STORED), min_size=1, max_size=8)


@pytest.mark.parametrize("text", LIVE)
def test_csv_keeps_a_spreadsheet_program_from_computing(text: str) -> None:
    (_, (cell,)) = csv.reader(io.StringIO(to_csv(["备注"], [[text]]).decode("utf-8-sig"), newline=""))
    assert cell == "'" + text


@pytest.mark.parametrize("text", LIVE + QUIET)
def test_xlsx_holds_text_and_never_a_formula(text: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx([text], [[text, 5]]))).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.data_type for cell in cells] == ["s", "s", "n"]


@pytest.mark.parametrize("text", LIVE + QUIET)
def test_both_read_back_as_they_were(text: str) -> None:
    for written in (to_csv(["号", "备注"], [[1, text]]), to_xlsx(["号", "备注"], [[1, text]])):
        assert [row.cells for row in read_rows(written, "x")] == [{"号": "1", "备注": text}]


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    assert to_csv(["积分", "备注"], [[-5, None]]).decode("utf-8-sig").splitlines()[1] == "-5,"
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(["积分"], [[-5]]))).active
    assert sheet is not None
    assert sheet["A2"].value == -5


@given(_TABLES)
def test_any_csv_reads_back(table: list[tuple[int, str, str]]) -> None:
    rows = read_rows(to_csv(["号", "甲", "乙"], table), "x")
    assert [tuple(row.cells.values()) for row in rows] == [(str(n), a, b) for n, a, b in table]


@settings(max_examples=20, deadline=None)
@given(_TABLES)
def test_any_xlsx_reads_back(table: list[tuple[int, str, str]]) -> None:
    rows = read_rows(to_xlsx(["号", "甲", "乙"], table), "x")
    assert [tuple(row.cells.values()) for row in rows] == [(str(n), a, b) for n, a, b in table]
