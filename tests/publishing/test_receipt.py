from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pointshop.publishing.receipt import Receipt, ReceiptLine, receipt_page
from tests.publishing.pages import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, Page

RECEIPT = Receipt(
    village="石门镇垸头塆村",
    receipt_no="20261001-0007",
    household="00042",
    head="王建*",
    lines=(ReceiptLine(name="洗衣皂", quantity=2, points=8), ReceiptLine(name="<b>菜籽油", quantity=1, points=65)),
    points=73,
    balance_after=1213,
    at=datetime(2026, 10, 1, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai")),
    clerk="李秀英",
)


def read(receipt: Receipt) -> Page:
    return Page(receipt_page(receipt, stylesheet_url="/static/receipt.css"))


def test_a_receipt_says_who_took_what_for_how_many_points() -> None:
    page = read(RECEIPT)
    expected = ["石门镇垸头塆村", "20261001-0007", "00042", "王建*", "洗衣皂", "<b>菜籽油", "73", "1213", "李秀英"]
    assert set(expected) <= set(page.texts)
    assert "2026-10-01 09:05" in page.texts
    assert "领取人签名" in page.texts
    assert "作废" not in page.texts


def test_a_voided_receipt_is_marked_and_not_signed() -> None:
    page = read(replace(RECEIPT, is_voided=True))
    assert "作废" in page.texts
    assert "voided" in page.classes
    assert "领取人签名" not in page.texts


def test_a_receipt_keeps_to_the_content_policy() -> None:
    page = read(RECEIPT)
    assert set(page.tags) <= ALLOWED_TAGS
    assert page.attributes <= ALLOWED_ATTRIBUTES
    assert page.links == ["/static/receipt.css"]
    assert page.open == []


def test_lines_that_do_not_add_up_are_not_printed() -> None:
    with pytest.raises(ValueError, match="add up"):
        read(replace(RECEIPT, points=72))


def test_a_receipt_keeps_to_the_paper_that_was_named() -> None:
    page = Page(receipt_page(RECEIPT, stylesheet_url="/static/receipt.css", paper="58"))
    assert "paper-58" in page.classes
    with pytest.raises(ValueError, match="paper"):
        receipt_page(RECEIPT, stylesheet_url="/static/receipt.css", paper="A4")
