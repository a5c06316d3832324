"""Limits on how often (threats.md §6.5): turned on, they hold one person and stop nobody else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from pointshop.config import EXTENSION, LIMITS, Config, ConfigError, Limit, read_config, read_limits
from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.api import Api
from tests.faults.deeds import furnish
from tests.ground import NOWHERE
from tests.staff import hire
from tests.together import at_once, outcome, outcomes
from tests.world import World

_MINUTE = timedelta(minutes=1)
LIMITED = (429, "too_many_requests")


@pytest.fixture
def limited(app: Flask) -> Iterator[Callable[..., None]]:
    """Turns limits on: so many a minute of each named kind."""
    config: Config = app.extensions[EXTENSION]

    def turn_on(**most: int) -> None:
        limits = {kind: Limit(count, _MINUTE) for kind, count in most.items()}
        app.extensions[EXTENSION] = replace(config, limits=limits)
        app.extensions.pop("pointshop.visitors.page", None)

    yield turn_on
    app.extensions[EXTENSION] = config
    app.extensions.pop("pointshop.visitors.page", None)


@pytest.fixture
def card(world: World, api: Api) -> str:
    return furnish(world, api)


def _redeem(api: Api, card: str, *, name: str | None = None, role: str = "clerk") -> Any:
    order = {"card": card, "lines": [{"product": "P1", "quantity": 1}], "expected_points": 1}
    return api.as_(role).put(f"/redemptions/{name or new_name()}", order)


def test_a_clerk_who_redeems_too_often_is_told_when_to_come_back(
    api: Api, world: World, card: str, limited: Callable[..., None]
) -> None:
    limited(redeem=3)
    start = clock.now()
    with clock.at(start):
        names = [new_name() for _ in range(4)]
        answers = [_redeem(api, card, name=name) for name in names]
        assert [outcome(answer) for answer in answers] == [201, 201, 201, LIMITED]
        assert answers[-1].headers["Retry-After"] == "61"
        # what was done is told again as often as somebody asks, and a colleague is not held up
        assert [_redeem(api, card, name=names[0]).status_code for _ in range(5)] == [200] * 5
        assert _redeem(api, card, role="manager").status_code == 201
    with clock.at(start + _MINUTE):
        # 429 does not stick to a name
        assert _redeem(api, card, name=names[3]).status_code == 201


def test_a_card_that_is_shown_too_often_rests_and_others_do_not(
    api: Api, world: World, card: str, limited: Callable[..., None]
) -> None:
    limited(account=2)
    other = world.card("0002")
    assert [outcome(_redeem(api, card)) for _ in range(3)] == [201, 201, LIMITED]
    assert _redeem(api, other).status_code == 201
    slip = {
        "household": "0001",
        "lines": [{"product": "P1", "quantity": 1}],
        "expected_points": 1,
        "occurred_on": world.see(lambda work: work.today).isoformat(),
        "note": "纸质兑换单",
    }
    assert api.as_("manager").put(f"/redemptions/{new_name()}", slip).status_code == 201


def test_of_many_at_once_no_more_than_the_limit_get_through(
    api: Api, world: World, card: str, limited: Callable[..., None]
) -> None:
    limited(redeem=5)
    assert outcomes(at_once([partial(_redeem, api, card)] * 20)) == {201: 5, LIMITED: 15}
    assert world.balance() == 495


def test_a_refused_call_is_counted_and_one_that_failed_is_not(
    api: Api, world: World, card: str, limited: Callable[..., None]
) -> None:
    limited(redeem=2)
    order = {"card": card, "lines": [{"product": "P1", "quantity": 1}], "expected_points": 9}
    assert outcome(api.as_("clerk").put(f"/redemptions/{new_name()}", order)) == (422, "price_changed")
    assert outcome(api.as_("clerk").put(f"/redemptions/{new_name()}", order | {"x": 1})) == (422, "validation")
    assert [outcome(_redeem(api, card)) for _ in range(2)] == [201, LIMITED]


def test_a_worker_logs_so_many_by_single_calls_and_any_number_in_one(
    api: Api, world: World, card: str, limited: Callable[..., None]
) -> None:
    limited(merit=2, sync=2)
    today = world.see(lambda work: work.today).isoformat()
    worker, other = api.as_("worker"), hire(api, "second", "worker")

    def merit() -> dict[str, Any]:
        return {"rule": "A1", "household": "0001", "occurred_on": today, "note": new_name()}

    def sync() -> Any:
        operations = [{"put": f"merits/{new_name()}", "body": merit()} for _ in range(30)]
        return worker.post("/sync", {"device_now": clock.as_text(clock.now()), "operations": operations})

    assert [result["status"] for result in sync().get_json()["results"]] == [201] * 30
    assert [outcome(worker.put(f"/merits/{new_name()}", merit())) for _ in range(3)] == [201, 201, LIMITED]
    assert other.put(f"/merits/{new_name()}", merit()).status_code == 201
    assert [result["status"] for result in sync().get_json()["results"]] == [201] * 30
    assert outcome(sync()) == LIMITED


def test_codes_of_no_card_are_limited_and_real_ones_are_not(
    api: Api, world: World, card: str, limited: Callable[..., None]
) -> None:
    limited(scan=3)
    clerk = api.as_("clerk")
    guesses = [clerk.post("/scans", {"code": "ABCDEFGHJKMNPQ00"}) for _ in range(4)]
    assert [outcome(guess) for guess in guesses] == [(422, "card_unknown")] * 3 + [LIMITED]
    assert [clerk.post("/scans", {"code": card}).status_code for _ in range(5)] == [200] * 5


def test_exports_and_uploads_are_limited(api: Api, world: World, card: str, limited: Callable[..., None]) -> None:
    limited(export=2, upload=2)
    manager = api.as_("manager")
    assert [outcome(manager.get("/exports/households")) for _ in range(3)] == [200, 200, LIMITED]
    photo = f"/merits/{new_name()}/photos/{new_name()}"
    sent = [manager.put(photo, data=b"", content_type="image/png") for _ in range(3)]
    assert [answer.status_code for answer in sent] == [404, 404, 429]


@pytest.mark.parametrize("path", ["/b/0123456789ABCDEFGHJKMN", f"/board/{NOWHERE}", f"/board/{NOWHERE}/published.json"])
def test_a_visitor_of_public_pages_is_limited_by_address(
    app: Flask, api: Api, limited: Callable[..., None], path: str
) -> None:
    limited(page=2)

    def visit(address: str) -> int:
        environ = {"REMOTE_ADDR": address}
        return app.test_client().get(path, environ_base=environ).status_code

    assert [visit("10.0.0.8") for _ in range(3)] == [404, 404, 429]
    assert visit("10.0.0.9") == 404


def test_a_village_is_limited_and_whoever_develops_is_not(app: Flask) -> None:
    config: Config = app.extensions[EXTENSION]
    assert config.limits == {}
    assert read_config({"POINTSHOP_ENV": "development"}).limits == {}
    assert read_config({}).limits == LIMITS


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("off", {}),
        ("standard", LIMITS),
        ("standard,account=off", {kind: limit for kind, limit in LIMITS.items() if kind != "account"}),
        ("off,merit=7/60", {"merit": Limit(7, _MINUTE)}),
    ],
)
def test_says_in_one_line_what_is_limited(words: str, expected: dict[str, Limit]) -> None:
    assert read_limits(words) == expected


@pytest.mark.parametrize("words", ["on", "standard,merits=1/60", "standard,merit=0/60", "off,merit=1", "off,merit"])
def test_a_mistyped_limit_stops_the_start(words: str) -> None:
    with pytest.raises(ConfigError, match="POINTSHOP_LIMITS"):
        read_config({"POINTSHOP_LIMITS": words})
