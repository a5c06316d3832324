"""The counter on a phone: scan, take, hand over; and what it says when something is in the way."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import expect

from pointshop.core.ids import new_name
from pointshop.people.qr import card_qr_png
from tests.api import Api
from tests.browser.counter import choose, clerk, type_card, url_of
from tests.browser.film import shoot
from tests.browser.phone import BOTH, NewPhone, Phone
from tests.browser.site import Site
from tests.browser.starting import first_decode
from tests.world import World

#: Keeps every camera that a page opens in `cameras`.
COUNT_CAMERAS = """
    window.cameras = [];
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted);
        window.cameras.push(...stream.getTracks());
        return stream;
    };
"""


def test_moving_tilted_noisy_card_is_scanned_and_soap_handed_over_on_a_screen_that_stays(
    phone: Phone, shop: World, app: Flask, film: Path
) -> None:
    shoot(url_of(app, shop.card("0001")), film)
    phone.sign_in("clerk")
    phone.sees("张建国")
    phone.sees("今天可兑 40 分")
    choose(phone, "肥皂")
    phone.tap("确认兑换")
    phone.sees("兑换成功")
    assert shop.balance("0001") == 34
    phone.page.wait_for_timeout(1000)
    phone.sees("兑换成功")
    phone.tap("下一位")
    phone.sees("张建国")


def test_scanner_that_could_not_be_fetched_is_told_and_starts_by_itself_once_it_can(
    phone: Phone, shop: World, app: Flask, film: Path
) -> None:
    shoot(url_of(app, shop.card("0001")), film)
    phone.withhold("**/*.wasm")
    phone.sign_in("clerk")
    phone.sees("识别组件打不开")
    phone.give("**/*.wasm")
    phone.sees("张建国")


def test_second_start_reads_the_card_soon(phone: Phone, shop: World, app: Flask, film: Path) -> None:
    """Within a second on a machine that does nothing else (`python -m benchmarks.pages`); here others work too."""
    shoot(url_of(app, shop.card("0001")), film)
    phone.sign_in("clerk")
    phone.sees("张建国")
    phone.kept_offline()
    assert any(first_decode(phone.context, f"{phone.site.url}/app") < 4 for _ in range(3))


def test_camera_that_was_opened_ahead_is_closed_with_its_page(
    phone: Phone, shop: World, app: Flask, film: Path
) -> None:
    shoot("HTTP://127.0.0.1:8000/C/0123456789ABCDEF", film)
    phone.page.add_init_script(COUNT_CAMERAS)
    phone.sign_in("clerk")
    phone.kept_offline()
    phone.page.reload()
    phone.sees("这不是本村的积分卡")
    phone.page.locator("nav").get_by_text("我的", exact=True).click()
    phone.sees("退出登录")
    phone.page.wait_for_timeout(300)
    assert phone.page.evaluate("cameras.length") >= 1
    assert phone.page.evaluate("cameras.filter((track) => track.readyState === 'live').length") == 0


def test_forty_of_sixty_pictures_of_a_moving_tilted_noisy_card_decode(
    phone: Phone, site: Site, film: Path, world: World
) -> None:
    url = "HTTP://127.0.0.1:8000/C/0123456789ABCDEF"
    shoot(url, film)
    phone.open()
    read = phone.page.evaluate(
        """async (files) => {
            const { decode } = await import(files + "js/scan/decoder.js");
            const { grabber, openCamera } = await import(files + "js/scan/camera.js");
            const video = document.createElement("video");
            video.muted = true;
            video.srcObject = await openCamera();
            await video.play();
            const [grab, read] = [grabber(), []];
            for (let picture = 0; picture < 60; picture += 1) {
                await new Promise((next) => video.requestVideoFrameCallback(next));
                read.push(await decode(grab(video), ["QRCode"]));
            }
            return read;
        }""",
        phone.files(),
    )
    assert read.count(url) >= 40
    assert set(read) <= {url, None}


def test_photo_of_the_code_does_where_there_is_no_camera(phone: Phone, shop: World, app: Flask) -> None:
    clerk(phone)
    picture = card_qr_png(url_of(app, shop.card("0002")))
    with phone.page.expect_file_chooser() as chooser:
        phone.page.get_by_text("拍照识别", exact=True).click()
    chooser.value.set_files({"name": "card.png", "mimeType": "image/png", "buffer": picture})
    phone.sees("李秀英")


@BOTH
def test_two_clerks_race_for_the_last_bottle_and_both_screens_tell_the_truth(new_phone: NewPhone, shop: World) -> None:
    phones = [clerk(new_phone()), clerk(new_phone())]
    for phone, number in zip(phones, ("0001", "0002"), strict=True):
        type_card(phone, shop.card(number))
        choose(phone, "菜籽油")
    for phone in phones:
        phone.page.evaluate("document.querySelector('dialog .button_primary').click()")
    for phone in phones:
        phone.page.locator(".outcome, .notice_warn").first.wait_for()
    told = [phone.page.locator(".outcome, .notice_warn").first.inner_text() for phone in phones]
    won = ["兑换成功" in words for words in told]
    assert sorted(won) == [False, True]
    assert told[won.index(False)] == "菜籽油只剩 0 件"
    assert [shop.balance(number) for number in ("0001", "0002")] == [10 if each else 40 for each in won]


def test_no_signal_is_said_at_once_and_nothing_is_redeemed(phone: Phone, shop: World) -> None:
    clerk(phone)
    phone.lose_signal()
    phone.sees("没有网络，不能兑换")
    assert phone.page.get_by_label("或输入 16 位卡编码").count() == 0
    phone.find_signal()
    phone.page.get_by_label("或输入 16 位卡编码").wait_for()


def test_signal_lost_after_the_scan_stops_the_redemption_and_nothing_is_sent_later(phone: Phone, shop: World) -> None:
    clerk(phone)
    type_card(phone, shop.card("0001"))
    phone.tap("肥皂")
    phone.page.get_by_role("button", name="兑换", exact=True).first.click()
    yes = phone.page.locator("dialog .button_primary")
    yes.wait_for()
    phone.lose_signal()
    phone.page.locator("dialog").get_by_text("没有网络，不能兑换").wait_for()
    assert yes.is_disabled()
    phone.page.locator("dialog .button").first.click()
    assert phone.page.get_by_role("button", name="兑换", exact=True).first.is_disabled()
    phone.find_signal()
    phone.page.get_by_text("没有网络，不能兑换").wait_for(state="detached")
    assert shop.balance("0001") == 40


@BOTH
def test_answer_that_was_lost_is_asked_for_again_and_booked_once(phone: Phone, shop: World) -> None:
    clerk(phone)
    type_card(phone, shop.card("0001"))
    choose(phone, "肥皂")
    # the server books, and the answer gets lost on its way
    phone.page.route("**/redemptions/*", lambda route: (route.fetch(), route.abort()))
    phone.tap("确认兑换")
    phone.sees("请先不要交付商品")
    assert shop.balance("0001") == 34
    phone.page.unroute("**/redemptions/*")
    phone.sees("兑换成功")
    assert shop.balance("0001") == 34


def test_person_before_is_gone_when_the_next_card_comes(phone: Phone, shop: World) -> None:
    clerk(phone)
    type_card(phone, shop.card("0001"))
    phone.sees("张建国")
    phone.tap("换一张卡")
    assert phone.page.get_by_text("张建国").count() == 0
    phone.page.get_by_label("或输入 16 位卡编码").fill("0000-0000-0000-0000")
    phone.tap("确定")
    phone.sees("这不是本村的积分卡")
    assert phone.page.get_by_text("张建国").count() == 0


def test_void_brings_points_and_goods_back(phone: Phone, shop: World) -> None:
    clerk(phone)
    type_card(phone, shop.card("0001"))
    choose(phone, "肥皂")
    phone.tap("确认兑换")
    phone.tap("下一位")
    phone.page.locator("nav").get_by_text("今日").click()
    phone.sees("共 1 单，6 分")
    phone.page.get_by_role("button", name="张建国").click()
    phone.tap("作废")
    phone.tap("商品拿错")
    phone.page.locator("dialog .button_warn").click()
    phone.sees("商品拿错")
    phone.page.locator("dialog").wait_for(state="detached")
    assert shop.balance("0001") == 40


def test_goods_come_in_are_counted_and_the_low_ones_stand_first(phone: Phone, shop: World, api: Api) -> None:
    clerk(phone)
    phone.page.locator("nav").get_by_text("库存").click()
    phone.sees("快没有了")
    for kind, number in (("入库", "12"), ("盘点", "9")):
        phone.page.get_by_role("button", name="菜籽油").click()
        phone.page.locator(".chips").get_by_text(kind).click()
        phone.page.get_by_label("件数").fill(number)
        phone.page.locator(".bar .button").click()
        phone.page.locator(".outcome").wait_for()
        phone.tap("好了")
    product = api.as_("clerk").get("/products/P2").get_json()
    assert product["on_hand"] == 9
    phone.sees("其他商品")
    assert phone.page.get_by_text("快没有了").count() == 0


def test_what_expires_soon_stands_first_in_the_stock(phone: Phone, shop: World, api: Api) -> None:
    today = shop.do(lambda work: work.today)
    for days, quantity in ((-2, 3), (12, 5), (90, 7)):
        until = (today + timedelta(days=days)).isoformat()
        came = {"product": "P1", "kind": "receive", "quantity": quantity, "best_before": until}
        assert api.as_("clerk").put(f"/stock-moves/{new_name()}", came).status_code == 201
    clerk(phone)
    phone.page.locator("nav").get_by_text("库存").click()
    phone.sees("快到期")
    lines = phone.page.locator(".section").first.locator(".line")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_contain_text("已过期")
    expect(lines.nth(0)).to_contain_text("3件")
    expect(lines.nth(1)).to_contain_text("还有 12 天到期")


def test_barcode_puts_goods_in_the_basket(phone: Phone, shop: World) -> None:
    clerk(phone)
    type_card(phone, shop.card("0001"))
    phone.tap("扫商品条码")
    phone.page.get_by_label("或输入条码").fill("6901234567850")
    phone.page.locator("dialog").get_by_role("button", name="确定").click()
    phone.sees("已加：肥皂")
    phone.page.locator("dialog .sheet__actions button").click()
    phone.sees("合计 6 分")
