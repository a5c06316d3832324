"""The interface describes itself, to machines and to people, without help from elsewhere."""

import re
from typing import Any

import pytest
from flask import Flask

from pointshop.core.errors import Problem
from tests.contract import CODES


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    found = app.test_client().get("/api/v1/openapi.json").get_json()
    assert isinstance(found, dict)
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """(path, operation, its path's parameters)."""
    return [
        (path, operation, calls.get("parameters", []))
        for path, calls in document["paths"].items()
        for method, operation in calls.items()
        if method != "parameters"
    ]


def schemas_in(part: Any) -> list[dict[str, Any]]:
    """Every object of the document that is a schema with a type or an enum."""
    if isinstance(part, list):
        return [found for item in part for found in schemas_in(item)]
    if not isinstance(part, dict):
        return []
    below = [found for item in part.values() for found in schemas_in(item)]
    return [part, *below] if "type" in part or "enum" in part else below


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    named = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(document)))
    assert "Problem" in named
    assert named <= document["components"]["schemas"].keys()


def test_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation, _ in operations(document)]
    assert len(set(names)) == len(names)


def test_every_part_of_a_path_is_described(document: dict[str, Any]) -> None:
    for path, operation, parameters in operations(document):
        described = {one["name"] for one in [*parameters, *operation.get("parameters", [])] if one["in"] == "path"}
        assert described == set(re.findall(r"{(\w+)}", path)), path


def test_every_operation_says_what_it_does_and_who_may(document: dict[str, Any]) -> None:
    for path, operation, _ in operations(document):
        assert operation.get("summary"), path
        is_public = operation["x-permission"] == "public"
        assert operation["security"] == ([] if is_public else [{"bearer": []}])
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_value_has_a_type_and_a_default_that_fits(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            if (name, field) != ("OperationIn", "body"):  # whatever its call takes
                assert described.keys() & {"type", "$ref", "allOf", "anyOf"}, (name, field)
    for described in schemas_in(document):
        if "default" in described and "enum" in described:
            assert described["default"] in described["enum"]


def test_bodies_take_no_fields_that_are_not_described(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        if name.endswith("In"):
            assert schema["additionalProperties"] is False, name


def test_codes_of_problems_are_the_closed_list(document: dict[str, Any]) -> None:
    assert set(document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) <= CODES.keys()


def test_each_code_has_one_status() -> None:
    kinds, found = [Problem], set()
    while kinds:
        kind = kinds.pop()
        kinds.extend(kind.__subclasses__())
        # the server below the app has one more status for what is too large
        if "code" in vars(kind) and not kind.__module__.startswith("pointshop.cli"):
            found.add((kind.code, kind.status))
    assert found <= CODES.items()


def test_page_for_people_shows_every_call_and_needs_nobody(app: Flask, document: dict[str, Any]) -> None:
    page = app.test_client().get("/docs").get_data(as_text=True)
    for path, operation, _ in operations(document):
        assert f"<code>{path}</code>" in page
        assert f'id="{operation["operationId"]}"' in page
    assert set(re.findall(r'(?:src|href)="([^"#][^"]*)"', page)) == {"/docs/docs.css", "/api/v1/openapi.json"}
    assert "<script" not in page
    assert "style=" not in page
    assert app.test_client().get("/docs/docs.css").mimetype == "text/css"
