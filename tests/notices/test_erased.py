"""Who is erased is named by no page any more, and what hung beside them goes on waiting."""

from typing import Any

import pytest
import time_machine

from pointshop.core.ids import new_name
from tests.notices.board import Board


def erased(board: Board, number: str) -> list[str]:
    answer = board.manager.put(f"/erasures/{new_name()}", {"household": number, "basis": "request"})
    assert answer.status_code == 201, answer.text
    found: list[str] = answer.get_json()["withdrawn"]
    return found


@pytest.fixture(params=["full", "masked"])
def sheet(board: Board, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A notice that hangs, on which household 0003 has a line that was objected to with success."""
    board.world.settings(public_names=request.param)
    board.log("0001")
    board.log("0003")
    sheet = board.published()
    board.hang(sheet, on="2026-11-02")
    board.decide(board.objected(sheet, 2), "uphold")
    return sheet


def test_a_notice_that_named_them_goes_and_its_clock_stops(
    board: Board, sheet: dict[str, Any], now: time_machine.Traveller
) -> None:
    assert erased(board, "0003") == [sheet["number"]]
    assert board.public(sheet["public_url"]).status_code == 410
    now.move_to("2026-11-10T10:00:00+08:00")
    assert board.post_due() == 0
    assert board.published()["lines"] == 1


def test_a_notice_on_which_they_are_not_stays(board: Board, sheet: dict[str, Any]) -> None:
    assert erased(board, "0002") == []
    assert board.public(sheet["public_url"]).status_code == 200


def test_a_ledger_with_their_masked_name_goes(board: Board) -> None:
    board.world.settings(public_names="masked", notice_days=0)
    ledger = board.published("ledger", period="2026-11")
    assert erased(board, "0003") == [ledger["number"]]
