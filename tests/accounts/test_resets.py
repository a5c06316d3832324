"""Who lets whom in again (docs/decisions/0006): nobody becomes, unnoticed, the one who signs for their own entries."""

from datetime import timedelta
from typing import Any

import pytest

from pointshop.core import clock
from tests.api import Api, Caller
from tests.ground import HOME, PASSWORD
from tests.installation import Installation
from tests.together import outcome

NEW = "五月里来五月五 3"


def _put(caller: Caller, username: str, role: str, *, password: str | None = NEW) -> object:
    body: dict[str, Any] = {"name": "小赵", "grants": [{"role": role, "region": HOME}]}
    return outcome(caller.put(f"/api/v1/users/{username}", body | ({"password": password} if password else {})))


def _sign_in(api: Api, username: str, password: str) -> Any:
    return api.stranger.post("/api/v1/sessions", {"username": username, "password": password})


def _begin(caller: Caller, username: str) -> Any:
    return caller.post(f"/api/v1/users/{username}/password-reset")


def _use(api: Api, username: str, code: str, password: str = NEW) -> object:
    body = {"username": username, "code": code, "password": password}
    return outcome(api.stranger.post("/api/v1/password-resets", body))


def _events(caller: Caller, username: str) -> list[tuple[str, str]]:
    page = caller.get(f"/api/v1/users/{username}/events").get_json()
    return [(item["action"], item["by"]) for item in page["items"]]


@pytest.mark.parametrize("role", ["reviewer", "supervisor", "manager"])
def test_a_manager_cannot_become_who_signs_or_watches(api: Api, role: str) -> None:
    manager = api.as_("manager")
    assert _put(manager, role, role) == (403, "forbidden")
    assert outcome(_begin(manager, role)) == (403, "forbidden")
    assert api.as_(role).get("/api/v1/me").status_code == 200
    assert _sign_in(api, role, PASSWORD).status_code == 201
    assert _sign_in(api, role, NEW).status_code == 401


@pytest.mark.parametrize("role", ["reviewer", "supervisor"])
def test_a_manager_neither_demotes_nor_dismisses_who_signs_or_watches(api: Api, role: str) -> None:
    manager, body = api.as_("manager"), {"name": "小赵", "grants": [{"role": "worker", "region": HOME}]}
    assert outcome(manager.put(f"/api/v1/users/{role}", body)) == (403, "forbidden")
    stays = body | {"grants": [{"role": role, "region": HOME}], "active": False}
    assert outcome(manager.put(f"/api/v1/users/{role}", stays)) == (403, "forbidden")
    assert outcome(api.root.put(f"/api/v1/users/{role}", stays)) == 200


def test_nobody_changes_what_they_themselves_may_do(api: Api) -> None:
    both = [{"role": role, "region": HOME} for role in ("manager", "supervisor")]
    body = {"name": "村管理员", "grants": both}
    assert outcome(api.as_("manager").put("/api/v1/users/manager", body)) == (403, "forbidden")


def test_a_code_is_void_once_the_user_may_do_something_else(api: Api) -> None:
    code = _begin(api.as_("manager"), "worker").get_json()["code"]
    assert _put(api.root, "worker", "supervisor", password=None) == 200
    assert _use(api, "worker", code) == (401, "bad_credentials")


def test_sending_the_same_password_again_changes_nothing(api: Api) -> None:
    assert _put(api.as_("manager"), "reviewer", "reviewer", password=PASSWORD) == 200
    assert _put(api.root, "reviewer", "reviewer", password=PASSWORD) == 200
    assert api.as_("reviewer").get("/api/v1/me").status_code == 200


def test_who_may_not_replace_a_password_guesses_no_faster_than_a_stranger(api: Api) -> None:
    answers = {_put(api.as_("manager"), "reviewer", "reviewer", password=f"猜猜看猜猜看 {turn}") for turn in range(6)}
    assert answers == {(403, "forbidden"), (429, "too_many_requests")}


def test_an_admin_of_a_higher_region_replaces_a_password_and_its_owner_hears_of_it(api: Api) -> None:
    assert _put(api.as_("admin"), "reviewer", "reviewer") == 200
    assert api.as_("reviewer").get("/api/v1/me").status_code == 401
    opened = _sign_in(api, "reviewer", NEW).get_json()
    assert opened["user"]["password_set"]["by"] == "admin"
    assert _events(api.as_("supervisor"), "reviewer")[:2] == [("changed", "admin"), ("password_set", "admin")]


