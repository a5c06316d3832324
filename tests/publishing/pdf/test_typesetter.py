import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pointshop.core.errors import NoPdf
from pointshop.publishing.pdf.coverage import FONTS, LacksGlyphs, find_missing
from pointshop.publishing.pdf.typesetter import load_fonts, set_pdf

#: Names that registers really hold, with characters of the later planes.
RARE = "𠮷野郄建军垸头塆张喆马堃刘焱犇赟㛃𬱖䶮阿依古丽·买买提"


def test_the_fonts_have_the_characters_of_the_national_standard_and_of_rare_names() -> None:
    rows = range(0xA1, 0xF8)
    standard = b"".join(bytes([row, cell]) for row in rows for cell in range(0xA1, 0xFF)).decode("gb2312", "ignore")
    assert len(standard) > 7000
    assert find_missing(standard + RARE + "〇①—…“”￥℃ Aa0") == ""


def test_what_is_invisible_is_not_missed() -> None:
    assert find_missing("葛\U000e0100城\u200b\n") == ""


def test_a_character_that_no_font_has_is_reported_with_its_place() -> None:
    with pytest.raises(LacksGlyphs) as refused:
        set_pdf("card", {"card": {"head": "𱍐𱍐👪"}}, made_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert refused.value.errors == {"card.head": ["字库里没有“𱍐”（U+31350）", "字库里没有“👪”（U+1F46A）"]}
    assert refused.value.status == 406


def test_without_fonts_there_is_no_pdf_rather_than_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(NoPdf):
        load_fonts(tmp_path)
    (tmp_path / "half.ttf").write_bytes((FONTS / "NotoSerifSC-Black.ttf").read_bytes())
    with pytest.raises(NoPdf):
        load_fonts(tmp_path)


def test_without_typst_the_service_runs_and_says_that_there_is_no_pdf() -> None:
    asked = (
        "import sys; sys.modules['typst'] = None\n"
        "from pathlib import Path\n"
        "from pointshop.app import create_app\n"
        "from pointshop.core.errors import NoPdf\n"
        "from pointshop.publishing.pdf.typesetter import load_fonts\n"
        "try:\n    load_fonts(Path('.'))\n"
        "except NoPdf as refusal:\n    print(refusal.status)\n"
    )
    answer = subprocess.run([sys.executable, "-X", "utf8", "-c", asked], check=True, capture_output=True, text=True)
    assert answer.stdout == "406\n"


def test_licences_stand_beside_the_fonts() -> None:
    licences = [file.read_text(encoding="utf-8") for file in FONTS.glob("*-LICENSE.txt")]
    assert len(licences) == len(list(FONTS.glob("*.ttf")))
    assert all("SIL Open Font License, Version 1.1" in licence for licence in licences)
