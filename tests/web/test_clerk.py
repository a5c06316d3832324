"""The counter on a phone: scan, take, hand over; and what it says when something is in the way."""

from pathlib import Path

import pytest
from flask import Flask

from pointshop.people.api import card_url
from tests.api import Api
from tests.ground import HOME
from tests.web.film import shoot
from tests.web.phone import NewPhone, Phone
from tests.web.site import Site
from tests.world import World


@pytest.fixture
def shop(world: World, api: Api) -> World:
    """Soap for six points and one last bottle of oil for thirty, and a household with forty points."""
    world.household("0001", points=40, head="张建国")
    world.household("0002", points=40, head="李秀英")
    for code, name, points, stock in (("P1", "肥皂", 6, 50), ("P2", "菜籽油", 30, 1)):
        product = {"name": name, "unit": "件", "points": points}
        assert api.as_("manager").put(f"/products/{code}", product).status_code == 201
        move = {"product": code, "kind": "receive", "quantity": stock}
        assert api.as_("clerk").put(f"/stock-moves/{new_name()}", move).status_code == 201
    return world


def new_name() -> str:
    import uuid

    return str(uuid.uuid4())


def card_of(world: World, number: str, app: Flask) -> str:
    with app.app_context():
        return card_url(world.card(number))


def type_card(phone: Phone, code: str) -> None:
    phone.page.get_by_label("或输入 16 位卡编码").fill(code)
    phone.tap("确定")


def take(phone: Phone, name: str) -> None:
    phone.tap(name)
    phone.page.get_by_role("button", name="兑换", exact=True).first.click()
    phone.tap("确认兑换")


def test_moving_tilted_noisy_card_is_scanned_and_soap_handed_over(
    phone: Phone, shop: World, app: Flask, film: Path
) -> None:
    shoot(card_of(shop, "0001", app), film)
    phone.sign_in("clerk")
    phone.sees("张建国")
    phone.sees("今天可兑 40 分")
    take(phone, "肥皂")
    phone.sees("兑换成功")
    assert shop.balance("0001") == 34
    phone.page.wait_for_timeout(1500)
    phone.sees("兑换成功")
    phone.tap("下一位")
    phone.sees("扫卡兑换")