def test_an_admin_does_not_become_another_of_the_same_region(api: Api) -> None:
    body = {"name": "甲", "password": NEW, "grants": [{"role": "viewer", "region": HOME[:6]}]}
    api.root.put("/api/v1/users/equal", body | {"grants": [{"role": "admin", "region": HOME[:6]}]})
    assert outcome(_begin(api.as_("admin"), "equal")) == (403, "forbidden")
    assert _begin(api.root, "equal").status_code == 201


def test_a_code_lets_in_once_and_ends_what_was_open(api: Api) -> None:
    begun = _begin(api.as_("manager"), "worker")
    assert begun.status_code == 201
    code = begun.get_json()["code"]
    # until it is used nothing has changed
    assert api.as_("worker").get("/api/v1/me").status_code == 200
    assert _use(api, "worker", code.lower().replace("-", " ")) == 204
    assert api.as_("worker").get("/api/v1/me").status_code == 401
    assert _sign_in(api, "worker", PASSWORD).status_code == 401
    user = _sign_in(api, "worker", NEW).get_json()["user"]
    assert user["password_set"]["by"] is None
    assert _use(api, "worker", code, "六月里来六月六 4") == (401, "bad_credentials")
    assert _events(api.as_("manager"), "worker")[:2] == [("reset_used", "worker"), ("reset_begun", "manager")]


def test_a_code_is_for_its_owner_for_a_day_and_the_last_one_counts(api: Api) -> None:
    first, second = (_begin(api.root, "reviewer").get_json()["code"] for _ in range(2))
    refused = (401, "bad_credentials")
    assert [_use(api, "reviewer", first), _use(api, "worker", second), _use(api, "nobody", second)] == [refused] * 3
    with clock.at(clock.now() + timedelta(hours=25)):
        assert _use(api, "reviewer", second) == refused
    assert _use(api, "reviewer", second, "short") == (422, "validation")
    assert _use(api, "reviewer", second) == 204


def test_guessing_codes_is_as_slow_as_guessing_passwords(api: Api) -> None:
    answers = [_use(api, "worker", f"{turn:016d}") for turn in range(6)]
    assert answers == [(401, "bad_credentials")] * 5 + [(429, "too_many_requests")]


def test_a_code_lets_nobody_in_who_was_dismissed(api: Api) -> None:
    code = _begin(api.root, "reviewer").get_json()["code"]
    api.root.put("/api/v1/users/reviewer", {"name": "某人", "grants": [], "active": False})
    assert _use(api, "reviewer", code) == (401, "bad_credentials")


def test_one_changes_the_own_password_and_stays_signed_in_only_there(api: Api) -> None:
    worker = api.as_("worker")
    elsewhere = api.stranger._replace(token=_sign_in(api, "worker", PASSWORD).get_json()["token"])
    wrong = worker.put("/api/v1/me/password", {"old_password": NEW, "password": NEW})
    assert (outcome(wrong), list(wrong.get_json()["errors"])) == ((422, "validation"), ["old_password"])
    assert worker.put("/api/v1/me/password", {"old_password": PASSWORD, "password": "short"}).status_code == 422
    assert worker.put("/api/v1/me/password", {"old_password": PASSWORD, "password": NEW}).status_code == 204
    assert worker.get("/api/v1/me").get_json()["password_set"]["by"] is None
    assert elsewhere.get("/api/v1/me").status_code == 401
    assert _sign_in(api, "worker", NEW).status_code == 201


def test_a_begun_reset_is_void_once_the_password_was_changed_otherwise(api: Api) -> None:
    code = _begin(api.root, "worker").get_json()["code"]
    api.as_("worker").put("/api/v1/me/password", {"old_password": PASSWORD, "password": NEW})
    assert _use(api, "worker", code, "六月里来六月六 4") == (401, "bad_credentials")


def test_the_history_of_an_account_is_for_those_who_govern_or_watch_it(api: Api) -> None:
    _put(api.as_("manager"), "zhao", "reviewer")
    assert _events(api.as_("supervisor"), "zhao") == [("created", "manager")]
    grants = api.root.get("/api/v1/users/zhao/events").get_json()["items"][0]["grants"]
    assert grants == [{"role": "reviewer", "region": HOME, "grid": []}]
    for caller in (api.as_("manager", of="410927100201"), api.as_("supervisor", of="410927100201")):
        assert outcome(caller.get("/api/v1/users/zhao/events")) == (404, "not_found")
    assert outcome(api.as_("supervisor").get("/api/v1/users/admin/events")) == (404, "not_found")
    assert outcome(api.as_("worker").get("/api/v1/users/worker/events")) == (403, "forbidden")


def test_at_the_servers_prompt_anybody_is_let_in_again(installed: Installation) -> None:
    told = installed.run("reset-password", "root")
    assert (told.status, "root 的重置码：" in told.out) == (0, True)
    assert installed.run("reset-password", "nobody").status == 1
