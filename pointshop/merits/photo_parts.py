"""The parts of a photo file that make the picture, and which side of it is up; everything else left out.

Decoders are asked to look at nothing more: what cameras, editors and attackers put into the other parts makes
them warn, fail or unpack without end.
"""

import struct
from typing import Final, Literal

ORIENTATIONS: Final = range(1, 9)

_Kind = Literal["JPEG", "PNG", "WEBP"]

_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
#: Of the optional chunks only tRNS changes what is seen; without acTL an animated PNG is its first picture.
_PNG_CHUNKS = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
#: JFIF and Adobe tell the decoder in which colours the picture is.
_JPEG_COLOUR_SEGMENTS = frozenset((0xE0, 0xEE))
_JPEG_START_OF_SCAN = 0xDA
#: Stuffing, fill bytes, restarts and other markers that stand alone.
_JPEG_WITHOUT_CONTENT = frozenset((0x00, 0x01, 0xFF, *range(0xD0, 0xDA)))
_EXIF_HEAD = b"Exif\0\0"
_ORIENTATION_TAG = 0x0112
_SHORT = 3


def kind_of(data: bytes) -> _Kind | None:
    """What the first bytes say the file is."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(_PNG_MAGIC):
        return "PNG"
    return "WEBP" if data.startswith(b"RIFF") and data[8:12] == b"WEBP" else None


def picture_parts(data: bytes, kind: _Kind) -> tuple[bytes, int]:
    """The file without what isn't picture, and its EXIF orientation 1..8.

    Damage is left in place for the decoder to find. A WebP stays as it is: its decoder reads no metadata.
    """
    if kind == "JPEG":
        picture, exif = _split_jpeg(data)
    elif kind == "PNG":
        picture, exif = _split_png(data)
    else:
        picture, exif = data, _webp_exif(data)
    return picture, _orientation(exif.removeprefix(_EXIF_HEAD))


def webp_canvas(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP from its first chunk, RFC 9649 sections 2.5 to 2.7."""
    kind, head = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", head[6:10])
    return width & 0x3FFF, height & 0x3FFF


def _split_jpeg(data: bytes) -> tuple[bytes, bytes]:
    """Segments up to the first scan sorted out, what follows as it is: ITU T.81 annex B."""
    kept, exif, at = [data[:2]], b"", 2
    while (at := data.find(b"\xff", at)) >= 0 and at + 4 <= len(data):
        marker, length = struct.unpack_from(">BH", data, at + 1)
        if marker == _JPEG_START_OF_SCAN:
            return b"".join((*kept, data[at:])), exif
        if marker in _JPEG_WITHOUT_CONTENT:
            at += 1
            continue
        segment = data[at : at + 2 + length]
        is_extra = 0xE0 <= marker <= 0xEF or marker == 0xFE
        if not is_extra or marker in _JPEG_COLOUR_SEGMENTS:
            kept.append(segment)
        elif marker == 0xE1 and segment[4:].startswith(_EXIF_HEAD):
            exif = exif or segment[4:]
        at += 2 + length
    return b"".join(kept), exif


def _split_png(data: bytes) -> tuple[bytes, bytes]:
    kept, exif, at = [_PNG_MAGIC], b"", len(_PNG_MAGIC)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if kind in _PNG_CHUNKS:
            kept.append(data[at:end])
        elif kind == b"eXIf":
            exif = exif or data[at + 8 : end - 4]
        if kind == b"IEND":
            break
        at = end
    return b"".join(kept), exif


def _webp_exif(data: bytes) -> bytes:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"EXIF":
            return data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    return b""


def _orientation(exif: bytes) -> int:
    """The orientation in the first directory of a TIFF structure; 1, upright, where there is none."""
    order: Literal["little", "big"] = "big" if exif.startswith(b"MM") else "little"

    def number(at: int, size: int) -> int:
        return int.from_bytes(exif[at : at + size], order)

    directory = number(4, 4)
    first = directory + 2
    for entry in range(first, min(first + 12 * number(directory, 2), len(exif)), 12):
        if number(entry, 2) == _ORIENTATION_TAG and number(entry + 2, 2) == _SHORT:
            value = number(entry + 8, 2)
            return value if value in ORIENTATIONS else 1
    return 1
