"""Holds answers to the OpenAPI document: what it says is what clients are written against."""

from functools import cache
from typing import Any

import jsonschema_rs
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

_JSON = ("application/json", "application/problem+json")


def check_described(app: Flask, response: TestResponse) -> None:
    """Any answer of the interface has a documented status, media type and shape."""
    request = response.request
    found = _answers(app).get((request.method.replace("HEAD", "GET"), _rule_of(app, request.method, request.path)))
    if found is None:
        return
    assert str(response.status_code) in found, (
        f"{request.method} {request.path}: {response.status_code} is not described"
    )
    described = found[str(response.status_code)]
    if not response.data:
        return
    assert response.mimetype in described, f"{request.path}: {response.mimetype} is not described"
    validator = described[response.mimetype]
    if response.mimetype in _JSON and validator is not None:
        validator.validate(response.get_json(force=True))


def _rule_of(app: Flask, method: str, path: str) -> str:
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, method=method)
    except HTTPException:
        return ""
    return str(endpoint)


@cache
def _answers(app: Flask) -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """(method, endpoint) → status → media type → validator of its body."""
    document = app.extensions["pointshop.spec"].to_dict()
    return {
        (method.upper(), call["operationId"]): {
            status: {
                media: _validator(content["schema"], document) for media, content in answer.get("content", {}).items()
            }
            for status, answer in call["responses"].items()
        }
        for calls in document["paths"].values()
        for method, call in calls.items()
        if isinstance(call, dict) and "operationId" in call
    }


def _validator(schema: dict[str, Any], document: dict[str, Any]) -> Any:
    return jsonschema_rs.validator_for(schema | {"components": document["components"]})
