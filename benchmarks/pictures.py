"""Takes the pictures of the phone pages in docs/pages/, from the demonstration village.

.venv/bin/python -m benchmarks.pictures
"""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize

from benchmarks.demo_village import chromium, served_demo, sign_in_by_form
from pointshop.core.clock import now, village_day
from pointshop.core.ids import new_name

OUT = Path(__file__).resolve().parents[1] / "docs" / "pages"
#: Picture → (who, where, what must be there).
STILLS = {
    "signin": (None, "", ".signin"),
    "worker-rules": ("worker", "log", ".rule__button"),
    "stock": ("clerk1", "stock", ".count"),
    "review": ("manager", "review", ".entry"),
    "manage": ("manager", "manage", ".line"),
    "settings": ("manager", "manage/settings", ".field"),
    "budget": ("manager", "manage/budget", ".line__value"),
    "users": ("manager", "manage/users", ".line"),
    "events": ("worker", "events", ".line"),
    "event-plan": ("worker", "events/+", ".field"),
}
#: Calls the interface as whoever is signed in on the page; settings change only where one has just read them.
CALL = """async ([method, path, body]) => {
    const { token, village } = JSON.parse(localStorage.getItem("pointshop.session"));
    const address = `/api/v1/villages/${village.code}${path}`;
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    if (method === "PATCH") headers["If-Match"] = (await fetch(address, { headers })).headers.get("ETag");
    const answer = await fetch(address, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
}"""
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


def call(page: Page, method: str, path: str, body: object = None) -> Any:
    return page.evaluate(CALL, [method, path, body])


def bring_perishables(browser: Browser, address: str) -> None:
    """Goods that came with a date near enough to stand among those that expire soon."""
    page = phone(browser, address, "clerk1")
    goods = call(page, "GET", "/products?active=true")["items"]
    for product, days in zip(goods, (6, 21), strict=False):
        until = (village_day(now()) + timedelta(days=days)).isoformat()
        came = {"product": product["code"], "kind": "receive", "quantity": 12, "best_before": until}
        call(page, "PUT", f"/stock-moves/{new_name()}", came)


def show_card(page: Page, code: str) -> None:
    page.get_by_label("或输入 16 位卡编码").fill(code)
    page.get_by_role("button", name="确定").click()


def event(browser: Browser, address: str, code: str, village: int) -> None:
    """At the door; and what the code on the event's poster opens."""
    page = phone(browser, address, "worker")
    page.goto(f"{address}/app#/events")
    page.locator(".line").first.click()
    show_card(page, code)
    page.locator(".notice_done").wait_for()
    shoot(page, "event-sign-in")
    name = call(page, "GET", "/events?state=planned")["items"][0]["id"]
    public = handheld(browser)
    public.goto(f"{address}/e/{village}/{name}")
    shoot(public, "event")


def vote(browser: Browser, address: str, village: int) -> None:
    page = phone(browser, address, "manager")
    name = call(page, "GET", "/evaluations")["items"][0]["id"]
    slips = call(page, "POST", f"/evaluations/{name}/slips")["items"]
    public = handheld(browser)
    public.goto(f"{address}/vote/{village}")
    public.get_by_label("选票上的投票码").fill(slips[0]["code"])
    public.get_by_role("button").click()
    public.locator("#p2, #p1").first.wait_for()
    shoot(public, "vote")


def pin(browser: Browser, address: str, code: str) -> None:
    call(phone(browser, address, "manager"), "PATCH", "/settings", {"pin_above_points": 30})
    page = phone(browser, address, "clerk1")
    show_card(page, code)
    page.get_by_role("button", name="设兑换密码").click()
    for digit in "308":
        page.locator(".pin__key").get_by_text(digit, exact=True).click()
    shoot(page, "pin")


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
        bring_perishables(browser, address)
        for name, (username, where, there) in STILLS.items():
            page = phone(browser, address, username)
            page.goto(f"{address}/app#/{where}")
            page.locator(there).first.wait_for()
            shoot(page, name)
            page.context.close()
        counter(browser, address, code)
        lane(browser, address)
        event(browser, address, code, village)
        vote(browser, address, village)
        pin(browser, address, code)
        page = handheld(browser)
        page.goto(f"{address}/c/{code}")
        shoot(page, "card")
        wall = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        wall.goto(f"{address}/board/{village}")
        wall.locator(".line").first.wait_for()
        shoot(wall, "board")


if __name__ == "__main__":
    main()
