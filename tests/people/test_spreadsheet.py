import contextlib
import datetime
import io
from collections.abc import Callable, Sequence

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from pointshop.people.sheet_errors import UnreadableSheet
from pointshop.people.sheet_out import to_csv, to_xlsx
from pointshop.people.spreadsheet import COLUMN_LIMIT, ROW_LIMIT, read_rows

HEADER = ["户编号", "户主", "小组"]


_Write = Callable[[Sequence[Sequence[object]]], bytes]


def _xls(rows: Sequence[Sequence[object]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            sheet.write(y, x, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _table(data: bytes, **more: list[str]) -> list[tuple[int, list[str]]]:
    return [(row.line, list(row.cells.values())) for row in read_rows(data, "名册.xlsx", **more)]


@pytest.mark.parametrize(
    "data",
    [
        _xlsx([HEADER, ["0301", "张三", 3]]),
        _xls([HEADER, ["0301", "张三", 3]]),
        "户编号,户主,小组\n0301,张三,3\n".encode(),
        "户编号,户主,小组\r\n0301,张三,3".encode("utf-8-sig"),
        "户编号,户主,小组\r0301,张三,3\r".encode("gb18030"),
        "户编号\t户主\t小组\n0301\t张三\t3\n".encode(),
    ],
    ids=["xlsx", "xls", "utf-8", "utf-8 with mark", "gb18030", "tabs"],
)
def test_reads_the_same_table_from_every_kind_of_file(data: bytes) -> None:
    assert _table(data) == [(2, ["0301", "张三", "3"])]


@pytest.mark.parametrize("write", [_xlsx, _xls])
def test_gives_numbers_and_dates_as_a_person_types_them(write: _Write) -> None:
    values = [1.0, 0.1 + 0.2, 13800001234, -5, True, "007", " 张三 ", 1e15, 2.5]
    (row,) = read_rows(write([[f"列{i}" for i in range(9)], values]), "x")
    assert list(row.cells.values()) == [
        *("1", "0.3", "13800001234", "-5", "TRUE", "007", " 张三 ", "1000000000000000", "2.5")
    ]


def test_gives_dates_in_iso() -> None:
    values = [datetime.date(2026, 2, 3), datetime.datetime(2026, 2, 3, 4, 5, 6), datetime.time(7, 8)]
    (row,) = read_rows(_xlsx([["一", "二", "三"], values]), "x")
    assert list(row.cells.values()) == ["2026-02-03", "2026-02-03 04:05:06", "07:08:00"]


def test_reads_what_a_formula_last_showed_and_never_computes() -> None:
    data = _xlsx([["一", "二"], ["=1+1", "x"]])
    assert _table(data) == [(2, ["", "x"])]


def test_reads_the_first_sheet_that_can_be_seen() -> None:
    book = openpyxl.Workbook()
    hidden = book.worksheets[0]
    hidden.append(["不", "看"])
    hidden.sheet_state = "hidden"
    book.create_sheet("名册").append(["户编号", "户主"])
    book["名册"].append(["1", "张三"])
    out = io.BytesIO()
    book.active = 1
    book.save(out)
    assert _table(out.getvalue()) == [(2, ["1", "张三"])]


def test_finds_the_header_under_a_title() -> None:
    rows = [
        ["河西村积分户名册"],
        [],
        ["制表人：村委会", "2026年5月"],
        [" 户编号 ", "户主", "小组"],
        ["1", "张三", "3"],
    ]
    assert _table(to_csv([], rows), known=HEADER) == [(6, ["1", "张三", "3"])]
    assert [row.cells for row in read_rows(_xlsx(rows), "x", known=HEADER)] == [
        {"户编号": "1", "户主": "张三", "小组": "3"}
    ]


def test_counts_lines_as_the_file_does() -> None:
    data = '户编号,户主\n1,"张\n三"\n\n,\n2,李四\n'.encode()
    assert _table(data) == [(2, ["1", "张\n三"]), (6, ["2", "李四"])]


@pytest.mark.parametrize(
    ("data", "message", "line", "column"),
    [
        (b"", "没有内容", None, None),
        (b" \r\n ,", "没有内容", None, None),
        ("户编号,户主\n1,张三".encode("utf-16"), "UTF-16", None, None),
        ("户编号,户主\n1,张\0三".encode(), "NUL", 2, None),
        ("户编号,户主\n1,张\n".encode("gbk") + b"\xff", "编码", None, None),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页", None, None),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "网页或 XML", None, None),
        ('户编号,户主\n1,"张三\n'.encode(), "引号", 2, None),
        (('户编号,户主\n1,"' + "x" * 200_000 + '"\n').encode(), "太长", 2, None),
        ("户编号,户主, 户主\n1,张三,李四".encode(), "列名重复", 1, "户主"),
        ("户编号,,小组\n1,张三,3".encode(), "第2列有内容", 2, None),
        ("户编号,户主\n1,张三,李四".encode(), "第3列有内容", 2, None),
        (("户编号,户主\n1," + "张" * 2001).encode(), "最多2000个字", 2, "户主"),
        (",".join(map(str, range(65))).encode(), "最多64列", 1, None),
        (b"1,2\n" * (10 * 1024 * 1024 // 4 + 1), "最多10 MB", None, None),
        (b"a,b\n" + b"1,2\n" * 20_001, "最多20000行", None, None),
        (b"a,b\n" * 1_000_000, "行数太多", None, None),
        (b"PK\x03\x04 and so on", "打不开", None, None),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "打不开", None, None),
        (b"%PDF-1.7\n\0", "NUL", 2, None),
    ],
)
def test_says_why_a_file_cannot_be_read(data: bytes, message: str, line: int | None, column: str | None) -> None:
    with pytest.raises(UnreadableSheet, match=message) as caught:
        read_rows(data, "名册.csv")
    assert (caught.value.line, caught.value.column) == (line, column)


def test_takes_as_many_rows_and_columns_as_it_says() -> None:
    header = [f"列{i}" for i in range(COLUMN_LIMIT)]
    assert len(read_rows(to_csv(["a", "b"], [[i, "x"] for i in range(ROW_LIMIT)]), "x")) == ROW_LIMIT
    assert len(read_rows(to_xlsx(header, [header]), "x")[0].cells) == COLUMN_LIMIT


@pytest.mark.parametrize("write", [_xlsx, _xls])
def test_refuses_excel_files_that_are_too_wide(write: _Write) -> None:
    with pytest.raises(UnreadableSheet, match="最多64列"):
        read_rows(write([[f"列{i}" for i in range(65)]]), "x")


def test_refuses_excel_files_that_are_too_long() -> None:
    with pytest.raises(UnreadableSheet, match="行数太多"):
        read_rows(to_xlsx(["a", "b"], [[i, i] for i in range(ROW_LIMIT + 1)]), "x")
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "户编号"
    book.worksheets[0]["B1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(UnreadableSheet, match="行数太多"):
        read_rows(out.getvalue(), "x")


def test_ten_thousand_equal_rows_are_no_bomb() -> None:
    rows: list[list[str | int]] = [["1", "张三", 3]] * 10_000
    assert len(read_rows(to_xlsx(HEADER, rows), "x")) == 10_000


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5631), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_xls_never_takes_the_process_along(
    hits: list[tuple[int, int]],
) -> None:
    data = bytearray(_xls([HEADER, ["1", "张三", 3]]))
    for place, value in hits:
        data[place % len(data)] = value
    with contextlib.suppress(UnreadableSheet):
        read_rows(bytes(data), "x.xls")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_rows(data, "x.csv")
    except UnreadableSheet as error:
        assert str(error).isprintable()


def test_a_hostile_file_name_does_not_reach_the_message() -> None:
    with pytest.raises(UnreadableSheet) as caught:
        read_rows(b"", "../名\ud800册\r\n\u202e.xlsx")
    assert str(caught.value) == "文件“../名册.xlsx”里没有内容"
