"""What villagers see behind the code on a sheet, and the form in which they object."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from werkzeug.test import TestResponse

from pointshop.config import EXTENSION, LIMITS, Config, Limit
from pointshop.core.ids import new_name
from pointshop.notices import objections
from tests.notices.board import SITE, Board
from tests.publishing.pages import Page
from tests.together import outcome

NAME = "018f6f2e-0000-7000-8000-000000000001"


@pytest.fixture
def sheet(board: Board) -> dict[str, Any]:
    for number in ("0001", "0002"):
        board.log(number)
    return board.published()


def path_of(sheet: dict[str, Any]) -> str:
    path: str = sheet["public_url"].removeprefix(SITE) + "/objection"
    return path


def send(board: Board, sheet: dict[str, Any], **form: str) -> TestResponse:
    return board.public(path_of(sheet), method="POST", data={"id": NAME, "words": "他没去"} | form)


def test_anyone_reads_the_sheet_line_by_line(board: Board, sheet: dict[str, Any]) -> None:
    answer = board.public(sheet["public_url"])
    page = Page(answer.text)
    assert (answer.status_code, answer.headers["X-Robots-Tag"]) == (200, "noindex, noarchive")
    assert {"1", "2", "集中清扫", "5", "对这一条有异议"} <= set(page.texts)
    assert f"{path_of(sheet)}?line=2" in page.links
    assert page.meta["robots"] == "noindex, noarchive"


def test_the_form_is_never_kept_by_a_cache_and_has_a_name_of_its_own(board: Board, sheet: dict[str, Any]) -> None:
    names = set()
    for _ in range(2):
        answer = board.public(path_of(sheet) + "?line=2")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert 'name="line" inputmode="numeric" value="2"' in answer.text
        names.add(re.findall(r'name="id" value="([^"]+)"', answer.text)[0])
    assert len(names) == 2
    for odd in ("x", "0", "-1", "１", '"><script>', "9" * 30):
        page = board.public(path_of(sheet), query_string={"line": odd})
        assert (page.status_code, 'name="line" inputmode="numeric" value=""' in page.text) == (200, True)
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]


def test_an_anonymous_objection_holds_its_line_and_sent_twice_is_one(board: Board, sheet: dict[str, Any]) -> None:
    for _ in range(2):
        answer = send(board, sheet, line="1")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{path_of(sheet)}/{NAME}")
    (found,) = board.supervisor.get("/objections").get_json()["items"]
    assert (found["channel"], found["name"], found["line"], found["words"]) == ("page", None, 1, "他没去")
    states = {each["state"] for each in board.manager.get("/merits").get_json()["items"]}
    assert states == {"held", "approved"}


def test_the_receipt_says_that_it_came_and_nothing_of_what_was_written(board: Board, sheet: dict[str, Any]) -> None:
    send(board, sheet, line="1", name="王老五", contact="东头")
    answer = board.public(f"{path_of(sheet)}/{NAME}")
    assert "对第 1 条的异议" in answer.text
    assert "王老五" not in answer.text and "他没去" not in answer.text
    assert board.public(f"{path_of(sheet)}/018f6f2e-0000-7000-8000-000000000009").status_code == 404


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({"words": " "}, "异议内容：必填"),
        ({"words": "\u200b"}, "异议内容：不能为空"),
        ({"line": "9"}, "第几条：这张公示只有 2 行"),
        ({"line": "x"}, "第几条：须为整数"),
        ({"name": "1"}, "姓名："),
        ({"village_id": "1"}, "表单：没有这个字段"),
        ({"id": "x"}, "表单："),
    ],
)
def test_a_faulty_form_comes_back_with_what_was_written(
    board: Board, sheet: dict[str, Any], form: dict[str, str], fault: str
) -> None:
    answer = send(board, sheet, **{"contact": "东头第三家"} | form)
    assert answer.status_code == 422
    assert fault in answer.text and "东头第三家" in answer.text
    assert board.manager.get("/objections").get_json()["items"] == []


def test_markup_in_a_form_comes_back_as_text(board: Board, sheet: dict[str, Any]) -> None:
    answer = send(board, sheet, words="<script>alert(1)</script>", line="9")
    assert "<script" not in answer.text and "&lt;script&gt;" in answer.text


def test_forms_of_another_kind_or_too_large_are_refused(board: Board, sheet: dict[str, Any]) -> None:
    assert board.public(path_of(sheet), method="POST", json={"words": "x"}).status_code == 415
    assert send(board, sheet, words="长" * 20_000).status_code == 413
    twice = f"id={NAME}&words=a&words=b"
    form = "application/x-www-form-urlencoded"
    assert board.public(path_of(sheet), method="POST", data=twice, content_type=form).status_code == 422


def test_the_form_closes_with_the_period(board: Board, sheet: dict[str, Any], now: time_machine.Traveller) -> None:
    board.hang(sheet, on="2026-11-02")
    now.move_to("2026-11-08T23:59:00+08:00")
    assert board.public(sheet["public_url"]).headers["Cache-Control"] == "public, max-age=60"
    assert board.public(path_of(sheet)).status_code == 200
    now.move_to("2026-11-09T00:00:00+08:00")
    for answer in (board.public(sheet["public_url"]), board.public(path_of(sheet)), send(board, sheet)):
        assert answer.status_code == 410
        assert "集中清扫" not in answer.text


def test_a_notice_nobody_hung_can_be_read_until_it_has_to_be_made_anew(
    board: Board, sheet: dict[str, Any], now: time_machine.Traveller
) -> None:
    now.move_to("2026-12-09T23:59:00+08:00")
    assert board.public(sheet["public_url"]).status_code == 200
    now.move_to("2026-12-10T00:00:00+08:00")
    assert board.public(sheet["public_url"]).status_code == 410


def test_a_page_takes_no_more_than_a_village_has_to_say(
    board: Board, sheet: dict[str, Any], now: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objections, "MOST_AN_HOUR", 3)
    for number in range(3):
        assert send(board, sheet, id=f"{NAME[:-1]}{number}").status_code == 303
    refused = send(board, sheet, id=f"{NAME[:-1]}9")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert outcome(board.object(sheet, 1)) == 201
    now.shift(3601)
    assert send(board, sheet, id=f"{NAME[:-1]}9").status_code == 303


def test_a_passbook_has_no_page(board: Board) -> None:
    page = board.published("passbook", period="2026-11", household="0001")
    with board.api.ground.app.app_context():
        (token,) = board.world.see(
            lambda work: work.raw.execute("SELECT token FROM public_link ORDER BY token DESC LIMIT 1").fetchall()
        )
    assert page["public_url"] is None
    assert board.public(f"/b/{token[0]}").status_code == 404
    assert board.public(f"/b/{token[0]}/objection").status_code == 404


@pytest.mark.parametrize("token", ["x" * 22, "x", "单" * 22])
def test_an_unknown_token_has_no_form(board: Board, token: str) -> None:
    assert board.public(f"/b/{token}/objection").status_code == 404


def test_one_address_cannot_take_up_the_objections_of_a_sheet(board: Board, sheet: dict[str, Any]) -> None:
    app = board.api.ground.app
    config: Config = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(config, limits={"objection": Limit(2, timedelta(hours=1))})
    try:
        sent = [send(board, sheet, id=new_name(), line="1").status_code for _ in range(3)]
    finally:
        app.extensions[EXTENSION] = config
        app.extensions.pop("pointshop.visitors.objection", None)
    assert sent == [303, 303, 429]
    assert LIMITS["objection"].most < objections.MOST_AN_HOUR


def test_a_line_that_was_found_wrong_leaves_the_public_page_and_says_why(board: Board, sheet: dict[str, Any]) -> None:
    before = board.public(sheet["public_url"])
    board.decide(board.objected(sheet, 2), "uphold", reason="当天不在村")
    after = board.public(sheet["public_url"], headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "异议成立，此行已撤下：当天不在村" in after.text
    assert after.text.count("集中清扫") == before.text.count("集中清扫") - 1
    paper = board.manager.get(f"/publications/{sheet['id']}.html").text
    assert paper.count("集中清扫") == 2


def test_so_does_a_household_on_a_roll_also_from_the_wall_screen(board: Board, now: time_machine.Traveller) -> None:
    board.world.settings(notice_days=0)
    board.log("0001")
    board.log("0002", quantity=2)
    wanted = {
        "title": "光荣榜",
        "period": "2026-11",
        "subject": "household",
        "places": 10,
        "board": "村务公开栏",
        "notice_days": 7,
        "contact": "0393-5261234",
    }
    roll = board.manager.put(f"/honor-rolls/{new_name()}", wanted).get_json()
    board.decide(board.objected(roll, 1), "uphold", reason="重复计分")
    page = board.public(roll["public_url"]).text
    assert "异议成立，此行已撤下：重复计分" in page
    assert roll["items"][0]["name"] not in page
    assert roll["items"][1]["name"] in page
    (shown,) = board.public("/board/410926100201/published.json").get_json()["rolls"]
    assert [item["name"] for item in shown["items"]] == [roll["items"][1]["name"]]
