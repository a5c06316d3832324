"""Users and what they may do where."""

from functools import partial
from typing import Any

import pytest

from pointshop.accounts import passwords
from tests.api import Api, Caller
from tests.ground import HOME, OTHER, PASSWORD
from tests.staff import hire
from tests.statements import cost
from tests.together import outcome
from tests.world import World

_PASSWORD = "三月里来好风光 1"


def _user(*grants: tuple[str, str] | dict[str, Any], **more: Any) -> dict[str, Any]:
    spelled = [grant if isinstance(grant, dict) else {"role": grant[0], "region": grant[1]} for grant in grants]
    return {"name": "小赵", "password": _PASSWORD, "grants": spelled} | more


def _put(caller: Caller, username: str = "zhao", *grants: tuple[str, str] | dict[str, Any], **more: Any) -> object:
    return outcome(caller.put(f"/api/v1/users/{username}", _user(*grants, **more)))


def _get(caller: Caller, username: str) -> Any:
    return caller.get(f"/api/v1/users/{username}").get_json()


def _sign_in(api: Api, username: str, password: str = _PASSWORD) -> Caller:
    answer = api.stranger.post("/api/v1/sessions", {"username": username, "password": password})
    assert answer.status_code == 201, answer.text
    return api.stranger._replace(token=answer.get_json()["token"])


def _usernames(caller: Caller, region: str = HOME, **query: Any) -> list[str]:
    page = caller.get("/api/v1/users", query={"region": region} | query).get_json()
    return [item["username"] for item in page["items"]]


def test_a_manager_adds_a_worker_who_can_sign_in(api: Api) -> None:
    grid = [{"group_no": 3, "lane": "东巷"}, {"group_no": 4}]
    answer = api.as_("manager").put("/api/v1/users/zhao", _user({"role": "worker", "region": HOME, "grid": grid}))
    assert answer.status_code == 201
    grants = [
        {"role": "worker", "region": HOME, "grid": [{"group_no": 3, "lane": "东巷"}, {"group_no": 4, "lane": None}]}
    ]
    assert answer.get_json() == {"username": "zhao", "name": "小赵", "grants": grants, "active": True}
    assert "password" not in answer.text
    assert _sign_in(api, "zhao").get("/api/v1/me").get_json()["grants"] == grants
    assert _put(api.as_("manager"), "zhao", {"role": "worker", "region": HOME, "grid": grid}) == 200


def test_changed_grants_count_from_the_next_request(api: Api) -> None:
    manager = api.as_("manager")
    _put(manager, "zhao", ("clerk", HOME))
    zhao = _sign_in(api, "zhao")
    assert zhao.get("/products").status_code == 200
    assert zhao.get("/merits").status_code == 403
    manager.put("/api/v1/users/zhao", {"name": "小赵", "grants": [{"role": "worker", "region": HOME}]})
    assert zhao.get("/merits").status_code == 200
    api.root.put("/api/v1/users/zhao", {"name": "小赵", "grants": []})
    assert zhao.get("/merits").status_code == 404
    assert zhao.get("/api/v1/me").get_json()["grants"] == []


def test_a_disabled_user_is_out_at_once_and_for_good(api: Api) -> None:
    manager = api.as_("manager")
    _put(manager, "zhao", ("clerk", HOME))
    zhao = _sign_in(api, "zhao")
    assert _put(manager, "zhao", ("clerk", HOME), active=False) == 200
    assert outcome(zhao.get("/products")) == (401, "unauthenticated")
    again = api.stranger.post("/api/v1/sessions", {"username": "zhao", "password": _PASSWORD})
    assert outcome(again) == (401, "bad_credentials")
    assert _put(manager, "zhao", ("clerk", HOME), active=True) == 200
    assert zhao.get("/products").status_code == 401
    assert _sign_in(api, "zhao").get("/products").status_code == 200


def test_a_new_password_ends_every_session_and_no_password_ends_none(api: Api) -> None:
    manager = api.as_("manager")
    _put(manager, "zhao", ("clerk", HOME))
    first, second = _sign_in(api, "zhao"), _sign_in(api, "zhao")
    body = _user(("clerk", HOME))
    del body["password"]
    assert manager.put("/api/v1/users/zhao", body).status_code == 200
    assert first.get("/products").status_code == 200
    _put(manager, "zhao", ("clerk", HOME), password="四月里来草木长 2")
    assert {caller.get("/products").status_code for caller in (first, second)} == {401}
    assert _sign_in(api, "zhao", "四月里来草木长 2").get("/products").status_code == 200


