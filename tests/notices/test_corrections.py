"""A correction (更正) is a new edition under the same number; a sheet that is taken down gives its lines back."""

import time_machine

from pointshop.notices.merit_lines import draw_merits
from pointshop.publishing.queries import get_publication
from tests.notices.board import Board
from tests.together import at_once, outcome, outcomes


def test_a_correction_bears_the_number_of_what_it_replaces_and_says_so(board: Board) -> None:
    first = board.published("ledger", period="2026-11")
    second = board.published("ledger", period="2026-11", replaces=first["id"])
    assert (second["number"], second["edition"]) == ("2026-001", 2)
    assert second["document"]["replaces"] == first["digest"]
    assert board.manager.get(f"/publications/{first['id']}").get_json()["replaced_by"] == second["id"]
    assert board.published("ledger", period="2026-11")["number"] == "2026-002"
    third = board.published("ledger", period="2026-11", replaces=second["id"])
    assert (third["number"], third["edition"]) == ("2026-001", 3)


def test_the_code_on_the_old_sheet_leads_to_the_corrected_one(board: Board) -> None:
    first = board.published("ledger", period="2026-11")
    second = board.published("ledger", period="2026-11", replaces=first["id"])
    answer = board.public(first["public_url"])
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        second["public_url"].removeprefix("http://127.0.0.1:8000"),
    )
    assert "更正" in board.public(second["public_url"]).text
    assert answer.headers["Cache-Control"] == "no-store"


def test_only_the_newest_edition_is_corrected_and_only_by_its_kind(board: Board) -> None:
    first = board.published("ledger", period="2026-11")
    board.published("ledger", period="2026-11", replaces=first["id"])
    assert outcome(board.publish("ledger", period="2026-11", replaces=first["id"])) == (422, "already_voided")
    assert outcome(board.publish("goods", period="2026-11", replaces=first["id"])) == (422, "validation")


def test_two_corrections_at_once_make_one(board: Board) -> None:
    first = board.published("ledger", period="2026-11")
    answers = at_once([lambda: board.publish("ledger", period="2026-11", replaces=first["id"])] * 2)
    assert outcomes(answers) == {201: 1, (422, "already_voided"): 1}


def test_a_corrected_notice_has_what_still_stands_and_its_clock_starts_anew(
    board: Board, now: time_machine.Traveller
) -> None:
    right, wrong = board.log("0001"), board.log("0002")
    first = board.published()
    board.hang(first, on="2026-11-02")
    now.move_to("2026-11-05T10:00:00+08:00")
    board.manager.put(f"/merits/{wrong}/reversal", {"reason": "记错了户"})
    mended = board.log("0003")
    second = board.published(replaces=first["id"])
    assert [board.state(name) for name in (right, wrong, mended)] == ["approved", "reversed", "approved"]
    assert (second["lines"], second["number"]) == (2, "2026-001")
    assert outcome(board.hang(first, on="2026-11-05")) == (410, "gone")
    assert outcome(board.object(first, 1)) == (410, "gone")
    board.hang(second, on="2026-11-05")
    now.move_to("2026-11-11T10:00:00+08:00")
    assert board.post_due() == 0
    now.move_to("2026-11-12T00:00:00+08:00")
    assert board.post_due() == 2


def test_an_objection_stays_with_its_line_through_a_correction(board: Board, now: time_machine.Traveller) -> None:
    held, free = board.log("0001"), board.log("0002")
    first = board.published()
    board.hang(first, on="2026-11-02")
    objection = board.objected(first, 1)
    second = board.published(replaces=first["id"])
    board.hang(second, on="2026-11-02")
    assert [board.state(name) for name in (held, free)] == ["held", "noticed"]
    again = board.objected(second, 1)
    board.decide(again, "dismiss")
    assert board.state(held) == "held"
    board.decide(objection, "dismiss")
    assert board.state(held) == "noticed"


def test_a_correction_says_again_what_the_old_edition_answered(board: Board) -> None:
    board.log()
    board.decide(board.objected(board.published(), 1), "uphold")
    first = board.published()
    second = board.published(replaces=first["id"])
    assert second["document"]["answers"] == first["document"]["answers"] != []
    assert board.published()["document"]["answers"] == []


def test_what_a_sheet_answered_that_was_taken_down_is_said_again(board: Board) -> None:
    board.log()
    board.decide(board.objected(board.published(), 1), "uphold")
    first = board.published()
    assert board.manager.put(f"/publications/{first['id']}/withdrawal", {"reason": "打印有误"}).status_code == 201
    assert board.published()["document"]["answers"] == first["document"]["answers"] != []
    assert board.published()["document"]["answers"] == []


