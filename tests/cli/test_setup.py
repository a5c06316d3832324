"""Setting an installation up, and being told plainly what stands in the way."""

import sys

import pytest

from pointshop.core.schema import newest_revision
from tests.installation import Installation

GOOD = "门前大桥下 1986\n"


def test_init_makes_a_database_that_verifies(bare: Installation) -> None:
    made = bare.run("init")
    assert (made.status, made.err) == (0, "")
    assert newest_revision() in made.out
    assert bare.run("verify").status == 0


def test_init_can_be_repeated_and_keeps_what_is_there(installed: Installation) -> None:
    before = installed.sql("SELECT count(*) FROM region")
    assert installed.run("init").status == 0
    assert installed.sql("SELECT count(*) FROM region") == before


def test_admin_governs_the_whole_country(bare: Installation) -> None:
    bare.run("init")
    assert bare.run("create-admin", "boss", "--password-stdin", typed=GOOD).status == 0
    assert bare.sql("SELECT role, region_code FROM user_grant") == [("admin", "0")]


def test_admin_who_exists_is_refused_and_keeps_the_password(installed: Installation) -> None:
    before = installed.sql("SELECT password_hash FROM app_user ORDER BY id")
    refused = installed.run("create-admin", "root", "--password-stdin", typed=GOOD)
    assert (refused.status, refused.out) == (1, "")
    assert "已存在" in refused.err
    assert installed.sql("SELECT password_hash FROM app_user ORDER BY id") == before


@pytest.mark.parametrize(
    ("username", "typed", "reason"),
    [
        ("boss", "12345678\n", "太常见"),
        ("boss", "short\n", "8 到 128"),
        ("boss", "", "8 到 128"),
        ("bosses99", "BOSSES99\n", "太常见"),
        ("bad name", GOOD, "用户名"),
    ],
)
def test_weak_password_or_odd_name_is_refused_with_words(
    installed: Installation, username: str, typed: str, reason: str
) -> None:
    refused = installed.run("create-admin", username, "--password-stdin", typed=typed)
    assert refused.status == 1
    assert reason in refused.err
    assert "Traceback" not in refused.err


def test_password_is_taken_as_it_was_typed_up_to_the_end_of_the_line(bare: Installation) -> None:
    bare.run("init")
    assert bare.run("create-admin", "boss", "--password-stdin", typed=" spaces at both ends \r\nmore").status == 0


@pytest.mark.parametrize("command", ["verify", "seal", "post-due", "create-admin boss", "backup x", "demo", "serve"])
def test_command_before_init_says_so(bare: Installation, command: str) -> None:
    bare.monkeypatch.setenv("POINTSHOP_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    refused = bare.run(*command.split(), *(["--password-stdin"] if "admin" in command else []), typed=GOOD)
    assert refused.status == (3 if command == "verify" else 1)
    assert "pointshop init" in refused.err


def test_demo_touches_no_database_that_holds_anything(installed: Installation) -> None:
    refused = installed.run("demo")
    assert (refused.status, refused.out) == (1, "")
    assert installed.run("demo", "--if-empty").status == 0
    assert installed.sql("SELECT count(*) FROM household") == [(0,)]


@pytest.mark.parametrize(("revision", "words"), [("9999", "由更新的程序建立"), ("0003", "pointshop init")])
def test_serve_and_verify_refuse_a_database_of_another_release(
    installed: Installation, revision: str, words: str
) -> None:
    installed.monkeypatch.setenv("POINTSHOP_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    installed.sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    for command, status in (("serve", 1), ("verify", 3), ("seal", 1), ("post-due", 1)):
        refused = installed.run(command)
        assert (refused.status, words in refused.err) == (status, True), command


@pytest.mark.parametrize("secret", ["", "secret", "x" * 64, "0123456789abcdef"])
def test_serve_refuses_a_secret_that_can_be_guessed(installed: Installation, secret: str) -> None:
    installed.monkeypatch.setenv("POINTSHOP_SECRET_KEY", secret)
    refused = installed.run("serve", "--port", "0")
    assert refused.status == 1
    assert "POINTSHOP_SECRET_KEY" in refused.err


def test_serve_refuses_a_database_without_its_guards(installed: Installation) -> None:
    installed.monkeypatch.setenv("POINTSHOP_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    installed.drop_trigger("entry_no_update")
    refused = installed.run("serve", "--port", "0")
    assert refused.status == 1
    assert "pointshop verify" in refused.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["fly"], "没有 fly 这个命令\n怎样使用，请看：pointshop -h"),
        (["init", "--fast"], "没有 --fast 这个选项\n怎样使用，请看：pointshop init -h"),
        (["backup"], "还缺 FILE"),
        (["import", "people"], "没有 people 这个命令\n怎样使用，请看：pointshop import -h"),
        (["serve", "--port", "99999"], "--port 须为 0 到 65535 的整数"),
        (["serve", "--workers", "two"], "--workers 须为 1 到 64 的整数"),
    ],
)
def test_mistyped_command_is_told_without_a_trace(bare: Installation, arguments: list[str], reason: str) -> None:
    refused = bare.run(*arguments)
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.startswith("错误：")
    assert reason in refused.err


def test_no_command_shows_the_help(bare: Installation) -> None:
    assert "create-admin" in bare.run().err


def test_missing_component_for_postgresql_is_told(bare: Installation) -> None:
    bare.monkeypatch.setenv("POINTSHOP_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/x")
    bare.monkeypatch.setitem(sys.modules, "psycopg", None)
    refused = bare.run("init")
    assert refused.status == 1
    assert "[postgres]" in refused.err
    assert "secret" not in refused.err


def test_unknown_setting_is_refused_by_every_command(bare: Installation) -> None:
    bare.monkeypatch.setenv("POINTSHOP_DATABSE_URL", "sqlite:///x")
    refused = bare.run("init")
    assert refused.status == 1
    assert "POINTSHOP_DATABSE_URL" in refused.err


def test_fault_of_ours_shows_its_trace_and_an_id(installed: Installation, caplog: pytest.LogCaptureFixture) -> None:
    installed.sql("ALTER TABLE region RENAME TO elsewhere")
    ran = installed.run("seal")
    assert (ran.status, ran.out) == (1, "")
    assert "编号" in ran.err
    assert caplog.records[0].exc_info is not None
