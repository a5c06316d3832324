"""The wall screen: published documents only, turning by itself, alive without a network."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from pointshop.core.ids import new_name
from tests.api import Api
from tests.ground import HOME, NOWHERE
from tests.web.phone import NewPhone, Phone
from tests.web.site import Site
from tests.world import World

SCREEN = {"viewport": {"width": 1920, "height": 1080}, "device_scale_factor": 1, "is_mobile": False, "has_touch": False}
ROLL = {"title": "年度光荣榜", "period": "2026", "subject": "household", "places": 50, "board": "公开栏"}


@pytest.fixture
def wall(world: World, api: Api) -> World:
    """Twelve households with points, a roll on show, and soap to be had."""
    world.rule("A1", name="集中清扫")
    for number in range(1, 13):
        world.household(f"{number:04d}", head="张建国")
        world.merit(f"{number:04d}")
    api.as_("manager").put("/products/P1", {"name": "肥皂", "unit": "件", "points": 6})
    return world


def publish(api: Api, **changes: Any) -> str:
    name = new_name()
    answer = api.as_("manager").put(
        f"/honor-rolls/{name}", ROLL | {"notice_days": 7, "contact": "监督电话 0393-5550110"} | changes
    )
    assert answer.status_code == 201, answer.get_json()
    return name


def published(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get(f"/board/{HOME}/published.json")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.get_json()
    return document


def test_board_shows_nobody_before_a_roll_is_published(app: Flask, wall: World) -> None:
    shown = published(app)
    assert shown["rolls"] == []
    assert shown["deeds"] == [{"name": "集中清扫", "count": 12}]
    assert "张" not in str(shown)


def test_names_are_those_of_the_frozen_document(app: Flask, wall: World, api: Api) -> None:
    publish(api)
    [roll] = published(app)["rolls"]
    assert {item["name"] for item in roll["items"]} == {"张*国"}
    assert roll["contact"] == "监督电话 0393-5550110"


def test_roll_that_was_withdrawn_or_has_ended_is_gone(app: Flask, wall: World, api: Api) -> None:
    name = publish(api)
    publish(api, title="第二期", notice_days=30)
    assert [roll["title"] for roll in published(app)["rolls"]] == ["第二期", "年度光荣榜"]
    api.as_("manager").put(f"/publications/{name}/withdrawal", {"reason": "有误"})
    assert [roll["title"] for roll in published(app)["rolls"]] == ["第二期"]
    with time_machine.travel(timedelta(days=40)):
        assert published(app)["rolls"] == []


def test_points_taken_away_are_no_good_deeds(app: Flask, wall: World) -> None:
    wall.rule("B1", name="乱倒垃圾", points=-2)
    wall.merit("0001", rule="B1")
    assert [deed["name"] for deed in published(app)["deeds"]] == ["集中清扫"]


def test_next_redemption_day_is_told(app: Flask, wall: World) -> None:
    wall.settings(redemption_weekdays="")
    assert published(app)["next_day"] is None


@pytest.mark.parametrize("path", ["", "/published.json"])
def test_village_that_is_not_there_has_no_board(app: Flask, path: str) -> None:
    assert app.test_client().get(f"/board/{NOWHERE}{path}").status_code == 404


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
    assert set(titles_of_a_round(screen)) == everything


def test_roll_leaves_the_screen_on_its_last_day_even_when_the_server_is_gone(
    new_phone: NewPhone, site: Site, wall: World, api: Api
) -> None:
    publish(api)
    screen = open_board(new_phone)
    site.stop()
    screen.page.clock.fast_forward(9 * 86_400_000)
    screen.page.clock.run_for(13_000)
    assert set(titles_of_a_round(screen)) == {"本周好事", "积分能换什么"}


def test_screen_fits_without_scrolling(new_phone: NewPhone, wall: World, api: Api) -> None:
    publish(api)
    screen = open_board(new_phone)
    size = screen.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [1920, 1080]
    last = screen.page.locator(".line").last.bounding_box()
    foot = screen.page.locator(".foot").bounding_box()
    assert last is not None and foot is not None
    assert last["y"] + last["height"] <= foot["y"]
