"""`GET /publications?overdue=`: what should hang and doesn't."""

from typing import Any

import pytest
import time_machine

from tests.notices.board import Board
from tests.statements import cost


@pytest.fixture
def december(board: Board, now: time_machine.Traveller) -> Board:
    """Points moved in November, nothing else did; it is the eleventh of December."""
    board.world.settings(notice_days=0)
    board.log()
    board.world.settings(notice_days=7)
    now.move_to("2026-12-11T10:00:00+08:00")
    return board


def overdue(board: Board, value: str = "true") -> list[dict[str, Any]]:
    answer = board.manager.get("/publications", query={"overdue": value})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


def test_a_month_in_which_points_moved_is_due_on_the_tenth(december: Board, now: time_machine.Traveller) -> None:
    (ledger,) = [each for each in overdue(december) if each["kind"] == "ledger"]
    assert ledger == {
        "kind": "ledger",
        "missing": "publication",
        "due_on": "2026-12-10",
        "rhythm": "monthly",
        "period": "2026-11",
        "first_on": "2026-11-01",
        "last_on": "2026-11-30",
        "waiting": None,
        "publication": None,
        "number": None,
    }
    now.move_to("2026-12-10T10:00:00+08:00")
    assert "ledger" not in {each["kind"] for each in overdue(december)}
    assert "ledger" in {each["kind"] for each in overdue(december, "false")}


def test_what_was_made_lacks_only_its_proof_and_then_nothing(december: Board) -> None:
    sheet = december.published("ledger", period="2026-11")
    (lack,) = [each for each in overdue(december) if each["kind"] == "ledger"]
    assert (lack["missing"], lack["publication"], lack["number"]) == ("posting", sheet["id"], "2026-001")
    december.hang(sheet, on="2026-12-11")
    assert "ledger" not in {each["kind"] for each in overdue(december)}


def test_a_sheet_of_the_whole_year_covers_its_months_and_one_of_half_a_month_does_not(
    december: Board, now: time_machine.Traveller
) -> None:
    now.move_to("2026-11-15T10:00:00+08:00")
    december.hang(december.published("ledger", period="2026-11"), on="2026-11-15")
    now.move_to("2026-12-11T10:00:00+08:00")
    assert "ledger" in {each["kind"] for each in overdue(december)}
    december.hang(december.published("ledger", period="2026"), on="2026-12-11")
    assert "ledger" not in {each["kind"] for each in overdue(december)}


def test_a_sheet_that_was_taken_down_or_corrected_counts_no_more(december: Board) -> None:
    first = december.published("ledger", period="2026-11")
    december.hang(first, on="2026-12-11")
    second = december.published("ledger", period="2026-11", replaces=first["id"])
    (lack,) = [each for each in overdue(december) if each["kind"] == "ledger"]
    assert (lack["missing"], lack["publication"]) == ("posting", second["id"])
    december.hang(second, on="2026-12-11")
    december.manager.put(f"/publications/{second['id']}/withdrawal", {"reason": "印错"})
    (lack,) = [each for each in overdue(december) if each["kind"] == "ledger"]
    assert (lack["missing"], lack["publication"]) == ("publication", None)


def test_merits_that_wait_from_an_earlier_month_are_due(december: Board, now: time_machine.Traveller) -> None:
    now.move_to("2026-11-20T10:00:00+08:00")
    december.log("0002")
    now.move_to("2026-12-11T10:00:00+08:00")
    december.log("0003")
    (lack,) = [each for each in overdue(december) if each["kind"] == "merit_notice"]
    assert (lack["missing"], lack["due_on"], lack["waiting"]) == ("publication", "2026-12-10", 2)
    sheet = december.published()
    assert "merit_notice" not in {each["kind"] for each in overdue(december)}
    now.move_to("2026-12-15T10:00:00+08:00")
    (lack,) = [each for each in overdue(december) if each["kind"] == "merit_notice"]
    assert (lack["missing"], lack["publication"], lack["due_on"]) == ("posting", sheet["id"], "2026-12-14")
    december.hang(sheet, on="2026-12-15")
    assert "merit_notice" not in {each["kind"] for each in overdue(december)}


def test_a_notice_that_never_hung_is_missing_while_merits_wait_on_it(board: Board, now: time_machine.Traveller) -> None:
    merit = board.log()
    sheet = board.published()
    for day in ("2026-12-08", "2026-12-12", "2028-03-01"):
        now.move_to(f"{day}T10:00:00+08:00")
        (lack,) = [each for each in overdue(board) if each["kind"] == "merit_notice"]
        assert (lack["missing"], lack["publication"], lack["due_on"]) == ("posting", sheet["id"], "2026-11-05")
    board.manager.put(f"/merits/{merit}/reversal", {"reason": "记错了"})
    assert [each for each in overdue(board) if each["kind"] == "merit_notice"] == []


def test_a_new_village_owes_nothing(board: Board) -> None:
    assert overdue(board) == overdue(board, "false") == []


def test_the_question_costs_the_same_whatever_was_published(december: Board) -> None:
    app = december.api.ground.app
    few = cost(app, lambda: overdue(december))
    for _ in range(3):
        december.published("goods", period="2026-11")
    assert cost(app, lambda: overdue(december)) == few


def test_those_who_watch_may_ask(december: Board) -> None:
    for role in ("supervisor", "admin", "viewer"):
        assert december.api.as_(role).get("/publications?overdue=true").status_code == 200
