"""`pointshop demo`, typed where a demonstration stands already; making one is the other tests' fixture."""

import pytest
from flask import Flask

from pointshop.cli import main
from pointshop.cli.demo import find_logins
from tests.cli.demo.conftest import Village


@pytest.fixture
def at_prompt(village: Village, monkeypatch: pytest.MonkeyPatch) -> Village:
    """An environment that names the village's database."""
    monkeypatch.setenv("POINTSHOP_ENV", "development")
    monkeypatch.setenv("POINTSHOP_DATABASE_URL", village.app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setenv("POINTSHOP_PUBLIC_URL", "http://192.168.1.9:8000")
    return village


def test_tells_where_to_look_and_with_what_again_when_asked_again(
    at_prompt: Village, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["demo", "--if-empty"]) == 0
    told = capsys.readouterr().out
    assert "http://192.168.1.9:8000" in told
    for login in at_prompt.logins.logins:
        assert login.username in told and login.password in told


def test_a_second_one_is_refused_in_a_sentence(at_prompt: Village, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["demo"]) == 1
    said = capsys.readouterr()
    assert "空数据库" in said.err and "Traceback" not in said.err
    assert said.out == ""


def test_an_empty_installation_has_no_logins_to_tell(empty: Flask) -> None:
    assert find_logins(empty) is None
