"""Excel files from strangers: told apart by content, checked before expanding, read in a child process."""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

from pointshop.people.sheet_errors import UnreadableSheet

ZIP_MAGIC: Final = b"PK\x03\x04"
OLE_MAGIC: Final = bytes.fromhex("d0cf11e0a1b11ae1")

_PARTS_LIMIT = 200
_EXPANDED_LIMIT = 50 * 1024 * 1024
#: Of parts above a megabyte; ten thousand equal rows come to about 20.
_RATIO_LIMIT = 100
_RATIO_FREE = 1024 * 1024
_CHILD_SECONDS = 30
_CHILD = Path(__file__).with_name("excel_child.py")

_DAMAGED = "文件打不开：已损坏、太大，或不是 Excel 表格。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传"
_MACROS = "文件带宏（.xlsm），请另存为不带宏的 .xlsx 再上传"
_ENCRYPTED = "文件有打开密码，请先取消密码再上传"
#: What zipfile raises for bytes that aren't quite a zip file.
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
_OTHER_KINDS = (
    (b"sheet.binary", "文件是 .xlsb 格式，请另存为 .xlsx 再上传"),
    (b"macroEnabled", _MACROS),
    (b"wordprocessingml", "这是 Word 文档，不是表格"),
    (b"presentationml", "这是演示文稿，不是表格"),
)


def read_cells(data: bytes, *, row_limit: int, column_limit: int, text_limit: int) -> list[list[str]]:
    """The first visible sheet of an .xlsx or .xls file as text, from row 1 and column A on.

    text_limit: code points of all cells together. Raises UnreadableSheet for everything that isn't such a
    file or is too big, encrypted, with macros, or damaged.
    """
    if data.startswith(ZIP_MAGIC):
        data = _vetted_copy(data)
    elif "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableSheet(_ENCRYPTED)
    answer = _ask_child(data, row_limit, column_limit, text_limit)
    faults = {
        "encrypted": _ENCRYPTED,
        "damaged": _DAMAGED,
        "no_sheet": "文件里没有可见的工作表",
        "too_many_rows": f"表格行数太多，最多{row_limit}行",
        "too_many_columns": f"表格列数太多，最多{column_limit}列",
        "too_much_text": "表格里的文字太多",
    }
    if "fault" in answer:
        raise UnreadableSheet(faults[answer["fault"]])
    rows: list[list[str]] = answer["rows"]
    return rows


def _vetted_copy(data: bytes) -> bytes:
    """A copy of an .xlsx that holds each XML part once, uncompressed, as we have seen it ourselves.

    Readers of zip differ in which sizes and which of two equal names they believe; with a copy there is
    nothing left to believe.
    """
    if data.count(b"PK\x01\x02") > 10 * _PARTS_LIMIT:
        raise UnreadableSheet(f"文件里的部件太多（最多{_PARTS_LIMIT}个）")
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(copy, "w") as target:
            parts = source.infolist()
            _check_sizes(parts)
            _check_kind(source, parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    target.writestr(part.filename, _expand(source, part))
    except UnreadableSheet:
        raise
    except _ZIP_FAULTS as error:
        raise UnreadableSheet(_DAMAGED) from error
    return copy.getvalue()


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _PARTS_LIMIT:
        raise UnreadableSheet(f"文件里的部件太多（最多{_PARTS_LIMIT}个）")
    if sum(part.file_size for part in parts) > _EXPANDED_LIMIT:
        raise UnreadableSheet("文件展开后太大（最多50 MB）")
    if any(part.file_size > max(_RATIO_FREE, _RATIO_LIMIT * part.compress_size) for part in parts):
        raise UnreadableSheet("文件压缩得不正常，像是压缩炸弹")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableSheet(_ENCRYPTED)
    if len({part.filename for part in parts}) < len(parts):
        raise UnreadableSheet(_DAMAGED)


def _check_kind(source: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    by_name = {part.filename: part for part in parts}
    if "mimetype" in by_name:
        raise UnreadableSheet("文件是 .ods 格式，请另存为 .xlsx 再上传")
    if "[Content_Types].xml" not in by_name:
        raise UnreadableSheet("这是压缩包，不是 Excel 表格")
    kinds = _expand(source, by_name["[Content_Types].xml"])
    for mark, message in _OTHER_KINDS:
        if mark in kinds:
            raise UnreadableSheet(message)
    if any(name.lower().endswith("vbaproject.bin") for name in by_name):
        raise UnreadableSheet(_MACROS)


def _expand(source: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """The bytes of one part, never more than it declares: an open-ended read would expand a lie in full."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableSheet(_DAMAGED)
    with source.open(part) as stream:
        content = stream.read(part.file_size + 1)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnreadableSheet("文件里有不允许的实体定义（DTD）")
    return content


def _ask_child(data: bytes, row_limit: int, column_limit: int, text_limit: int) -> dict[str, Any]:
    limits = map(str, (row_limit, column_limit, text_limit))
    try:
        command = [sys.executable, "-P", str(_CHILD), *limits]
        done = subprocess.run(command, input=data, capture_output=True, timeout=_CHILD_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableSheet(_DAMAGED) from error
    if done.returncode != 0:
        raise UnreadableSheet(_DAMAGED)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
