from datetime import UTC, datetime
from typing import Any

import pytest

from pointshop.publishing.document import short_digest
from pointshop.publishing.parts import Seal, Village
from pointshop.publishing.pdf.honor_roll import honor_roll_pdf
from pointshop.publishing.privacy import PrivateData
from pointshop.publishing.roll_words import DigestMismatch
from pointshop.publishing.sheets import SIZES, Paper
from tests.publishing.pdf.printed import Printed
from tests.publishing.rolls import HARD_NAMES, frozen, items, names, ranked, roll

PUBLISHED = datetime(2026, 9, 30, 8, tzinfo=UTC)


def made(*, paper: str = "A3", **changes: Any) -> bytes:
    document, digest = frozen(**changes)
    return honor_roll_pdf(document, digest=digest, paper=paper, made_at=PUBLISHED)


def printed(*, paper: str = "A3", **changes: Any) -> Printed:
    return Printed(made(paper=paper, **changes))


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("count", [0, 1, 10, 33])
def test_everyone_can_be_found_on_paper_of_the_right_size(paper: Paper, count: int) -> None:
    sheets = printed(paper=paper, items=items(count))
    assert sheets.sizes == [SIZES[paper]]
    assert all(name in sheets.text for name in names(count))


def test_three_hundred_stand_on_sheets_that_say_how_many_there_are() -> None:
    sheets = printed(items=items(300))
    assert sheets.sizes == [SIZES[Paper.A3]] * 3
    assert all(name in sheets.text for name in names(300))
    assert all(f"第{number}张/共3张" in sheets.text for number in (1, 2, 3))


def test_a_sheet_says_what_has_to_stand_on_it() -> None:
    document, digest = frozen()
    text = printed().text
    wanted = (
        "光荣榜",
        "石门镇垸头塆村",
        "2026年第3期",
        "民生实事光荣榜",
        "按本季度新得积分，不含结转",
        "排名办法",
        "公示期",
    )
    assert all(words in text for words in wanted)
    assert document["contact"].replace(" ", "") in text
    assert "2026年9月30日至10月8日（不少于7天）" in text
    assert "石门镇垸头塆村村民委员会" in text and "（盖章处）" in text and "农历丙午年八月二十" in text
    assert "校验码" + short_digest(digest).replace(" ", "") in text


def test_all_fonts_are_embedded() -> None:
    assert printed().fonts() == {("LXGWWenKai-Regular", True), ("NotoSerifSC-Black", True)}


@pytest.mark.parametrize("paper", Paper)
def test_a_phone_reads_the_code(paper: Paper) -> None:
    assert printed(paper=paper).codes(dpi=60 if paper == Paper.POSTER else 120) == [roll().public_url]


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize(
    "called",
    [
        [*HARD_NAMES, "奥布力喀斯木·阿卜杜热依木·买买提艾力", "古丽" * 10],
        ["䶮" * 50] * 4,
        ["王" * 25 + "·" + "李" * 24] * 40,
    ],
)
def test_no_word_leaves_the_frame_however_long_names_are(paper: Paper, called: list[str]) -> None:
    points = [10**9 - index for index in range(len(called))]
    width, height = SIZES[paper]
    frame = width * 9 / 297
    for word in printed(paper=paper, items=ranked(points, called)).words():
        assert frame < word.left and word.right < width - frame, word
        assert frame < word.bottom and word.top < height - frame, word


@pytest.mark.parametrize(
    "points", [[9] * 2, [9] * 3, [9] * 5, [9] * 6, [9, 9, 8, 7, 7], [9] * 7, [9, 8, 8, 8, *([7] * 29)]]
)
def test_ties_for_the_first_places_are_all_there(points: list[int]) -> None:
    sheets = printed(items=ranked(points))
    assert all(name in sheets.text for name in names(len(points)))


def test_a_correction_says_so_and_names_what_it_replaces() -> None:
    text = printed(edition=2, replaces="ab" * 32).text
    assert text.count("更正") == 2
    assert "代替校验码abababababababab的一版" in text


def test_a_long_title_and_a_long_board_fit_the_head() -> None:
    sheets = printed(
        title="石门镇垸头塆村二〇二六年第三季度人居环境整治先进农户积分光荣榜",
        board="村部东侧政务公开栏和各村民小组巷口宣传栏光荣榜一栏",
        village=Village(code="421123100201", name="垸头塆村" * 5, township="石门镇" * 6),
    )
    assert len(sheets.sizes) == 1
    for word in sheets.words():
        assert word.left > 9 and word.right < 297 - 9, word


def test_markup_in_words_is_printed_as_it_stands() -> None:
    hostile = ['#panic("x")', "$x^2$ *b* _i_ `c`", "@ref <label>", "= 张三", '"; #read("/etc/passwd")']
    text = printed(title="#eval[1+1]", items=ranked([9, 8, 7, 6, 5], hostile)).text
    assert all(words.replace(" ", "") in text for words in ["#eval[1+1]", *hostile])


def test_printing_again_gives_the_same_bytes() -> None:
    assert made() == made()


def test_prints_nothing_that_was_changed_after_it_was_frozen() -> None:
    document, digest = frozen()
    with pytest.raises(DigestMismatch):
        honor_roll_pdf(document | {"title": "光荣榜。"}, digest=digest, paper="A3", made_at=PUBLISHED)


def test_prints_no_private_number() -> None:
    with pytest.raises(PrivateData):
        made(items=ranked([9], ["张三13800001234"]))


def test_a_sheet_bears_the_seal_of_the_books_inside_its_frame() -> None:
    sheets = printed(seal=Seal(number=152, digest="6f1e90ab1234cdef"))
    assert "日结封存第152号6f1e90ab1234cdef" in sheets.text
    assert all(word.bottom > 9 for word in sheets.words())
