"""Rules and their versions: a change never reaches back (threats.md B16)."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from tests.api import Api, Caller
from tests.ground import OTHER
from tests.merits.deeds import day, log, logged
from tests.statements import cost
from tests.together import outcome
from tests.world import World

_RULE = {"category": "环境卫生", "name": "清扫", "points": 5}


def _put(caller: Caller, **change: Any) -> Any:
    return caller.put("/rules/A1", _RULE | change)


def _rules(caller: Caller, **query: Any) -> list[tuple[str, int, int]]:
    items = caller.get("/rules", query=query).get_json()["items"]
    return [(item["code"], item["version"], item["points"]) for item in items]


def test_the_same_again_makes_no_version_and_a_change_does(api: Api) -> None:
    manager = api.as_("manager")
    first = _put(manager)
    assert (first.status_code, first.get_json()["version"]) == (201, 1)
    again = _put(manager)
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert _put(manager, points=6).get_json()["version"] == 2
    assert _put(manager, points=5).get_json()["version"] == 3
    assert _rules(manager) == [("A1", 3, 5)]


def test_a_change_leaves_what_was_logged_and_judges_what_comes(api: Api, world: World) -> None:
    world.household()
    manager, worker = api.as_("manager"), api.as_("worker")
    with time_machine.travel(datetime(2026, 11, 20, 4, tzinfo=UTC)):
        _put(manager)
        old = logged(worker)
    with time_machine.travel(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        _put(manager, points=8, category="清洁", track="honor")
        assert log(worker).get_json()["points"] == 8
        # a deed of the day before is judged by the rule of that day
        before = log(worker, occurred_on=day(-1)).get_json()
        assert (before["points"], before["rule_version"], before["category"]) == (5, 1, "环境卫生")
        found = manager.get(f"/merits/{old}").get_json()
        assert (found["points"], found["rule_version"], found["category"]) == (5, 1, "环境卫生")
        assert _rules(manager, on="2026-11-21") == [("A1", 1, 5)]
    assert world.balance() == 10


def test_a_change_may_be_decided_ahead_and_never_back(api: Api) -> None:
    manager = api.as_("manager")
    _put(manager)
    assert outcome(_put(manager, points=6, effective_from=day(-1))) == (422, "validation")
    assert _put(manager, points=6, effective_from=day(10)).status_code == 200
    assert _rules(manager) == [("A1", 1, 5)]
    assert _rules(manager, on=day(9)) == [("A1", 1, 5)]
    assert _rules(manager, on=day(10)) == [("A1", 2, 6)]


def test_a_retired_rule_judges_nothing_from_then_on(api: Api, world: World) -> None:
    world.household()
    manager, worker = api.as_("manager"), api.as_("worker")
    _put(manager)
    logged(worker)
    assert _put(manager, active=False).get_json()["active"] is False
    assert _rules(manager) == []
    assert outcome(log(worker, note="x")) == (422, "rule_not_in_force")
    assert log(worker, occurred_on=day(-1)).status_code == 201
    assert _put(manager).status_code == 200
    assert log(worker, note="x").status_code == 201


def test_a_rule_not_yet_in_force_judges_nothing(api: Api, world: World) -> None:
    world.household()
    _put(api.as_("manager"), effective_from=day())
    assert outcome(log(api.as_("worker"), occurred_on=day(-1))) == (422, "rule_not_in_force")
    assert log(api.as_("worker")).status_code == 201


@pytest.mark.parametrize("role", ["reviewer", "worker", "clerk", "supervisor", "viewer"])
def test_only_the_office_makes_rules(api: Api, role: str) -> None:
    assert outcome(_put(api.as_(role))) == (403, "forbidden")
    assert api.as_("admin").put("/rules/A1", _RULE).status_code == 201


def test_another_villages_rules_are_not_there(api: Api, world: World) -> None:
    world.of(OTHER).rule("Z9", name="金丝雀")
    assert outcome(_put(api.as_("manager").into(OTHER))) == (404, "not_found")
    answer = api.as_("manager").get("/rules")
    assert answer.get_json()["items"] == [] and "金丝雀" not in answer.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": 0}, "points"),
        ({"points": 10_001}, "points"),
        ({"points": -10_001}, "points"),
        ({"points": 1.5}, "points"),
        ({"points": "5"}, "points"),
        ({"points": True}, "points"),
        ({"cap": 3}, "cap_period"),
        ({"cap_period": "day"}, "cap_period"),
        ({"cap": 0, "cap_period": "day"}, "cap"),
        ({"cap": 1, "cap_period": "decade"}, "cap_period"),
        ({"track": "cash"}, "track"),
        ({"category": ""}, "category"),
        ({"name": "x" * 61}, "name"),
        ({"per": "x" * 11}, "per"),
        ({"effective_from": "tomorrow"}, "effective_from"),
        ({"version": 7}, "version"),
        ({"decided_by": 1}, "decided_by"),
    ],
)
def test_nonsense_is_named(api: Api, change: dict[str, Any], field: str) -> None:
    answer = _put(api.as_("manager"), **change)
    assert outcome(answer) == (422, "validation")
    assert list(answer.get_json()["errors"]) == [field]


def test_lists_have_pages_and_cost_the_same_however_long(api: Api, world: World) -> None:
    manager = api.as_("manager")
    world.household()
    for number in range(5):
        world.rule(f"R{number}")
    logged(api.as_("worker"), rule="R0")
    for path in ("/rules", "/merits"):
        before = cost(world.app, lambda path=path: manager.get(path))  # type: ignore[misc]  # of a lambda's default
        for number in range(4):
            logged(api.as_("worker"), rule=f"R{number}", note=path)
            world.rule(f"S{number}{path[1]}")
        assert cost(world.app, lambda path=path: manager.get(path)) == before  # type: ignore[misc]
        found, query = [], {"limit": "2"}
        while "after" not in query or query["after"]:
            page = manager.get(path, query=query).get_json()
            found += page["items"]
            query["after"] = page["next"]
        assert found == manager.get(path).get_json()["items"]


def test_merits_are_listed_by_what_is_asked_for(api: Api, world: World) -> None:
    manager, worker = api.as_("manager"), api.as_("worker")
    world.households(2)
    world.rule()
    world.rule("B1", category="助人")
    old = logged(worker, occurred_on=day(-5))
    helped = logged(worker, "0002", rule="B1")
    world.settings(review_levels=1)
    waiting = logged(worker, "0002", occurred_on=day(-1))

    def listed(**query: Any) -> list[str]:
        return [item["id"] for item in manager.get("/merits", query=query).get_json()["items"]]

    assert listed() == [helped, waiting, old]
    assert listed(state="submitted") == [waiting]
    assert listed(household="0002") == [helped, waiting]
    assert listed(category="助人") == [helped]
    assert listed(**{"from": day(-1)}) == [helped, waiting]
    assert listed(to=day(-1)) == [waiting, old]
    assert listed(state="posted", household="0001", **{"from": day(-5), "to": day(-5)}) == [old]
    assert outcome(manager.get("/merits", query={"state": "gone"})) == (422, "validation")
