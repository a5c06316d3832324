"""CSV files from strangers: the encoding found out, the lines counted as an editor counts them."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from pointshop.people.sheet_errors import UnreadableSheet

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|table|meta|\?xml|style|head|body)\b", re.IGNORECASE)
#: The apostrophe that `sheet_out.to_csv` puts before what a spreadsheet program would compute.
_GUARDED = re.compile("''*[=+\\-@\t\r\n\x00＝＋－＠]")


def read_lines(data: bytes, *, row_limit: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file, each with the number of its first line in the file, counted from 1.

    UTF-8 with or without mark, or GB 18030; comma or, where the first line has none, tab. Raises
    UnreadableSheet.
    """
    text = _decoded(data)
    first_line = text[:4096].split("\n", 1)[0]
    delimiter = "\t" if "\t" in first_line and "," not in first_line else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in islice(reader, row_limit):
            yield line, [cell[1:] if _GUARDED.match(cell) else cell for cell in cells]
            line = reader.line_num + 1
        if next(reader, None) is not None:
            raise UnreadableSheet(f"表格行数太多，最多{row_limit}行")
    except csv.Error as error:
        raise UnreadableSheet("引号不成对，或有一格太长", line=line) from error


def _decoded(data: bytes) -> str:
    if data.startswith(_UTF16_MARKS):
        raise UnreadableSheet("文件是 UTF-16（Unicode 文本），请另存为“CSV UTF-8”再上传")
    if _MARKUP.match(data):
        raise UnreadableSheet("这是网页或 XML，只是改了名字；请用 WPS 或 Excel 打开后另存为 .xlsx 再上传")
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise UnreadableSheet("有空字符（NUL），文件已损坏或不是表格", line=line)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableSheet("文字编码不是 UTF-8 也不是 GB18030，请另存为“CSV UTF-8”再上传")
