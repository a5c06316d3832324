"""Signing in with WeChat (threats.md C20, §6.3), against a stand-in of its endpoint on this machine."""

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from pointshop.config import EXTENSION, ConfigError, WeChat, read_config
from tests.accounts.wechat_standin import Standin, standing_in
from tests.api import Api
from tests.ground import HOME, OTHER, username_of
from tests.together import at_once, outcome

SECRET, SESSION_KEY = "wx-secret-0f9e8d7c", "tiihtNczf5v6AKRyjwEUhQ=="


@pytest.fixture
def wechat(app: Flask) -> Iterator[Standin]:
    before = app.extensions[EXTENSION]
    with standing_in() as standin:
        standin.answer = {"openid": "oGZUI0egBJY1zhBYw2KhdUfwVJJE", "session_key": SESSION_KEY}
        app.extensions[EXTENSION] = replace(before, wechat=WeChat("wx01", SECRET, standin.url))
        yield standin
    app.extensions[EXTENSION] = before


def sign_in(api: Api, code: str = "0a1b2c", **more: Any) -> TestResponse:
    return api.stranger.post("/api/v1/sessions/wechat", {"code": code} | more)


def binding_code(api: Api, username: str = "worker") -> str:
    answer = api.as_("manager").post(f"/api/v1/users/{username}/wechat-code")
    assert answer.status_code == 201
    code: str = answer.get_json()["code"]
    return code


def test_user_binds_once_and_then_signs_in_by_wechat_alone(api: Api, wechat: Standin) -> None:
    bound = sign_in(api, binding_code=binding_code(api))
    assert bound.status_code == 201
    again = sign_in(api, "another", device_name="小程序")
    assert again.status_code == 201
    assert again.get_json()["user"]["username"] == "worker"
    me = api.stranger._replace(token=again.get_json()["token"]).get("/api/v1/me")
    assert me.get_json()["username"] == "worker"
    assert wechat.asked[1] == {
        "appid": ["wx01"],
        "secret": [SECRET],
        "js_code": ["another"],
        "grant_type": ["authorization_code"],
    }


def test_wechat_that_is_bound_to_nobody_is_told_what_to_do(api: Api, wechat: Standin) -> None:
    refused = sign_in(api)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "forbidden")
    assert "绑定码" in refused.get_json()["detail"]


def test_binding_code_is_good_for_one_time_and_ten_minutes(api: Api, wechat: Standin) -> None:
    code = binding_code(api)
    assert sign_in(api, binding_code=code).status_code == 201
    wechat.answer = {"openid": "somebody-else"}
    assert sign_in(api, binding_code=code).status_code == 401
    late = binding_code(api)
    with time_machine.travel(timedelta(minutes=11)):
        assert sign_in(api, binding_code=late).status_code == 401


def test_new_code_takes_the_place_of_the_one_before(api: Api, wechat: Standin) -> None:
    first, second = binding_code(api), binding_code(api)
    assert sign_in(api, binding_code=first).status_code == 401
    assert sign_in(api, binding_code=second).status_code == 201


def guess(api: Api, number: int = 0) -> int:
    return sign_in(api, binding_code=f"{number:016d}").status_code


def test_codes_cannot_be_tried_out(api: Api, wechat: Standin) -> None:
    assert [guess(api, number) for number in range(6)] == [401] * 5 + [429]


def test_who_is_bound_already_may_not_guess_more(api: Api, wechat: Standin) -> None:
    """Signing in between two guesses, and even binding with a right code, forgives none of the wrong ones."""
    assert sign_in(api, binding_code=binding_code(api)).status_code == 201
    for number in range(4):
        assert guess(api, number) == 401
        assert sign_in(api).status_code == 201
    assert sign_in(api, binding_code=binding_code(api)).status_code == 201
    assert [guess(api), guess(api)] == [401, 429]
    assert sign_in(api).status_code == 201


def test_another_address_does_not_help_the_same_wechat_nor_another_wechat_the_same_address(
    api: Api, wechat: Standin
) -> None:
    def from_elsewhere(address: str) -> int:
        body = {"code": "0a1b2c", "binding_code": "0000-0000-0000-0000"}
        client = api.stranger.app.test_client()
        given = client.post("/api/v1/sessions/wechat", json=body, environ_overrides={"REMOTE_ADDR": address})
        return given.status_code

    assert [from_elsewhere(f"192.0.2.{number}") for number in range(6)] == [401] * 5 + [429]
    told = []
    for number in range(6):
        wechat.answer = {"openid": f"another-{number}"}
        told.append(from_elsewhere("192.0.2.77"))
    assert told == [401] * 5 + [429]


def test_many_are_bound_one_after_the_other_at_one_address(api: Api, wechat: Standin) -> None:
    for number in range(8):
        wechat.answer = {"openid": f"colleague-{number}"}
        assert sign_in(api, binding_code=binding_code(api)).status_code == 201


def test_of_twenty_guesses_at_once_five_are_looked_at(api: Api, wechat: Standin) -> None:
    told = at_once([partial(guess, api, number) for number in range(20)])
    assert told.count(429) >= 15
    assert set(told) == {401, 429}


