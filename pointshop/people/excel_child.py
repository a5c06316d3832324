"""Program of a child process: Excel workbook on standard input, its first visible sheet as JSON on output.

A process of its own, because the reader of .xls takes the counts in a file at their word: a damaged byte
makes it ask for hundreds of gigabytes, and the refusal aborts the whole process. Here it aborts nothing else.
Imports nothing of pointshop, so that it starts in a few hundredths of a second.

Answer: {"rows": [[text, ...], ...]} from row 1 and column A on, or {"fault": one of "encrypted", "damaged",
"no_sheet", "too_many_rows", "too_many_columns", "too_much_text"}.
"""

import datetime
import io
import json
import sys

import python_calamine

_MEMORY_BYTES = 768 * 1024 * 1024
_CPU_SECONDS = 20
_CellValue = str | int | float | bool | datetime.date | datetime.time | datetime.datetime | datetime.timedelta


def main(row_limit: int, column_limit: int, text_limit: int) -> None:
    _limit_resources()
    try:
        answer: dict[str, object] = _read(sys.stdin.buffer.read(), row_limit, column_limit, text_limit)
    except python_calamine.PasswordError:
        answer = {"fault": "encrypted"}
    except (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError, OSError):
        answer = {"fault": "damaged"}
    json.dump(answer, sys.stdout)


def _read(data: bytes, row_limit: int, column_limit: int, text_limit: int) -> dict[str, object]:
    workbook = python_calamine.load_workbook(io.BytesIO(data))
    name = _first_visible(workbook)
    if name is None:
        return {"fault": "no_sheet"}
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height > row_limit:
        return {"fault": "too_many_rows"}
    if sheet.total_width > column_limit:
        return {"fault": "too_many_columns"}
    rows = [[_as_typed(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    if sum(len(text) for row in rows for text in row) > text_limit:
        return {"fault": "too_much_text"}
    return {"rows": rows}


def _first_visible(workbook: python_calamine.CalamineWorkbook) -> str | None:
    for sheet in workbook.sheets_metadata:
        is_table = sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        if is_table and sheet.visible == python_calamine.SheetVisibleEnum.Visible:
            return sheet.name
    return None


def _as_typed(value: _CellValue) -> str:
    """A cell as a person would type it: 1.0 → "1", dates ISO, TRUE and FALSE."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel computes with 15 digits and shows no more: 0.1 + 0.2 is 0.3 there.
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else format(value, ".15g")
    if isinstance(value, datetime.datetime):
        is_date = value.time() == datetime.time()
        return value.date().isoformat() if is_date else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _limit_resources() -> None:
    if sys.platform == "win32":  # There the time limit of the parent has to do.
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
