"""The proof that a sheet hangs: photo, place, day."""

import pytest
import time_machine

from pointshop.core.ids import new_name
from tests.ground import OTHER
from tests.notices.board import Board, photo
from tests.together import at_once, outcome

NAME = "018f6f2e-0000-7000-8000-000000000001"


def test_the_proof_is_kept_with_its_photo(board: Board) -> None:
    sheet = board.published()
    answer = board.hang(sheet, on="2026-11-02", name=NAME)
    assert answer.status_code == 201
    found = answer.get_json()
    assert (found["place"], found["posted_on"], found["width"], found["height"]) == ("村务公开栏", "2026-11-02", 32, 24)
    seen = board.supervisor.get(f"/publications/{sheet['id']}/postings/{NAME}.jpg")
    assert (seen.status_code, seen.mimetype) == (200, "image/jpeg")
    assert seen.headers["Content-Security-Policy"].startswith("sandbox")
    assert board.manager.get(f"/publications/{sheet['id']}").get_json()["posted_on"] == "2026-11-02"


def test_handed_in_twice_it_is_one_and_another_under_its_name_is_refused(board: Board) -> None:
    sheet = board.published()
    board.hang(sheet, on="2026-11-02", name=NAME)
    again = board.hang(sheet, on="2026-11-02", name=NAME)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    for change in ({"place": "三组路口"}, {"picture": photo(30)}, {"caller": board.worker}):
        assert outcome(board.hang(sheet, on="2026-11-02", name=NAME, **change)) == (422, "name_reused")
    assert len(board.manager.get(f"/publications/{sheet['id']}/postings").get_json()["items"]) == 1


def test_copies_hang_in_several_places_and_the_first_counts(board: Board, now: time_machine.Traveller) -> None:
    merit = board.log()
    sheet = board.published()
    board.hang(sheet, on="2026-11-02")
    now.move_to("2026-11-05T10:00:00+08:00")
    board.hang(sheet, on="2026-11-05", place="三组路口", caller=board.worker)
    found = board.manager.get(f"/publications/{sheet['id']}/postings").get_json()["items"]
    assert [each["place"] for each in found] == ["村务公开栏", "三组路口"]
    assert board.manager.get(f"/merits/{merit}").get_json()["due_on"] == "2026-11-09"


@pytest.mark.parametrize("day", ["2026-11-01", "2026-11-04"])
def test_a_sheet_hangs_from_the_day_it_was_made_and_not_from_tomorrow(
    board: Board, now: time_machine.Traveller, day: str
) -> None:
    sheet = board.published()
    now.move_to("2026-11-03T10:00:00+08:00")
    assert outcome(board.hang(sheet, on=day)) == (422, "validation")
    assert board.hang(sheet, on="2026-11-02").status_code == 201


def test_a_notice_that_was_forgotten_for_a_month_is_made_anew(board: Board, now: time_machine.Traveller) -> None:
    merit = board.log()
    sheet = board.published()
    now.move_to("2026-12-03T10:00:00+08:00")
    assert outcome(board.hang(sheet, on="2026-12-03")) == (422, "validation")
    following = board.published(replaces=sheet["id"])
    assert board.hang(following, on="2026-12-03").status_code == 201
    assert board.state(merit) == "noticed"


@pytest.mark.parametrize(
    ("data", "media", "status"),
    [(b"", "image/jpeg", 415), (b"x" * 99, "image/jpeg", 415), (b"\xff\xd8\xff" + b"x" * 99, "image/jpeg", 422)],
)
def test_what_is_no_photo_proves_nothing(board: Board, data: bytes, media: str, status: int) -> None:
    merit = board.log()
    sheet = board.published()
    answer = board.manager.put(
        f"/publications/{sheet['id']}/postings/{NAME}",
        query={"place": "公开栏", "posted_on": "2026-11-02"},
        data=data,
        content_type=media,
    )
    assert answer.status_code == status
    assert board.state(merit) == "approved"


