"""F14, F32: what phones kept too long, what lost phones bring, and a whole county's phones after an outage."""

import random
import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.faults.failing import Counted, counting, errors_of, raising
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


def test_without_a_window_what_lay_for_a_month_is_booked_into_days_long_past(
    api: Api, village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The anomaly is real."""
    monkeypatch.setattr("pointshop.merits.log_conditions.check_day", lambda *_, **__: None)
    results = _sync(api.as_("worker"), _queue(village, 5, days_ago=700)).get_json()["results"]
    assert {result["status"] for result in results} == {201}
    assert village.balance("0001") == 5


def _lose_a_phone(api: Api) -> Caller:
    """Its owner gets another password."""
    login = {"username": "worker", "password": PASSWORD, "device_name": "丢了的手机"}
    lost = Caller(api.ground.app, api.stranger.post("/api/v1/sessions", login).get_json()["token"], HOME)
    user = {"name": "工作人员", "password": "另一句话 2027", "grants": [{"role": "worker", "region": HOME}]}
    assert api.root.put("/api/v1/users/worker", user).status_code == 200
    return lost


def test_what_a_lost_phone_brings_is_not_taken(api: Api, village: World) -> None:
    lost = _lose_a_phone(api)
    before = stored(api.ground.app)
    assert outcome(_sync(lost, _queue(village, 20))) == (401, "unauthenticated")
    assert changed(before, stored(api.ground.app)) == {}


def test_where_sessions_outlived_their_password_the_lost_phone_would_go_on_booking(
    api: Api, village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The anomaly is real."""
    monkeypatch.setattr("pointshop.accounts.service.end_sessions", lambda *_, **__: None)
    assert _sync(_lose_a_phone(api), _queue(village, 5)).status_code == 200
    assert village.balance("0001") == 5


def _flush(api: Api, queue: list[dict[str, Any]]) -> TestResponse:
    """The answer, a 5xx too."""
    return api.ground.app.test_client().post(
        f"/api/v1/villages/{HOME}/sync",
        json={"device_now": clock.as_text(clock.now()), "operations": queue},
        headers={"Authorization": f"Bearer {api.as_('worker').token}"},
    )


@pytest.mark.parametrize("count", [40, pytest.param(300, marks=pytest.mark.soak)])
def test_phones_that_come_back_all_at_once_get_everything_in_once(api: Api, village: World, count: int) -> None:
    """They send again when told to, a little apart from each other."""
    queues = [_queue(village, 5) for _ in range(count)]
    told: list[str] = []

    def flush(number: int) -> int:
        chance = random.Random(number)
        for attempt in range(100):
            answer = _flush(api, queues[number])
            results = answer.get_json()["results"] if answer.status_code == 200 else []
            if results and all(result["status"] in (200, 201) for result in results):
                return attempt
            told.append(answer.headers.get("Retry-After", "in its results"))
            threading.Event().wait(chance.uniform(0.05, 0.5))
        raise AssertionError("it never got through")

    at_once([partial(flush, number) for number in range(count)])
    assert sum(village.balance(f"000{number}") for number in range(1, 6)) == 5 * 5 * count
    assert all(told)


def test_phones_that_take_their_queue_for_done_once_it_is_sent_lose_it(api: Api, village: World) -> None:
    """The anomaly is real: during an outage every phone is told to come again, and it has to."""
    errors = list(errors_of(api.ground.app).values())
    counted = Counted(raising(errors[0]), first=1)
    queues = [_queue(village, 5) for _ in range(3)]
    with counting(api.ground.app, counted):
        answers = [_flush(api, queue) for queue in queues]
    assert [answer.status_code for answer in answers] == [503] * 3
    assert village.balance("0001") == 0
    assert [_flush(api, queue).status_code for queue in queues] == [200] * 3
    assert village.balance("0001") == 15
