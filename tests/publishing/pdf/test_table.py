"""Every kind of table on paper, read back as a reader of PDF does."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from pointshop.publishing.document import short_digest
from pointshop.publishing.kinds import KINDS
from pointshop.publishing.pdf.coverage import LacksGlyphs
from pointshop.publishing.pdf.table import table_pdf, table_picture
from pointshop.publishing.privacy import PrivateData
from pointshop.publishing.roll_words import DigestMismatch
from pointshop.publishing.sheets import Paper
from pointshop.publishing.table_words import cell_text
from tests.publishing.pdf.printed import Printed
from tests.publishing.tables import URL, answered, called, frozen_table, table

PUBLISHED = datetime(2026, 6, 2, 8, tzinfo=UTC)
SIZES = {Paper.A4: (210, 297), Paper.A3: (420, 297)}
#: Margins in millimetres within which every word stands: left, right.
MARGINS = {Paper.A4: (27.5, 25.5), Paper.A3: (29.5, 29.5)}


@cache
def made(kind: str, count: int, paper: Paper = Paper.A4) -> bytes:
    """Setting a sheet takes a while: each is set once for all tests."""
    document, digest = frozen_table(kind, count)
    return table_pdf(document, digest=digest, paper=paper, made_at=PUBLISHED)


def printed(kind: str = "merit_notice", count: int = 10, paper: Paper = Paper.A4, **changes: Any) -> Printed:
    if not changes:
        return Printed(made(kind, count, paper))
    document, digest = frozen_table(kind, count, **changes)
    return Printed(table_pdf(document, digest=digest, paper=paper, made_at=PUBLISHED))


@pytest.mark.parametrize("paper", SIZES)
@pytest.mark.parametrize("count", [0, 1, 10, 33, 300])
@pytest.mark.parametrize("kind", KINDS)
def test_everything_can_be_found_on_paper_of_the_right_size(kind: str, count: int, paper: Paper) -> None:
    sheets = printed(kind, count, paper)
    assert set(sheets.sizes) == {SIZES[paper]}
    document, _ = frozen_table(kind, count)
    for item in table(kind, count).items:
        for field, value in item.items():
            assert cell_text(field, value, year=2026).replace(" ", "") in sheets.text, field
    assert (KINDS[kind].nothing in sheets.text) == (count == 0)
    assert f"共{len(document['items'])}{KINDS[kind].counted}" in sheets.text or count == 0


@pytest.mark.parametrize("paper", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_word_leaves_the_margins_however_long_it_is(kind: str, paper: Paper) -> None:
    left, right = MARGINS[paper]
    for word in printed(kind, 33, paper).words():
        assert left < word.left and word.right < SIZES[paper][0] - right, word
        assert word.bottom > 8 and word.top < 297 - 15, word


@pytest.mark.parametrize(
    ("kind", "count", "pages"), [("merit_notice", 10, 1), ("merit_notice", 33, 2), ("ledger", 33, 2)]
)
def test_usual_sheets_take_few_pages(kind: str, count: int, pages: int) -> None:
    assert len(printed(kind, count).sizes) == pages


def test_every_page_of_a_long_table_has_its_head_its_number_and_its_digest() -> None:
    sheets = printed("ledger", 300)
    _, digest = frozen_table("ledger", 300)
    pages = len(sheets.sizes)
    assert pages > 5
    assert sheets.text.count("上期结余") >= pages - 1
    assert sheets.text.count("校验码" + short_digest(digest).replace(" ", "")) == pages
    assert all(f"第{number}张/共{pages}张" in sheets.text for number in range(1, pages + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_all_fonts_are_embedded(kind: str) -> None:
    assert printed(kind).fonts() == {("LXGWWenKai-Regular", True), ("NotoSerifSC-Black", True)}


@pytest.mark.parametrize("paper", SIZES)
@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.is_public])
def test_a_phone_reads_the_code(kind: str, paper: Paper) -> None:
    sheets = printed(kind, 10, paper)
    assert [code for page in range(len(sheets.sizes)) for code in sheets.codes(page, dpi=120)] == [URL]


def test_a_passbook_has_no_code_and_says_whose_it_is() -> None:
    sheets = printed("passbook")
    assert sheets.codes(dpi=120) == []
    assert "户号0012户主阿依古丽·买买提3组" in sheets.text


def test_a_notice_says_what_has_to_stand_on_it() -> None:
    text = printed().text
    wanted = (
        *("石门镇垸头塆村2026年5月积分公示", "（2026年第5期）", "自张贴之日起7天", "张贴日期", "受理地点"),
        *(
            "村委会一楼村务监督委员会办公室",
            "监督电话",
            "0713-88881234",
            "中共垸头塆村支部委员会",
            "垸头塆村村民委员会",
        ),
        *(
            "（盖章处）",
            "2026年6月2日",
            "农历丙午年四月十七",
            "日结封存第12号6f1e90ab1234cdef",
            "合计1234分",
            "金额1234.50元",
        ),
    )
    assert [words for words in wanted if words not in text] == []


def test_the_type_has_the_sizes_of_official_notices() -> None:
    """GB/T 9704: title 2号 (22 pt), text 3号 (16 pt), page number 4号 (14 pt)."""
    sheet = printed()
    assert sheet.type_size("石门镇垸头塆村2026年5月积分公示") == 22
    assert sheet.type_size("依据本村积分细则") == sheet.type_size("垸头塆村村民委员会") == 16
    assert sheet.type_size("— 1 —") == 14


def test_answers_to_objections_are_printed_without_a_name() -> None:
    text = printed(answers=(answered(),)).text
    assert "对以往异议的答复" in text
    assert "2026年第4期第3号（集中清扫）：异议成立，该项不予入账。理由：经走访，当天不在村，予以取消" in text


def test_a_correction_says_so_and_names_what_it_replaces() -> None:
    text = printed(edition=2, replaces="ab" * 32).text
    assert text.count("更正") == 2
    assert "本件为第2版，代替校验码abababababababab的一版" in text and "第2版" in text


def test_markup_in_words_is_printed_as_it_stands() -> None:
    hostile = ['#panic("x")', "$x^2$ *b* _i_", "@ref <label>", '"; #read("/etc/passwd")']
    items = [dict(item) | {"name": name} for item, name in zip(table(count=4).items, hostile, strict=True)]
    text = printed(items=tuple(items)).text
    assert all(words.replace(" ", "") in text for words in hostile)


def test_printing_again_gives_the_same_bytes() -> None:
    document, digest = frozen_table()
    assert table_pdf(document, digest=digest, paper=Paper.A4, made_at=PUBLISHED) == made("merit_notice", 10)


def test_prints_nothing_that_was_changed_and_no_private_number() -> None:
    document, digest = frozen_table()
    with pytest.raises(DigestMismatch):
        table_pdf(document | {"office": "别处"}, digest=digest, paper=Paper.A4, made_at=PUBLISHED)
    with pytest.raises(PrivateData):
        printed(office="找13812345678")


def test_a_character_that_no_font_has_is_reported_with_its_line() -> None:
    item = dict(table(count=1).items[0]) | {"name": "张𱍐"}
    with pytest.raises(LacksGlyphs) as refused:
        printed(items=(item,))
    assert refused.value.errors == {"rows.0.2": ["字库里没有“𱍐”（U+31350）"]}


def test_a_page_is_drawn_as_a_picture_for_the_screen() -> None:
    document, digest = frozen_table(count=33)
    picture = table_picture(document, digest=digest, paper=Paper.A4, page=2)
    assert picture is not None and picture.startswith(b"\x89PNG")
    assert table_picture(document, digest=digest, paper=Paper.A4, page=3) is None


def test_the_names_of_the_issue_are_all_there() -> None:
    assert {"郄建军", "𠮷野", "阿依古丽·买买提", "垸头塆"} <= set(called(10))