def test_what_was_posted_already_stays_posted_and_is_listed(board: Board, now: time_machine.Traveller) -> None:
    merit = board.log()
    first = board.published()
    board.hang(first, on="2026-11-02")
    now.move_to("2026-11-09T10:00:00+08:00")
    board.post_due()
    assert board.published(replaces=first["id"])["lines"] == 1
    assert (board.state(merit), board.world.balance()) == ("posted", 5)


def test_a_notice_taken_down_gives_its_lines_to_the_next(board: Board, now: time_machine.Traveller) -> None:
    free, held = board.log("0001"), board.log("0002")
    sheet = board.published()
    board.hang(sheet, on="2026-11-02")
    objection = board.objected(sheet, 2)
    answer = board.manager.put(f"/publications/{sheet['id']}/withdrawal", {"reason": "漏盖公章"})
    assert answer.status_code == 201
    assert [board.state(name) for name in (free, held)] == ["approved", "held"]
    now.move_to("2026-11-20T10:00:00+08:00")
    assert board.post_due() == 0
    board.decide(objection, "dismiss")
    assert board.published()["lines"] == 2
    assert board.public(sheet["public_url"]).status_code == 410


def test_what_was_taken_down_is_not_corrected(board: Board, now: time_machine.Traveller) -> None:
    """Its lines hang elsewhere by then: they would stand on two notices, and the clock of the other would stop."""
    merit = board.log()
    sheet = board.published()
    board.manager.put(f"/publications/{sheet['id']}/withdrawal", {"reason": "漏盖公章"})
    board.hang(board.published(), on="2026-11-02")
    assert outcome(board.publish(replaces=sheet["id"])) == (422, "already_voided")
    assert board.state(merit) == "noticed"
    now.move_to("2026-11-09T10:00:00+08:00")
    assert board.post_due() == 1


def test_a_correction_leaves_out_what_another_notice_took_over(board: Board) -> None:
    """A notice taken down while its correction was drawn: the lines of one are the other's by then."""
    merit = board.log()
    sheet = board.published()
    board.manager.put(f"/publications/{sheet['id']}/withdrawal", {"reason": "漏盖公章"})
    taken = board.world.see(lambda work: get_publication(work, board.world.village_id, sheet["id"]))
    assert board.world.do(lambda work: draw_merits(work, board.world.village_id, taken)).merits == (merit,)
    board.published()
    assert board.world.do(lambda work: draw_merits(work, board.world.village_id, taken)).merits == ()


def test_an_honor_roll_is_corrected_likewise(board: Board) -> None:
    board.world.settings(notice_days=0)
    board.log()
    body = {
        **{"title": "光荣榜", "period": "2026", "subject": "household", "places": 10, "board": "公开栏"},
        **{"notice_days": 7, "contact": "0393-5261234"},
    }
    path = "/honor-rolls/018f6f2e-0000-7000-8000-00000000000"
    first = board.manager.put(f"{path}1", body).get_json()
    board.log("0002")
    second = board.manager.put(f"{path}2", body | {"replaces": first["id"]}).get_json()
    assert (second["number"], second["edition"], len(second["items"])) == (first["number"], 2, 2)
    assert "更正" in board.manager.get(f"{path}2.html").text
    assert board.public(first["public_url"]).status_code == 303


def test_no_sheet_changes_when_the_books_go_on(board: Board, now: time_machine.Traveller) -> None:
    """Reprinted after later merits, reversals, renames and a new rule it is the same to the last byte."""
    merits = [board.log(number) for number in ("0001", "0002")]
    sheets = [board.published(), board.published("ledger", period="2026-11")]
    sheets.append(board.published("passbook", period="2026-11", household="0001"))

    def printed() -> list[bytes]:
        paths = [f"/publications/{sheet['id']}{form}" for sheet in sheets for form in ("", ".pdf", ".html")]
        return [board.manager.get(path).data for path in paths]

    before = printed()
    now.move_to("2026-12-20T10:00:00+08:00")
    board.world.household("0001", head="新户主", group_no=9, name_consent=True)
    board.manager.put(f"/merits/{merits[0]}/reversal", {"reason": "记错了"})
    board.world.rule("A1", name="新名字", points=9)
    board.world.settings(notice_days=0, public_names="masked")
    board.log("0003")
    assert printed() == before