@pytest.mark.parametrize(
    ("role", "region"),
    [
        ("admin", HOME),
        ("viewer", HOME),
        ("manager", OTHER),
        ("worker", OTHER),
        ("worker", HOME[:9]),
        ("manager", HOME[:6]),
        ("admin", "0"),
        ("viewer", HOME[:9]),
    ],
)
def test_a_manager_grants_only_staff_roles_of_the_own_village(api: Api, role: str, region: str) -> None:
    assert _put(api.as_("manager"), "zhao", (role, region)) == (403, "forbidden")
    # nor hidden behind a grant that is allowed, nor to oneself
    assert _put(api.as_("manager"), "zhao", ("worker", HOME), (role, region)) == (403, "forbidden")
    assert _put(api.as_("manager"), "manager", ("manager", HOME), (role, region)) == (403, "forbidden")
    assert outcome(api.root.get("/api/v1/users/zhao")) == (404, "not_found")
    assert [grant["role"] for grant in _get(api.root, "manager")["grants"]] == ["manager"]


@pytest.mark.parametrize("region", [OTHER, OTHER[:6], OTHER[:9], HOME[:4], "41", "0"])
def test_a_countys_admin_grants_nothing_beside_or_above(api: Api, region: str) -> None:
    assert _put(api.as_("admin"), "zhao", ("worker", region)) == (403, "forbidden")


def test_a_countys_admin_grants_everything_inside(api: Api) -> None:
    for role, region in (("admin", HOME[:6]), ("viewer", HOME[:9]), ("manager", HOME), ("admin", HOME)):
        assert _put(api.as_("admin"), f"{role}-{region}", (role, region)) == 201


@pytest.mark.parametrize("role", ["reviewer", "worker", "clerk", "supervisor", "viewer"])
def test_nobody_else_touches_users(api: Api, role: str) -> None:
    assert _put(api.as_(role), "zhao", ("worker", HOME)) == (403, "forbidden")
    assert _put(api.as_(role), role, ("admin", HOME)) == (403, "forbidden")
    assert outcome(api.as_(role).get("/api/v1/users/manager")) == (403, "forbidden")
    assert outcome(api.as_(role).get("/api/v1/users", query={"region": HOME})) == (403, "forbidden")


@pytest.mark.parametrize(
    "username", ["manager-410927100201", "root", "admin", "viewer", "everywhere", "nothing", "nobody"]
)
def test_users_beyond_the_own_scope_are_not_there(api: Api, username: str) -> None:
    _put(api.root, "everywhere", ("worker", HOME), ("worker", OTHER))
    _put(api.root, "nothing")
    before = _get(api.root, username)
    assert outcome(api.as_("manager").get(f"/api/v1/users/{username}")) == (404, "not_found")
    if username != "nobody":
        assert _put(api.as_("manager"), username, ("worker", HOME), password="五月里来五月五 3") == (404, "not_found")
        after = _get(api.root, username)
        assert after == before


def test_the_list_tells_only_what_belongs_to_the_region(api: Api) -> None:
    _put(api.root, "everywhere", ("worker", HOME), ("clerk", OTHER))
    _put(api.root, "elsewhere", ("clerk", OTHER))
    page = api.as_("manager").get("/api/v1/users", query={"region": HOME})
    assert OTHER not in page.text and "elsewhere" not in page.text
    assert [item["username"] for item in page.get_json()["items"]] == [
        "clerk",
        "everywhere",
        "manager",
        "reviewer",
        "supervisor",
        "worker",
    ]
    assert set(_usernames(api.as_("admin"), HOME[:6])) >= {"admin", "viewer", "worker", "everywhere"}
    assert "elsewhere" not in _usernames(api.as_("admin"), HOME[:6])
    assert "elsewhere" in _usernames(api.root, "0")


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        (OTHER, (404, "not_found")),
        (HOME[:9], (404, "not_found")),
        (HOME[:11], (422, "validation")),
        ("41092610020", (422, "validation")),
        ("5", (422, "validation")),
        ("", (422, "validation")),
        ("%", (422, "validation")),
    ],
)
def test_a_manager_lists_nowhere_else(api: Api, region: str, expected: object) -> None:
    assert outcome(api.as_("manager").get("/api/v1/users", query={"region": region})) == expected


