"""What hangs at the door of an event, and what its code opens."""

import pytest
from flask import Flask

from pointshop.core.ids import new_name
from tests.api import Api
from tests.events.conftest import Meeting
from tests.ground import HOME, NOWHERE
from tests.publishing.pdf.printed import Printed


def test_the_list_to_sign_says_what_counts_and_has_lines_to_sign_on(meeting: Meeting, api: Api) -> None:
    event = meeting.plan(rounding="nearest")
    page = api.as_("worker").get(f"/events/{event}/sheet.html", query={"rows": 30}).get_data(as_text=True)
    for words in ("清理河道签到表", "村东河边", "14:00至17:00", "每 30 分钟记 1 半小时，过半的进", "打开网页不记分"):
        assert words in page
    assert page.count("<tr>") == 31


def test_the_list_on_paper_carries_the_code_of_the_event(meeting: Meeting, api: Api) -> None:
    event = meeting.plan(unit_minutes=None, level="member")
    answer = api.as_("manager").get(f"/events/{event}/sheet.pdf", query={"rows": 40})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    sheets = Printed(answer.data)
    assert sheets.sizes == [(210, 297)] * 2
    assert sheets.codes(0, dpi=150) == [f"http://127.0.0.1:8000/e/{HOME}/{event}"]
    assert "按人记“志愿服务”一次" in sheets.text
    assert sheets.text.count("离场时间") == 2


@pytest.mark.parametrize("language", ["", "/en"])
def test_its_code_opens_a_page_that_signs_nobody_in(app: Flask, meeting: Meeting, api: Api, language: str) -> None:
    event = meeting.plan()
    answer = app.test_client().get(f"/e/{HOME}/{event}{language}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<script" not in page and "<form" not in page
    for words in ("清理河道", "村东河边", "打开本页不签到" if language == "" else "Opening this page signs nobody in"):
        assert words in page
    assert api.as_("worker").get(f"/events/{event}").get_json()["attendances"] == []


def test_the_page_tells_when_it_is_over_and_of_no_event_nothing(app: Flask, meeting: Meeting, api: Api) -> None:
    event = meeting.plan()
    assert meeting.close(event).status_code == 201
    assert "已经结束" in app.test_client().get(f"/e/{HOME}/{event}").get_data(as_text=True)
    for path in (f"/e/{HOME}/{new_name()}", f"/e/{NOWHERE}/{event}"):
        assert app.test_client().get(path).status_code == 404
