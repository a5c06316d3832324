"""At the door of an event: card after card, with signal and without, and nobody twice."""

from datetime import timedelta
from typing import Any

import pytest

from pointshop.core.clock import as_text, now
from pointshop.core.ids import new_name
from tests.api import Api
from tests.browser.phone import BOTH, NO_CAMERA, Phone
from tests.world import World


@pytest.fixture
def cards(world: World) -> list[str]:
    """A rule, and two households with cards."""
    world.rule("Z1", name="志愿服务", per="半小时", points=2)
    son = {"birth_year": None, "party_member": False, "volunteer": True, "name_consent": None}
    members: list[Any] = [son | {"name": "张小军"}, son | {"name": "李秀兰"}]
    world.household("0001", head="张建国", members=members)
    world.household("0002", head="李秀英")
    return [world.card("0001"), world.card("0002")]


def plan(api: Api, **more: Any) -> str:
    """An event that goes on just now."""
    name, begin = new_name(), now() - timedelta(hours=1)
    body = {"title": "清理河道", "place": "村东", "from_at": as_text(begin), "rule": "Z1", "unit_minutes": 30}
    body |= {"until_at": as_text(begin + timedelta(hours=3))} | more
    assert api.as_("worker").put(f"/events/{name}", body).status_code == 201
    return name


def at_the_door(phone: Phone) -> Phone:
    phone.page.add_init_script(NO_CAMERA)
    phone.sign_in("worker")
    phone.sees("活动签到")
    phone.kept_offline()
    phone.tap("活动签到")
    phone.tap("清理河道")
    phone.sees("这台手机打不开摄像头")
    return phone


def show(phone: Phone, card: str) -> None:
    phone.page.get_by_label("或输入 16 位卡编码").fill(card)
    phone.tap("确定")


def who_came(api: Api, event: str) -> dict[str, bool]:
    """Head or member → whether they have left."""
    found = api.as_("manager").get(f"/events/{event}").get_json()["attendances"]
    return {each["member"] or each["head"]: each["out_at"] is not None for each in found}


@BOTH
def test_card_after_card_is_signed_in_and_out(phone: Phone, cards: list[str], api: Api) -> None:
    event = plan(api)
    at_the_door(phone)
    show(phone, cards[0])
    phone.sees("张建国")
    show(phone, cards[1])
    phone.sees("李秀英")
    show(phone, cards[0])
    phone.sees("已经签到")
    phone.page.get_by_role("button", name="签退", exact=True).click()
    show(phone, cards[0])
    phone.sees("在场 0 分钟")
    assert who_came(api, event) == {"张建国": True, "李秀英": False}


def test_an_event_is_planned_on_the_phone_and_stands_in_the_list(phone: Phone, cards: list[str], api: Api) -> None:
    phone.sign_in("worker")
    phone.tap("活动签到")
    phone.tap("安排活动")
    phone.page.get_by_label("活动名称").fill("义务植树")
    phone.page.get_by_label("地点").fill("西坡")
    phone.page.get_by_label("结束").fill("8点")
    phone.tap("保存")
    phone.sees("时间须写作")
    phone.page.get_by_label("结束").fill("10:00")
    phone.tap("保存")
    phone.sees("义务植树")
    (event,) = api.as_("manager").get("/events").get_json()["items"]
    assert (event["place"], event["rule"], event["unit_minutes"]) == ("西坡", "Z1", 60)


@BOTH
def test_who_came_without_signal_is_sent_later_and_once(phone: Phone, cards: list[str], api: Api) -> None:
    event = plan(api)
    at_the_door(phone)
    phone.lose_signal()
    show(phone, cards[0])
    phone.sees("已记在手机里")
    assert who_came(api, event) == {}
    phone.find_signal()
    phone.page.locator(".status__waiting").wait_for(state="detached")
    assert who_came(api, event) == {"张建国": False}


def test_answer_that_was_lost_is_no_fault_of_whoever_came(phone: Phone, cards: list[str], api: Api) -> None:
    event = plan(api)
    at_the_door(phone)
    phone.page.route("**/sign-ins/**", lambda route: (route.fetch(), route.abort()))
    show(phone, cards[0])
    phone.sees("已记在手机里")
    phone.page.locator(".status__waiting").wait_for(state="detached")
    assert who_came(api, event) == {"张建国": False}


def test_where_persons_count_the_phone_asks_who_it_is(phone: Phone, cards: list[str], api: Api) -> None:
    event = plan(api, level="member")
    at_the_door(phone)
    show(phone, cards[0])
    phone.sees("来的是谁？")
    phone.tap("李秀兰")
    phone.sees("签到")
    phone.page.get_by_text("李秀兰", exact=False).and_(phone.page.locator(".notice")).wait_for()
    assert who_came(api, event) == {"李秀兰": False}


@BOTH
def test_where_persons_count_the_phone_asks_who_it_is_without_signal_too(
    phone: Phone, cards: list[str], api: Api
) -> None:
    event = plan(api, level="member")
    at_the_door(phone)
    phone.lose_signal()
    for way in ("签到", "签退"):
        phone.page.get_by_role("button", name=way, exact=True).click()
        show(phone, cards[0])
        phone.sees("来的是谁？")
        phone.tap("李秀兰")
        phone.sees("已记在手机里")
    phone.find_signal()
    phone.page.locator(".status__waiting").wait_for(state="detached")
    assert who_came(api, event) == {"李秀兰": True}


def test_who_was_missing_is_named_on_the_page_of_what_was_refused(phone: Phone, cards: list[str], api: Api) -> None:
    """A card of another grid: the phone knows nobody of that household, and the server says whom to choose."""
    event = plan(api, level="member")
    at_the_door(phone)
    phone.page.evaluate(
        """new Promise((done) => { indexedDB.open("pointshop").onsuccess = ({ target }) => {
            const change = target.result.transaction("roster", "readwrite");
            change.objectStore("roster").clear();
            change.oncomplete = done;
        }; })"""
    )
    phone.page.reload()
    phone.sees("这台手机打不开摄像头")
    phone.lose_signal()
    show(phone, cards[0])
    phone.sees("已记在手机里")
    phone.find_signal()
    phone.page.locator(".status__refused").wait_for()
    phone.open("/app#/mine")
    phone.tap("来的是谁？")
    phone.tap("李秀兰")
    phone.page.locator(".refused").wait_for(state="detached")
    for _ in range(100):
        if who_came(api, event):
            break
        phone.page.wait_for_timeout(100)
    assert who_came(api, event) == {"李秀兰": False}


def test_who_left_is_told_after_who_came(phone: Phone, cards: list[str], api: Api) -> None:
    event = plan(api)
    at_the_door(phone)
    # the first sending of the sign-in comes to nothing, and so does the first round of what waits
    phone.page.route("**/sign-ins/**", lambda route: route.abort())
    phone.page.route("**/sync", lambda route: route.abort(), times=1)
    show(phone, cards[0])
    phone.sees("已记在手机里")
    phone.page.get_by_role("button", name="签退", exact=True).click()
    show(phone, cards[0])
    phone.page.locator(".status__waiting").wait_for(state="detached")
    assert phone.page.locator(".status__refused").count() == 0
    assert who_came(api, event) == {"张建国": True}