def test_the_list_has_pages_and_costs_the_same_however_long(api: Api, world: World) -> None:
    manager = api.as_("manager")
    listing = partial(manager.get, "/api/v1/users", query={"region": HOME})
    before = cost(world.app, listing)
    for number in range(8):
        hire(api, f"staff{number}", "worker", "clerk")
    # who asks, the users, their grants
    assert (before, cost(world.app, listing)) == (3, 3)
    found, after = [], None
    while True:
        query = {"region": HOME, "limit": 3} | ({"after": after} if after else {})
        page = manager.get("/api/v1/users", query=query).get_json()
        found += [item["username"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == _usernames(manager) and len(found) == len(set(found)) == 13


@pytest.mark.parametrize(
    "username",
    [
        "",
        " ",
        "a b",
        "张三",
        "-a",
        ".a",
        "_a",
        "a" * 41,
        "a/b",
        "a%00b",
        "a\u200bb",
        "ａ",
        "a'--",
        "<b>",
        "a\u202eb",
        "..%2fb",
        "a@b",
    ],
)
def test_a_strange_username_is_refused(api: Api, username: str) -> None:
    assert _put(api.root, username, ("worker", HOME)) in [
        (422, "validation"),
        (404, "not_found"),
        (405, "method_not_allowed"),
    ]
    assert len(_usernames(api.root)) == 5


@pytest.mark.parametrize("username", ["a", "0", "li.si", "li-si_2", "A" * 40])
def test_a_plain_username_is_taken(api: Api, username: str) -> None:
    assert _put(api.root, username, ("worker", HOME)) == 201


@pytest.mark.parametrize("username", ["Worker", "WORKER", "wOrker"])
def test_names_that_differ_in_case_alone_are_refused(api: Api, username: str) -> None:
    assert _put(api.root, username, ("worker", HOME)) == (422, "validation")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"grants": [{"role": "worker", "region": HOME}] * 2}, "grants"),
        ({"grants": [{"role": "boss", "region": HOME}]}, "grants.0.role"),
        ({"grants": [{"role": "worker", "region": "410926100299"}]}, "grants"),
        ({"grants": [{"role": "worker", "region": "x"}]}, "grants.0.region"),
        ({"grants": [{"role": "worker", "region": HOME, "grid": [{"group_no": 0}]}]}, "grants.0.grid.0.group_no"),
        ({"grants": [{"role": "worker"}]}, "grants.0.region"),
        ({"grants": None}, "grants"),
        ({"name": ""}, "name"),
        ({"name": "<script>"}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "12345678"}, "password"),
        ({"password": "zhaozhao"}, "password"),
        ({"password": "aaaaaaaa"}, "password"),
        ({"password": "x" * 129 + "yz"}, "password"),
        ({"password": None}, "password"),
        ({"active": 1}, "active"),
        ({"is_admin": True}, "is_admin"),
        ({"id": 1}, "id"),
        ({"password_hash": "x"}, "password_hash"),
    ],
)
def test_nonsense_is_named(api: Api, change: dict[str, Any], field: str) -> None:
    answer = api.root.put("/api/v1/users/zhaozhao", _user(("worker", HOME)) | change)
    assert outcome(answer) == (422, "validation")
    assert list(answer.get_json()["errors"]) == [field]


def test_a_new_user_needs_a_password(api: Api) -> None:
    body = _user(("worker", HOME))
    del body["password"]
    assert outcome(api.root.put("/api/v1/users/zhao", body)) == (422, "validation")


def test_a_password_in_either_normal_form_is_the_same(api: Api) -> None:
    _put(api.root, "zhao", ("worker", HOME), password="caf\u00e9-au-lait")
    assert _sign_in(api, "zhao", "cafe\u0301-au-lait")


def test_checking_a_password_of_nobody_takes_as_long(api: Api) -> None:
    """Not by the clock, which a busy machine makes unfair, but by the same work: a hash of the same cost."""
    assert passwords.needs_new_hash(passwords.hash_password(PASSWORD)) is False
    assert passwords.needs_new_hash(passwords._NOBODY) is False
    assert passwords.matches(PASSWORD, None) is False
    assert passwords.matches("nobody has this password", None) is False


def test_manager_makes_nobody_whom_they_could_not_see_afterwards(api: Api) -> None:
    manager = api.as_("manager")
    answer = manager.put("/api/v1/users/nobody", {"name": "小吴", "password": "很长的密码一二三", "grants": []})
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["grants"])
    assert manager.put("/api/v1/users/worker", {"name": "小吴", "grants": []}).status_code == 422
    assert api.root.get("/api/v1/users/nobody").status_code == 404
    assert api.root.get("/api/v1/users/worker").get_json()["grants"]
