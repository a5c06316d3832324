"""What a clerk does on a phone."""

from flask import Flask

from pointshop.people.api import card_url
from tests.browser.phone import NO_CAMERA, Phone


def url_of(app: Flask, code: str) -> str:
    with app.app_context():
        return card_url(code)


def clerk(phone: Phone) -> Phone:
    """Signed in at a counter whose phone has no camera."""
    phone.page.add_init_script(NO_CAMERA)
    phone.sign_in("clerk")
    phone.sees("这台手机打不开摄像头")
    return phone


def type_card(phone: Phone, code: str) -> None:
    phone.page.get_by_label("或输入 16 位卡编码").fill(code)
    phone.tap("确定")
    phone.sees("今天可兑")


def choose(phone: Phone, name: str) -> None:
    phone.tap(name)
    phone.page.get_by_role("button", name="兑换", exact=True).first.click()
