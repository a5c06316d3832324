"""Makes the fonts that printed sheets are set in, once, from two npm packages; `python3 dev.py fonts` runs it.

They are too large for the repository and no package index carries them: LXGW WenKai (霞鹜文楷) for all text, because it
has the rare characters of names, and Noto Serif SC Black (思源宋体) for heads. Both under the SIL Open Font License. A
wheel built after this carries them.
"""

import json
import shutil
import sys
import tarfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from npm import Package, fetch, read

ROOT = Path(__file__).resolve().parent
#: Where pointshop.publishing.pdf looks for its fonts.
TARGET = ROOT / "pointshop" / "publishing" / "pdf" / "fonts"


WENKAI = Package(
    "@fontsource/lxgw-wenkai",
    "5.3.0",
    "+U5AAOXeaB7o+3G0Qm7I7Djz2Jd1hqNY+kClOZH8bTunyyGa2WxY12LZftt2AqUsxlfxwdQpd75Js1HQIt4H4g==",
)
NOTO_SERIF = Package(
    "@fontsource/noto-serif-sc",
    "5.3.0",
    "0/zaEFkidiWldE62rTeD74x8ygUsQvejiSNtO0LQxQk3qpaHnlMZ3w4C7yH80B4KTIg8VKeFP4oSgwWMchY9+g==",
)
#: Tables that only other typesetters read.
_USELESS = ("FFTM", "bsln", "feat", "morx", "prop")


def main(npm: list[str]) -> int:
    """npm: the command that runs npm."""
    for package in (WENKAI, NOTO_SERIF):
        fetch(package, npm)
    fresh = TARGET.with_name("fonts.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    covered = make_wenkai(fresh / "LXGWWenKai-Regular.ttf") | make_noto_serif(fresh / "NotoSerifSC-Black.ttf")
    (fresh / "LXGWWenKai-LICENSE.txt").write_bytes(read(WENKAI, "LICENSE"))
    (fresh / "NotoSerifSC-LICENSE.txt").write_bytes(read(NOTO_SERIF, "LICENSE"))
    (fresh / "coverage.json").write_text(json.dumps(list(ranges(covered)), separators=(",", ":")), encoding="ascii")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)
    print(f"{len(covered)} characters in {TARGET}")
    return 0


def make_wenkai(out: Path) -> set[int]:
    """The whole font, its tables only unpacked; returns its characters. The package calls the regular weight 500."""
    packed = BytesIO(read(WENKAI, "files/lxgw-wenkai-latin-500-normal.woff"))
    font = TTFont(packed, recalcTimestamp=False, recalcBBoxes=False)
    for table in _USELESS:
        if table in font:
            del font[table]
    font.flavor = None
    font.save(out)
    return set(font.getBestCmap())


def make_noto_serif(out: Path) -> set[int]:
    """One font of the hundred slices in which browsers load it; returns its characters."""
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    widths = {".notdef": (1000, 0)}
    characters: dict[int, str] = {}
    lines: dict[str, int] = {}
    for font in slices():
        lines = {"ascent": font["hhea"].ascent, "descent": font["hhea"].descent}
        for character, source in font.getBestCmap().items():
            if character not in characters:
                characters[character] = name = f"u{character:05X}"
                glyphs[name] = outline(font, source)
                widths[name] = font["hmtx"][source]
    set_digits_equally_wide(glyphs, widths)
    build = FontBuilder(unitsPerEm=1000, isTTF=True)
    build.setupGlyphOrder(list(glyphs))
    build.setupCharacterMap(characters)
    build.setupGlyf(glyphs)
    build.setupHorizontalMetrics(widths)
    build.setupHorizontalHeader(**lines)
    build.setupNameTable(
        {
            "familyName": "Noto Serif SC",
            "styleName": "Black",
            "fullName": "Noto Serif SC Black",
            # typst passes over a font without it
            "psName": "NotoSerifSC-Black",
        }
    )
    build.setupOS2(usWeightClass=900, sTypoAscender=lines["ascent"], sTypoDescender=lines["descent"])
    build.setupPost(keepGlyphNames=False)
    build.updateHead(created=0, modified=0)
    build.font.recalcTimestamp = False
    build.save(out)
    return set(characters)


def outline(font: TTFont, name: str) -> Glyph:
    """A glyph without hints; one made of others is drawn out, since these others aren't copied with it."""
    glyph = font["glyf"][name]
    if glyph.isComposite():
        pen = TTGlyphPen(None)
        font.getGlyphSet()[name].draw(pen)
        glyph = pen.glyph()
    glyph.removeHinting()
    return glyph


def set_digits_equally_wide(glyphs: dict[str, Glyph], widths: dict[str, tuple[int, int]]) -> None:
    """Points stand in columns, and the feature that would do this is lost with the slices' tables."""
    digits = [f"u{ord(digit):05X}" for digit in "0123456789"]
    width = max(widths[name][0] for name in digits)
    for name in digits:
        own, left = widths[name]
        shift = (width - own) // 2
        glyphs[name].coordinates.translate((shift, 0))
        glyphs[name].recalcBounds(None)
        widths[name] = (width, left + shift)


def slices() -> Iterator[TTFont]:
    """The files of the black weight, always in the same order."""
    found = {}
    with tarfile.open(NOTO_SERIF.archive) as archive:
        # In the archive's own order: going back in a compressed file means to start again.
        for member in archive:
            if member.name.endswith("-900-normal.woff") and (file := archive.extractfile(member)):
                found[member.name] = file.read()
    for name in sorted(found):
        yield TTFont(BytesIO(found[name]))


def ranges(characters: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    first = last = -1
    for character in sorted(characters):
        if character != last + 1:
            if first >= 0:
                yield first, last
            first = character
        last = character
    yield first, last


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
