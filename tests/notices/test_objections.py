"""Who objects, who decides, who sees what."""

from datetime import date, timedelta

import pytest
import time_machine

from pointshop.core.ids import new_name
from tests.api import Caller
from tests.ground import OTHER
from tests.merits.deeds import logged, review
from tests.notices.board import Board
from tests.staff import hire
from tests.together import at_once, outcome, outcomes

NAME = "018f6f2e-0000-7000-8000-000000000001"


@pytest.fixture
def second(board: Board) -> Caller:
    """Another supervisor of the village."""
    return hire(board.api, "supervisor2", "supervisor")


def test_an_objection_is_taken_down_by_name_or_without(board: Board) -> None:
    board.log()
    sheet = board.published()
    board.objected(sheet, 1, name=NAME)
    named = {"line": 1, "words": "他没去", "name": "王老五", "contact": "东头第三家"}
    assert board.manager.put(f"/publications/{sheet['id']}/objections/{new_name()}", named).status_code == 201
    seen = board.supervisor.get("/objections").get_json()["items"]
    assert {(each["name"], each["contact"]) for each in seen} == {(None, None), ("王老五", "东头第三家")}
    assert {each["channel"] for each in seen} == {"paper"}


def test_who_objected_is_shown_to_those_who_decide_and_to_nobody_else(board: Board) -> None:
    board.log()
    sheet = board.published()
    body = {"line": 1, "words": "他没去", "name": "王老五", "contact": "东头第三家"}
    answer = board.manager.put(f"/publications/{sheet['id']}/objections/{NAME}", body)
    for told in (answer, board.manager.get("/objections")):
        assert "王老五" not in told.text and "东头" not in told.text
    assert "王老五" in board.api.as_("admin").get("/objections").text
    for role in ("worker", "clerk", "reviewer", "viewer"):
        assert board.api.as_(role).get("/objections").status_code == 403


def test_sent_twice_it_is_one(board: Board) -> None:
    board.log()
    sheet = board.published()
    board.objected(sheet, 1, name=NAME)
    again = board.object(sheet, 1, name=NAME)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert outcome(board.object(sheet, None, name=NAME)) == (422, "name_reused")
    assert len(board.manager.get("/objections").get_json()["items"]) == 1


@pytest.mark.parametrize("line", [2, 5000])
def test_a_line_that_is_not_there_is_refused(board: Board, line: int) -> None:
    board.log()
    assert outcome(board.object(board.published(), line)) == (422, "validation")


def test_the_whole_sheet_can_be_objected_to_and_holds_nothing(board: Board, now: time_machine.Traveller) -> None:
    merit = board.log()
    sheet = board.published()
    board.hang(sheet, on="2026-11-02")
    objection = board.objected(sheet, None)
    assert board.state(merit) == "noticed"
    board.decide(objection, "dismiss", "公示位置符合要求")
    assert board.published()["document"]["answers"][0] == {
        "number": "2026年第1期",
        "line": None,
        "matter": "整张公示",
        "decision": "dismissed",
        "reason": "公示位置符合要求",
    }


def test_sheets_other_than_merit_notices_are_objected_to_and_answered_on_the_next_of_their_kind(board: Board) -> None:
    board.log()
    ledger = board.published("ledger", period="2026-11")
    board.decide(board.objected(ledger, 2), "uphold", "漏记一笔，已补")
    assert board.published()["document"]["answers"] == []
    assert board.published("goods", period="2026-11")["document"]["answers"] == []
    (answer,) = board.published("ledger", period="2026-11")["document"]["answers"]
    assert (answer["line"], answer["matter"], answer["reason"]) == (2, "本户积分", "漏记一笔，已补")


def test_an_honor_roll_is_objected_to_and_answered_on_the_next_notice(board: Board) -> None:
    board.world.settings(notice_days=0)
    board.log()
    roll = board.manager.put(
        f"/honor-rolls/{NAME}",
        {
            **{"title": "光荣榜", "period": "2026", "subject": "household", "places": 10, "board": "公开栏"},
            **{"notice_days": 7, "contact": "0393-5261234"},
        },
    ).get_json()
    board.decide(board.objected(roll, 1), "dismiss", "名次无误")
    (answer,) = board.published()["document"]["answers"]
    assert (answer["number"], answer["matter"]) == ("2026年第1期光荣榜", "本户（人）名次")


def test_the_supervisor_decides_and_no_other_role(board: Board) -> None:
    board.log()
    objection = board.objected(board.published(), 1)
    for role in ("manager", "reviewer", "worker", "clerk", "viewer"):
        assert board.decide(objection, "dismiss", by=board.api.as_(role)).status_code == 403
    assert (
        board.decide(objection, "dismiss", by=board.api.as_("supervisor", of=OTHER).into("410926100201")).status_code
        == 404
    )
    assert board.decide(objection, "dismiss").status_code == 201
    assert outcome(board.decide(objection, "uphold")) == (422, "not_pending")


def test_deciding_again_the_same_way_is_a_replay(board: Board) -> None:
    board.log()
    objection = board.objected(board.published(), 1)
    first, again = board.decide(objection, "uphold"), board.decide(objection, "uphold")
    assert (first.status_code, again.status_code, again.data) == (201, 200, first.data)


def test_a_cadre_does_not_decide_what_is_said_about_them(board: Board, second: Caller) -> None:
    board.log()
    objection = board.objected(board.published(), 1, about="supervisor")
    assert outcome(board.decide(objection, "dismiss")) == (422, "self_dealing")
    assert board.state_of_objection(objection) == "open"
    assert board.decide(objection, "dismiss", by=second).status_code == 201


