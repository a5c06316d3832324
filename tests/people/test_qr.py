import io
import re
import xml.etree.ElementTree as ET

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from pointshop.people.qr import card_qr_png, card_qr_svg

URL = "https://points.example.cn/c/7Z3K9M2PQRSTVWXY"
SVG = "{http://www.w3.org/2000/svg}"


def _read(picture: Image.Image) -> zxingcpp.Barcode:
    (code,) = zxingcpp.read_barcodes(picture)
    return code


def _paint(svg: str, *, scale: int) -> Image.Image:
    """Paint the two paths of rectangles the SVG is made of."""
    root = ET.fromstring(svg)
    _, _, width, height = map(int, root.attrib["viewBox"].split())
    picture = Image.new("L", (width * scale, height * scale), 128)
    draw = ImageDraw.Draw(picture)
    for path in root.findall(f"{SVG}path"):
        shade = {"#fff": 255, "#000": 0}[path.attrib["fill"]]
        for x, y, w, h in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path.attrib["d"]):
            left, top = int(x) * scale, int(y) * scale
            draw.rectangle((left, top, left + int(w) * scale - 1, top + int(h) * scale - 1), fill=shade)
    return picture


def test_the_png_reads_as_the_upper_case_url() -> None:
    picture = Image.open(io.BytesIO(card_qr_png(URL)))
    assert picture.mode == "1"
    assert picture.width >= 300
    code = _read(picture.convert("L"))
    assert code.text == URL.upper()
    assert code.ec_level == "Q"


@pytest.mark.parametrize("scale", [2, 3, 8])
def test_the_svg_reads_as_the_upper_case_url_at_any_size(scale: int) -> None:
    assert _read(_paint(card_qr_svg(URL), scale=scale)).text == URL.upper()


def test_the_svg_has_its_size_in_millimetres_and_holds_nothing_but_two_paths() -> None:
    root = ET.fromstring(card_qr_svg(URL, width_mm=28))
    assert root.attrib["width"] == root.attrib["height"] == "28mm"
    assert [child.tag for child in root.iter()] == [f"{SVG}svg", f"{SVG}path", f"{SVG}path"]
    assert {name for child in root.iter() for name in child.attrib} == {
        *("width", "height", "viewBox", "shape-rendering"),
        *("fill", "d"),
    }


def test_a_quiet_zone_of_four_modules_surrounds_the_code() -> None:
    picture = _paint(card_qr_svg(URL), scale=1)
    left, top, right, bottom = picture.point(lambda shade: 255 - shade).getbbox() or (0, 0, 0, 0)
    assert (left, top, picture.width - right, picture.height - bottom) == (4, 4, 4, 4)


def test_a_card_url_of_usual_length_is_no_bigger_than_thirty_three_modules() -> None:
    size = int(ET.fromstring(card_qr_svg(URL)).attrib["viewBox"].split()[2])
    assert size - 8 <= 33


def test_a_worn_card_still_reads() -> None:
    picture = Image.open(io.BytesIO(card_qr_png(URL))).convert("L")
    stain = picture.width // 2
    ImageDraw.Draw(picture).ellipse((stain, stain, stain + 60, stain + 60), fill=128)
    assert _read(picture).text == URL.upper()


@pytest.mark.parametrize(
    "url", ["", "https://村.example.cn/c/X", "https://a.cn/c/X?y=1", "https://a_b.cn/" + "x" * 300]
)
def test_refuses_a_url_that_alphanumeric_mode_cannot_hold(url: str) -> None:
    with pytest.raises(ValueError, match="card URL"):
        card_qr_svg(url)
