"""Talks to the service as its clients do, and holds every answer to the contract."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.test import TestResponse

from pointshop.core import strictjson
from pointshop.core.ids import is_name
from tests.contract import CODES
from tests.ground import HOME, Ground

_PROBLEM_KEYS = {"type", "title", "status", "code", "detail", "instance", "errors", "data"}


class Caller(NamedTuple):
    """One user's calls into one village. A path is below the village's own unless it begins with `/api/`."""

    app: Flask
    token: str | None
    village: str

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.call("PUT", path, body, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.call("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.call("DELETE", path, **options)

    def into(self, village: str) -> "Caller":
        """The same user, calling into another village."""
        return self._replace(village=village)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> TestResponse:
        """Any method; further options go to Flask's test client (`data`, `content_type`)."""
        if not path.startswith("/api/"):
            path = f"/api/v1/villages/{self.village}{path}"
        given = dict(headers or {})
        if self.token is not None:
            given.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None:
            options["json"] = body
        response = self.app.test_client().open(path, method=method, query_string=query, headers=given, **options)
        check(response)
        return response


class Api(NamedTuple):
    """Who calls: `api.as_("worker").put("/merits/…", {…})`."""

    ground: Ground

    def as_(self, role: str, *, of: str = HOME) -> Caller:
        """A user of that role, of the home village or of another; they call into their own."""
        return Caller(self.ground.app, self.ground.tokens[role, of], of)

    @property
    def root(self) -> Caller:
        """The administrator of everything."""
        return Caller(self.ground.app, self.ground.tokens["root", "0"], HOME)

    @property
    def stranger(self) -> Caller:
        """Nobody: no token."""
        return Caller(self.ground.app, None, HOME)


def check(response: TestResponse) -> None:
    """Whatever was asked: no fault of ours, and a problem is a problem document with a code of the closed list."""
    told = response.get_data()[:500]
    assert response.status_code < 500, told
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if response.request.method == "HEAD":
        assert not response.data
    elif response.status_code >= 400:
        check_problem(response)
    elif response.status_code == 204:
        assert not response.data
    elif response.mimetype == "application/json":
        assert isinstance(strictjson.parse(response.data), dict), told


def check_problem(response: TestResponse) -> None:
    """It says what happened in every way the contract asks for, and nothing else."""
    assert response.mimetype == "application/problem+json", response.get_data(as_text=True)[:500]
    document = strictjson.parse(response.data)
    assert document.keys() <= _PROBLEM_KEYS
    assert CODES[document["code"]] == document["status"] == response.status_code, document
    assert document["type"] == f"/problems/{document['code']}"
    assert document["title"] and document["detail"]
    assert is_name(document["instance"])
    for place, words in document.get("errors", {}).items():
        assert isinstance(place, str) and words and all(isinstance(word, str) for word in words), document
