"""The household's PIN on the clerk's phone: typed by the holder, shown to nobody, kept nowhere."""

import pytest
from playwright.sync_api import Route

from pointshop.core.ids import new_name
from tests.api import Api
from tests.browser.counter import choose, clerk, type_card
from tests.browser.phone import BOTH, Phone
from tests.world import World

RIGHT, WRONG = "308472", "308471"


@pytest.fixture
def shop_with_pins(shop: World) -> World:
    """Above ten points a day it takes the PIN."""
    shop.settings(pin_above_points=10)
    return shop


def type_pin(phone: Phone, pin: str) -> None:
    """On the keys of the page; none of its digits may be read off the screen."""
    phone.page.locator(".pin__key").first.wait_for()
    for typed, digit in enumerate(pin, start=1):
        phone.page.locator(".pin__key").get_by_text(digit, exact=True).click()
        if typed < len(pin):
            assert phone.page.locator(".pin__dots").inner_text().strip() == ""


@BOTH
def test_holder_without_a_pin_sets_one_and_types_it_from_then_on(phone: Phone, shop_with_pins: World, api: Api) -> None:
    clerk(phone)
    card = shop_with_pins.card("0001")
    type_card(phone, card)
    choose(phone, "菜籽油")
    phone.tap("确认兑换")
    phone.sees("请输入新密码")
    type_pin(phone, "123456")
    phone.sees("再输一遍")
    type_pin(phone, "123456")
    phone.sees("太容易被猜中")
    type_pin(phone, RIGHT)
    phone.sees("再输一遍")
    type_pin(phone, WRONG)
    phone.sees("两次输入的不一样")
    for _ in range(2):
        type_pin(phone, RIGHT)
    phone.sees("兑换成功")
    assert shop_with_pins.balance("0001") == 10

    phone.tap("下一位")
    type_card(phone, card)
    phone.sees("今天免密还可兑 0 分")
    choose(phone, "肥皂")
    phone.tap("确认兑换")
    phone.sees("请持卡人自己输")
    type_pin(phone, WRONG)
    phone.sees("密码不对，还可以试 4 次")
    type_pin(phone, RIGHT)
    phone.sees("兑换成功")
    assert shop_with_pins.balance("0001") == 4
    [_, second] = api.as_("manager").get("/redemptions").get_json()["items"]
    assert second["points"] == 30


def test_lost_answer_keeps_no_pin_and_books_nothing_twice(phone: Phone, shop_with_pins: World) -> None:
    clerk(phone)
    card = shop_with_pins.card("0001")
    type_card(phone, card)
    phone.tap("设兑换密码")
    for _ in range(2):
        type_pin(phone, RIGHT)
    phone.page.locator(".pin__key").first.wait_for(state="detached")
    choose(phone, "菜籽油")
    phone.tap("确认兑换")
    asked: list[str] = []

    def lose(route: Route) -> None:
        asked.append(route.request.post_data or "")
        route.fetch()
        route.abort()

    phone.page.route("**/redemptions/*", lose, times=1)
    phone.page.on(
        "request", lambda request: asked.append(request.post_data or "") if "redemptions/" in request.url else None
    )
    type_pin(phone, RIGHT)
    phone.sees("兑换成功")
    assert shop_with_pins.balance("0001") == 10
    assert RIGHT in asked[0]
    assert RIGHT not in asked[-1]
    assert RIGHT not in phone.page.content()


def test_blocked_pin_is_told_before_anything_is_chosen(phone: Phone, shop_with_pins: World) -> None:
    clerk(phone)
    card = shop_with_pins.card("0001")
    type_card(phone, card)
    phone.tap("设兑换密码")
    for _ in range(2):
        type_pin(phone, RIGHT)
    choose(phone, "菜籽油")
    phone.tap("确认兑换")
    for left in (4, 3, 2, 1):
        type_pin(phone, f"7408{left}1")
        phone.sees(f"还可以试 {left} 次")
    type_pin(phone, "740891")
    phone.sees("请本人带卡到村委会重设")
    phone.tap("换一张卡")
    type_card(phone, card)
    phone.sees("兑换密码已锁定")
    assert shop_with_pins.balance("0001") == 40


def test_keys_are_large_and_work_from_a_keyboard_too(phone: Phone, shop_with_pins: World) -> None:
    clerk(phone)
    type_card(phone, shop_with_pins.card("0001"))
    phone.tap("设兑换密码")
    phone.page.locator(".pin__key").first.wait_for()
    sizes = phone.page.evaluate(
        """[...document.querySelectorAll(".pin__key")]
            .map((each) => each.getBoundingClientRect())
            .map((box) => [box.width, box.height])"""
    )
    assert len(sizes) == 12
    assert min(min(box) for box in sizes) >= 60
    assert phone.page.locator("dialog input").count() == 0
    phone.page.locator(".pin__key").first.focus()
    phone.page.keyboard.type("30847")
    assert phone.page.locator(".pin__dots").get_attribute("aria-label") == "已输 5 位"
    phone.page.keyboard.press("Backspace")
    assert phone.page.locator(".pin__dot_on").count() == 4
    phone.page.keyboard.type("72")
    phone.sees("再输一遍")


def test_pin_typed_without_signal_books_nothing_when_it_comes_back(
    phone: Phone, shop_with_pins: World, api: Api
) -> None:
    card = shop_with_pins.card("0001")
    path = f"/households/0001/pins/{new_name()}"
    assert api.as_("clerk").put(path, {"card": card, "pin": RIGHT}).status_code < 300
    clerk(phone)
    type_card(phone, card)
    choose(phone, "菜籽油")
    phone.tap("确认兑换")
    phone.page.locator(".pin__key").first.wait_for()
    phone.lose_signal()
    type_pin(phone, RIGHT)
    phone.sees("没有网络，不能兑换")
    phone.find_signal()
    phone.page.get_by_text("没有网络，不能兑换").wait_for(state="detached")
    assert shop_with_pins.balance("0001") == 40
