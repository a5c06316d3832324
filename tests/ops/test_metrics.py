"""What Prometheus is told, by one process or by several."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from pointshop.app import create_app
from pointshop.config import Config, ConfigError, read_config
from pointshop.core import clock, journal
from pointshop.core.db import db, pressure
from pointshop.ops import metrics
from pointshop.ops.metrics import Counts
from tests.api import Api
from tests.ground import Ground
from tests.installation import Installation
from tests.merits.deeds import log
from tests.world import World

_LINE = re.compile(r"(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[^{}]*(<[^<>]*>[^{}]*)*\})? -?[0-9.e+-]+)")
TOKEN = "a long enough token"


@contextmanager
def served(ground: Ground, **settings: Any) -> Iterator[Flask]:
    with serving(replace(ground.config(), **settings)) as app:
        yield app


@contextmanager
def serving(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def beside(installed: Installation, village: World) -> Iterator[Flask]:
    """The service of the installation in which commands run."""
    with serving(installed.config) as app:
        yield app


def _told(app: Flask) -> dict[str, float]:
    text = app.test_client().get("/metrics").get_data(as_text=True)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_every_line_is_in_the_text_format_and_every_name_is_explained_once(app: Flask, api: Api, world: World) -> None:
    api.root.get("/api/v1/me")
    api.stranger.get("/api/v1/me")
    text = app.test_client().get("/metrics").get_data(as_text=True)
    assert [line for line in text.splitlines() if not _LINE.fullmatch(line)] == []
    explained = re.findall(r"# TYPE ([a-z_]+) ", text)
    assert len(explained) == len(set(explained))
    assert text.endswith("\n")


def test_the_histogram_adds_up() -> None:
    counts = Counts()
    for seconds in (0.004, 0.005, 0.3, 7.0):
        counts.add(route="/a", method="GET", status=200, code=None, seconds=seconds)
    text = counts.exposition()
    place = 'route="/a",method="GET"'
    assert f'pointshop_request_seconds_bucket{{{place},le="0.005"}} 2' in text
    assert f'pointshop_request_seconds_bucket{{{place},le="0.5"}} 3' in text
    assert f'pointshop_request_seconds_bucket{{{place},le="+Inf"}} 4' in text
    assert f"pointshop_request_seconds_sum{{{place}}} 7.309000" in text
    assert f"pointshop_request_seconds_count{{{place}}} 4" in text


def test_processes_of_one_server_tell_the_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_LATEST", 0.01)
    counted = []
    for process in (111, 222):
        monkeypatch.setattr("os.getpid", lambda process=process: process)
        counts = Counts(tmp_path)
        for _ in range(process):
            counts.add(route="/a", method="GET", status=200, code=None, seconds=0.01)
        counts._tell()
        counted.append(counts)
    line = 'pointshop_requests_total{route="/a",method="GET",status="200"} 333'
    assert line in counted[1].exposition()
    monkeypatch.setattr("os.getpid", lambda: 333)
    # also of one that has died, and whatever lies about
    (tmp_path / "counts-444.json").write_text("{")
    assert line in Counts(tmp_path).exposition()


def test_what_commands_left_is_told_with_its_age(installed: Installation, beside: Flask) -> None:
    assert "pointshop_verify_age_seconds" not in _told(beside)
    assert installed.run("verify").status == 0
    told = _told(beside)
    assert told["pointshop_verify_violations"] == 0 and told["pointshop_verify_age_seconds"] < 60
    with clock.at(clock.now() + timedelta(hours=30)):
        assert _told(beside)["pointshop_verify_age_seconds"] >= 30 * 3600
    installed.ground.tamper("UPDATE account SET balance = 7 WHERE id = 1", config=installed.config)
    with clock.at(clock.now() + timedelta(hours=1)):
        assert installed.run("verify").status == 2
        told = _told(beside)
    # what is wrong is told, and that the last good one is an hour old
    assert told["pointshop_verify_violations"] > 0 and told["pointshop_verify_age_seconds"] >= 3600


def test_seal_and_posting_leave_word(installed: Installation, beside: Flask) -> None:
    for command in ("seal", "post-due"):
        assert installed.run(command).status == 0
    told = _told(beside)
    assert {"pointshop_seal_age_seconds", "pointshop_post_due_age_seconds"} <= told.keys()


def test_notices_that_are_due_and_not_posted_are_counted(app: Flask, api: Api, world: World) -> None:
    world.household()
    world.rule()
    world.settings(notice_days=2)
    log(api.as_("worker"))
    world.hang_notice()
    assert _told(app)["pointshop_due_not_posted"] == 0
    with clock.at(clock.now() + timedelta(days=3)):
        assert _told(app)["pointshop_due_not_posted"] == 1


def test_room_pool_line_and_database_are_told(app: Flask) -> None:
    pressure(app).waiting = 3
    try:
        told = _told(app)
    finally:
        pressure(app).waiting = 0
    assert told["pointshop_disk_free_bytes"] > 0 and told["pointshop_database_up"] == 1
    (in_line,) = (value for name, value in told.items() if name.startswith("pointshop_writers_in_line{"))
    assert in_line == 3
    assert any(name.startswith("pointshop_pool_in_use{") for name in told)


def test_a_unit_done_again_is_counted(app: Flask) -> None:
    before = _told(app)["pointshop_unit_retries_total"]
    pressure(app).retried()
    assert _told(app)["pointshop_unit_retries_total"] == before + 1


def test_from_elsewhere_the_token_opens_counts_and_reasons_and_nothing_else_does(ground: Ground) -> None:
    ground.renew()
    ground.run("UPDATE alembic_version SET version_num = '0001'")
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    with served(ground, metrics_token=TOKEN) as app:
        client = app.test_client()
        for header in (None, "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x"):
            headers = {"Authorization": header} if header else {}
            assert client.get("/metrics", headers=headers, environ_base=elsewhere).status_code == 404
            told = client.get("/readyz", headers=headers, environ_base=elsewhere)
            assert (told.status_code, told.get_json()) == (503, {"status": "not_ready"})
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert client.get("/metrics", headers=headers, environ_base=elsewhere).status_code == 200
        ready = client.get("/readyz", headers=headers, environ_base=elsewhere).get_json()
        assert ready["status"] == "schema_not_current"


def test_without_a_token_an_empty_one_opens_nothing(app: Flask) -> None:
    answer = app.test_client().get(
        "/metrics", headers={"Authorization": "Bearer "}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert answer.status_code == 404


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ConfigError):
        read_config({"POINTSHOP_METRICS_TOKEN": "guess me"})


def test_missing_guards_and_a_full_disk_make_it_not_ready(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.renew()
    with served(ground) as app:
        assert app.test_client().get("/readyz").status_code == 200
        monkeypatch.setattr("pointshop.ops.readiness.LEAST_ROOM", 2**62)
        assert app.test_client().get("/readyz").get_json()["status"] == "disk_full"
    monkeypatch.undo()
    ground.drop_trigger("entry_no_update")
    with served(ground) as app:
        assert app.test_client().get("/readyz").get_json()["status"] == "guards_missing"


def test_what_a_command_left_is_its_owners_and_never_in_the_way(tmp_path: Path) -> None:
    journal.note(tmp_path / "new", "verify", violations=0)
    (left,) = (tmp_path / "new" / "state").iterdir()
    assert left.stat().st_mode & 0o077 == 0
    left.write_text("{")
    assert journal.noted(tmp_path / "new", "verify") is None
    (tmp_path / "file").write_text("")
    journal.note(tmp_path / "file", "verify", violations=0)
    assert journal.noted(tmp_path / "file", "verify") is None