def test_who_scored_or_signed_does_not_decide(board: Board, second: Caller) -> None:
    both = hire(board.api, "busy", "supervisor", "worker", "reviewer")
    board.world.settings(review_levels=1)
    scored, signed = logged(both, "0001"), board.log("0002")
    assert review(board.api.as_("reviewer"), scored).status_code == 201
    assert review(both, signed).status_code == 201
    sheet = board.published()
    objections = [board.objected(sheet, 1), board.objected(sheet, 2)]
    for objection in objections:
        assert outcome(board.decide(objection, "dismiss", by=both)) == (422, "self_dealing")
        assert board.decide(objection, "dismiss", by=second).status_code == 201


def test_nobody_decides_about_points_of_their_own_household(board: Board, second: Caller) -> None:
    """Staff are called 工作人员 and 临时工 in tests; here one of them heads the household."""
    board.world.household("0001", head="工作人员")
    board.log("0001")
    objection = board.objected(board.published(), 1)
    assert outcome(board.decide(objection, "dismiss")) == (422, "self_dealing")
    assert board.decide(objection, "dismiss", by=second).status_code == 201


def test_nobody_decides_about_points_of_a_relative(board: Board, second: Caller) -> None:
    tie = {"households": [{"number": "0001", "relation": "kin"}]}
    assert board.manager.put("/ties/supervisor", tie).status_code == 200
    board.log("0001")
    objection = board.objected(board.published(), 1)
    assert outcome(board.decide(objection, "dismiss")) == (422, "self_dealing")
    assert board.decide(objection, "dismiss", by=second).status_code == 201


def test_who_objects_or_took_it_down_or_made_the_sheet_does_not_decide(board: Board, second: Caller) -> None:
    many = hire(board.api, "many", "supervisor", "manager")
    board.log()
    own, sheet = board.published(caller=many), board.published("ledger", period="2026-11")
    said = {"line": 1, "words": "不对"}
    assert many.put(f"/publications/{sheet['id']}/objections/{NAME}", said).status_code == 201
    for objection in (board.objected(own, 1), NAME):
        assert outcome(board.decide(objection, "uphold", by=many)) == (422, "self_dealing")
        assert board.decide(objection, "uphold", by=second).status_code == 201


def test_who_is_named_as_objector_does_not_decide(board: Board, second: Caller) -> None:
    """Staff are called 工作人员 in tests."""
    board.log()
    sheet, name = board.published(), new_name()
    said = {"line": 1, "words": "不对", "name": "工作人员"}
    assert board.manager.put(f"/publications/{sheet['id']}/objections/{name}", said).status_code == 201
    assert outcome(board.decide(name, "uphold")) == (422, "self_dealing")
    assert board.decide(name, "uphold", by=second).status_code == 201


def test_somebody_who_does_not_work_here_cannot_be_meant(board: Board) -> None:
    board.log()
    sheet = board.published()
    for stranger in ("nobody", f"supervisor-{OTHER}"):
        assert outcome(board.object(sheet, 1, about=stranger)) == (422, "validation")


def test_a_reason_with_a_private_number_is_refused_before_it_could_be_printed(board: Board) -> None:
    board.log()
    objection = board.objected(board.published(), 1)
    answer = board.decide(objection, "uphold", "找13812345678核实过")
    assert outcome(answer) == (422, "private_data")
    assert list(answer.get_json()["errors"]) == ["reason"]
    assert board.state_of_objection(objection) == "open"


def test_two_who_decide_at_once_decide_once(board: Board, second: Caller) -> None:
    merit = board.log()
    objection = board.objected(board.published(), 1)
    answers = at_once(
        [
            lambda: board.decide(objection, "uphold"),
            lambda: board.decide(objection, "dismiss", by=second),
        ]
    )
    assert outcomes(answers) == {201: 1, (422, "not_pending"): 1}
    assert board.state(merit) in ("rejected", "approved")


def test_an_objection_and_the_end_of_the_period_meet(board: Board, now: time_machine.Traveller) -> None:
    """Either the objection came first and its line waits, or the line counts and the objection is told so."""
    merit = board.log()
    sheet = board.published()
    board.hang(sheet, on="2026-11-02")
    now.shift(timedelta(days=7))
    status, posted = at_once([lambda: board.object(sheet, 1).status_code, board.post_due])
    assert (board.state(merit), status, posted) in (("held", 201, 0), ("posted", 422, 1))


def test_what_was_dismissed_is_said_again_on_the_page_without_stopping_the_line(board: Board) -> None:
    """Or whoever grudges a neighbour their points keeps them off for ever."""
    merit = board.log()
    sheet = board.published()
    assert board.hang(sheet, on=date(2026, 11, 2)).status_code == 201
    board.decide(board.objected(sheet, 1), "dismiss")
    again = board.objected_on_page(sheet, 1)
    assert board.state(merit) == "noticed"
    board.decide(again, "dismiss")
    assert board.state(merit) == "noticed"
    in_person = board.objected(sheet, 1)
    assert board.state(merit) == "held"
    board.decide(in_person, "dismiss")
    assert board.state(merit) == "noticed"


@pytest.mark.parametrize(("days", "ends"), [(0, "rejected"), (7, "reversed")])
def test_said_again_and_found_right_it_ends_wherever_the_line_is(
    board: Board, now: time_machine.Traveller, days: int, ends: str
) -> None:
    merit = board.log()
    sheet = board.published()
    assert board.hang(sheet, on=date(2026, 11, 2)).status_code == 201
    board.decide(board.objected(sheet, 1), "dismiss")
    again = board.objected_on_page(sheet, 1)
    now.shift(timedelta(days=days))
    board.post_due()
    assert board.decide(again, "uphold").status_code == 201
    assert board.state(merit) == ends
    assert board.world.balance() == 0
