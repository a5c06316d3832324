"""The region tree, and how each village runs its scheme."""

from functools import partial
from typing import Any

import pytest

from tests.api import Api, Caller
from tests.ground import HOME, OTHER
from tests.together import at_once, outcome, outcomes

_REGIONS = "/api/v1/regions"
_DEFAULTS = {
    "rate_fen": 100,
    "review_levels": 0,
    "notice_days": 0,
    "backdate_days": 31,
    "redemption_weekdays": [1, 2, 3, 4, 5, 6, 7],
    "void_minutes": 15,
    "card_daily_points": None,
    "period_budget": None,
}


def _put(caller: Caller, code: str, name: str = "新村") -> object:
    return outcome(caller.put(f"{_REGIONS}/{code}", {"name": name}))


def _patch(caller: Caller, body: dict[str, Any], *, tag: str | None = None) -> Any:
    tag = tag or caller.get("/settings").headers["ETag"]
    return caller.patch("/settings", body, headers={"If-Match": tag})


def test_a_village_is_founded_with_the_settings_of_the_contract(api: Api) -> None:
    code = "410926100202"
    answer = api.as_("admin").put(f"{_REGIONS}/{code}", {"name": "新村"})
    assert answer.status_code == 201
    assert answer.get_json() == {"code": code, "level": 5, "name": "新村", "parent": "410926100"}
    assert _put(api.as_("admin"), code) == 200
    found = api.as_("admin").into(code).get("/settings").get_json()
    assert {name: found[name] for name in _DEFAULTS} == _DEFAULTS


def test_regions_are_listed_below_their_parent(api: Api) -> None:
    for code, name in (("410926100203", "丙村"), ("410926100202", "乙村")):
        assert _put(api.as_("admin"), code, name) == 201
    page = api.as_("worker").get(_REGIONS, query={"parent": "410926100"}).get_json()
    assert [item["code"] for item in page["items"]] == [HOME, "410926100202", "410926100203"]
    first = api.as_("worker").get(_REGIONS, query={"parent": "410926100", "limit": 2}).get_json()
    rest = api.as_("worker").get(_REGIONS, query={"parent": "410926100", "after": first["next"]}).get_json()
    assert first["items"] + rest["items"] == page["items"]
    assert outcome(api.as_("worker").get(f"{_REGIONS}/99")) == (404, "not_found")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("410926101", 201),
        ("410926101201", (422, "validation")),
        ("4109261", (422, "validation")),
        ("41092610020", (422, "validation")),
        ("410927101", (404, "not_found")),
        ("4109", (404, "not_found")),
        ("42", (404, "not_found")),
        ("0", (404, "not_found")),
        ("041", (404, "not_found")),
        ("4109261002011", (404, "not_found")),
        ("41x", (404, "not_found")),
    ],
)
def test_an_admin_builds_below_and_nowhere_else(api: Api, code: str, expected: object) -> None:
    assert _put(api.as_("admin"), code) == expected


@pytest.mark.parametrize("role", ["manager", "reviewer", "worker", "clerk", "supervisor", "viewer"])
def test_nobody_else_builds(api: Api, role: str) -> None:
    assert _put(api.as_(role), "410926100202") == (403, "forbidden")
    assert _put(api.as_(role), HOME, "改名") == (403, "forbidden")


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\nb", "a\u202eb", None, 1])
def test_a_region_has_a_name_of_one_line(api: Api, name: Any) -> None:
    assert _put(api.as_("admin"), "410926101", name) == (422, "validation")


def test_settings_are_changed_by_who_has_seen_them(api: Api) -> None:
    manager = api.as_("manager")
    assert outcome(manager.patch("/settings", {"notice_days": 7})) == (428, "precondition_required")
    tag = manager.get("/settings").headers["ETag"]
    answer = _patch(manager, {"notice_days": 7, "redemption_weekdays": [7, 6, 6]}, tag=tag)
    assert (answer.status_code, answer.get_json()["notice_days"]) == (200, 7)
    assert answer.get_json()["redemption_weekdays"] == [6, 7]
    assert answer.headers["ETag"] not in ("", tag)
    assert outcome(_patch(manager, {"notice_days": 0}, tag=tag)) == (412, "stale")
    for other in ('"x"', '"-1"', '"1", "2"', '"٣"', '"' + "9" * 40 + '"'):
        assert outcome(_patch(manager, {"notice_days": 0}, tag=other)) in [(412, "stale"), (400, "bad_request")]
    assert manager.get("/settings").get_json()["notice_days"] == 7


def test_of_ten_that_have_seen_the_same_settings_one_changes_them(api: Api) -> None:
    manager = api.as_("manager")
    tag = manager.get("/settings").headers["ETag"]
    answers = at_once([partial(_patch, manager, {"void_minutes": number}, tag=tag) for number in range(10)])
    assert outcomes(answers) == {200: 1, (412, "stale"): 9}


@pytest.mark.parametrize(
    "change",
    [
        {"rate_fen": 0},
        {"rate_fen": 1.5},
        {"rate_fen": None},
        {"review_levels": 3},
        {"review_levels": True},
        {"notice_days": 31},
        {"backdate_days": 367},
        {"backdate_days": -1},
        {"void_minutes": 1441},
        {"redemption_weekdays": [0]},
        {"redemption_weekdays": [8]},
        {"redemption_weekdays": "1"},
        {"card_daily_points": 0},
        {"period_budget": -1},
        {"period_budget": 2**53},
        {"public_names": "all"},
        {"version": 9},
        {"village_id": 1},
        {"region_code": OTHER},
    ],
)
def test_nonsense_is_named_and_changes_nothing(api: Api, change: dict[str, Any]) -> None:
    manager = api.as_("manager")
    before = manager.get("/settings")
    assert outcome(_patch(manager, {"notice_days": 5} | change)) == (422, "validation")
    after = manager.get("/settings")
    assert (after.get_json(), after.headers["ETag"]) == (before.get_json(), before.headers["ETag"])


@pytest.mark.parametrize("role", ["reviewer", "worker", "clerk", "supervisor", "viewer"])
def test_only_the_office_changes_settings(api: Api, role: str) -> None:
    assert outcome(_patch(api.as_(role), {"notice_days": 5})) == (403, "forbidden")
    assert outcome(_patch(api.as_("manager", of=OTHER).into(HOME), {"notice_days": 5}, tag='"1"')) == (404, "not_found")