def test_code_is_long_and_read_however_it_is_typed(api: Api, wechat: Standin) -> None:
    code = binding_code(api)
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}", code)
    assert sign_in(api, binding_code=f" {code.lower().replace('-', '  ')}").status_code == 201


def test_wechat_of_a_user_who_is_dismissed_or_unbound_opens_nothing(api: Api, wechat: Standin) -> None:
    assert sign_in(api, binding_code=binding_code(api)).status_code == 201
    dismissed = {"name": "某人", "grants": [{"role": "worker", "region": HOME}], "active": False}
    assert api.as_("manager").put("/api/v1/users/worker", dismissed).status_code == 200
    assert sign_in(api).status_code == 401
    assert api.as_("manager").put("/api/v1/users/worker", dismissed | {"active": True}).status_code == 200
    assert sign_in(api).status_code == 201
    assert api.as_("manager").delete("/api/v1/users/worker/wechat").status_code == 204
    assert sign_in(api).status_code == 403


def test_one_wechat_is_one_user_and_the_later_binding_counts(api: Api, wechat: Standin) -> None:
    assert sign_in(api, binding_code=binding_code(api, "worker")).status_code == 201
    assert sign_in(api, binding_code=binding_code(api, "clerk")).status_code == 201
    assert sign_in(api).get_json()["user"]["username"] == "clerk"


def test_who_signs_or_watches_gets_a_code_from_above_and_it_is_written_down(api: Api, wechat: Standin) -> None:
    path = "/api/v1/users/supervisor/wechat-code"
    assert outcome(api.as_("manager").post(path)) == (403, "forbidden")
    assert api.root.post(path).status_code == 201
    events = api.root.get("/api/v1/users/supervisor/events").get_json()["items"]
    assert events[0]["action"] == "wechat_code"


def test_manager_hands_out_codes_for_the_own_village_only(api: Api, wechat: Standin) -> None:
    foreign = username_of("worker", OTHER)
    assert api.as_("manager").post(f"/api/v1/users/{foreign}/wechat-code").status_code == 404
    assert api.as_("manager").delete(f"/api/v1/users/{foreign}/wechat").status_code == 404
    assert api.as_("worker").post("/api/v1/users/worker/wechat-code").status_code == 403


@pytest.mark.parametrize(
    ("errcode", "status"),
    [(40029, 401), (40163, 401), (45011, 429), (40226, 403), (-1, 503), (40013, 503), ("40029", 503), ([], 503)],
)
def test_what_wechat_refuses_is_told_in_our_words(api: Api, wechat: Standin, errcode: object, status: int) -> None:
    wechat.answer = {"errcode": errcode or -1, "errmsg": "invalid code"}
    assert status_of(api) == status


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"[]", b"null", {"openid": ""}, {"openid": 5}, {"openid": "x" * 200}, b" " * 10_000]
)
def test_answer_that_is_none_is_no_fault_of_ours(api: Api, wechat: Standin, answer: Any) -> None:
    wechat.answer = answer
    assert status_of(api) == 503


def test_redirect_is_not_followed(api: Api, wechat: Standin) -> None:
    wechat.status = 302
    assert status_of(api) == 503
    assert len(wechat.asked) == 1


@pytest.mark.parametrize("slowness", [{"delay": 5.0}, {"drip": 0.2}])
def test_slow_wechat_holds_nobody_longer_than_three_seconds(
    api: Api, wechat: Standin, slowness: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pointshop.accounts.wechat.DEADLINE", 0.6)
    for name, seconds in slowness.items():
        setattr(wechat, name, seconds)
    started = time.monotonic()
    assert status_of(api) == 503
    assert time.monotonic() - started < 2


def test_wechat_that_is_away_is_told_as_such(api: Api, wechat: Standin, app: Flask) -> None:
    config = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(config, wechat=WeChat("wx01", SECRET, "http://127.0.0.1:9/x"))
    assert status_of(api) == 503


def test_secret_key_and_openid_are_neither_answered_nor_logged_nor_stored(
    api: Api, wechat: Standin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [sign_in(api, binding_code=binding_code(api)).get_data(as_text=True)]
    wechat.answer = b"no json"
    answers.append(api.stranger.app.test_client().post("/api/v1/sessions/wechat", json={"code": "x"}).text)
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    for private in (SECRET, SESSION_KEY, "oGZUI0egBJY1zhBYw2KhdUfwVJJE"):
        assert private not in "".join(answers) + logged
        assert private.encode() not in api.ground.contents()


def test_village_without_a_mini_program_has_no_such_sign_in(api: Api) -> None:
    assert sign_in(api).status_code == 404


def test_half_a_configuration_is_refused() -> None:
    with pytest.raises(ConfigError):
        read_config({"POINTSHOP_WECHAT_APPID": "wx01"})
    found = read_config({"POINTSHOP_WECHAT_APPID": "wx01", "POINTSHOP_WECHAT_SECRET": SECRET})
    assert found.wechat is not None and found.wechat.url.startswith("https://")
    assert SECRET not in repr(found)


def status_of(api: Api) -> int:
    """The status, past the test's rule that no answer is a fault of ours: here it is WeChat's."""
    return api.stranger.app.test_client().post("/api/v1/sessions/wechat", json={"code": "0a1b2c"}).status_code
