"""schemathesis against our own OpenAPI document: every call with what the document allows, and with what it forbids.

No server error, no status, media type or shape that the document does not name, nothing accepted that it forbids, and
nobody let in without the token. The same calls every time; `-m soak` makes thousands of them by chance.
"""

from functools import cache
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pointshop.core.policy import PERMISSIONS, ROLES
from tests.api import Api
from tests.ground import HOME
from tests.guards.routes import ROUTES
from tests.openapi.known import Village, known_body, known_path, path_with_known, settled
from tests.world import World

_CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
]
_CHECKS_OF_WRONG = [*_CHECKS, negative_data_rejection]
OPERATIONS = sorted({(route.spec.method, route.described_path) for route in ROUTES})
_QUIET = [
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
    HealthCheck.function_scoped_fixture,
]


@pytest.fixture
def village(world: World, api: Api) -> Village:
    return settled(world, api)


@cache
def _document(app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


def hold_to_document(village: Village, method: str, path: str, *, examples: int, by_chance: bool) -> set[int]:
    """The statuses that came."""
    operation = _document(village.api.ground.app)[path][method]
    came: set[int] = set()
    tokens = _tokens(village.api, operation.definition.raw["x-permission"])

    @given(data=st.data())
    @settings(
        max_examples=examples,
        derandomize=not by_chance,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=_QUIET,
    )
    def hold(data: st.DataObject) -> None:
        case, checks = data.draw(_calls(operation, village, path))
        headers = {"Authorization": f"Bearer {data.draw(st.sampled_from(tokens))}"}
        response = case.call(headers=headers)
        case.validate_response(response, checks=checks, headers=headers)
        came.add(response.status_code)

    hold()
    return came


@st.composite
def _calls(draw: st.DrawFn, operation: Any, village: Village, path: str) -> tuple[Case[Any], list[Any]]:
    """A call that the document allows, with what exists in the village; or one that it forbids, and the checks."""
    if draw(st.integers(0, 9)) < 7:
        case: Case[Any] = draw(operation.as_strategy(GenerationMode.POSITIVE))
        case.path_parameters = path_with_known(draw, village.known, path, case.path_parameters)
        case.body = known_body(draw, village, path, case.body)
        if case.headers:
            case.headers.update({"If-Match": draw(st.sampled_from(['"1"', '"2"', "*"]))})
        return case, _CHECKS
    return draw(
        operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=known_path(village.known, path))
    ), _CHECKS_OF_WRONG


def _tokens(api: Api, permission: str) -> list[str]:
    """Of the roles that may, of everyone's where anyone may."""
    allowed = PERMISSIONS.get(permission, {"*"})
    roles = [role for role in ROLES if "*" in allowed or role in allowed]
    return [api.ground.tokens[role, HOME] for role in roles]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_call_keeps_to_the_document(village: Village, method: str, path: str) -> None:
    hold_to_document(village, method, path, examples=6, by_chance=False)


@pytest.mark.soak
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_call_keeps_to_the_document_for_long(village: Village, method: str, path: str) -> None:
    hold_to_document(village, method, path, examples=300, by_chance=True)
