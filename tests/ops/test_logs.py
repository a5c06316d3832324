"""The log (threats.md D13, §6.10): one line a record whatever its text, and nothing that people wrote."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from pointshop.config import Form
from pointshop.core.ids import is_name, new_name
from pointshop.core.logs import JsonLines, TextLines, configure_logs
from tests.api import Api
from tests.ground import HOME
from tests.merits.deeds import deed
from tests.world import World


class Log:
    """What went to the log since it was opened."""

    def __init__(self, form: Form) -> None:
        self._out = io.StringIO()
        handler = logging.StreamHandler(self._out)
        handler.setFormatter(JsonLines() if form == "json" else TextLines())
        self.handler = handler

    @property
    def text(self) -> str:
        return self._out.getvalue()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [line for line in map(json.loads, self.lines) if line["event"] == "request"]


@pytest.fixture
def log() -> Iterator[Log]:
    yield from _opened(Log("json"))


@pytest.fixture
def words() -> Iterator[Log]:
    yield from _opened(Log("text"))


def _opened(found: Log) -> Iterator[Log]:
    logger = logging.getLogger()
    ours = logging.getLogger("pointshop")
    level = ours.level
    ours.setLevel(logging.INFO)
    logger.addHandler(found.handler)
    yield found
    logger.removeHandler(found.handler)
    ours.setLevel(level)


def test_a_request_is_one_line_that_says_who_where_what_and_how_long(api: Api, world: World, log: Log) -> None:
    world.household()
    world.rule()
    name = new_name()
    answer = api.as_("worker").put(f"/merits/{name}", deed())
    (line,) = log.requests
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["time"].endswith("Z") and line["level"] == "info"
    assert isinstance(line["ms"], float) and isinstance(line["user"], int)
    shown = {key: line.get(key) for key in ("method", "route", "status", "code", "village")}
    route = "/api/v1/villages/<village:v>/merits/<name:id>"
    assert shown == {"method": "PUT", "route": route, "status": 201, "code": None, "village": HOME}
    assert name not in log.text and "worker" not in log.text


def test_a_refusal_is_logged_with_its_code_under_the_id_that_the_caller_sees(api: Api, world: World, log: Log) -> None:
    answer = api.as_("worker").put(f"/merits/{new_name()}", {})
    (line,) = log.requests
    assert (line["status"], line["code"]) == (422, "validation")
    assert line["request_id"] == answer.get_json()["instance"] == answer.headers["X-Request-Id"]


def test_no_id_is_taken_from_outside(api: Api) -> None:
    theirs = new_name()
    answer = api.root.get("/api/v1/me", headers={"X-Request-Id": theirs})
    assert answer.headers["X-Request-Id"] != theirs and is_name(answer.headers["X-Request-Id"])


def test_what_stands_in_a_path_or_a_query_is_not_logged(app: Flask, log: Log) -> None:
    client = app.test_client()
    client.get("/张三/13800001234?q=李四")
    client.get("/b/geheim?q=李四")
    client.open("/healthz", method="BREW张")
    assert [line.get("route") for line in log.requests] == [None, "/b/<token>", None]
    assert log.requests[2]["method"] == "other"
    for canary in ("13800001234", "geheim", "\\u5f20", "\\u674e", "BREW"):
        assert canary not in log.text


def test_an_error_tells_where_and_of_what_kind_and_no_value(app: Flask, log: Log) -> None:
    def fail() -> None:
        try:
            raise KeyError("张三的电话13800001234")
        except KeyError as error:
            raise ValueError("李四 geheim") from error

    try:
        fail()
    except ValueError:
        logging.getLogger("pointshop").exception("broken")
    (line,) = map(json.loads, log.lines)
    assert [told["kind"] for told in line["error"]] == ["builtins.ValueError", "builtins.KeyError"]
    assert line["error"][1]["stack"][-1].endswith(" fail")
    for canary in ("13800001234", "geheim", "\\u5f20"):
        assert canary not in log.text


def test_the_words_of_other_packages_are_logged_without_what_was_filled_in(log: Log) -> None:
    logging.getLogger("waitress").error("Exception while serving %s", "/households/张三?q=geheim")
    (line,) = map(json.loads, log.lines)
    assert line["event"] == "Exception while serving %s"


_NASTY = "a\r\nforged line\x1b[2J\x85\u2028\u2029b\x00"


def test_a_record_is_one_line_whatever_its_text(log: Log, words: Log) -> None:
    logging.getLogger("pointshop").warning("%s", _NASTY)
    for found in (log.text, words.text):
        # as many line ends as records, for whatever counts lines
        assert len(found.splitlines()) == 1 and found.endswith("\n")
        assert "\x1b" not in found and "\r" not in found
    assert json.loads(log.text)["event"] == _NASTY


def test_a_person_at_a_terminal_reads_words(words: Log, app: Flask) -> None:
    app.test_client().get("/healthz")
    (line,) = words.lines
    assert " info request " in line and "route=/healthz" in line and "status=200" in line


@pytest.mark.parametrize(("form", "begins"), [("json", "{"), ("text", "2")])
def test_a_process_logs_in_one_form(form: Form, begins: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root, ours = logging.getLogger(), logging.getLogger("pointshop")
    before = root.handlers[:], root.level, ours.level
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    try:
        configure_logs(form)
        ours.info("begun")
    finally:
        root.handlers[:], root.level, ours.level = before
    assert out.getvalue().startswith(begins) and out.getvalue().count("\n") == 1