def test_managers_and_workers_hang_and_nobody_else(board: Board) -> None:
    sheet = board.published()
    for role in ("admin", "reviewer", "clerk", "supervisor", "viewer"):
        assert board.hang(sheet, on="2026-11-02", caller=board.api.as_(role)).status_code == 403
    assert board.hang(sheet, on="2026-11-02", caller=board.worker).status_code == 201


def test_another_village_sees_no_photo(board: Board) -> None:
    sheet = board.published()
    board.hang(sheet, on="2026-11-02", name=NAME)
    other = board.api.as_("manager", of=OTHER)
    assert other.get(f"/publications/{sheet['id']}/postings/{NAME}.jpg").status_code == 404
    assert other.get(f"/publications/{sheet['id']}/postings").status_code == 404


def test_a_photo_of_another_sheet_is_not_there(board: Board) -> None:
    sheet, other = board.published(), board.published()
    board.hang(sheet, on="2026-11-02", name=NAME)
    assert board.manager.get(f"/publications/{other['id']}/postings/{NAME}.jpg").status_code == 404


def test_what_was_taken_down_hangs_no_more(board: Board) -> None:
    sheet = board.published()
    board.manager.put(f"/publications/{sheet['id']}/withdrawal", {"reason": "印错了"})
    assert outcome(board.hang(sheet, on="2026-11-02")) == (410, "gone")


def test_two_first_proofs_at_once_start_one_clock(board: Board) -> None:
    merit = board.log()
    sheet = board.published()
    answers = at_once([lambda: board.hang(sheet, on="2026-11-02", name=new_name(), picture=photo(9))] * 2)
    assert {answer.status_code for answer in answers} == {201}
    assert board.manager.get(f"/merits/{merit}").get_json()["due_on"] == "2026-11-09"


def test_a_proof_handed_in_late_counts_from_three_days_before(board: Board, now: time_machine.Traveller) -> None:
    """Nobody can be shown to have read what is said to have hung for weeks."""
    merit = board.log()
    sheet = board.published()
    now.move_to("2026-11-20T10:00:00+08:00")
    assert board.hang(sheet, on="2026-11-02").get_json()["due_on"] == "2026-11-24"
    assert board.manager.get(f"/merits/{merit}").get_json()["due_on"] == "2026-11-24"
    found = board.manager.get(f"/publications/{sheet['id']}").get_json()
    assert (found["posted_on"], found["until_on"]) == ("2026-11-02", "2026-11-23")
    assert board.post_due() == 0
    now.move_to("2026-11-23T10:00:00+08:00")
    assert board.public(sheet["public_url"]).status_code == 200
    now.move_to("2026-11-24T10:00:00+08:00")
    assert (board.public(sheet["public_url"]).status_code, board.post_due()) == (410, 1)


def test_a_proof_that_comes_after_the_month_to_hang_it_comes_too_late(
    board: Board, now: time_machine.Traveller
) -> None:
    sheet = (board.log(), board.published())[1]
    now.move_to("2026-12-06T10:00:00+08:00")
    assert outcome(board.hang(sheet, on="2026-11-02")) == (422, "validation")


def test_one_photo_proves_one_sheet(board: Board) -> None:
    first, second = board.published(), board.published()
    assert board.hang(first, on="2026-11-02", picture=photo(9)).status_code == 201
    assert board.hang(first, on="2026-11-02", picture=photo(9), place="三组路口").status_code == 201
    answer = board.hang(second, on="2026-11-02", picture=photo(9))
    assert (outcome(answer), list(answer.get_json()["errors"])) == ((422, "validation"), ["photo"])
    assert board.hang(second, on="2026-11-02", picture=photo(200)).status_code == 201


def test_a_proof_sent_again_after_the_sheet_was_corrected_is_answered_as_before(board: Board) -> None:
    board.log()
    sheet, name = board.published(), new_name()
    first = board.hang(sheet, on="2026-11-02", name=name)
    board.published(replaces=sheet["id"])
    again = board.hang(sheet, on="2026-11-02", name=name)
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert board.hang(sheet, on="2026-11-02").status_code == 410
