"""A village's first day over HTTP, from nothing to the honor roll; the books are proven after every step."""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from PIL import Image

from tests.acceptance.served import Served, VillageOnline, found_village, new_name

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
GIVEN = ["建国", "秀兰", "喆", "桂芳", "志强", "玉梅", "德顺", "𠮷", "犇", "赟"]
SHEET = "户编号,户主,小组,街巷,地址,电话,成员,党员,期初积分\n" + "".join(
    f"{number:04d},张{given},{number % 6 + 1},东巷,,1380000{number:04d},李秀英,否,{number % 3 * 10}\n"
    for number, given in enumerate(
        ["建国", "秀兰", "喆", "桂芳", "志强", "玉梅", "德顺", "𠮷", "犇", "赟"] * 4, start=1
    )
)


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VillageOnline]:
    served = Served(tmp_path_factory.mktemp("village"))
    try:
        yield found_village(served)
    finally:
        served.stop()


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What earlier steps learned."""
    return {}


@pytest.fixture(autouse=True)
def books_hold_after_each_step(village: VillageOnline) -> Iterator[None]:
    yield
    status, found = village.served.verify()
    assert status == 0, found


def test_01_households_come_in_by_a_list(village: VillageOnline) -> None:
    boundary = "vvv"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="户.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{SHEET}\r\n--{boundary}--\r\n"
    ).encode()
    media = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    first = village.post("manager", "/imports/households", body, headers=media)
    again = village.post("manager", "/imports/households", body, headers=media)

    assert (first.status, first.json["created"]) == (200, 40)
    assert (again.json["created"], again.json["unchanged"]) == (0, 40)
    assert village.get("manager", "/households/0002").json["balance"] == 20


def test_02_rules_are_set(village: VillageOnline) -> None:
    rule = {"category": "环境整治", "name": "参加集中清扫", "points": 5, "per": "次", "cap": 4, "cap_period": "month"}
    assert village.put("manager", "/rules/HJ06", rule).status == 201
    assert village.put("manager", "/rules/HJ06", rule).status == 200


def test_03_forty_merits_in_one_batch(village: VillageOnline) -> None:
    lines = [{"household": f"{number:04d}"} for number in range(1, 41)]
    name = new_name()
    body = {"rule": "HJ06", "occurred_on": TODAY, "note": "清扫主路", "lines": lines}
    first = village.put("worker", "/merit-batches/{id}", body, name)
    again = village.put("worker", "/merit-batches/{id}", body, name)

    assert (first.status, first.json["points"], len(first.json["merits"])) == (201, 200, 40)
    assert (again.status, again.json) == (200, first.json)
    assert again.headers["idempotency-replayed"] == "true"


def test_04_a_card_is_issued_and_its_code_reads_back(village: VillageOnline, told: dict[str, Any]) -> None:
    card = village.put("manager", "/households/0002/cards/{id}", {})
    picture = village.get("manager", "/households/0002/card.png")

    assert (card.status, card.json["serial"]) == (201, 1)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.body)))
    assert code.text == card.json["url"].upper()
    told["card"] = code.text


def test_05_goods_come_in(village: VillageOnline) -> None:
    product = {"name": "肥皂", "spec": "200g×2", "unit": "组", "points": 6}
    assert village.put("manager", "/products/P004", product).status == 201
    received = village.put(
        "clerk", "/stock-moves/{id}", {"product": "P004", "kind": "receive", "quantity": 10, "cost_fen": 5200}
    )
    assert (received.status, received.json["on_hand_after"]) == (201, 10)


def test_06_the_card_is_scanned_and_goods_go_out(village: VillageOnline, told: dict[str, Any]) -> None:
    seen = village.post("clerk", "/scans", {"code": told["card"]})
    assert seen.json["household"] == {"number": "0002", "head": "张秀兰"}
    assert (seen.json["balance"], seen.json["today"]["open"]) == (25, True)

    told["redemption"] = new_name()
    order = {"card": told["card"], "lines": [{"product": "P004", "quantity": 2}], "expected_points": 12}
    bought = village.put("clerk", "/redemptions/{id}", order, told["redemption"])
    assert (bought.status, bought.json["points"], bought.json["balance_after"]) == (201, 12, 13)
    slip = village.get("clerk", f"/redemptions/{told['redemption']}/receipt.html")
    assert (slip.status, "肥皂" in slip.body.decode()) == (200, True)


def test_07_the_redemption_is_voided(village: VillageOnline, told: dict[str, Any]) -> None:
    void = village.put("clerk", f"/redemptions/{told['redemption']}/void", {"reason": "拿错了"})
    again = village.put("manager", f"/redemptions/{told['redemption']}/void", {"reason": "再作废"})

    assert void.status == 201
    assert (again.status, again.json["code"]) == (422, "already_voided")
    (soap,) = village.get("clerk", "/products").json["items"]
    assert soap["on_hand"] == 10


def test_08_the_passbook_tells_it_all(village: VillageOnline) -> None:
    lines = village.get("supervisor", "/households/0002/passbook").json["items"]
    assert [(line["points"], line["balance_after"]) for line in lines] == [(12, 25), (-12, 13), (5, 25), (20, 20)]
    assert lines[1]["summary"] == "兑换 肥皂×2"


def test_09_the_ranking_counts_honour_not_purses(village: VillageOnline) -> None:
    ranking = village.get("manager", f"/rankings?period={TODAY[:7]}&limit=3").json
    assert [item["place"] for item in ranking["items"]] == [1] * 40
    assert {item["points"] for item in ranking["items"]} == {5}


def test_10_the_honor_roll_hangs_and_the_public_reads_it(village: VillageOnline) -> None:
    roll = village.put(
        "manager",
        "/honor-rolls/{id}",
        {
            "title": "积分先进户",
            "period": TODAY[:7],
            "subject": "household",
            "places": 10,
            "board": "民生实事光荣榜",
            "notice_days": 7,
            "contact": "监督电话 0393-8888 1234",
        },
    )
    assert roll.status == 201, roll.body
    assert re.fullmatch("[0-9a-f]{64}", roll.json["digest"])
    public = village.served.send("GET", "/b/" + roll.json["public_url"].rsplit("/", 1)[1])
    printed = village.get("manager", f"/honor-rolls/{roll.json['id']}.html?paper=A3")

    assert (public.status, printed.status) == (200, 200)
    assert "noindex" in public.headers["x-robots-tag"]
    for page in (public.body.decode(), printed.body.decode()):
        assert "光荣榜" in page
        assert not re.search(r"1380000\d{4}", page)


def test_11_the_day_is_sealed_and_backed_up(village: VillageOnline, tmp_path: Path) -> None:
    assert village.served.command("seal").returncode == 0
    assert village.served.command("backup", str(tmp_path / "copy.sqlite3")).returncode == 0

    copy = Served(tmp_path, settings={"POINTSHOP_DATABASE_URL": f"sqlite:///{tmp_path / 'copy.sqlite3'}"})
    assert copy.command("verify").returncode == 0


def test_12_everything_said_is_in_the_openapi_document(village: VillageOnline) -> None:
    spec = village.served.api("GET", "/openapi.json").json
    assert "/api/v1/villages/{v}/redemptions/{id}/void" in spec["paths"]
