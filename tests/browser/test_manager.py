"""The committee's desk on a phone: sign many, set rules and goods, look after households, publish."""

import pytest

from pointshop.core.clock import now, village_day
from pointshop.core.ids import new_name
from tests.api import Api
from tests.browser.phone import BOTH, Phone
from tests.world import World


@pytest.fixture
def desk(world: World, api: Api) -> World:
    """Forty deeds of one sweep that wait for a signature, logged by a worker."""
    world.rule("A1", name="集中清扫")
    for number in range(1, 41):
        world.household(f"{number:04d}", head="张建国")
    world.settings(review_levels=1)
    batch = {
        "rule": "A1",
        "occurred_on": world.do(lambda work: work.today.isoformat()),
        "note": "主路",
        "lines": [{"household": f"{number:04d}"} for number in range(1, 41)],
    }
    assert api.as_("worker").put(f"/merit-batches/{new_name()}", batch).status_code == 201
    return world


def open_part(phone: Phone, name: str) -> None:
    phone.sign_in("manager")
    phone.page.locator("nav").get_by_text("管理").click()
    phone.page.get_by_role("button", name=name).first.click()


def fill(phone: Phone, label: str, value: str) -> None:
    phone.page.locator(f'.field:has(.field__label:text-is("{label}")) input').fill(value)


@BOTH
def test_manager_approves_forty_at_once(phone: Phone, desk: World) -> None:
    phone.sign_in("manager")
    phone.sees("全选 40 条")
    phone.sees("工作人员 · 主路")
    phone.page.get_by_label("全选 40 条").check()
    phone.tap("通过 40 条")
    phone.sees("已通过 40 条")
    phone.sees("没有待审核的记录")
    assert desk.balance("0001") == desk.balance("0040") == 5


def test_some_of_a_batch_are_rejected_with_a_reason_that_the_worker_sees(phone: Phone, desk: World, api: Api) -> None:
    phone.sign_in("reviewer")
    phone.tap("逐户看 40 户")
    phone.page.locator(".entry .house input").nth(3).check()
    phone.page.locator(".bar").get_by_role("button", name="不通过").click()
    phone.page.get_by_label("原因").fill("没有到场")
    phone.page.locator("dialog").get_by_role("button", name="不通过").click()
    phone.sees("已退回 1 条")
    [rejected] = api.as_("worker").get("/merits?state=rejected&mine=true").get_json()["items"]
    assert rejected["reason"] == "没有到场"
    phone.sees("全选 39 条")


def test_swipe_to_the_right_approves(phone: Phone, desk: World) -> None:
    phone.sign_in("manager")
    phone.sees("集中清扫")
    phone.page.locator(".entry").evaluate(
        """(line) => {
            const say = (kind, x) => line.dispatchEvent(new PointerEvent(kind,
                { bubbles: true, pointerType: "touch", clientX: x, clientY: 300 }));
            say("pointerdown", 60); say("pointermove", 140); say("pointermove", 220);
            return new Promise((done) => setTimeout(() => { say("pointerup", 220); done(); }, 100));
        }"""
    )
    phone.sees("已通过 40 条")


def test_own_entries_are_for_others_to_sign(phone: Phone, desk: World, api: Api) -> None:
    today = desk.do(lambda work: work.today.isoformat())
    own = {"rule": "A1", "household": "0001", "occurred_on": today, "note": "自己记的"}
    assert api.as_("manager").put(f"/merits/{new_name()}", own).status_code == 201
    phone.sign_in("manager")
    phone.sees("自己记的，由别人审核")
    phone.sees("全选 40 条")


def test_rule_is_added_and_changed(phone: Phone, desk: World, api: Api) -> None:
    open_part(phone, "积分细则")
    phone.tap("新细则")
    for label, value in (("编码", "B2"), ("名称", "敬老"), ("类别", "家风"), ("分值", "3")):
        fill(phone, label, value)
    phone.tap("保存")
    phone.sees("已保存")
    rules = {rule["code"]: rule for rule in api.as_("worker").get("/rules").get_json()["items"]}
    assert (rules["B2"]["name"], rules["B2"]["points"]) == ("敬老", 3)


def test_mistake_in_a_form_is_told_at_its_field(phone: Phone, desk: World) -> None:
    open_part(phone, "积分细则")
    phone.page.get_by_role("button", name="集中清扫").click()
    phone.page.locator(".field__input").nth(3).fill("很多")
    phone.tap("保存")
    phone.page.locator(".field__error").get_by_text("须为整数").wait_for()


