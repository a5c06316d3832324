import re
from typing import Any

import pytest
import zxingcpp

from pointshop.publishing.document import digest as digest_of
from pointshop.publishing.document import short_digest
from pointshop.publishing.parts import Village
from pointshop.publishing.print import honor_roll_page, public_page
from pointshop.publishing.privacy import PrivateData
from pointshop.publishing.qr import QrPath
from pointshop.publishing.roll_words import DigestMismatch
from tests.publishing.pages import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, Page
from tests.publishing.rolls import frozen, items, names, ranked, roll
from tests.publishing.test_qr import rasterise

SCRIPT = "<script>alert(1)</script>"


def printed(*, paper: str = "A3", **changes: Any) -> str:
    document, digest = frozen(**changes)
    return honor_roll_page(document, digest=digest, paper=paper, stylesheet_url="/static/honor_roll.css")


def shown(**changes: Any) -> str:
    document, digest = frozen(**changes)
    return public_page(document, digest=digest, stylesheet_url="/static/public.css")


RENDERERS = [printed, shown]


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("count", [0, 1, 3, 10, 33, 300])
def test_pages_hold_every_name_and_are_well_formed(render: Any, count: int) -> None:
    page = Page(render(items=items(count)))
    assert all(name in page.text for name in names(count))
    assert page.open == []


@pytest.mark.parametrize("render", RENDERERS)
def test_hostile_text_is_shown_and_does_nothing(render: Any) -> None:
    hostile = ['"><svg/onload=alert(1)>', "<img src=x onerror=alert(1)>", "{{7*7}}", "</title><!--", "javascript:x"]
    page = Page(
        render(
            title=SCRIPT,
            board="<b>'\"&",
            village=Village(code="421123100201", name="<i>村", township="<镇>"),
            items=ranked([9, 8, 7, 6, 5], hostile),
        )
    )
    assert set(page.tags) <= ALLOWED_TAGS
    shown_text = page.text.replace(" ", "")
    assert all(text.replace(" ", "") in shown_text for text in [SCRIPT, *hostile])


@pytest.mark.parametrize("render", RENDERERS)
def test_pages_keep_to_the_content_policy(render: Any) -> None:
    page = Page(render(edition=2, replaces="ab" * 32, category="环境卫生"))
    assert set(page.tags) <= ALLOWED_TAGS
    assert page.attributes <= ALLOWED_ATTRIBUTES
    assert len(page.links) == 1
    assert page.links[0].startswith("/static/")


@pytest.mark.parametrize("render", RENDERERS)
def test_search_engines_are_told_to_stay_away(render: Any) -> None:
    assert Page(render()).meta["robots"] == "noindex, noarchive"


@pytest.mark.parametrize("render", RENDERERS)
def test_printing_again_gives_the_same_page(render: Any) -> None:
    assert render() == render()


@pytest.mark.parametrize("render", RENDERERS)
def test_pages_say_what_has_to_stand_on_a_sheet(render: Any) -> None:
    document, digest = frozen()
    text = Page(render()).text
    for words in (
        document["rule"],
        document["contact"],
        document["scope"],
        document["board"],
        document["issued_by"],
        "石门镇垸头塆村",
        "2026年第三季度",
        "2026年第3期",
        "2026年9月30日至10月8日（不少于7天）",
        "农历丙午年八月二十",
        short_digest(digest),
    ):
        assert words in text
    assert document["village"]["code"] not in text
    assert "更正" not in text


@pytest.mark.parametrize("render", RENDERERS)
def test_a_correction_says_so_and_what_it_replaces(render: Any) -> None:
    text = Page(render(edition=2, replaces="6f1e90ab" * 8)).text
    assert "更正" in text
    assert "第2版" in text
    assert "6f1e 90ab 6f1e 90ab" in text


@pytest.mark.parametrize("render", RENDERERS)
def test_an_empty_roll_says_so_with_dignity(render: Any) -> None:
    text = Page(render(items=())).text
    assert "虚位以待" in text
    assert "2026年第三季度没有符合上榜条件的农户" in text
    assert "村民" in Page(render(items=(), subject="member")).text


def test_each_sheet_says_which_of_how_many_it_is_and_repeats_head_and_foot() -> None:
    page = Page(printed(items=items(300), paper="A4"))
    for number in range(1, 5):
        assert f"第{number}张/共4张" in page.texts
    assert page.texts.count("光荣榜") == 4
    assert page.texts.count("（盖章处）") == 4


def test_no_seal_is_ever_drawn() -> None:
    assert set(Page(printed()).tags) & {"img", "image", "circle", "canvas"} == set()


def test_the_printed_code_opens_the_public_page() -> None:
    source = printed()
    size = re.search(r'viewBox="0 0 (\d+) \1"', source)
    assert size is not None
    (found,) = zxingcpp.read_barcodes(rasterise(QrPath(int(size[1]), Page(source).paths[0]), scale=4))
    assert found.text == roll().public_url


@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_sheets_carry_the_classes_that_size_them(paper: str) -> None:
    page = Page(printed(paper=paper))
    assert {paper.lower(), "podium-s", "cols-2", "rows-15", "base-4", "digits-4", "groups"} <= page.classes
    assert "lines-2" in page.classes


def test_other_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="A5"):
        printed(paper="A5")


def test_a_roll_of_one_group_names_it_once() -> None:
    text = Page(printed(group_no=3, items=ranked([9, 8, 7, 6]))).text
    assert "小组" not in text
    assert text.count("3组") == 1


def test_members_are_listed_by_name_households_by_head() -> None:
    assert "户主" in Page(printed()).texts
    assert "姓名" in Page(printed(subject="member")).texts


@pytest.mark.parametrize("render", [honor_roll_page, public_page])
def test_a_changed_document_is_not_rendered(render: Any) -> None:
    document, digest = frozen()
    extra = {"paper": "A3"} if render is honor_roll_page else {}
    with pytest.raises(DigestMismatch):
        render(document | {"title": "光 荣 榜"}, digest=digest, stylesheet_url="/x.css", **extra)


@pytest.mark.parametrize("field", ["rule", "title", "issued_by"])
@pytest.mark.parametrize("render", [honor_roll_page, public_page])
def test_a_document_with_private_numbers_is_not_rendered(render: Any, field: str) -> None:
    document, _ = frozen(**{field: "联系 138 0013 8000"})
    extra = {"paper": "A3"} if render is honor_roll_page else {}
    with pytest.raises(PrivateData):
        render(document, digest=digest_of(document), stylesheet_url="/x.css", **extra)
