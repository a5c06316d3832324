"""The wall screen: published documents only, turning by itself, alive without a network."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.api import Api
from tests.ground import HOME, NOWHERE
from tests.web.wall import publish
from tests.world import World


def published(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get(f"/board/{HOME}/published.json")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.get_json()
    return document


def test_board_shows_nobody_before_a_roll_is_published(app: Flask, wall: World) -> None:
    shown = published(app)
    assert shown["rolls"] == []
    assert shown["deeds"] == [{"name": "集中清扫", "count": 12}]
    assert "张" not in str(shown)


def test_names_are_those_of_the_frozen_document(app: Flask, wall: World, api: Api) -> None:
    publish(api)
    [roll] = published(app)["rolls"]
    assert {item["name"] for item in roll["items"]} == {"张*国"}
    assert roll["contact"] == "监督电话 0393-5550110"


def test_roll_that_was_withdrawn_or_has_ended_is_gone(app: Flask, wall: World, api: Api) -> None:
    name = publish(api)
    publish(api, title="第二期", notice_days=30)
    assert [roll["title"] for roll in published(app)["rolls"]] == ["第二期", "年度光荣榜"]
    api.as_("manager").put(f"/publications/{name}/withdrawal", {"reason": "有误"})
    assert [roll["title"] for roll in published(app)["rolls"]] == ["第二期"]
    with time_machine.travel(timedelta(days=40)):
        assert published(app)["rolls"] == []


def test_points_taken_away_are_no_good_deeds(app: Flask, wall: World) -> None:
    wall.rule("B1", name="乱倒垃圾", points=-2)
    wall.merit("0001", rule="B1")
    assert [deed["name"] for deed in published(app)["deeds"]] == ["集中清扫"]


def test_next_redemption_day_is_told(app: Flask, wall: World) -> None:
    wall.settings(redemption_weekdays="")
    assert published(app)["next_day"] is None


@pytest.mark.parametrize("path", ["", "/published.json"])
def test_village_that_is_not_there_has_no_board(app: Flask, path: str) -> None:
    assert app.test_client().get(f"/board/{NOWHERE}{path}").status_code == 404
