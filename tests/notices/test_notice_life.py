"""The whole life of a notice over HTTP: signed, printed, hung, objected to, decided, posted."""

import time_machine

from tests.merits.deeds import honour, review
from tests.notices.board import Board
from tests.together import outcome


def test_a_notice_lives_from_the_signature_to_the_books(board: Board, now: time_machine.Traveller) -> None:
    board.world.settings(review_levels=1)
    merits = [board.log(number) for number in ("0001", "0002", "0003")]
    assert {review(board.api.as_("reviewer"), name).get_json()["state"] for name in merits} == {"approved"}

    sheet = board.published()
    assert [item["name"] for item in sheet["document"]["items"]] == [
        item["name"] for item in board.manager.get(f"/publications/{sheet['id']}").get_json()["document"]["items"]
    ]
    # printed on Monday, hung on Wednesday: the clock starts on the wall
    now.move_to("2026-11-04T10:00:00+08:00")
    assert {board.state(name) for name in merits} == {"approved"}
    hung = board.hang(sheet, on="2026-11-04")
    assert (hung.status_code, hung.get_json()["due_on"]) == (201, "2026-11-11")
    assert {board.state(name) for name in merits} == {"noticed"}

    doubted, clear, other = _by_line(board, sheet, merits)
    objection = board.objected(sheet, 1, name="018f6f2e-0000-7000-8000-0000000000aa")
    assert [board.state(name) for name in (doubted, clear, other)] == ["held", "noticed", "noticed"]

    now.move_to("2026-11-10T23:59:59+08:00")
    assert board.post_due() == 0
    now.move_to("2026-11-11T00:00:00+08:00")
    assert board.post_due() == 2
    assert [board.state(name) for name in (doubted, clear, other)] == ["held", "posted", "posted"]
    assert sorted(board.world.balance(number) for number in ("0001", "0002", "0003")) == [0, 5, 5]

    answer = board.decide(objection, "uphold", "经走访，当天不在村")
    assert (answer.status_code, answer.get_json()["state"]) == (201, "upheld")
    assert board.state(doubted) == "rejected"
    assert board.post_due() == 0

    following = board.published()
    assert following["number"] == "2026-002"
    assert following["document"]["answers"] == [
        {
            "number": "2026年第1期",
            "line": 1,
            "matter": "集中清扫",
            "decision": "upheld",
            "reason": "经走访，当天不在村",
        }
    ]
    told = board.manager.get("/objections").get_json()["items"][0]
    assert told["answered_in"] == following["id"]
    assert board.published()["document"]["answers"] == []


def test_dismissed_after_the_end_a_line_is_posted_at_once(board: Board, now: time_machine.Traveller) -> None:
    merit = board.log()
    sheet = board.published()
    board.hang(sheet, on="2026-11-02")
    objection = board.objected(sheet, 1)
    now.move_to("2026-11-20T10:00:00+08:00")
    assert board.post_due() == 0
    assert board.decide(objection, "dismiss", "有签到和照片").status_code == 201
    assert (board.state(merit), board.world.balance(), honour(board.manager)) == ("posted", 5, 5)


def test_dismissed_before_the_end_a_line_goes_on_waiting(board: Board, now: time_machine.Traveller) -> None:
    merit = board.log()
    sheet = board.published()
    board.hang(sheet, on="2026-11-02")
    first, second = board.objected(sheet, 1), board.objected(sheet, 1)
    board.decide(first, "dismiss")
    assert board.state(merit) == "held"
    board.decide(second, "dismiss")
    assert board.state(merit) == "noticed"
    now.move_to("2026-11-09T00:00:00+08:00")
    assert board.post_due() == 1


def test_an_objection_before_the_sheet_hangs_holds_its_line_too(board: Board, now: time_machine.Traveller) -> None:
    held, free = board.log("0001"), board.log("0002")
    sheet = board.published()
    objection = board.objected(sheet, 1)
    board.hang(sheet, on="2026-11-02")
    assert (board.state(held), board.state(free)) == ("held", "noticed")
    board.decide(objection, "dismiss")
    assert board.state(held) == "noticed"
    now.move_to("2026-11-09T00:00:00+08:00")
    assert board.post_due() == 2


def test_what_counts_already_is_beyond_objection(board: Board, now: time_machine.Traveller) -> None:
    board.log()
    sheet = board.published()
    board.hang(sheet, on="2026-11-02")
    now.move_to("2026-11-09T00:00:00+08:00")
    board.post_due()
    assert outcome(board.object(sheet, 1)) == (422, "period_closed")


def test_a_merit_stands_on_one_notice_only(board: Board) -> None:
    board.log("0001")
    assert board.published()["lines"] == 1
    board.log("0002")
    following = board.published()
    assert (following["lines"], following["document"]["items"][0]["group_no"]) == (1, 1)
    assert board.published()["document"]["items"] == []


def test_a_merit_reversed_on_the_wall_never_counts(board: Board, now: time_machine.Traveller) -> None:
    merit = board.log()
    sheet = board.published()
    board.hang(sheet, on="2026-11-02")
    board.objected(sheet, 1)
    assert board.manager.put(f"/merits/{merit}/reversal", {"reason": "记错了"}).get_json()["state"] == "reversed"
    now.move_to("2026-11-30T00:00:00+08:00")
    assert board.post_due() == 0
    open_ones = board.manager.get("/objections?state=open").get_json()["items"]
    assert board.decide(open_ones[0]["id"], "uphold").status_code == 201
    assert board.state(merit) == "reversed"


def _by_line(board: Board, sheet: dict[str, object], merits: list[str]) -> list[str]:
    """The merits in the order of the printed lines: by the households' numbers."""
    shown = {name: board.manager.get(f"/merits/{name}").get_json()["household"] for name in merits}
    return sorted(merits, key=lambda name: shown[name])
