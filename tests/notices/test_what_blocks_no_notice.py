"""Nothing that somebody typed keeps later notices from being made."""

import pytest
from sqlalchemy import update

from pointshop.core.ids import new_name
from pointshop.core.numbers import take_numbers
from pointshop.publishing.models import Objection
from pointshop.publishing.parts import MAX_EDITION
from tests.ground import HOME
from tests.notices.board import Board
from tests.together import outcome


def test_a_reason_that_could_not_be_printed_is_refused_at_once(board: Board) -> None:
    board.log()
    objection = board.objected(board.published(), 1)
    answer = board.decide(objection, "dismiss", "经查\t属实")
    assert outcome(answer) == (422, "validation")
    assert list(answer.get_json()["errors"]) == ["reason"]
    assert board.decide(objection, "dismiss", "经查属实").status_code == 201
    assert len(board.published()["document"]["answers"]) == 1


def test_a_matter_cut_at_a_blank_is_printed(board: Board) -> None:
    board.world.rule("A1", name="扫" * 59)
    board.log("0001", quantity=2)
    board.decide(board.objected(board.published(), 1), "uphold")
    board.log("0002")
    (answer,) = board.published()["document"]["answers"]
    assert answer["matter"] == "扫" * 59


def test_an_answer_that_cannot_be_printed_is_named(board: Board) -> None:
    """From before such words were refused."""
    board.log()
    board.decide(board.objected(board.published(), 1), "dismiss")
    board.world.do(lambda work: work.write(update(Objection).values(reason="经查\t属实")))
    answer = board.publish()
    assert outcome(answer) == (422, "validation")
    assert list(answer.get_json()["errors"]) == ["answers..reason"]


@pytest.mark.breaks_the_books
def test_the_ten_thousandth_passbook_page_of_a_year_is_printed(board: Board) -> None:
    board.world.do(lambda work: take_numbers(work, int(HOME), "passbook 2026", count=9999))
    page = board.published("passbook", period="2026-11", household="0001")
    assert page["number"] == "2026-10000"


def test_a_sheet_is_corrected_until_its_last_edition(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pointshop.publishing.service.MAX_EDITION", 2)
    assert MAX_EDITION == 99
    second = board.published("ledger", period="2026-11", replaces=board.published("ledger", period="2026-11")["id"])
    answer = board.publish("ledger", period="2026-11", replaces=second["id"], name=new_name())
    assert (outcome(answer), list(answer.get_json()["errors"])) == ((422, "validation"), ["replaces"])
