"""Pages for everybody: the card's own page without script, and the wall screen without a server."""

from datetime import timedelta

import pytest

from pointshop.core.clock import now, village_day
from pointshop.core.periods import period_of
from tests.api import Api
from tests.browser.phone import NewPhone, Phone
from tests.browser.site import Site
from tests.ground import HOME
from tests.web.wall import furnish, publish
from tests.world import World

SCREEN = {"viewport": {"width": 1920, "height": 1080}, "device_scale_factor": 1, "is_mobile": False, "has_touch": False}


@pytest.fixture
def wall(world: World, api: Api) -> World:
    """Twelve households with points, and soap to be had."""
    return furnish(world, api)


def test_village_reads_the_page_on_a_phone_without_script(new_phone: NewPhone, world: World) -> None:
    world.household("0001", head="张建国", points=40)
    phone = new_phone(java_script_enabled=False)
    phone.open(f"/C/{world.card()}")
    phone.sees("张*国")
    balance = phone.page.locator(".purse__balance")
    assert balance.is_visible()
    body_size = phone.page.locator("body").evaluate("(body) => parseFloat(getComputedStyle(body).fontSize)")
    assert body_size >= 20
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360


def open_board(new_phone: NewPhone) -> Phone:
    screen = new_phone(**SCREEN)
    screen.page.clock.install()
    screen.open(f"/board/{HOME}")
    screen.sees("年度光荣榜")
    return screen


def titles_of_a_round(screen: Phone) -> list[str]:
    """The titles of the pages until each was seen."""
    seen = []
    for _ in range(6):
        seen.append(screen.page.locator(".head__title").inner_text())
        screen.page.clock.run_for(12_100)
    return seen


def test_screen_turns_by_itself_and_goes_on_for_days_when_the_server_is_gone(
    new_phone: NewPhone, site: Site, wall: World, api: Api
) -> None:
    publish(api)
    screen = open_board(new_phone)
    screen.kept_offline()
    everything = {"年度光荣榜", "本周好事", "积分能换什么"}
    assert set(titles_of_a_round(screen)) == everything
    site.stop()
    screen.page.clock.run_for(61_000)
    screen.sees("网络中断")
    # a power cut at the wall, too
    screen.page.reload()
    screen.sees("网络中断")
    screen.page.clock.fast_forward(3 * 86_400_000)
    today = village_day(now())
    is_another_week = period_of(today, "week") != period_of(today + timedelta(days=3), "week")
    assert set(titles_of_a_round(screen)) == everything - ({"本周好事"} if is_another_week else set())


def test_what_is_over_leaves_the_screen_even_when_the_server_is_gone(
    new_phone: NewPhone, site: Site, wall: World, api: Api
) -> None:
    """Rolls on their last day, the deeds of a week with it, and a redemption day that has passed."""
    publish(api)
    screen = open_board(new_phone)
    screen.sees("下次兑换日")
    site.stop()
    screen.page.clock.fast_forward(9 * 86_400_000)
    screen.page.clock.run_for(13_000)
    assert set(titles_of_a_round(screen)) == {"积分能换什么"}
    assert screen.page.get_by_text("下次兑换日").count() == 0


def test_screen_fits_without_scrolling(new_phone: NewPhone, wall: World, api: Api) -> None:
    publish(api)
    screen = open_board(new_phone)
    size = screen.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [1920, 1080]
    last = screen.page.locator(".line").last.bounding_box()
    foot = screen.page.locator(".foot").bounding_box()
    assert last is not None and foot is not None
    assert last["y"] + last["height"] <= foot["y"]
