"""F14, F32: what phones kept too long, what lost phones bring, and a whole county's phones after an outage."""

import random
import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.faults.stored import changed, stored
from tests.ground import HOME, PASSWORD
from tests.together import at_once, outcome
from tests.world import World


@pytest.fixture
def village(world: World) -> World:
    world.households(5)
    world.rule()
    return world


def _queue(world: World, count: int, *, days_ago: int = 0) -> list[dict[str, Any]]:
    day = world.see(lambda work: work.today) - timedelta(days=days_ago)
    body = {"rule": "A1", "occurred_on": day.isoformat()}
    return [
        {"put": f"merits/{new_name()}", "body": body | {"household": f"000{number % 5 + 1}", "note": new_name()}}
        for number in range(count)
    ]


def _sync(caller: Caller, operations: list[dict[str, Any]]) -> Any:
    return caller.post("/sync", {"device_now": clock.as_text(clock.now()), "operations": operations})


def test_a_queue_that_lay_too_long_is_refused_line_by_line_and_stays_refused(api: Api, village: World) -> None:
    late, fresh = _queue(village, 20, days_ago=32), _queue(village, 1)
    for _ in range(2):
        results = _sync(api.as_("worker"), late + fresh).get_json()["results"]
        assert {result["body"].get("code") for result in results[:-1]} == {"too_old"}
    assert village.balance("0001") == 5
    village.settings(backdate_days=60)
    assert _sync(api.as_("worker"), late[:1]).get_json()["results"][0]["status"] == 422


def test_what_a_lost_phone_brings_is_not_taken(api: Api, village: World) -> None:
    login = {"username": "worker", "password": PASSWORD, "device_name": "丢了的手机"}
    lost = Caller(api.ground.app, api.stranger.post("/api/v1/sessions", login).get_json()["token"], HOME)
    user = {"name": "工作人员", "password": "另一句话 2027", "grants": [{"role": "worker", "region": HOME}]}
    assert api.root.put("/api/v1/users/worker", user).status_code == 200
    before = stored(api.ground.app)
    assert outcome(_sync(lost, _queue(village, 20))) == (401, "unauthenticated")
    assert changed(before, stored(api.ground.app)) == {}


@pytest.mark.parametrize("count", [40, pytest.param(300, marks=pytest.mark.soak)])
def test_phones_that_come_back_all_at_once_get_everything_in_once(api: Api, village: World, count: int) -> None:
    """They send again when told to, a little apart from each other."""
    queues = [_queue(village, 5) for _ in range(count)]
    told: list[str] = []

    def flush(number: int) -> int:
        chance = random.Random(number)
        for attempt in range(100):
            answer = api.ground.app.test_client().post(
                f"/api/v1/villages/{HOME}/sync",
                json={"device_now": clock.as_text(clock.now()), "operations": queues[number]},
                headers={"Authorization": f"Bearer {api.as_('worker').token}"},
            )
            results = answer.get_json()["results"] if answer.status_code == 200 else []
            if results and all(result["status"] in (200, 201) for result in results):
                return attempt
            told.append(answer.headers.get("Retry-After", "in its results"))
            threading.Event().wait(chance.uniform(0.05, 0.5))
        raise AssertionError("it never got through")

    at_once([partial(flush, number) for number in range(count)])
    assert sum(village.balance(f"000{number}") for number in range(1, 6)) == 5 * 5 * count
    assert all(told)
