"""Logging at the lane's end: found without signal, kept on the phone, booked once."""

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.api import Api
from tests.browser.phone import BOTH, NO_CAMERA, NewPhone, Phone
from tests.ground import HOME, username_of
from tests.staff import hire
from tests.world import World

SEARCH = "姓名、拼音首字母或户号"


@pytest.fixture
def lane(world: World) -> World:
    """A rule of five points, and three households of one lane."""
    world.rule("A1", name="集中清扫")
    for number, head in (("0001", "张建国"), ("0002", "李秀英"), ("0003", "单雄信")):
        world.household(number, head=head, group_no=3, lane="东巷")
    world.household("0009", head="王德顺", group_no=5)
    return world


def worker(phone: Phone) -> Phone:
    phone.sign_in("worker")
    phone.sees("集中清扫")
    phone.kept_offline()
    return phone


def tick(phone: Phone, *words: str) -> None:
    for each in words:
        phone.page.get_by_label(SEARCH).fill(each)
        phone.page.locator(".house input").first.check()


def log(phone: Phone, *words: str) -> None:
    """The rule, the households, send."""
    phone.page.locator("nav").get_by_text("记分").click()
    phone.page.locator(".rule__button").first.click()
    tick(phone, *words)
    phone.tap("提交")
    phone.sees("已记下")


def all_sent(phone: Phone) -> None:
    phone.page.locator(".status__waiting").wait_for(state="detached")


def stored(phone: Phone, store: str) -> list[Any]:
    found: list[Any] = phone.page.evaluate(
        """(store) => new Promise((resolve) => {
            const asked = indexedDB.open("pointshop");
            asked.onsuccess = () => {
                const all = asked.result.transaction(store).objectStore(store).getAll();
                all.onsuccess = () => { asked.result.close(); resolve(all.result); };
            };
        })""",
        store,
    )
    return found


@BOTH
def test_batch_logged_without_signal_outlives_a_reload_and_is_booked_once(phone: Phone, lane: World, api: Api) -> None:
    worker(phone)
    phone.lose_signal()
    phone.sees("没有网络")
    log(phone, "张建国", "lxy", "0003")
    phone.sees("待上传 1 条")
    phone.page.reload()
    phone.sees("待上传 1 条")
    phone.sees("没有网络")
    assert lane.balance("0001") == 0

    phone.find_signal()
    all_sent(phone)

    assert [lane.balance(number) for number in ("0001", "0002", "0003")] == [5, 5, 5]
    assert len(api.as_("manager").get("/merits").get_json()["items"]) == 3


@BOTH
def test_answer_that_was_lost_books_nothing_twice(phone: Phone, lane: World, api: Api) -> None:
    worker(phone)
    phone.page.route("**/sync", lambda route: (route.fetch(), route.abort()))
    log(phone, "张建国")
    phone.sees("没有网络")
    assert lane.balance("0001") == 5
    phone.page.unroute("**/sync")
    phone.page.reload()
    all_sent(phone)
    assert lane.balance("0001") == 5
    assert len(api.as_("manager").get("/merits").get_json()["items"]) == 1


def test_common_case_takes_three_taps(phone: Phone, lane: World) -> None:
    worker(phone)
    log(phone, "张建国")
    phone.tap("再记一条")
    phone.page.locator(".rule__button").first.click()
    phone.page.locator(".house").nth(0).click()
    phone.tap("提交")
    phone.sees("已记下 1 户")


def test_a_batch_that_outruns_the_fund_is_told_before_it_is_sent(phone: Phone, lane: World) -> None:
    worker(phone)
    phone.page.locator(".rule__button").first.click()
    tick(phone, "张建国", "李秀英")
    phone.sees("经费和存货将差 10 元")
    phone.tap("提交")
    phone.sees("已记下 2 户")


@pytest.mark.parametrize("typed", ["张建", "zjg", "zhangjian", "0001"])
def test_household_is_found_by_name_initials_pinyin_and_number_without_signal(
    phone: Phone, lane: World, typed: str
) -> None:
    worker(phone)
    phone.lose_signal()
    phone.page.locator(".rule__button").first.click()
    phone.page.get_by_label(SEARCH).fill(typed)
    phone.sees("0001 · 3 组 · 东巷")


def test_cards_are_ticked_one_after_another_without_signal(phone: Phone, lane: World) -> None:
    codes = [lane.card("0001"), lane.card("0002")]
    phone.page.add_init_script(NO_CAMERA)
    worker(phone)
    phone.lose_signal()
    phone.page.locator(".rule__button").first.click()
    phone.tap("扫卡")
    for code, head in zip(codes, ("张建国", "李秀英"), strict=True):
        phone.page.get_by_label("或输入户号").fill(code)
        phone.page.locator("dialog").get_by_role("button", name="确定").click()
        phone.sees(f"✓ {head}")
    phone.tap("扫完了（2 户）")
    phone.sees("已选 2 户")


def test_roster_holds_no_code_that_buys_things(phone: Phone, lane: World) -> None:
    code = lane.card("0001")
    worker(phone)
    assert code not in str(stored(phone, "roster"))


