"""Photos as evidence (佐证照片): strangers' bytes in, our own JPEG out, nothing in it but the picture."""

import hashlib
import io
import struct
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from pointshop.merits.photo_parts import kind_of, picture_parts, webp_canvas

BYTES_LIMIT = 10 * 1024 * 1024
PIXELS_LIMIT = 40_000_000
LONGEST_SIDE = 1600
_QUALITY = 82
#: Each scan of a progressive JPEG goes over the whole picture again; cameras write ten, a bomb thousands.
_SCANS_LIMIT = 100

_PLUGINS: dict[str, Callable[[io.BytesIO], ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WEBP": WebPImageFile,
}

#: Ten uploads at once must not take ten times the memory.
_ONE_AT_A_TIME = threading.Lock()

#: Modes that can be made smaller as they are; doing that first saves a copy in full size.
_SCALABLE = frozenset(("L", "LA", "RGB", "RGBA", "CMYK"))

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
#: What Pillow's plugins raise for bytes that aren't quite a picture; SyntaxError is for a wrong header.
_PLUGIN_FAULTS = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, ArithmeticError),
    *(AssertionError, MemoryError, RuntimeError, struct.error, zlib.error),
)

_Fault = Literal["too_large", "wrong_type", "damaged"]


class BadPhoto(ValueError):
    """A photo we can't take (不能用的照片). The message is for people; fault is for the HTTP status."""

    def __init__(self, fault: _Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Photo:
    """A normalised photo. data: JPEG, sRGB assumed. sha256: of data, in hex; same bytes in, same out."""

    data: bytes
    width: int
    height: int
    sha256: str


def normalise_photo(data: bytes) -> Photo:
    """Make a JPEG of at most 1600 pixels a side from a JPEG, PNG or WebP of at most 10 MB and 40 megapixels.

    Turned upright; on white where it was transparent; the first picture of several; without EXIF, comments,
    profiles and whatever hangs behind the picture. The type is told by content, the size before decoding.
    Raises BadPhoto. Takes up to a second and 650 MB for a WebP at the limit, a tenth of that for a JPEG.
    """
    if len(data) > BYTES_LIMIT:
        raise BadPhoto("too_large", f"照片太大，最多{BYTES_LIMIT // 1024 // 1024} MB")
    try:
        with _ONE_AT_A_TIME:
            fresh = _redrawn(data)
    except BadPhoto:
        raise
    except _PLUGIN_FAULTS as error:
        raise BadPhoto("damaged", "照片打不开，可能没有传完整，请重新拍摄或上传") from error
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=_QUALITY, optimize=True)
    encoded = out.getvalue()
    return Photo(encoded, fresh.width, fresh.height, hashlib.sha256(encoded).hexdigest())


def _redrawn(data: bytes) -> Image.Image:
    """The picture, upright, of the size to keep, on a fresh sheet: a re-save would carry comments along."""
    picture, orientation = _open(data)
    size = _fitting(picture.size)
    # A JPEG can be decoded at a half, a quarter or an eighth of its size, for a fraction of time and memory.
    picture.draft("RGB", size)
    if picture.mode in _SCALABLE and "transparency" not in picture.info:
        scaled = _flat(picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))
    else:
        scaled = _flat(picture).resize(size, Image.Resampling.LANCZOS)
    upright = scaled.transpose(_TURNS[orientation]) if orientation in _TURNS else scaled
    fresh = Image.new("RGB", upright.size)
    fresh.paste(upright)
    return fresh


def _open(data: bytes) -> tuple[ImageFile, int]:
    """The picture, not yet decoded, and its orientation.

    With one plugin, chosen here: `Image.open` would try others, follow a JPEG into its second picture, and
    warn about sizes by way of the process's warning filters.
    """
    kind = kind_of(data)
    if kind is None:
        raise BadPhoto("wrong_type", _why_not(data))
    if kind == "JPEG" and data.count(b"\xff\xda") > _SCANS_LIMIT:
        raise BadPhoto("damaged", "照片的编码不正常，请重新拍摄")
    if kind == "WEBP":
        # The decoder takes memory for the whole canvas as soon as it is opened.
        _check_pixels(webp_canvas(data))
    parts, orientation = picture_parts(data, kind)
    picture = _PLUGINS[kind](io.BytesIO(parts))
    _check_pixels(picture.size)
    return picture, orientation


def _why_not(data: bytes) -> str:
    if not data:
        return "照片是空文件"
    if data[4:8] == b"ftyp":
        return "不支持 HEIC/AVIF 照片或视频，请在相机设置里选“兼容性最佳”，或转成 JPEG 再上传"
    return "只能上传 JPEG、PNG 或 WebP 照片"


def _check_pixels(size: tuple[int, int]) -> None:
    if size[0] * size[1] > PIXELS_LIMIT:
        raise BadPhoto("too_large", f"照片尺寸{size[0]}×{size[1]}太大，最多{PIXELS_LIMIT // 10_000}万像素")


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, LONGEST_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _flat(picture: Image.Image) -> Image.Image:
    """The picture in RGB, on white where it is transparent."""
    if picture.mode.startswith("I"):
        # 16 bits a pixel; convert() alone would clip them instead of scaling.
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer.getchannel("A"))
    return white
