"""The page a card opens: large, without login and script, and telling no more than the card's own passbook."""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pointshop.core.ids import new_name
from tests.api import Api
from tests.world import World


@pytest.fixture(autouse=True)
def nobody_guessed_yet(app: Flask) -> None:
    """The app outlives its tests, and others ask for cards that aren't there."""
    app.extensions.pop("pointshop.visitors.card", None)


@pytest.fixture
def card(world: World, api: Api) -> str:
    """The code of a card whose household has forty points and a place."""
    world.household("0001", head="张建国", points=35, phone="13800001234", address="东巷3号")
    world.household("0002", head="李秀英")
    world.rule("A1", name="集中清扫")
    world.merit("0001")
    for code, name, points in (("P1", "肥皂", 6), ("P2", "电饭煲", 120)):
        api.as_("manager").put(f"/products/{code}", {"name": name, "unit": "件", "points": points})
    api.as_("clerk").put(f"/stock-moves/{new_name()}", {"product": "P2", "kind": "receive", "quantity": 2})
    return world.card("0001")


def read(app: Flask, path: str, **options: Any) -> TestResponse:
    return app.test_client().get(path, **options)


@pytest.mark.parametrize("spelling", ["/c/{}", "/C/{}"])
def test_card_shows_its_balance_lines_place_and_what_can_be_had(app: Flask, card: str, spelling: str) -> None:
    answer = read(app, spelling.format(card))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for words in ("张*国", "40", "集中清扫", "+5", "第 1 名", "肥皂", "暂时无货", "还差 80 分", "有疑问怎么办"):
        assert words in page


def test_page_names_nobody_and_nothing_that_is_private(app: Flask, card: str) -> None:
    page = read(app, f"/c/{card}").get_data(as_text=True)
    for private in ("张建国", "李秀英", "13800001234", "东巷", "0001"):
        assert private not in page


def test_page_needs_no_script_and_may_run_none(app: Flask, card: str) -> None:
    answer = read(app, f"/c/{card}")
    assert "<script" not in answer.get_data(as_text=True)
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_page_speaks_english_when_asked(app: Flask, card: str) -> None:
    link = re.search(r'<a href="([^"]+)" lang="en">English', read(app, f"/C/{card}").get_data(as_text=True))
    assert link is not None
    page = read(app, link[1]).get_data(as_text=True)
    assert "Balance" in page and '<html lang="en">' in page


def test_what_a_messenger_adds_to_the_address_is_overlooked(app: Flask, card: str) -> None:
    assert read(app, f"/c/{card}?from=singlemessage&isappinstalled=0").status_code == 200


def test_contact_of_the_roll_on_show_is_where_objections_go(app: Flask, card: str, api: Api) -> None:
    roll = {"title": "光荣榜", "period": "2026", "subject": "household", "places": 3, "board": "公开栏"}
    answer = api.as_("manager").put(
        f"/honor-rolls/{new_name()}", roll | {"notice_days": 5, "contact": "村监委会 0393-5550110"}
    )
    assert answer.status_code == 201
    assert "村监委会 0393-5550110" in read(app, f"/c/{card}").get_data(as_text=True)


def test_card_that_was_replaced_says_so_and_shows_nothing(app: Flask, card: str, world: World) -> None:
    world.card("0001")
    answer = read(app, f"/c/{card}")
    assert answer.status_code == 410
    assert "已作废" in answer.get_data(as_text=True)
    assert "张*国" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("code", ["0000000000000000", "x", "%00", "%E5%BC%A0", "0" * 600])
def test_code_of_no_card_is_not_found(app: Flask, code: str) -> None:
    assert read(app, f"/c/{code}").status_code == 404


def test_address_that_guesses_is_turned_away_even_with_a_right_code(app: Flask, card: str) -> None:
    for number in range(20):
        assert read(app, f"/c/{number:016d}").status_code == 404
    refused = read(app, f"/c/{card}")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 300
    assert read(app, f"/c/{card}", environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 200
