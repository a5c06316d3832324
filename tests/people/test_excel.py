import io
import zipfile
import zlib

import pytest

from pointshop.people import excel
from pointshop.people.sheet_errors import UnreadableSheet
from pointshop.people.sheet_out import to_xlsx

GOOD = to_xlsx(["户编号", "户主"], [["1", "张三"]])
SHEET = "xl/worksheets/sheet1.xml"


def _read(data: bytes) -> list[list[str]]:
    return excel.read_cells(data, row_limit=100, column_limit=10, text_limit=1000)


def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _refused(data: bytes) -> str:
    with pytest.raises(UnreadableSheet) as caught:
        _read(data)
    return str(caught.value)


def test_reads_a_workbook() -> None:
    assert _read(GOOD) == [["户编号", "户主"], ["1", "张三"]]
    assert _read(_zipped(_parts(), zipfile.ZIP_STORED)) == _read(GOOD)


def test_refuses_sixty_megabytes_of_zeros_before_expanding_them() -> None:
    bomb = _zipped(_parts() | {"xl/media/zeros.xml": bytes(60 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert "最多50 MB" in _refused(bomb)


def test_refuses_a_part_that_was_compressed_beyond_reason() -> None:
    assert "压缩炸弹" in _refused(_zipped(_parts() | {"xl/x.xml": bytes(20 * 1024 * 1024)}))


def test_refuses_many_parts() -> None:
    assert "最多200个" in _refused(_zipped(_parts() | {f"x{i}.xml": b"" for i in range(200)}))
    assert "最多200个" in _refused(_zipped({f"x{i}": b"" for i in range(3000)}))


def test_does_not_believe_a_declared_size() -> None:
    content = _parts()[SHEET]
    data = bytearray(_zipped(_parts() | {SHEET: content + b" " * 5_000_000}))
    entry = data.index(SHEET.encode(), data.index(b"PK\x01\x02")) - 46
    while data[entry : entry + 4] != b"PK\x01\x02":
        entry = data.index(SHEET.encode(), entry + 47) - 46
    data[entry + 16 : entry + 20] = zlib.crc32(content).to_bytes(4, "little")
    data[entry + 24 : entry + 28] = len(content).to_bytes(4, "little")
    try:
        rows = _read(bytes(data))
    except UnreadableSheet:
        return
    assert rows == _read(GOOD)


def test_refuses_other_ways_of_compressing() -> None:
    assert "打不开" in _refused(_zipped(_parts(), zipfile.ZIP_BZIP2))
    assert "打不开" in _refused(_zipped(_parts(), zipfile.ZIP_LZMA))


def test_refuses_two_parts_of_one_name() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        for name, content in [*_parts().items(), (SHEET, b"<worksheet/>")]:
            archive.writestr(name, content)
    assert "打不开" in _refused(out.getvalue())


@pytest.mark.parametrize(
    "prolog",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_refuses_entities(prolog: bytes) -> None:
    assert "DTD" in _refused(_zipped(_parts() | {SHEET: prolog + _parts()[SHEET]}))


def test_the_reader_itself_resolves_no_entity() -> None:
    prolog = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    sheet = (prolog + _parts()[SHEET].decode().replace("张三", "&e;")).encode("utf-16")
    try:
        text = str(_read(_zipped(_parts() | {SHEET: sheet})))
    except UnreadableSheet:
        return
    assert "root:" not in text


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"xl/vbaProject.bin": b"x"}, "宏"),
        ({"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"}, "宏"),
        ({"[Content_Types].xml": b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"}, "xlsb"),
        ({"[Content_Types].xml": b"wordprocessingml.document.main+xml"}, "Word"),
        ({"[Content_Types].xml": b"presentationml.presentation.main+xml"}, "演示"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "ods"),
    ],
)
def test_tells_other_kinds_apart_by_content(changed: dict[str, bytes], message: str) -> None:
    assert message in _refused(_zipped(_parts() | changed))


def test_refuses_a_plain_archive_and_a_workbook_without_sheets() -> None:
    assert "压缩包" in _refused(_zipped({"a.txt": b"x"}))
    without = _parts()
    del without[SHEET]
    assert "打不开" in _refused(_zipped(without))


def test_refuses_encrypted_files() -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    assert "密码" in _refused(ole)
    data = bytearray(GOOD)
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    assert "密码" in _refused(bytes(data))


@pytest.mark.parametrize("cut", [10, 100, 1000, 3000])
def test_refuses_cut_off_files(cut: int) -> None:
    assert "打不开" in _refused(GOOD[:cut])


def test_limits_all_text_together() -> None:
    assert "文字太多" in _refused(to_xlsx(["a"], [["x" * 600], ["y" * 600]]))


def test_one_long_text_in_many_cells_does_not_fill_the_memory() -> None:
    office = "http://schemas.openxmlformats.org"
    main = f'xmlns="{office}/spreadsheetml/2006/main"'
    row = "<row>" + '<c t="s"><v>0</v></c>' * 9 + "</row>"
    relation = (
        '<Relationship Id="rId99" Target="sharedStrings.xml"'
        f' Type="{office}/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    relations = _parts()["xl/_rels/workbook.xml.rels"].decode()
    changed = {
        "xl/_rels/workbook.xml.rels": relations.replace("</Relationships>", relation),
        "xl/sharedStrings.xml": f"<sst {main}><si><t>{'x' * 200_000}</t></si></sst>",
        SHEET: f"<worksheet {main}><sheetData>{row * 99}</sheetData></worksheet>",
    }
    message = _refused(_zipped(_parts() | {name: text.encode() for name, text in changed.items()}))
    assert "打不开" in message or "文字太多" in message
