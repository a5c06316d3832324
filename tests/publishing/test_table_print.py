"""Sheets and pages of tables for browsers."""

import re
from importlib.resources import files
from typing import Any

import pytest

from pointshop.publishing import assets
from pointshop.publishing.kinds import KINDS
from pointshop.publishing.privacy import PrivateData
from pointshop.publishing.roll_words import DigestMismatch
from pointshop.publishing.table_print import public_table_page, table_page
from tests.publishing.pages import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, Page
from tests.publishing.tables import answered, called, frozen_table, table

PUBLIC = [name for name, kind in KINDS.items() if kind.is_public]
STATIC = files("pointshop.publishing") / "static" / "publishing"
#: Say what a part is, without a look of their own.
PLAIN = re.compile(r"kind-\w+|col-\w+|day|table-sheet|holder|number|entry-head|village|main")


def sheet(kind: str = "merit_notice", count: int = 10, *, paper: str = "A4", **changes: Any) -> str:
    document, digest = frozen_table(kind, count, **changes)
    return table_page(document, digest=digest, paper=paper, stylesheet_url="/x.css")


def public(kind: str = "merit_notice", count: int = 10, **changes: Any) -> str:
    document, digest = frozen_table(kind, count, **changes)
    return public_table_page(document, digest=digest, stylesheet_url="/x.css")


def classes_known(name: str) -> set[str]:
    css = (STATIC / name).read_text(encoding="utf-8")
    return set(re.findall(r"\.([a-z][a-z0-9_-]*)", re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", css, flags=re.DOTALL)))


@pytest.mark.parametrize("count", [0, 1, 33, 300])
@pytest.mark.parametrize("kind", KINDS)
def test_everyone_stands_on_the_printed_page(kind: str, count: int) -> None:
    page = Page(sheet(kind, count))
    assert page.open == []
    if kind not in ("goods", "passbook"):
        assert all(name in page.text for name in called(count))
    assert set(page.tags) <= ALLOWED_TAGS and page.attributes <= ALLOWED_ATTRIBUTES


@pytest.mark.parametrize("count", [0, 1, 33, 300])
@pytest.mark.parametrize("kind", PUBLIC)
def test_everyone_stands_on_the_public_page_with_a_way_to_object(kind: str, count: int) -> None:
    page = Page(public(kind, count))
    assert page.open == []
    assert sum("objection?line=" in link for link in page.links) == count
    assert page.meta["robots"] == "noindex, noarchive"
    assert set(page.tags) <= ALLOWED_TAGS | {"a"} and page.attributes <= ALLOWED_ATTRIBUTES | {"id"}


@pytest.mark.parametrize("paper", ["A4", "A3"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_class_has_its_rule(kind: str, paper: str) -> None:
    page = Page(sheet(kind, paper=paper, answers=(answered(),), edition=2, replaces="ab" * 32))
    assert {name for name in page.classes if not PLAIN.fullmatch(name)} <= classes_known("table.css")


@pytest.mark.parametrize("kind", PUBLIC)
def test_every_class_of_a_public_page_has_its_rule(kind: str) -> None:
    page = Page(public(kind, answers=(answered(),), edition=2, replaces="ab" * 32))
    cells = {*KINDS[kind].cells}
    assert {name for name in page.classes - cells if not PLAIN.fullmatch(name)} <= classes_known("public.css")


def test_paper_says_its_size_in_millimetres_too() -> None:
    css = (STATIC / "table.css").read_text(encoding="utf-8")
    assert "@page a4 { size: 210mm 297mm;" in css and "@page a3 { size: 420mm 297mm;" in css
    assert "thead { display: table-header-group; }" in css


def test_a_notice_leaves_room_for_the_day_it_is_hung() -> None:
    text = Page(sheet()).text
    assert "自张贴之日起 7 天，张贴日期年月日。" in text
    assert "（盖章处）" in text and "日结封存第12号 6f1e 90ab 1234 cdef" in text


def test_a_passbook_page_has_no_code() -> None:
    assert Page(sheet("passbook")).paths == []
    assert Page(sheet("ledger")).paths != []


def test_markup_is_shown_as_text() -> None:
    items = [dict(item) | {"name": "<img src=x onerror=alert(1)>"} for item in table(count=2).items]
    for page in (sheet(items=tuple(items)), public(items=tuple(items))):
        assert "<img" not in page and "&lt;img" in page


def test_nothing_changed_and_nothing_private_is_shown() -> None:
    document, digest = frozen_table()
    for make in (public_table_page, lambda *given, **named: table_page(*given, paper="A4", **named)):
        with pytest.raises(DigestMismatch):
            make(document | {"office": "别处"}, digest=digest, stylesheet_url="/x.css")
    with pytest.raises(PrivateData):
        public(office="找13812345678")


def test_other_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="A5"):
        sheet(paper="A5")


def test_style_sheets_and_script_load_nothing_from_elsewhere() -> None:
    for name in ("table.css", "public.css", "desk.css", "desk.js"):
        content = assets.FILES[name].content.decode()
        assert "http:" not in content and "https:" not in content and "@import" not in content
