"""What every response carries, whatever was asked and whatever came of it (threats.md §6.4)."""

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pointshop.app import create_app
from tests.api import Api
from tests.ground import HOME, Ground
from tests.guards.routes import ROUTES, Route

_EXACT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=()",
}


def policy(response: TestResponse) -> dict[str, str]:
    """The directives of its Content-Security-Policy."""
    parts = [part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in parts}


def check_headers(response: TestResponse) -> None:
    assert {name: response.headers.get(name) for name in _EXACT} == _EXACT
    found = policy(response)
    assert found["default-src"] == "'none'"
    assert "unsafe" not in str(found) and "*" not in str(found) and "http" not in str(found)
    if "sandbox" not in found:
        assert (found["frame-ancestors"], found["base-uri"]) == ("'none'", "'none'")
        assert found["form-action"] == "'self'"
    assert not response.headers.getlist("Set-Cookie")
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_route_answers_with_them_signed_in_or_not(api: Api, ground: Ground, route: Route) -> None:
    client = ground.app.test_client()
    for token in (None, ground.tokens["manager", HOME]):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = client.open(route.path(), method=route.spec.method, headers=headers)
        check_headers(answer)
        if token and not route.is_public:
            assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("GET", "/nowhere", {}),
        ("GET", "/api/v1/nowhere", {}),
        ("TRACE", "/api/v1/me", {}),
        (
            "OPTIONS",
            "/api/v1/me",
            {"headers": {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}},
        ),
        ("POST", "/api/v1/sessions", {"data": b"{" * 100, "content_type": "application/json"}),
        ("POST", "/api/v1/sessions", {"data": b"x" * 2_000_000, "content_type": "application/json"}),
    ],
)
def test_so_does_what_is_no_route(ground: Ground, api: Api, method: str, path: str, options: dict[str, Any]) -> None:
    check_headers(ground.app.test_client().open(path, method=method, **options))


def test_a_fault_of_ours_carries_them_too(ground: Ground, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**path: object) -> None:
        raise RuntimeError("张建国")

    monkeypatch.setitem(ground.app.view_functions, "accounts.get_me", fail)
    answer = ground.app.test_client().get("/api/v1/me")
    assert answer.status_code == 500
    check_headers(answer)
    assert "张建国" not in answer.text


@pytest.mark.parametrize(
    ("url", "expected"), [("https://jifen.example.cn", "max-age=31536000"), ("http://10.0.0.8", None)]
)
def test_who_came_over_https_shall_come_so_again(ground: Ground, api: Api, url: str, expected: str | None) -> None:
    app = create_app(replace(ground.config(), public_url=url))
    assert app.test_client().get("/healthz").headers.get("Strict-Transport-Security") == expected
