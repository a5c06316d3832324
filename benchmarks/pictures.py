"""Takes the pictures of the phone pages in docs/pages/, from the demonstration village.

.venv/bin/python -m benchmarks.pictures
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from benchmarks.demo_village import chromium, served_demo, sign_in_by_form

OUT = Path(__file__).resolve().parents[1] / "docs" / "pages"
#: Picture → (who, where, what must be there).
STILLS = {
    "signin": (None, "", ".signin"),
    "worker-rules": ("worker", "log", ".rule__button"),
    "stock": ("clerk1", "stock", ".count"),
    "review": ("manager", "review", ".entry"),
    "manage": ("manager", "manage", ".line"),
    "settings": ("manager", "manage/settings", ".field"),
}
NO_CAMERA = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"


def shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(500)
    page.screenshot(path=OUT / f"{name}.png")
    print(OUT / f"{name}.png")


def handheld(browser: Browser) -> Page:
    """A window of a phone's size."""
    viewport = ViewportSize(width=360, height=780)
    return browser.new_context(viewport=viewport, is_mobile=True, has_touch=True, locale="zh-CN").new_page()


def phone(browser: Browser, address: str, username: str | None) -> Page:
    page = handheld(browser)
    page.add_init_script(NO_CAMERA)
    page.goto(f"{address}/app")
    if username is not None:
        sign_in_by_form(page, username)
    return page


def counter(browser: Browser, address: str, code: str) -> None:
    page = phone(browser, address, "clerk1")
    page.get_by_label("或输入 16 位卡编码").fill(code)
    page.get_by_role("button", name="确定").click()
    page.get_by_text("今天可兑").wait_for()
    page.locator(".product__button:not([disabled])").nth(0).click()
    page.locator(".product__button:not([disabled])").nth(2).click()
    shoot(page, "counter-basket")
    page.locator(".bar .button").click()
    shoot(page, "counter-confirm")
    page.get_by_role("button", name="确认兑换").click()
    page.locator(".outcome").wait_for()
    shoot(page, "counter-done")


def lane(browser: Browser, address: str) -> None:
    page = phone(browser, address, "worker")
    page.locator(".rule__button").nth(3).click()
    page.get_by_label("姓名、拼音首字母或户号").fill("wang")
    for number in range(3):
        page.locator(".house input").nth(number).check()
    shoot(page, "worker-deed")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交").click()
    page.locator(".outcome").wait_for()
    shoot(page, "worker-offline")


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with served_demo() as (address, data), chromium() as browser:
        with closing(sqlite3.connect(data / "pointshop.sqlite3")) as books:
            code, village = books.execute(
                "SELECT code, card.village_id FROM card JOIN account ON account.id = household_id "
                "AND account.village_id = card.village_id WHERE revoked_at IS NULL AND balance > 60 LIMIT 1"
            ).fetchone()
        for name, (username, where, there) in STILLS.items():
            page = phone(browser, address, username)
            page.goto(f"{address}/app#/{where}")
            page.locator(there).first.wait_for()
            shoot(page, name)
            page.context.close()
        counter(browser, address, code)
        lane(browser, address)
        page = handheld(browser)
        page.goto(f"{address}/c/{code}")
        shoot(page, "card")
        wall = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        wall.goto(f"{address}/board/{village}")
        wall.locator(".line").first.wait_for()
        shoot(wall, "board")


if __name__ == "__main__":
    main()
