import pytest

from pointshop.publishing.pdf.labels import ShelfLabel, shelf_labels_pdf
from tests.api import Api
from tests.publishing.pdf.printed import Printed
from tests.publishing.pdf.test_honor_roll import PUBLISHED
from tests.world import World

#: Millimetres that the dark modules of a code take at least.
SMALLEST_CODE = 25


def url_of(code: str) -> str:
    return f"http://127.0.0.1:8000/c/{code}"


def test_ten_cards_go_on_a_sheet_and_each_code_is_that_of_its_household(api: Api, world: World) -> None:
    world.households(11)
    codes = [world.card(f"{number:04d}") for number in range(1, 12)]
    answer = api.as_("manager").get("/cards.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    sheets = Printed(answer.data)
    assert sheets.sizes == [(210, 297)] * 2
    assert set(sheets.codes(0, dpi=150)) == {url_of(code).upper() for code in codes[:10]}
    assert sheets.codes(1, dpi=150) == [url_of(codes[10]).upper()]
    assert "第2张/共2张" in sheets.text


def test_a_card_says_whose_it_is_and_what_to_do_when_it_is_lost(api: Api, world: World) -> None:
    world.household("0007", head="阿依古丽·买买提", group_no=3)
    world.card("0007")
    card = Printed(api.as_("manager").get("/households/0007/card.pdf").data)
    assert card.sizes == [(86, 54)]
    assert all(words in card.text for words in ("阿依古丽·买买提", "0007", "3组", "村民委员会挂失补办，旧卡随即作废"))
    assert "第1张卡" not in card.text


def test_a_card_says_in_groups_of_four_what_a_clerk_without_a_camera_types(api: Api, world: World) -> None:
    world.household("0007", head="阿依古丽·买买提")
    code = world.card("0007")
    printed = Printed(api.as_("manager").get("/households/0007/card.pdf").data)
    groups = [code[place : place + 4] for place in range(0, 16, 4)]
    assert "".join(groups) in printed.text.replace(" ", "")
    for typed in (
        " ".join(groups),
        "-".join(groups).lower(),
        "·".join(groups),
        code.replace("1", "l").replace("0", "o"),
    ):
        shown = api.as_("clerk").post("/scans", {"code": typed})
        assert shown.get_json()["household"]["number"] == "0007"


def test_a_card_issued_anew_says_so_and_the_one_before_is_printed_no_more(api: Api, world: World) -> None:
    world.household()
    lost, fresh = world.card(), world.card()
    card = Printed(api.as_("manager").get("/households/0001/card.pdf").data)
    assert card.codes(dpi=150) == [url_of(fresh).upper()] != [url_of(lost).upper()]
    assert "第2张卡" in card.text


def test_the_code_is_large_enough_for_old_phones(api: Api, world: World) -> None:
    world.household()
    world.card()
    dpi = 300
    picture = Printed(api.as_("manager").get("/households/0001/card.pdf").data).draw(dpi=dpi)
    dark = picture.convert("L").crop((0, int(12 * dpi / 25.4), int(36 * dpi / 25.4), int(44 * dpi / 25.4)))
    left, top, right, bottom = dark.point(lambda value: 255 if value < 60 else 0).getbbox() or (0, 0, 0, 0)
    assert min(right - left, bottom - top) / dpi * 25.4 >= SMALLEST_CODE


def test_one_group_is_printed_alone(api: Api, world: World) -> None:
    world.household("0001", group_no=1)
    world.household("0002", group_no=2)
    world.card("0001")
    code = world.card("0002")
    assert Printed(api.as_("manager").get("/cards.pdf?group_no=2").data).codes(dpi=150) == [url_of(code).upper()]


@pytest.mark.parametrize("path", ["/cards.pdf", "/households/0001/card.pdf"])
def test_where_no_card_was_issued_there_is_none_to_print(api: Api, world: World, path: str) -> None:
    world.household()
    assert api.as_("manager").get(path).status_code == 404


def test_labels_show_price_and_code_of_all_that_is_on_the_list(api: Api) -> None:
    manager = api.as_("manager")
    soap = {"name": "香皂", "spec": "100 g", "unit": "块", "points": 3, "limit": 2, "limit_period": "month"}
    manager.put("/products/A1", soap | {"barcode": "6901234567892"})
    manager.put("/products/A2", {"name": "食用油", "unit": "瓶", "points": 128})
    manager.put("/products/A3", {"name": "下架的", "unit": "个", "points": 1, "active": False})
    labels = Printed(api.as_("clerk").get("/shelf-labels.pdf").data)
    assert labels.sizes == [(210, 297)]
    assert set(labels.codes(dpi=150)) == {"6901234567892", "A2"}
    assert all(words in labels.text for words in ("香皂", "100g每户每月限2块", "食用油", "128"))
    assert "下架的" not in labels.text


def test_an_empty_shop_has_no_labels(api: Api) -> None:
    assert api.as_("clerk").get("/shelf-labels.pdf").status_code == 404


def test_twenty_four_labels_go_on_a_sheet_and_long_names_stay_inside() -> None:
    label = ShelfLabel(name="抽" * 60, spec="克" * 60, unit="瓶", points=10**6, limit="每户每月限2瓶", scanned="A" * 20)
    sheets = Printed(shelf_labels_pdf([label] * 25, village="垸头塆村", made_at=PUBLISHED))
    assert len(sheets.sizes) == 2
    assert all(word.left > 8 and word.right < 202 and 10 < word.bottom < word.top < 287 for word in sheets.words())
