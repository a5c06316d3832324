"""Tables that people upload: .xlsx, .xls and .csv into rows of text, whatever the name of the file says."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pointshop.people.csv_text import read_lines
from pointshop.people.excel import OLE_MAGIC, ZIP_MAGIC, read_cells
from pointshop.people.sheet_errors import UnreadableSheet

ROW_LIMIT = 20_000
COLUMN_LIMIT = 64
CELL_LIMIT = 2_000
FILE_LIMIT = 10 * 1024 * 1024

#: The header stands in one of the first rows, under a title and perhaps a line about who made the table.
_HEADER_WITHIN = 5
_TEXT_LIMIT = 10_000_000

_Line = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row under the header. line: as numbered in the file, from 1. cells: every named column → text."""

    line: int
    cells: dict[str, str]


def read_rows(data: bytes, filename: str, *, known: Collection[str] = ()) -> list[Row]:
    """Read the rows of a table that hold anything; each cell is what a person typed, spaces and all.

    filename: for messages only. known: column names to look for; the header is the one of the first five rows
    that holds most of them, or, holding none, the first with two cells. Raises UnreadableSheet.
    """
    # A client's file name may hold anything, and the message goes into JSON and logs.
    shown = "".join(filter(str.isprintable, filename))[-50:]
    if len(data) > FILE_LIMIT:
        raise UnreadableSheet(f"文件“{shown}”太大，最多{FILE_LIMIT // 1024 // 1024} MB")
    lines = [(line, cells) for line, cells in _lines(data) if any(cell.strip() for cell in cells)]
    if not lines:
        raise UnreadableSheet(f"文件“{shown}”里没有内容")
    place = _header_place(lines, frozenset(known))
    header = _header(*lines[place])
    body = lines[place + 1 :]
    if len(body) > ROW_LIMIT:
        raise UnreadableSheet(f"表格行数太多，最多{ROW_LIMIT}行")
    return [Row(line, _cells(header, line, cells)) for line, cells in body]


def _lines(data: bytes) -> Iterable[_Line]:
    row_limit = ROW_LIMIT + _HEADER_WITHIN
    if not data.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return read_lines(data, row_limit=row_limit)
    rows = read_cells(data, row_limit=row_limit, column_limit=COLUMN_LIMIT, text_limit=_TEXT_LIMIT)
    return enumerate(rows, start=1)


def _header_place(lines: list[_Line], known: frozenset[str]) -> int:
    first = [[cell.strip() for cell in cells] for _, cells in lines[:_HEADER_WITHIN]]
    hits = [len(known.intersection(cells)) for cells in first]
    if max(hits):
        return hits.index(max(hits))
    return next((index for index, cells in enumerate(first) if sum(map(bool, cells)) > 1), 0)


def _header(line: int, cells: list[str]) -> list[str]:
    """The column names, trimmed; "" for a column without one."""
    names = [cell.strip() for cell in cells]
    while not names[-1]:
        names.pop()
    if len(names) > COLUMN_LIMIT:
        raise UnreadableSheet(f"列数太多，最多{COLUMN_LIMIT}列", line=line)
    for name in filter(None, names):
        if names.count(name) > 1:
            raise UnreadableSheet("列名重复", line=line, column=name[:CELL_LIMIT])
    return names


def _cells(header: list[str], line: int, cells: list[str]) -> dict[str, str]:
    for index, cell in enumerate(cells):
        name = header[index] if index < len(header) else ""
        if not name and cell.strip():
            raise UnreadableSheet(f"第{index + 1}列有内容，但表头里没有这一列的名称", line=line)
        if len(cell) > CELL_LIMIT:
            raise UnreadableSheet(f"一格里最多{CELL_LIMIT}个字", line=line, column=name)
        if "\0" in cell:
            raise UnreadableSheet("有空字符（NUL）", line=line, column=name)
    padded = cells + [""] * (len(header) - len(cells))
    return {name: cell for name, cell in zip(header, padded, strict=False) if name}
