"""Bad input over HTTP, through every route and every field: never a fault of ours, always a problem document, and the
books in order afterwards (threats.md §5)."""

import copy
import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import fields

from pointshop.core.fields import Shape
from pointshop.core.policy import PERMISSIONS
from tests.api import Api, Caller
from tests.ground import Ground
from tests.guards.corpus import MEDIA, PATHS, QUERIES, SHAPELESS, UNPARSEABLE, WORST
from tests.guards.routes import ROUTES, WITH_BODY, WITH_QUERY, Route, named_fields, sample_of, shape_in
from tests.world import World

#: What a client may be told; 405 would mean that the request never got as far as its body, and so would 401 but for
#: the route that asks for a password.
ANSWERS = {200, 201, 204, 400, 403, 404, 409, 410, 412, 413, 415, 422, 428, 429}
UPLOADS = [route for route in ROUTES if route.spec.uploads]
IF_MATCH = {"If-Match": '"1"'}


@pytest.fixture
def lived_in(world: World) -> World:
    """A village in which the sample values of bodies name things that are there."""
    world.household(points=500)
    world.card()
    world.rule()
    return world


def caller_of(api: Api, route: Route) -> Caller:
    """Someone whom the route lets in: the manager of the village, or its supervisor; the administrator beyond."""
    if not route.is_of_village:
        return api.root
    return api.as_("manager" if "manager" in PERMISSIONS[route.spec.permission] else "supervisor")


def answers_of(route: Route) -> set[int]:
    return ANSWERS | {401} if route.is_public else ANSWERS


def send(api: Api, route: Route, data: bytes, *, media: str = "application/json", **headers: str) -> int:
    """The status of the answer to a raw body; Caller checks the rest."""
    answer = caller_of(api, route).call(
        route.spec.method, route.path(), data=data, content_type=media, headers=IF_MATCH | headers
    )
    return answer.status_code


def variations(schema: Shape) -> Iterator[tuple[str, Any]]:
    """Bodies that are right but for one field at any depth: (its path, the body)."""
    good = sample_of(schema)
    for path in _paths(schema, good):
        for value in WORST:
            body = copy.deepcopy(good)
            holder = body
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = value
            yield ".".join(map(str, path)), body


def _paths(schema: Shape, body: dict[str, Any]) -> Iterator[list[Any]]:
    for name, field in named_fields(schema).items():
        if name not in body:
            continue
        yield [name]
        inner, steps = field, list[Any]([name])
        while isinstance(inner, fields.List) and body[name]:
            inner, steps = inner.inner, [*steps, 0]
            yield steps
        if isinstance(inner, fields.Nested):
            below = body[name][0] if isinstance(body[name], list) else body[name]
            yield from ([*steps, *rest] for rest in _paths(shape_in(inner), below))


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_right_body_is_understood(api: Api, lived_in: World, route: Route) -> None:
    assert route.spec.body is not None
    body = json.dumps(sample_of(route.spec.body)).encode()
    assert send(api, route, body) in answers_of(route) - {400, 415}


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_one_bad_field_never_is_our_fault(api: Api, lived_in: World, route: Route) -> None:
    assert route.spec.body is not None
    for place, body in variations(route.spec.body):
        assert send(api, route, json.dumps(body).encode()) in answers_of(route), (place, body)


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_what_is_no_json_is_refused_before_anything_looks_at_it(api: Api, ground: Ground, route: Route) -> None:
    for data in UNPARSEABLE:
        if data or named_fields(route.spec.body or Shape()):
            assert send(api, route, data) == 400, data[:80]
    assert not ground.was_written()


@pytest.mark.parametrize("route", [route for route in WITH_BODY if named_fields(route.spec.body or Shape())], ids=str)
def test_json_without_the_fields_is_a_validation_error(api: Api, lived_in: World, route: Route) -> None:
    for data in SHAPELESS:
        # a body of optional fields may say nothing
        if data != b"{}" or any(field.required for field in named_fields(route.spec.body or Shape()).values()):
            assert send(api, route, data) in {422, 429}, data


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_fields_that_are_not_theirs_to_set_are_refused(api: Api, lived_in: World, route: Route) -> None:
    assert route.spec.body is not None
    for name in ("village_id", "balance", "state", "approved_by", "is_admin", "clerk", "at", "receipt_no"):
        body = sample_of(route.spec.body) | {name: 1}
        answer = caller_of(api, route).call(route.spec.method, route.path(), body, headers=IF_MATCH)
        assert answer.status_code in {422, 429}
        assert answer.status_code == 429 or answer.get_json()["errors"] == {name: ["没有这个字段"]}


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_body_that_is_not_said_to_be_json_is_refused(api: Api, ground: Ground, route: Route) -> None:
    assert route.spec.body is not None
    data = json.dumps(sample_of(route.spec.body)).encode() or b"{}"
    for media in MEDIA:
        assert send(api, route, data, media=media) == 415, media
    for coding in ("gzip", "deflate", "br"):
        assert send(api, route, gzip.compress(data), **{"Content-Encoding": coding}) == 415
    assert not ground.was_written()


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_body_that_is_too_large_is_refused(api: Api, ground: Ground, route: Route) -> None:
    assert send(api, route, b'{"a":"' + b"x" * 1024 * 1024 + b'"}') == 413
    assert not ground.was_written()


@pytest.mark.parametrize("route", UPLOADS, ids=str)
def test_upload_of_anything_never_is_our_fault(api: Api, lived_in: World, route: Route) -> None:
    for media in (*route.spec.uploads, "text/html", "application/json", ""):
        for data in (b"", b"\x00", b"<html><script>", b"PK\x03\x04" + b"\x00" * 100, b"\xff\xd8\xff\xe0" + b"x" * 1000):
            assert send(api, route, data, media=media) in ANSWERS
            part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../a.xlsx"\r\n\r\n' + data
            assert send(api, route, part + b"\r\n--x--\r\n", media="multipart/form-data; boundary=x") in ANSWERS


@pytest.mark.parametrize("route", WITH_QUERY, ids=str)
def test_bad_query_never_is_our_fault(api: Api, lived_in: World, route: Route) -> None:
    caller = caller_of(api, route)
    for name in named_fields(route.spec.query or Shape()):
        for value in QUERIES:
            assert caller.call(route.spec.method, f"{route.path()}?{name}={value}").status_code in ANSWERS, (
                name,
                value,
            )
        twice = caller.call(route.spec.method, f"{route.path()}?{name}=1&{name}=1")
        assert twice.get_json()["errors"][name] == ["只能出现一次"]
    unknown = caller.call(route.spec.method, f"{route.path()}?order_by=points")
    assert unknown.get_json()["errors"]["order_by"] == ["没有这个字段"]


@pytest.mark.parametrize("route", [route for route in ROUTES if "<" in route.rule], ids=str)
def test_odd_path_never_is_our_fault(api: Api, lived_in: World, route: Route) -> None:
    caller = caller_of(api, route)
    body = json.dumps(sample_of(route.spec.body)) if route.spec.body is not None else None
    for name in ("v", "code", "id", "number", "username", "token", "file", "photo"):
        if f"{name}>" not in route.rule:
            continue
        for odd in PATHS:
            path = route.path(**{name: odd})
            answer = caller.app.test_client().open(
                path,
                method=route.spec.method,
                data=body,
                content_type="application/json",
                headers={"Authorization": f"Bearer {caller.token}"},
            )
            assert answer.status_code in ANSWERS | {308, 405}, path
