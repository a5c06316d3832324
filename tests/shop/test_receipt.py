import re

import pytest

from pointshop.core.ids import new_name
from tests.shop.counter import Counter, code_of


@pytest.fixture
def name(shop: Counter) -> str:
    shop.stock("P001", name="<香皂>")
    name = new_name()
    shop.redeem(shop.order(("P001", 2), points=10), name=name)
    return name


def test_a_receipt_says_what_was_taken_and_masks_the_head(shop: Counter, name: str) -> None:
    answer = shop.get(f"redemptions/{name}/receipt.html")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert all(words in page for words in ("0001-0002", "&lt;香皂&gt;", "户*", "工作人员", "90"))
    assert "户主1" not in page


@pytest.mark.parametrize("paper", ["58", "80", "A5"])
def test_a_receipt_keeps_to_the_paper_that_was_named(shop: Counter, name: str, paper: str) -> None:
    assert f"paper-{paper}" in shop.get(f"redemptions/{name}/receipt.html?paper={paper}").get_data(as_text=True)


def test_other_paper_is_a_mistake_in_the_form(shop: Counter, name: str) -> None:
    assert code_of(shop.get(f"redemptions/{name}/receipt.html?paper=A4")) == (422, "validation")


def test_the_receipt_of_a_void_says_so(shop: Counter, name: str) -> None:
    shop.void(name)
    assert "作废" in shop.get(f"redemptions/{name}/receipt.html").get_data(as_text=True)


def test_no_redemption_no_receipt(shop: Counter, name: str) -> None:
    assert shop.get(f"redemptions/{new_name()}/receipt.html").status_code == 404
    assert shop.get(f"redemptions/{name}/receipt.html", by="worker").status_code == 403


def test_the_style_sheet_of_a_receipt_is_there(shop: Counter, name: str) -> None:
    page = shop.get(f"redemptions/{name}/receipt.html").get_data(as_text=True)
    (path,) = re.findall(r'href="([^"]+)"', page)
    assert shop.app.test_client().get(path).mimetype == "text/css"
