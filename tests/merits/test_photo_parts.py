import io
import struct
import zlib

import pytest
from PIL import Image

from pointshop.merits.photo_parts import kind_of, picture_parts


def _saved(kind: str, **options: object) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "SECRET"
    out = io.BytesIO()
    Image.new("RGB", (16, 8), "red").save(out, kind, exif=exif, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_tells_the_kind_and_finds_the_orientation(kind: str) -> None:
    data = _saved(kind)
    found = kind_of(data)
    assert found == kind
    assert picture_parts(data, found)[1] == 6


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\x89PNG", b"RIFF1234WAVE", b"GIF89a"])
def test_knows_no_other_kind(data: bytes) -> None:
    assert kind_of(data) is None


def test_leaves_out_what_is_no_picture() -> None:
    jpeg, _ = picture_parts(_saved("JPEG", comment=b"SECRET", icc_profile=b"SECRET" * 9), "JPEG")
    png, _ = picture_parts(_saved("PNG", icc_profile=b"SECRET" * 9, dpi=(300, 300)) + b"SECRET", "PNG")
    assert b"SECRET" not in jpeg + png
    assert b"JFIF" in jpeg
    for picture in (jpeg, png):
        assert Image.open(io.BytesIO(picture)).getpixel((0, 0)) in ((255, 0, 0), (254, 0, 0))


def test_keeps_the_note_on_colours_that_a_cmyk_jpeg_needs() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (8, 8)).save(out, "JPEG")
    assert b"Adobe" in picture_parts(out.getvalue(), "JPEG")[0]


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"II",
        b"II*\0" + b"\xff" * 4,
        b"II*\0" + struct.pack("<IH", 8, 0xFFFF),
        b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 2, 1, 6, 0),
        b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, 9, 0),
    ],
    ids=["empty", "short", "far away", "endless", "not a number", "out of range"],
)
def test_takes_a_photo_with_nonsense_in_its_exif_for_upright(exif: bytes) -> None:
    body = b"eXIf" + exif
    chunk = struct.pack(">I", len(exif)) + body + struct.pack(">I", zlib.crc32(body))
    assert picture_parts(b"\x89PNG\r\n\x1a\n" + chunk, "PNG")[1] == 1


def test_reads_both_byte_orders() -> None:
    for order, mark in (("<", b"II*\0"), (">", b"MM\0*")):
        exif = mark + struct.pack(f"{order}IHHHIHH", 8, 1, 0x0112, 3, 1, 8, 0)
        segment = b"Exif\0\0" + exif
        data = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + b"\xff\xda\0\0"
        assert picture_parts(data, "JPEG") == (b"\xff\xd8\xff\xda\0\0", 8)
