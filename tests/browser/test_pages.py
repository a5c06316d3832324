"""What holds for every page: no other host, nothing the policy forbids, readable and touchable for everyone."""

import json
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

import libraries
import npm
from pointshop.core.clock import as_text, now
from pointshop.core.ids import new_name
from tests.api import Api
from tests.browser.counter import clerk, type_card
from tests.browser.phone import NO_CAMERA, NewPhone, Phone
from tests.browser.site import Site
from tests.ground import HOME, username_of
from tests.web.wall import publish
from tests.world import World

#: Pages of the app by who opens them.
PAGES = {
    "clerk": ["counter", "today", "stock", "stock/P1", "me"],
    "worker": ["log", "log/A1", "mine", "events", "events/+", "events/{event}"],
    "manager": [
        *("review", "manage", "manage/rules", "manage/rules/A1", "manage/goods", "manage/households"),
        *("manage/households/0001", "manage/users", "manage/users/{worker}", "manage/settings", "manage/budget"),
        *("manage/rolls", "manage/rolls/+"),
    ],
}
#: A screen on a wall or on a desk.
LARGE = {"viewport": {"width": 1920, "height": 1080}, "device_scale_factor": 1, "is_mobile": False}
#: Findings of these weights are defects.
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, run from outside the page as a person's tools are."""
    assert libraries.AXE.archive.exists(), "axe-core is missing: python3 dev.py pages"
    return npm.read(libraries.AXE, "axe.min.js").decode()


@pytest.fixture
def lived_in(world: World, api: Api) -> World:
    """Something to see on every page."""
    world.rule("A1", name="集中清扫")
    for number in range(1, 5):
        world.household(f"{number:04d}", points=20, group_no=number % 2 + 1, lane="东巷")
    world.merit("0001")
    world.settings(review_levels=1)
    api.as_("worker").put(
        f"/merits/{new_name()}",
        {"rule": "A1", "household": "0002", "occurred_on": world.do(lambda work: work.today.isoformat())},
    )
    api.as_("manager").put("/products/P1", {"name": "肥皂", "unit": "块", "points": 6})
    soon = world.do(lambda work: (work.today + timedelta(days=9)).isoformat())
    came = {"product": "P1", "kind": "receive", "quantity": 30, "best_before": soon}
    assert api.as_("clerk").put(f"/stock-moves/{new_name()}", came).status_code == 201
    return world


@pytest.fixture
def event(lived_in: World, api: Api) -> str:
    """One that goes on just now; its name."""
    name, begin = new_name(), now() - timedelta(hours=1)
    body = {"title": "清理河道", "place": "村东", "from_at": as_text(begin), "rule": "A1"}
    body["until_at"] = as_text(begin + timedelta(hours=3))
    assert api.as_("worker").put(f"/events/{name}", body).status_code == 201
    return name


