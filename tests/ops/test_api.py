"""What operators ask is answered by anything but a guess, and to nobody it does not concern."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from pointshop.app import create_app
from pointshop.cli.place import opened
from pointshop.core.db import db, unit_of_work
from pointshop.core.schema import upgrade_schema
from pointshop.core.work import Work
from pointshop.regions.service import plant_root, put_region
from tests.api import Api
from tests.ground import HOME, REGIONS, Ground
from tests.world import World


def test_is_ready_when_the_database_has_this_schema(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_is_not_ready_before_the_schema_is_upgraded(app: Flask, ground: Ground) -> None:
    ground.run("UPDATE alembic_version SET version_num = '0001'")
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "schema_not_current")


def test_bare_address_names_the_only_village_and_leads_on(ground: Ground, tmp_path: Path) -> None:
    with ground.empty(tmp_path) as config:
        with opened(config):
            upgrade_schema()
            unit_of_work(_settle_one)
        app = create_app(config)
        answer = app.test_client().get("/")
        with app.app_context():
            db.engine.dispose()
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<h1>王庄村积分商店</h1>" in page
    assert "系统运行正常" in page
    assert 'href="/docs"' in page


def test_bare_address_of_many_villages_names_none(app: Flask) -> None:
    page = app.test_client().get("/").get_data(as_text=True)
    assert "<h1>乡村积分商店</h1>" in page


def test_what_the_first_page_links_is_served(app: Flask) -> None:
    client = app.test_client()
    links = re.findall(r'href="([^"]+)"', client.get("/").get_data(as_text=True))
    assert links
    assert {client.get(link).status_code for link in links} == {200}


def test_bare_address_says_what_to_do_before_the_schema_is_upgraded(app: Flask, ground: Ground) -> None:
    ground.run("UPDATE alembic_version SET version_num = '0001'")
    answer = app.test_client().get("/")
    assert answer.status_code == 503
    assert "pointshop init" in answer.get_data(as_text=True)


def test_address_of_nothing_tells_a_person_what_to_do(app: Flask) -> None:
    answer = app.test_client().get("/nothing/here")
    assert answer.status_code == 404
    assert "再扫一次" in answer.get_data(as_text=True)


def test_counts_requests_by_status_and_problems_by_code(ground: Ground) -> None:
    app = create_app(ground.config())
    client = app.test_client()
    client.get("/healthz")
    client.get("/api/v1/me")
    client.get("/api/v1/me")
    counted = client.get("/metrics").get_data(as_text=True).splitlines()
    with app.app_context():
        db.engine.dispose()
    assert 'pointshop_requests_total{route="/healthz",method="GET",status="200"} 1' in counted
    assert 'pointshop_requests_total{route="/api/v1/me",method="GET",status="401"} 2' in counted
    assert 'pointshop_request_seconds_bucket{route="/api/v1/me",method="GET",le="+Inf"} 2' in counted
    assert 'pointshop_request_seconds_count{route="/api/v1/me",method="GET"} 2' in counted
    assert 'pointshop_problems_total{code="unauthenticated"} 2' in counted


def test_replayed_refusal_is_counted_like_the_first(app: Flask, api: Api, world: World) -> None:
    before = _count(app, "validation")
    for _ in range(2):
        api.as_("manager").put("/households/0001", {})
    assert _count(app, "validation") - before == 2


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_counts_are_hidden_from_whoever_comes_through_a_proxy(app: Flask, header: str) -> None:
    assert app.test_client().get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize("address", ["10.0.0.8", "2001:db8::1", "", "not an address"])
def test_counts_are_hidden_from_other_machines(app: Flask, address: str) -> None:
    assert app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == 404


def test_counts_are_open_where_the_operator_says_so(ground: Ground) -> None:
    app = create_app(replace(ground.config(), metrics_public=True))
    assert app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.8"}).status_code == 200
    with app.app_context():
        db.engine.dispose()


def _settle_one(work: Work) -> None:
    plant_root(work)
    for code in ("41", "4109", "410926", "410926100", HOME):
        put_region(work, code=code, name=REGIONS[code])


def _count(app: Flask, code: str) -> int:
    counted = app.test_client().get("/metrics").get_data(as_text=True)
    found = re.search(rf'pointshop_problems_total{{code="{code}"}} (\d+)', counted)
    return int(found[1]) if found else 0
