"""What moves points without a notice of its own is told on the next sheet that everybody reads (B15)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from pointshop.core.ids import new_name
from tests.notices.board import Board


class Teller:
    """Sheets of this village, each made some minutes after what it tells."""

    def __init__(self, board: Board, now: time_machine.Traveller) -> None:
        self.board, self.now = board, now

    def adjust(self, points: int) -> None:
        name = new_name()
        asked = {"household": "0001", "points": points, "reason": "wrong_points", "note": "多记一次"}
        assert self.board.manager.put(f"/adjustments/{name}", asked).status_code == 201
        signed = self.board.supervisor.put(f"/adjustments/{name}/decision", {"decision": "approve"})
        assert signed.status_code == 201

    def sheet(self, kind: str = "merit_notice", **more: Any) -> dict[str, Any]:
        self.now.shift(timedelta(minutes=5))
        return self.board.published(kind, **more)

    def told(self, kind: str = "merit_notice", **more: Any) -> list[str]:
        remarks: list[str] = self.sheet(kind, **more)["document"]["remarks"]
        return [remark.partition("日：")[2] for remark in remarks]


@pytest.fixture
def teller(board: Board, now: time_machine.Traveller) -> Teller:
    found = Teller(board, now)
    found.sheet()
    return found


def test_points_moved_by_hand_stand_on_the_next_notice_once(teller: Teller) -> None:
    teller.adjust(7)
    asked = {"household": "0002", "points": 9, "reason": "resolution", "note": "尚未审批"}
    assert teller.board.manager.put(f"/adjustments/{new_name()}", asked).status_code == 201
    assert teller.told() == ["某户(0001)人工调整 +7 分（记错分）"]
    assert teller.told() == []


def test_what_is_decided_while_a_sheet_is_made_stands_on_the_next_one(board: Board, teller: Teller) -> None:
    """Its unit of work may have begun before the sheet, and be committed after it."""
    teller.now.shift(timedelta(minutes=5))
    teller.adjust(7)
    assert board.published()["document"]["remarks"] == []
    assert teller.told() == ["某户(0001)人工调整 +7 分（记错分）"]


def test_a_correction_tells_what_the_sheet_it_replaces_told(teller: Teller) -> None:
    teller.adjust(7)
    first = teller.sheet()
    teller.adjust(-3)
    assert teller.sheet(replaces=first["id"])["document"]["remarks"] == first["document"]["remarks"]
    assert teller.told() == ["某户(0001)人工调整 -3 分（记错分）"]


def test_households_that_take_points_along_are_told(board: Board, teller: Teller) -> None:
    teller.adjust(8)
    head = board.manager.get("/households/0001").get_json()["head"]
    register = {"head": head, "group_no": 1, "members": [{"name": "赵小六"}]}
    members = board.manager.put("/households/0001", register).get_json()["members"]
    begun = {"number": "0101", "head": "赵小六", "group_no": 1}
    split = begun | {"household": "0001", "members": [members[0]["id"]], "points": 4}
    assert board.manager.put(f"/household-splits/{new_name()}", split).status_code == 201
    teller.now.shift(timedelta(minutes=1))
    merge = {"household": "0002", "into": "0003"}
    assert board.manager.put(f"/household-merges/{new_name()}", merge).status_code == 201
    assert teller.told()[-2:] == ["某户(0001)分户，某户(0101)分走 4 分", "某户(0002)并入某户(0003)，带入 0 分"]


def test_whoever_switches_the_watch_off_is_seen(board: Board, teller: Teller) -> None:
    """A manager who lets points count at once for an afternoon."""
    for days in (0, 7):
        board.world.settings(notice_days=days)
    board.world.settings(period_budget=500)
    assert teller.told() == ["公示天数由7改为0", "公示天数由0改为7", "每月积分总额由不限改为500"]


def test_the_ledger_tells_those_of_its_month(teller: Teller, now: time_machine.Traveller) -> None:
    teller.adjust(7)
    assert teller.told("ledger", period="2026-11")[-1] == "某户(0001)人工调整 +7 分（记错分）"
    assert teller.told("goods", period="2026-11") == []
    now.shift(timedelta(days=31))
    assert teller.told("ledger", period="2026-12") == []


def test_a_sheet_with_very_many_says_how_many(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pointshop.notices.remarks.MAX_REMARKS", 3)
    for points in range(1, 6):
        teller.adjust(points)
    remarks = teller.sheet()["document"]["remarks"]
    assert len(remarks) == 3
    assert remarks[-1] == "共 5 项，其余请到村委会查阅"


def test_they_are_printed_and_stand_on_the_public_page(board: Board, teller: Teller) -> None:
    teller.adjust(7)
    sheet = teller.sheet()
    for page in (board.public(sheet["public_url"]).text, board.manager.get(f"/publications/{sheet['id']}.html").text):
        assert "同时公开的变动" in page
        assert "某户(0001)人工调整 +7 分（记错分）" in page
