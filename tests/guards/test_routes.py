"""Who may call what, over every route there is (threats.md C01, C23). A new route is included by being declared."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pointshop.core.policy import PERMISSIONS, ROLES
from tests.api import Api, Caller
from tests.ground import HOME, NOWHERE, OTHER, Ground
from tests.guards.routes import ROUTES, Route, registered
from tests.world import World

#: All that may be called without a token. Each says why.
OPEN = {
    "POST /api/v1/sessions": "where tokens come from",
    "POST /api/v1/password-resets": "who forgot a password has no token; the code is the credential",
    "POST /api/v1/sessions/wechat": "likewise, for those WeChat knows",
    "GET /api/v1/openapi.json": "how to speak to the service",
    "GET /": "what stands at the bare address; says no more than a signboard would",
    "GET /home.css": "its looks",
    "GET /docs": "the same for people",
    "GET /docs/docs.css": "its looks",
    "GET /b/<token>/objection": "whoever may read a sheet may object to it",
    "POST /b/<token>/objection": "by name or without",
    "GET /b/<token>/objection/<name:id>": "that it was received; nothing of what was said",
    "POST /api/v1/ballot-papers/<village:village>": "villagers have no token; the code on the slip is the credential",
    "POST /api/v1/ballots/<village:village>": "likewise",
    "GET /vote/<village:village>": "the page on which the slip's code is typed",
    "POST /vote/<village:village>": "and the ballot filled in",
    "GET /desk": "a page without data; its script signs in",
    "GET /b/<token>": "what a village publishes; whoever holds the link may read it",
    "GET /static/publishing/<file>": "its looks",
    "GET /app": "the pages of the staff; whoever opens them signs in inside",
    "GET /app/manifest.webmanifest": "what makes them installable",
    "GET /app/sw.js": "what opens them without signal",
    "GET /app/files/<release>/<path:name>": "their scripts and looks",
    "GET /c/<code>": "whoever holds a card may see what is on it",
    "GET /c/<code>/en": "the same in English",
    "GET /C/<code>": "the same as a card writes it",
    "GET /e/<village:code>/<name:id>": "what a village does and where; opening it earns nothing",
    "GET /e/<village:code>/<name:id>/en": "the same in English",
    "GET /board/<village:code>": "what a village publishes, for its wall",
    "GET /board/<village:code>/published.json": "the same as data",
    "GET /board/<village:code>/sw.js": "what opens it without a network",
    "GET /healthz": "asked by machines that hold no token",
    "GET /readyz": "asked by machines that hold no token",
    "GET /metrics": "for this machine only",
}
CLOSED = [route for route in ROUTES if not route.is_public]
VILLAGE = [route for route in CLOSED if route.is_of_village]
BEYOND = [route for route in CLOSED if not route.is_of_village]


def ask(caller: Caller, route: Route, **values: str) -> TestResponse:
    """The call as it stands in the rule, with an empty body where one is expected."""
    path = route.path(**values)
    body: dict[str, Any] | None = {} if route.spec.body is not None else None
    return caller.call(route.spec.method, path, body)


def said(response: TestResponse) -> tuple[int, dict[str, Any]]:
    """An answer without the id that differs each time."""
    document: dict[str, Any] = response.get_json()
    document.pop("instance")
    return response.status_code, document


def test_every_route_is_declared_with_a_permission(app: Flask) -> None:
    assert registered(app) == {route.endpoint for route in ROUTES}


def test_only_these_routes_are_open() -> None:
    assert {str(route) for route in ROUTES if route.is_public} == OPEN.keys()


@pytest.mark.parametrize("route", CLOSED, ids=str)
def test_nobody_gets_in_without_a_token(api: Api, ground: Ground, route: Route) -> None:
    answer = ask(api.stranger, route)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for header in ("Bearer", "Bearer ", "Bearer nobody", "Basic d29ya2VyOng=", "Bearer " + "x" * 8000, "\xff"):
        tried = api.stranger.call(route.spec.method, route.path(), headers={"Authorization": header})
        assert tried.status_code == 401
    assert not ground.was_written()


@pytest.mark.parametrize("route", VILLAGE, ids=str)
def test_role_without_the_permission_is_refused_and_changes_nothing(api: Api, ground: Ground, route: Route) -> None:
    for role in ROLES:
        if role not in PERMISSIONS[route.spec.permission]:
            answer = ask(api.as_(role), route)
            assert answer.get_json()["code"] == "forbidden", role
    assert not ground.was_written()


@pytest.mark.parametrize("route", VILLAGE, ids=str)
def test_role_with_the_permission_gets_as_far_as_the_matter_itself(api: Api, world: World, route: Route) -> None:
    world.household()
    allowed = [role for role in ROLES if role in PERMISSIONS[route.spec.permission]]
    assert allowed
    for role in allowed:
        assert ask(api.as_(role), route).status_code not in (401, 403, 405), role


@pytest.mark.parametrize("route", VILLAGE, ids=str)
def test_another_village_looks_like_one_that_is_not_there(api: Api, ground: Ground, route: Route) -> None:
    for role in ROLES:
        foreign, absent = (ask(api.as_(role), route, v=village) for village in (OTHER, NOWHERE))
        assert said(foreign) == said(absent), role
        assert foreign.get_json()["code"] == "not_found"
        assert said(ask(api.as_(role, of=OTHER), route, v=HOME)) == said(absent), role
    assert not ground.was_written()


@pytest.mark.parametrize("route", BEYOND, ids=str)
def test_call_beyond_villages_is_for_those_who_hold_the_permission(api: Api, route: Route) -> None:
    allowed = PERMISSIONS[route.spec.permission]
    for role in ROLES:
        status = ask(api.as_(role), route).status_code
        if "*" in allowed or role in allowed:
            assert status not in (401, 405), role
        else:
            assert status == 403, role


@pytest.mark.parametrize("route", CLOSED, ids=str)
def test_token_of_a_user_who_was_dismissed_is_dead_at_once(api: Api, world: World, route: Route) -> None:
    dismissed = {"name": "某人", "grants": [], "active": False}
    assert api.root.put("/api/v1/users/manager", dismissed).status_code == 200
    assert ask(api.as_("manager"), route).status_code == 401


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_other_methods_are_refused(app: Flask, api: Api, route: Route) -> None:
    known = {other.spec.method for other in ROUTES if other.rule == route.rule}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - known:
        answer = app.test_client().open(
            route.path(), method=method, headers={"X-HTTP-Method-Override": route.spec.method}
        )
        assert answer.status_code == 405, method
        assert known <= set(answer.headers["Allow"].replace(" ", "").split(","))


def test_region_whose_code_begins_alike_is_another(api: Api) -> None:
    """threats.md C02: county 410926 is no parent of county 410927, nor city 4109 of province 41's other cities."""
    for place in ("410927", "4110", "42"):
        answer = api.as_("admin").put(f"/api/v1/regions/{place}", {"name": "别处"})
        assert answer.status_code in (403, 404), place


def test_doubled_slash_sends_nobody_to_the_host_that_the_request_names(api: Api) -> None:
    for path in ("/api//v1/me", "/api/v1//me"):
        answer = api.root.get(path, headers={"Host": "evil.example"})
        assert (answer.status_code, answer.headers.get("Location")) == (404, None), path
