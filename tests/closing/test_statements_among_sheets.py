"""The statement of a closing is a sheet among the others: listed, printed, hung, and objected to from its page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from tests.api import Api
from tests.books import violations
from tests.closing.periods import close, decide, noon
from tests.merits.deeds import logged
from tests.notices.board import Board
from tests.world import World


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 12, 20, 4, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def board(api: Api, world: World, now: time_machine.Traveller) -> Board:
    found = Board(api, world)
    world.settings(notice_days=0)
    return found


@pytest.fixture
def statement(board: Board, now: time_machine.Traveller) -> dict[str, Any]:
    logged(board.manager)
    decide(board.api)
    now.move_to(noon("2027-01-05"))
    answer = close(board.manager)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_it_is_listed_and_its_form_opens(board: Board, statement: dict[str, Any]) -> None:
    for role in ("manager", "viewer"):
        (item,) = board.api.as_(role).get("/publications").get_json()["items"]
        assert (item["kind"], item["title"].endswith("2026年积分结转公示")) == ("closing", True)
    token = statement["public_url"].rpartition("/")[2]
    form = board.public(f"/b/{token}/objection")
    assert (form.status_code, "积分结转公示" in form.text) == (200, True)


def test_it_is_made_by_the_closing_alone(board: Board, statement: dict[str, Any]) -> None:
    answer = board.publish("closing", period="2026")
    assert (answer.status_code, answer.get_json()["errors"].keys()) == (422, {"kind"})


def test_it_prints_as_others_do_and_its_page_ends_with_its_period(
    board: Board, world: World, statement: dict[str, Any], now: time_machine.Traveller
) -> None:
    printed = board.manager.get(f"/publications/{statement['id']}.pdf?paper=A3")
    assert (printed.status_code, printed.data[:5]) == (200, b"%PDF-")
    assert board.hang(statement, on="2027-01-05").status_code == 201
    page = statement["public_url"].partition("8000")[2]
    now.move_to(noon("2027-01-11"))
    assert board.public(page).status_code == 200
    now.move_to(noon("2027-01-12"))
    assert board.public(page).status_code == 410
    assert world.see(violations) == {}


def test_while_it_does_not_hang_the_village_is_told(board: Board, statement: dict[str, Any]) -> None:
    def unhung() -> list[str]:
        items = board.manager.get("/publications?overdue=false").get_json()["items"]
        return [item["missing"] for item in items if item["kind"] == "closing"]

    assert unhung() == ["posting"]
    assert board.hang(statement, on="2027-01-05").status_code == 201
    assert unhung() == []


def test_an_objection_to_it_is_answered_on_the_next_merit_notice(board: Board, statement: dict[str, Any]) -> None:
    objection = board.objected(statement, 1)
    board.decide(objection, "dismiss", reason="与存折逐行核对无误")
    board.world.settings(notice_days=7)
    board.log()
    (answer,) = board.published()["document"]["answers"]
    assert (answer["number"], answer["line"]) == ("2027年第1期积分结转公示", 1)
