"""Logs are read by many and kept for long: no name, number, code or secret ever gets there (threats.md D13)."""

import logging

import pytest

from pointshop.core.ids import new_name
from tests.api import Api
from tests.ground import PASSWORD, Ground
from tests.world import World

HEAD, PHONE, NOTE = "金丝雀", "13912345678", "金丝雀家的事"
WRONG_PASSWORD = "canary in the mine 7"


def test_nothing_personal_and_no_secret_is_logged(
    api: Api, ground: Ground, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    manager, clerk = api.as_("manager"), api.as_("clerk")
    manager.put("/households/0001", {"head": HEAD, "group_no": 1, "phone": PHONE})
    code = manager.put(f"/households/0001/cards/{new_name()}").get_json()["code"]
    world.rule()
    merit = {"rule": "A1", "household": "0001", "occurred_on": "2020-01-01", "note": NOTE}
    manager.put(f"/merits/{new_name()}", merit)
    manager.get("/households", query={"q": HEAD})
    clerk.post("/scans", {"code": code})
    clerk.post("/scans", {"code": f"http://127.0.0.1:8000/c/{code}"})
    api.stranger.post("/api/v1/sessions", {"username": "worker", "password": WRONG_PASSWORD})
    token = api.stranger.post("/api/v1/sessions", {"username": "worker", "password": PASSWORD}).get_json()["token"]
    api.stranger.get("/api/v1/me", headers={"Authorization": f"Bearer {token}x"})
    ground.app.test_client().put(f"/api/v1/villages/{world.village}/households/0001", data=HEAD.encode())
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    for canary in (HEAD, PHONE, NOTE, code, WRONG_PASSWORD, PASSWORD, token, token[4:20]):
        assert canary not in logged