def test_lane_is_ticked_at_once(phone: Phone, lane: World) -> None:
    worker(phone)
    phone.page.locator(".rule__button").first.click()
    phone.page.get_by_role("button", name="3 组").click()
    phone.tap("全选")
    phone.sees("已选 3 户")
    phone.tap("全不选")
    phone.sees("已选 0 户")


def test_refused_entry_stays_with_its_reason_and_can_be_corrected(phone: Phone, lane: World) -> None:
    lane.rule("A1", name="集中清扫", cap=1, cap_period="day")
    lane.merit("0001", note="早上")
    worker(phone)
    log(phone, "张建国", "李秀英")
    phone.page.locator(".status__refused").click()
    phone.sees("超过")
    assert "张建国" in phone.page.locator(".refused__why").inner_text()
    phone.tap("改一改")
    phone.sees("已选 2 户")
    phone.page.get_by_role("button", name="去掉 张建国").click()
    phone.tap("提交")
    phone.sees("已记下 1 户")
    phone.page.locator(".status").wait_for(state="detached")
    assert lane.balance("0002") == 5


def test_photo_is_shrunk_kept_and_sent_after_its_entry(phone: Phone, lane: World, api: Api) -> None:
    worker(phone)
    phone.lose_signal()
    phone.page.locator(".rule__button").first.click()
    phone.page.locator("button.terms").click()
    picture = io.BytesIO()
    Image.effect_noise((3000, 2000), 40).convert("RGB").save(picture, "JPEG")
    photo = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=picture.getvalue())
    phone.page.locator(".photos__add input").set_input_files(photo)
    phone.page.locator(".photos__one img").wait_for()
    tick(phone, "张建国")
    phone.tap("提交")
    phone.sees("待上传 1 条")
    phone.find_signal()
    all_sent(phone)
    phone.page.wait_for_timeout(500)
    for _ in range(40):
        [merit] = api.as_("manager").get("/merits").get_json()["items"]
        if merit["photos"]:
            break
        phone.page.wait_for_timeout(250)
    kept = api.as_("manager").get(f"/merits/{merit['id']}/photos/{merit['photos'][0]}")
    assert max(Image.open(io.BytesIO(kept.data)).size) <= 1280
    assert len(kept.data) < len(picture.getvalue()) / 3


def test_own_entry_is_taken_back_before_it_is_signed(phone: Phone, lane: World, api: Api) -> None:
    lane.settings(review_levels=1)
    worker(phone)
    log(phone, "张建国")
    phone.page.locator("nav").get_by_text("我的记录").click()
    phone.page.get_by_role("button", name="张建国").click()
    phone.tap("撤回")
    phone.sees("已撤回")
    assert api.as_("manager").get("/merits").get_json()["items"][0]["state"] == "withdrawn"


def test_signing_out_leaves_no_household_on_the_phone(phone: Phone, lane: World) -> None:
    worker(phone)
    assert len(stored(phone, "roster")) == 4
    phone.page.locator("nav").get_by_text("我的", exact=True).click()
    phone.tap("退出登录")
    phone.page.get_by_label("用户名").wait_for()
    phone.page.wait_for_timeout(300)
    assert [stored(phone, store) for store in ("roster", "rules", "facts")] == [[], [], []]
    assert phone.page.evaluate("localStorage.getItem('pointshop.session')") is None


def test_revoked_worker_loses_the_roster_and_keeps_what_was_not_sent(phone: Phone, lane: World, api: Api) -> None:
    worker(phone)
    phone.lose_signal()
    log(phone, "张建国")
    dismissed = {"name": "某人", "grants": [], "active": False}
    assert api.root.put(f"/api/v1/users/{username_of('worker', HOME)}", dismissed).status_code == 200
    phone.find_signal()
    phone.sees("登录已失效")
    phone.page.wait_for_timeout(300)
    assert stored(phone, "roster") == []
    [entry] = stored(phone, "outbox")
    assert "张建国" not in str(entry)
    assert lane.balance("0001") == 0


def test_worker_of_one_group_carries_only_its_households(new_phone: NewPhone, lane: World, api: Api) -> None:
    hired = hire(api, "five", "worker", grid=[{"group_no": 5, "lane": None}])
    roster = hired.get("/roster").get_json()["items"]
    assert [each["number"] for each in roster] == ["0009"]
    assert "phone" not in roster[0]


def test_starred_rule_stands_first_until_the_star_is_taken_away(phone: Phone, lane: World) -> None:
    lane.rule("B7", category="邻里", name="调解纠纷")
    worker(phone)
    phone.tap("收藏 调解纠纷")
    first = phone.page.locator(".rule").first
    expect(first).to_contain_text("调解纠纷")
    phone.page.reload()
    phone.sees("常用")
    expect(first).to_contain_text("调解纠纷")
    expect(first.locator(".rule__star")).to_have_attribute("aria-pressed", "true")
    first.locator(".rule__star").click()
    expect(phone.page.get_by_text("常用")).to_have_count(0)
