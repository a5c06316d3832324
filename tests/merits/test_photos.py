import hashlib
import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from pointshop.merits.photos import LONGEST_SIDE, BadPhoto, normalise_photo

GPS_IFD = 0x8825


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _quarters(width: int = 64, height: int = 32) -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste("red", (0, 0, width // 2, height // 2))
    picture.paste("lime", (width // 2, 0, width, height // 2))
    picture.paste("blue", (0, height // 2, width // 2, height))
    return picture


def _result(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(normalise_photo(data).data))


def _near(picture: Image.Image, place: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    pixel = picture.getpixel(place)
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


def _fault(data: bytes) -> str:
    with pytest.raises(BadPhoto) as caught:
        normalise_photo(data)
    assert str(caught.value).isprintable()
    return caught.value.fault


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_makes_a_jpeg_and_says_what_it_is(kind: str) -> None:
    photo = normalise_photo(_saved(_quarters(), kind))
    picture = Image.open(io.BytesIO(photo.data))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert (photo.width, photo.height) == picture.size == (64, 32)
    assert photo.sha256 == hashlib.sha256(photo.data).hexdigest()
    assert _near(picture, (8, 8), (255, 0, 0))
    assert _near(picture, (56, 8), (0, 255, 0))


def test_the_same_photo_gives_the_same_digest() -> None:
    data = _saved(_quarters(), "JPEG")
    assert normalise_photo(data) == normalise_photo(data)
    with_comment = _saved(_quarters(), "JPEG", comment=b"another")
    assert normalise_photo(with_comment).sha256 == normalise_photo(data).sha256


@pytest.mark.parametrize(
    ("size", "result"), [((4000, 1000), (1600, 400)), ((3, 5000), (1, 1600)), ((20, 10), (20, 10))]
)
def test_scales_down_to_the_longest_side_and_never_up(size: tuple[int, int], result: tuple[int, int]) -> None:
    photo = normalise_photo(_saved(Image.new("RGB", size), "JPEG"))
    assert (photo.width, photo.height) == result
    assert max(result) <= LONGEST_SIDE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_drops_everything_that_is_not_picture(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET-description"
    exif.get_ifd(GPS_IFD)[2] = (31.0, 14.0, 5.0)
    options: dict[str, object] = {
        "exif": exif,
        "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    }
    if kind == "JPEG":
        options |= {"comment": b"SECRET-comment", "dpi": (300, 300)}
    data = _saved(_quarters(), kind, **options)
    assert b"SECRET" in data
    photo = normalise_photo(data)
    picture = Image.open(io.BytesIO(photo.data))
    assert dict(picture.getexif()) == {}
    assert not {"comment", "icc_profile", "exif", "dpi", "xmp"} & set(picture.info)
    for marker in (b"SECRET", b"Exif", b"ICC_PROFILE", b"http", b"\xff\xfe", b"\xff\xe1", b"\xff\xe2"):
        assert marker not in photo.data[:600]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turns_a_photo_upright(orientation: int) -> None:
    upright = _quarters()
    undo = [
        None,
        Image.Transpose.FLIP_LEFT_RIGHT,
        Image.Transpose.ROTATE_180,
        Image.Transpose.FLIP_TOP_BOTTOM,
        Image.Transpose.TRANSPOSE,
        Image.Transpose.ROTATE_90,
        Image.Transpose.TRANSVERSE,
        Image.Transpose.ROTATE_270,
    ][orientation - 1]
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = upright if undo is None else upright.transpose(undo)
    picture = _result(_saved(stored, "JPEG", exif=exif, quality=95))
    assert picture.size == (64, 32)
    for place, colour in (((8, 8), (255, 0, 0)), ((56, 8), (0, 255, 0)), ((8, 24), (0, 0, 255))):
        assert _near(picture, place, colour)


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_unknown_orientation_turns_nothing(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert _result(_saved(_quarters(), "JPEG", exif=exif)).size == (64, 32)


def test_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    palette = Image.new("P", (20, 20), 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    keyed = _saved(Image.new("RGB", (20, 20), "black"), "PNG", transparency=(0, 0, 0))
    for data in (_saved(clear, "PNG"), _saved(clear, "WEBP"), _saved(palette, "PNG", transparency=0), keyed):
        assert _near(_result(data), (10, 10), (255, 255, 255))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16"])
def test_takes_every_mode_a_png_may_have(mode: str) -> None:
    picture = Image.new(mode, (20, 20), 0x8000 if mode == "I;16" else 0)
    shade = 128 if mode == "I;16" else 0
    if mode == "LA":
        picture.putalpha(255)
    assert _near(_result(_saved(picture, "PNG")), (10, 10), (shade, shade, shade))


def test_takes_a_cmyk_jpeg() -> None:
    assert _near(_result(_saved(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), "JPEG")), (10, 10), (255, 0, 0))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_takes_the_first_picture_of_an_animation(kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "lime", "blue")] * 30
    data = _saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=10)
    assert _near(_result(data), (10, 10), (255, 0, 0))


def test_takes_the_first_picture_of_an_mpo() -> None:
    data = _saved(_quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 32), "black")])
    assert _near(_result(data), (8, 8), (255, 0, 0))


def test_nothing_that_hangs_behind_or_hides_inside_gets_through() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("evil.html", "<script>alert(1)</script>")
    jpeg = _saved(_quarters(), "JPEG", comment=b"<script>alert(1)</script>")
    png = _saved(_quarters(), "PNG")
    chunk = b"tEXt" + b"x\0<script>"
    inside = png[:33] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[33:]
    for data in (jpeg + archive.getvalue(), png + b"<script>alert(1)</script>", inside):
        result = normalise_photo(data).data
        assert b"script" not in result
        assert b"PK\x03\x04" not in result
        assert result.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"only text",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<html><img></html>",
        b"GIF89a/*\x01\x00\x01\x00*/=1;alert(1)//",
        _saved(_quarters(), "GIF"),
        _saved(_quarters(), "TIFF"),
        _saved(_quarters(), "BMP"),
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
        b"%PDF-1.7",
        b"PK\x03\x04" + bytes(100),
    ],
)
def test_refuses_other_kinds_by_content(data: bytes) -> None:
    assert _fault(data) == "wrong_type"


def test_tells_a_phone_owner_what_to_do_about_heic() -> None:
    with pytest.raises(BadPhoto, match="兼容性最佳"):
        normalise_photo(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.05, 0.5, 0.95])
def test_refuses_a_photo_that_was_cut_off(kind: str, part: float) -> None:
    data = _saved(Image.effect_noise((200, 200), 80).convert("RGB"), kind)
    assert _fault(data[: int(len(data) * part)]) == "damaged"


def _png_of_size(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _jpeg_of_size(width: int, height: int) -> bytes:
    data = bytearray(_saved(Image.new("RGB", (16, 16)), "JPEG"))
    start = data.index(b"\xff\xc0")
    data[start + 5 : start + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def _webp(chunk: bytes, content: bytes) -> bytes:
    body = b"WEBP" + chunk + struct.pack("<I", len(content)) + content
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    "data",
    [
        _png_of_size(30_000, 30_000),
        _png_of_size(2**31 - 1, 2**31 - 1),
        _jpeg_of_size(30_000, 30_000),
        _jpeg_of_size(10_000, 10_000),
        _webp(b"VP8X", b"\0\0\0\0" + (16_000).to_bytes(3, "little") + (16_000).to_bytes(3, "little")),
        _webp(b"VP8L", b"\x2f" + ((16_000) | (16_000 << 14)).to_bytes(4, "little")),
        _webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 16_000, 16_000)),
    ],
    ids=["png", "png of 2^62", "jpeg", "jpeg of 100 megapixels", "webp", "webp lossless", "webp lossy"],
)
def test_refuses_a_flood_of_pixels_before_decoding(data: bytes) -> None:
    assert _fault(data) == "too_large"


def test_refuses_more_than_ten_megabytes() -> None:
    assert _fault(b"\xff\xd8\xff" + bytes(10 * 1024 * 1024)) == "too_large"


def test_refuses_a_jpeg_of_a_thousand_scans() -> None:
    data = _saved(_quarters(), "JPEG", progressive=True)
    assert normalise_photo(data).width == 64
    assert _fault(data.replace(b"\xff\xd9", b"\xff\xda" * 1000 + b"\xff\xd9")) == "damaged"


def test_never_unpacks_the_text_of_a_png() -> None:
    png = _saved(_quarters(), "PNG")
    text = b"zTXt" + b"x\0\0" + zlib.compress(bytes(100_000_000))
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    assert _near(_result(png[:33] + chunk + png[33:]), (8, 8), (255, 0, 0))


def test_damaged_metadata_does_no_harm_and_makes_no_noise() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a river and forty brooms"
    data = _saved(_quarters(), "JPEG", exif=exif)
    start = data.index(b"Exif")
    for cut in range(8, 60):
        damaged = data[: start + cut] + b"\xff" * 8 + data[start + cut + 8 :]
        assert sorted(_result(damaged).size) == [32, 64]


_PICTURES = [_saved(_quarters(), kind) for kind in ("JPEG", "PNG", "WEBP")]


@settings(max_examples=300)
@given(
    st.sampled_from(_PICTURES),
    st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=6),
    st.binary(max_size=4),
)
def test_a_damaged_photo_is_taken_or_refused(data: bytes, hits: list[tuple[int, int]], tail: bytes) -> None:
    changed = bytearray(data)
    for place, value in hits:
        changed[place % len(changed)] = value
    try:
        normalise_photo(bytes(changed) + tail)
    except BadPhoto as error:
        assert str(error).isprintable()


def test_refuses_a_palette_png_without_palette() -> None:
    data = _saved(Image.new("P", (8, 8)), "PNG")
    start = data.index(b"PLTE") - 4
    (length,) = struct.unpack_from(">I", data, start)
    assert _fault(data[:start] + data[start + 12 + length :]) == "damaged"
