"""Tables that people take home: rows as .csv or .xlsx in which no cell is ever computed.

`spreadsheet.read_rows` reads back what was written.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell as OpenpyxlCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

#: What spreadsheet programs take for the beginning of a formula, or skip before one. Apostrophes before it
#: count, too, so that reading can take exactly one away.
_LIVE = re.compile("'*[=+\\-@\t\r\n\x00＝＋－＠]")
#: What XML can't hold or would change, and what looks like the escape for it (ECMA-376 part 1, 22.9.2.19).
_UNFIT_FOR_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

Cell = str | int | None


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write UTF-8 with byte order mark, as Excel and WPS expect it; live text gets an apostrophe in front."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_guarded(name) for name in header])
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write one sheet: text as text whatever it looks like, numbers as numbers, the header kept in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("表")
    sheet.freeze_panes = "A2"
    for row in (header, *rows):
        sheet.append([_text_cell(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _guarded(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and _LIVE.match(cell) else cell


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> OpenpyxlCell:
    cell = WriteOnlyCell(sheet, value=_UNFIT_FOR_XML.sub(lambda unfit: f"_x{ord(unfit[0]):04X}_", text))
    # openpyxl takes =… for a formula and #N/A for an error.
    cell.data_type = "s"
    return cell