def check(phone: Phone, axe: str) -> list[str]:
    """The serious findings of the open page."""
    phone.page.evaluate(axe)
    found: list[dict[str, Any]] = phone.page.evaluate(
        "axe.run(document, { resultTypes: ['violations'] }).then((all) => all.violations)"
    )
    return [
        f"{each['id']}: {node['html'][:160]} {node['any'][0]['message'][:160] if node['any'] else ''}"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


def small_targets(phone: Phone) -> list[str]:
    """What one may have to touch and that is lower or narrower than 44 px; ticks count with the line they stand in."""
    found: list[str] = phone.page.evaluate(
        """[...document.querySelectorAll("button, a, select, input:not([type=checkbox]):not([type=file])")]
            .filter((each) => each.offsetParent !== null)
            .map((each) => [each, each.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
            .map(([each, box]) => `${each.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
    )
    return found


def small_type(phone: Phone) -> list[str]:
    """Text of less than 18 px."""
    found: list[str] = phone.page.evaluate(
        """[...document.querySelectorAll("body *")]
            .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
            .filter((each) => parseFloat(getComputedStyle(each).fontSize) < 17.9)
            .map((each) => each.outerHTML.slice(0, 100))"""
    )
    return found


@pytest.mark.parametrize("role", PAGES)
def test_pages_of_staff_can_be_read_and_touched_by_everyone(
    phone: Phone, lived_in: World, event: str, axe: str, role: str
) -> None:
    phone.sign_in(role)
    found: dict[str, list[str]] = {}
    for path in PAGES[role]:
        phone.open(f"/app#/{path.format(event=event, worker=username_of('worker', HOME))}")
        phone.page.locator("main").wait_for()
        phone.page.wait_for_timeout(100)
        expect(phone.page.locator(".weui-primary-loading")).to_have_count(0)
        faults = [*check(phone, axe), *small_targets(phone), *small_type(phone)]
        if phone.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append("wider than the screen")
        if faults:
            found[path] = faults
    assert found == {}


def test_filled_basket_and_its_sheet_can_be_read_and_touched_by_everyone(
    phone: Phone, lived_in: World, axe: str
) -> None:
    clerk(phone)
    type_card(phone, lived_in.card("0001"))
    phone.tap("肥皂")
    phone.sees("合计 6 分")
    for found in (check, small_targets_and_type):
        assert found(phone, axe) == []
    phone.page.get_by_role("button", name="兑换", exact=True).first.click()
    phone.page.locator("dialog .bill").wait_for()
    for found in (check, small_targets_and_type):
        assert found(phone, axe) == []


def small_targets_and_type(phone: Phone, axe: str) -> list[str]:
    return [*small_targets(phone), *small_type(phone)]


def test_sign_in_and_public_pages_can_be_read_by_everyone(
    phone: Phone, lived_in: World, event: str, axe: str, api: Api
) -> None:
    roll = api.as_("manager").get(f"/publications/{publish(api)}").get_json()
    hung = "/b/" + roll["public_url"].rpartition("/")[2]
    cards = [f"/c/{lived_in.card('0001')}", f"/c/{lived_in.card('0002')}/en"]
    events = [f"/e/{HOME}/{event}", f"/e/{HOME}/{event}/en"]
    for path in ("/app", *cards, "/", *events, f"/vote/{HOME}", hung, f"{hung}/objection"):
        phone.open(path)
        phone.page.locator("main").first.wait_for()
        assert check(phone, axe) == [], path
        assert small_type(phone) == [], path


def test_wall_screen_and_print_desk_can_be_read_by_everyone(
    new_phone: NewPhone, lived_in: World, axe: str, api: Api
) -> None:
    publish(api)
    wide = new_phone(**LARGE)
    for path, there in ((f"/board/{HOME}", ".line"), ("/desk", "form")):
        wide.open(path)
        wide.page.locator(there).first.wait_for()
        assert check(wide, axe) == [], path


def test_elder_view_is_larger_and_its_buttons_are_60_px(phone: Phone, lived_in: World) -> None:
    phone.sign_in("clerk")
    phone.open("/app#/me")
    phone.page.locator(".switch").check()
    phone.open("/app#/stock/P1")
    phone.page.locator(".chip").first.wait_for()
    sizes = phone.page.evaluate(
        """[...document.querySelectorAll(".button, .chip, .tab, .head__back")]
            .map((each) => each.getBoundingClientRect().height)"""
    )
    assert sizes and min(sizes) >= 60
    assert phone.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 22
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_pages_speak_english(phone: Phone, lived_in: World) -> None:
    phone.sign_in("worker")
    phone.open("/app#/me")
    phone.page.get_by_role("button", name="语言 / Language").click()
    phone.sees("Large type")
    phone.open("/app#/log")
    phone.sees("What was done")
    assert phone.page.evaluate("document.documentElement.lang") == "en"


def test_signing_in_opens_the_own_page_and_a_refusal_is_told_in_words(phone: Phone, world: World) -> None:
    phone.sign_in_by_form("worker", "不是这个")
    phone.sees("用户名或密码不正确")
    phone.sign_in_by_form("worker")
    phone.sees("记什么")
    kept = phone.page.evaluate("JSON.parse(localStorage.getItem('pointshop.session'))")
    assert kept["village"] == {"code": HOME, "name": "王庄村"}


def test_app_can_be_installed(phone: Phone, site: Site, world: World) -> None:
    phone.open()
    manifest = json.loads(phone.page.request.get(f"{site.url}/app/manifest.webmanifest").text())
    assert manifest["start_url"] == manifest["scope"] == "/app"
    for icon in manifest["icons"]:
        assert phone.page.request.get(site.url + icon["src"]).headers["content-type"].startswith(icon["type"])


def test_every_page_can_be_used_without_a_finger(phone: Phone, lived_in: World) -> None:
    """With the keyboard alone: what one can touch can be reached, in the order in which it stands, and is marked."""
    phone.sign_in("manager")
    phone.open("/app#/manage/settings")
    phone.page.locator(".field").first.wait_for()
    wanted = phone.page.evaluate(
        "[...document.querySelectorAll('button, a, select, input')].filter((each) => !each.disabled).length"
    )
    reached: list[float] = []
    for _ in range(wanted):
        phone.page.keyboard.press("Tab")
        box, outline = phone.page.evaluate(
            """(() => {
                const at = document.activeElement;
                const style = getComputedStyle(at);
                return [at === document.body ? null : at.getBoundingClientRect().top + scrollY,
                        parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none"];
            })()"""
        )
        assert box is not None and outline
        reached.append(box)
    assert len(reached) == wanted


def test_elder_view_of_the_pin_pad_fits_the_screen(phone: Phone, lived_in: World) -> None:
    lived_in.settings(pin_above_points=0)
    phone.page.add_init_script(NO_CAMERA)
    phone.sign_in("clerk")
    phone.open("/app#/me")
    phone.page.locator(".switch").check()
    phone.open("/app#/counter")
    phone.page.get_by_label("或输入 16 位卡编码").fill(lived_in.card("0001"))
    phone.tap("确定")
    phone.tap("设兑换密码")
    phone.page.locator(".pin__key").first.wait_for()
    last = phone.page.locator("dialog .button").bounding_box()
    assert last is not None and last["y"] + last["height"] <= 780
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
