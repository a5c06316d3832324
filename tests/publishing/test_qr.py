import re

import pytest
import zxingcpp
from PIL import Image

from pointshop.publishing.qr import QUIET_ZONE, QrPath, qr_path


def rasterise(code: QrPath, *, scale: int) -> Image.Image:
    """The path's rectangles drawn as pixels."""
    picture = Image.new("L", (code.size, code.size), 255)
    for left, top, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.d):
        picture.paste(0, (int(left), int(top), int(left) + int(width), int(top) + 1))
    return picture.resize((code.size * scale, code.size * scale), Image.Resampling.NEAREST)


@pytest.mark.parametrize("url", ["https://jifen.example/b/Tq3vZ8mW0aKxY2nR", "http://192.168.1.20:8000/b/abcDEF_-09"])
def test_a_phone_reads_the_url(url: str) -> None:
    (found,) = zxingcpp.read_barcodes(rasterise(qr_path(url), scale=4))
    assert found.text == url


def test_the_path_is_nothing_but_rectangles_inside_the_quiet_zone() -> None:
    code = qr_path("https://jifen.example/b/x")
    bars = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.d)
    assert "".join(f"M{x} {y}h{w}v1h-{w}z" for x, y, w in bars) == code.d
    assert min(int(x) for x, _, _ in bars) == min(int(y) for _, y, _ in bars) == QUIET_ZONE
    assert max(int(x) + int(w) for x, _, w in bars) == code.size - QUIET_ZONE