def test_settings_are_changed(phone: Phone, desk: World, api: Api) -> None:
    open_part(phone, "村设置")
    phone.page.get_by_label("公示天数").fill("5")
    phone.page.get_by_label("周一可兑换").uncheck()
    phone.tap("保存")
    phone.sees("已保存")
    settings = api.as_("manager").get("/settings").get_json()
    assert (settings["notice_days"], settings["redemption_weekdays"]) == (5, [2, 3, 4, 5, 6, 7])


def test_goods_are_put_on_offer(phone: Phone, desk: World, api: Api) -> None:
    open_part(phone, "商品")
    phone.tap("新商品")
    for label, value in (("编码", "P9"), ("名称", "食盐"), ("单位", "袋"), ("分值", "3")):
        fill(phone, label, value)
    phone.tap("保存")
    phone.sees("已保存")
    assert api.as_("clerk").get("/products/P9").get_json()["name"] == "食盐"


def test_new_worker_gets_a_grid(phone: Phone, desk: World, api: Api) -> None:
    open_part(phone, "用户")
    phone.tap("新用户")
    for label, value in (("用户名", "wang"), ("姓名", "王芳"), ("密码", "柳溪河边走八步 1986"), ("网格", "3，5/东巷")):
        fill(phone, label, value)
    phone.tap("保存")
    phone.sees("已保存")
    [grant] = api.as_("manager").get("/api/v1/users/wang").get_json()["grants"]
    assert grant["grid"] == [{"group_no": 3, "lane": None}, {"group_no": 5, "lane": "东巷"}]


def test_household_is_changed_and_gets_a_new_card_and_a_deed_is_reversed(phone: Phone, desk: World, api: Api) -> None:
    desk.settings(review_levels=0)
    desk.merit("0001", note="记错的")
    old = desk.card("0001")
    open_part(phone, "户与卡")
    phone.page.get_by_role("button", name="0001").click()
    phone.page.get_by_role("button", name="集中清扫").click()
    phone.page.get_by_label("原因").fill("重复")
    phone.page.locator("dialog").get_by_role("button", name="冲正").click()
    phone.page.locator("dialog").wait_for(state="detached")
    phone.sees("冲正：集中清扫")
    assert desk.balance("0001") == 0
    phone.tap("补发卡")
    phone.tap("发新卡，旧卡作废")
    phone.sees("已发第 2 张卡")
    assert api.as_("clerk").post("/scans", {"code": old}).get_json()["code"] == "card_revoked"
    phone.tap("修改")
    phone.page.get_by_label("全名上榜").select_option("yes")
    phone.tap("保存")
    phone.sees("已保存")
    assert api.as_("manager").get("/households/0001").get_json()["name_consent"] is True


def test_honor_roll_is_published_and_taken_down(phone: Phone, desk: World) -> None:
    open_part(phone, "光荣榜")
    phone.tap("发布光荣榜")
    phone.page.get_by_label("受理异议").fill("村监委会 0393-5550110")
    phone.tap("保存")
    phone.sees("公示中")
    phone.tap("撤下")
    phone.page.get_by_label("原因").fill("有误")
    phone.page.locator("dialog").get_by_role("button", name="撤下").click()
    phone.sees("已撤下")


@BOTH
def test_the_budget_line_stands_on_the_desk_and_opens(phone: Phone, world: World, api: Api) -> None:
    world.household(points=100)
    grant = {
        "kind": "grant",
        "amount_fen": 4_050,
        "party": "合作社",
        "purpose": "进货",
        "occurred_on": village_day(now()).isoformat(),
    }
    assert api.as_("manager").put(f"/fund-entries/{new_name()}", grant).status_code == 201
    phone.sign_in("manager")
    phone.page.locator("nav").get_by_text("管理").click()
    phone.sees("全部兑换还差")
    phone.sees("59.50 元")
    phone.page.get_by_role("button", name="全部兑换还差").click()
    phone.sees("经费余额")
    phone.sees("40.50 元")
    phone.sees("各户共 100 分")


def test_where_goods_run_low_is_a_setting(phone: Phone, world: World, api: Api) -> None:
    open_part(phone, "村设置")
    fill(phone, "库存低于几件提醒", "12")
    phone.tap("保存")
    phone.sees("已保存")
    assert api.as_("manager").get("/settings").get_json()["low_stock"] == 12


def test_manager_hands_out_a_wechat_code_in_person(phone: Phone, desk: World, api: Api) -> None:
    open_part(phone, "用户")
    phone.tap("工作人员")
    phone.tap("微信绑定码")
    phone.sees("只能用一次")
    shown = phone.page.locator("dialog .total__points").inner_text()
    assert len(shown.replace("-", "").replace(" ", "")) == 16
