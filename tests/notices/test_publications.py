"""Each kind of sheet drawn from the books over HTTP."""

from typing import Any

import pytest
import time_machine

from pointshop.core.ids import new_name
from pointshop.publishing.table_document import read_table_sheet
from tests.ground import OTHER
from tests.notices.board import Board
from tests.statements import cost
from tests.together import outcome

KINDS = ["merit_notice", "redemptions", "goods", "thanks", "ledger", "passbook"]


@pytest.fixture
def lived_in(board: Board) -> Board:
    """November: 0001 earned 20 and took soap for 6; 0002 a gift of soap came in; 0003 did nothing."""
    board.world.settings(notice_days=0)
    for _ in range(4):
        board.log("0001", note=new_name())
    board.log("0002")
    clerk = board.api.as_("clerk")
    board.manager.put("/products/P1", {"name": "香皂", "spec": "100g", "unit": "块", "points": 3})
    for move in (
        {"kind": "receive", "quantity": 10, "cost_fen": 250},
        {"kind": "receive", "quantity": 5, "donor": "乡贤张先生", "names_donor": True, "cost_fen": 990},
        {"kind": "write_off", "quantity": 1, "note": "受潮"},
    ):
        assert clerk.put(f"/stock-moves/{new_name()}", {"product": "P1"} | move).status_code == 201
    card = board.world.card("0001")
    for expected in (6, 3):
        order = {"card": card, "lines": [{"product": "P1", "quantity": expected // 3}], "expected_points": expected}
        name = new_name()
        assert clerk.put(f"/redemptions/{name}", order).status_code == 201
    assert clerk.put(f"/redemptions/{name}/void", {"reason": "拿错了"}).status_code == 201
    return board


def of_month(board: Board, kind: str, **more: Any) -> dict[str, Any]:
    return board.published(kind, period="2026-11", **more)


def test_redemptions_are_listed_with_goods_and_points_and_voided_ones_are_not(lived_in: Board) -> None:
    sheet = of_month(lived_in, "redemptions")["document"]
    assert [(item["goods"], item["points"], item["done_on"]) for item in sheet["items"]] == [
        ("香皂×2块", 6, "2026-11-02")
    ]
    assert {"label": "兑换积分合计", "value": 6, "unit": "分"} in sheet["totals"]
    assert sheet["title"] == "城关镇王庄村2026年11月积分兑换明细公开"


def test_goods_add_up_and_name_those_who_gave(lived_in: Board) -> None:
    (line,) = of_month(lived_in, "goods")["document"]["items"]
    assert line == {
        "goods": "香皂 100g",
        "unit": "块",
        "before": 0,
        "received": 15,
        "donors": "乡贤张先生捐赠5、购入10",
        "cost_fen": 2500,
        "given": 2,
        "lost": 1,
        "left": 12,
    }


def test_who_did_not_agree_is_not_named_and_what_a_gift_cost_is_nobodys(lived_in: Board) -> None:
    gift = {"product": "P1", "kind": "receive", "quantity": 3, "donor": "李大山", "cost_fen": 5000}
    assert lived_in.api.as_("clerk").put(f"/stock-moves/{new_name()}", gift).status_code == 201
    sheet = of_month(lived_in, "goods")["document"]
    (line,) = sheet["items"]
    assert (line["donors"], line["cost_fen"]) == ("乡贤张先生捐赠5、爱心人士捐赠3、购入10", 2500)
    assert "李大山" not in str(sheet)
    lived_in.world.settings(public_names="masked")
    (line,) = of_month(lived_in, "goods")["document"]["items"]
    assert line["donors"] == "爱心人士捐赠8、购入10"


def test_the_board_of_thanks_names_those_who_agreed(lived_in: Board) -> None:
    def give(yuan: int, party: str, **more: Any) -> str:
        name = new_name()
        said = {"kind": "donation", "amount_fen": yuan * 100, "party": party, "purpose": "捐款"}
        answer = lived_in.manager.put(f"/fund-entries/{name}", said | {"occurred_on": "2026-11-02"} | more)
        assert answer.status_code == 201, answer.text
        return name

    give(200, "乡贤张先生", names_party=True)
    give(50, "李大山")
    mistaken = give(70, "王某", names_party=True)
    assert lived_in.manager.put(f"/fund-entries/{mistaken}/reversal", {"reason": "没有收到"}).status_code == 201
    sheet = of_month(lived_in, "thanks")["document"]
    assert sheet["items"] == [
        {"name": "乡贤张先生", "gifts": "香皂×5块", "money_fen": 20_000},
        {"name": "爱心人士", "gifts": None, "money_fen": 5_000},
    ]
    assert {"label": "捐款合计", "value": 25_000, "unit": "元"} in sheet["totals"]
    assert sheet["title"] == "城关镇王庄村2026年11月爱心捐赠鸣谢"


def test_goods_of_the_next_month_begin_with_what_was_left(lived_in: Board, now: time_machine.Traveller) -> None:
    now.move_to("2026-12-05T10:00:00+08:00")
    (line,) = lived_in.published("goods", period="2026-12")["document"]["items"]
    assert (line["before"], line["received"], line["given"], line["left"]) == (12, 0, 0, 12)


def test_the_ledger_has_every_household_with_what_came_and_went(lived_in: Board, now: time_machine.Traveller) -> None:
    items = of_month(lived_in, "ledger")["document"]["items"]
    assert [(item["before"], item["earned"], item["spent"], item["left"]) for item in items] == [
        # the voided redemption came back
        (0, 23, 9, 14),
        (0, 5, 0, 5),
        (0, 0, 0, 0),
    ]
    now.move_to("2026-12-05T10:00:00+08:00")
    items = lived_in.published("ledger", period="2026-12")["document"]["items"]
    assert [(item["before"], item["left"]) for item in items] == [(14, 14), (5, 5), (0, 0)]


def test_a_passbook_page_is_the_household_s_and_nobody_s_else(lived_in: Board) -> None:
    sheet = of_month(lived_in, "passbook", household="0001")
    document = sheet["document"]
    assert document["holder"] == {"number": "0001", "head": lived_in.world.household("0001").head, "group_no": 1}
    assert [item["left"] for item in document["items"]] == [5, 10, 15, 20, 14, 11, 14]
    assert document["items"][4]["summary"] == "兑换 香皂×2"
    assert (sheet["public_url"], document["public_url"]) == (None, None)
    assert outcome(lived_in.hang(sheet, on="2026-11-02")) == (422, "validation")
    assert outcome(lived_in.object(sheet, 1)) == (404, "not_found")
    viewer = lived_in.api.as_("viewer")
    assert viewer.get(f"/publications/{sheet['id']}").status_code == 404
    assert viewer.get("/publications").get_json()["items"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_sheet_is_frozen_with_its_number_and_can_be_read_back(lived_in: Board, kind: str) -> None:
    own = {} if kind == "merit_notice" else {"period": "2026-11"}
    own |= {"household": "0001"} if kind == "passbook" else {}
    first, second = lived_in.published(kind, **own), lived_in.published(kind, **own)
    assert (first["number"], second["number"]) == ("2026-001", "2026-002")
    assert read_table_sheet(first["document"]).kind.name == kind
    assert len(first["digest"]) == 64 and first["digest"] != second["digest"]


def test_asking_again_under_the_same_name_makes_no_second_sheet(lived_in: Board) -> None:
    name = new_name()
    made = lived_in.publish("ledger", name=name, period="2026-11")
    lived_in.log("0003")
    again = lived_in.publish("ledger", name=name, period="2026-11")
    assert (again.status_code, again.headers["Idempotency-Replayed"], again.data) == (200, "true", made.data)
    assert outcome(lived_in.publish("goods", name=name, period="2026-11")) == (422, "name_reused")
    assert lived_in.published("ledger", period="2026-11")["number"] == "2026-002"


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("ledger", {}, "period"),
        ("ledger", {"period": "2026-12"}, "period"),
        ("ledger", {"period": "2026-11", "household": "0001"}, "household"),
        ("merit_notice", {"period": "2026-11"}, "period"),
        ("passbook", {"period": "2026-11"}, "household"),
        ("passbook", {"period": "2026-11", "household": "9999"}, "household"),
        ("ledger", {"period": "2026-11", "replaces": "018f6f2e-0000-7000-8000-000000000001"}, "replaces"),
        ("honor_roll", {}, "kind"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_field(
    lived_in: Board, kind: str, more: dict[str, Any], field: str
) -> None:
    answer = lived_in.publish(kind, **more)
    assert outcome(answer) == (422, "validation")
    assert list(answer.get_json()["errors"]) == [field]
    assert lived_in.manager.get("/publications").get_json()["items"] == []


def test_names_follow_the_policy_the_consent_and_the_age(board: Board) -> None:
    board.world.household("0001", head="单雄信", name_consent=True)
    board.world.household("0002", head="解晓东")
    board.world.household("0003", head="查小小", name_consent=True, members=[])
    child = {"head": "查小小", "group_no": 1, "name_consent": True, "members": [{"name": "查小小", "birth_year": 2015}]}
    assert board.manager.put("/households/0003", child).status_code == 200
    for number in ("0001", "0002", "0003"):
        board.log(number)
    items = board.published()["document"]["items"]
    assert [item["name"] for item in items] == ["单雄信", "解*东", "某户(0003)"]


@pytest.mark.parametrize("words", ["请电13812345678找我", "身份证410926197001011234"])
def test_a_sheet_that_would_show_a_private_number_is_refused_by_its_line(board: Board, words: str) -> None:
    board.world.rule("A2", name=words)
    board.log("0001")
    board.log("0002", rule="A2")
    answer = board.publish()
    assert outcome(answer) == (422, "private_data")
    assert list(answer.get_json()["errors"]) == ["items.1.matter"]
    assert board.manager.get("/publications").get_json()["items"] == []


def test_notes_of_deeds_never_reach_a_sheet(board: Board) -> None:
    board.log(note="因病住院")
    sheet = board.published()
    assert "住院" not in str(sheet)
    assert "住院" not in board.public(sheet["public_url"]).text


def test_a_list_of_sheets_costs_the_same_however_long_it_is(board: Board) -> None:
    def read() -> None:
        assert board.manager.get("/publications").status_code == 200

    board.published()
    few = cost(board.api.ground.app, read)
    for _ in range(4):
        board.hang(board.published(), on="2026-11-02")
    assert cost(board.api.ground.app, read) == few


def test_another_village_sees_nothing_of_it(board: Board) -> None:
    sheet = board.published()
    other = board.api.as_("manager", of=OTHER)
    assert other.get("/publications").get_json()["items"] == []
    assert other.get(f"/publications/{sheet['id']}").status_code == 404
    assert board.published(caller=other)["number"] == "2026-001"


def test_only_the_manager_makes_sheets(board: Board) -> None:
    for role in ("admin", "reviewer", "worker", "clerk", "supervisor", "viewer"):
        assert board.publish(caller=board.api.as_(role)).status_code == 403
