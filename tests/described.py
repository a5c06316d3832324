"""Holds answers to the OpenAPI document: what it says is what clients are written against."""

import json
from functools import cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import jsonschema_rs
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

_JSON = ("application/json", "application/problem+json")


def check_described(app: Flask, response: TestResponse) -> None:
    """Any answer of the interface has a documented status, media type and shape."""
    request = response.request
    document = _described(app)
    found = document.answers.get((request.method.replace("HEAD", "GET"), _rule_of(app, request.method, request.path)))
    if found is None:
        return
    assert str(response.status_code) in found, (
        f"{request.method} {request.path}: {response.status_code} is not described"
    )
    described = found[str(response.status_code)]
    if not response.data:
        return
    assert response.mimetype in described, f"{request.path}: {response.mimetype} is not described"
    if response.mimetype in _JSON:
        _validator(described[response.mimetype], document.components).validate(response.get_json(force=True))


def _rule_of(app: Flask, method: str, path: str) -> str:
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, method=method)
    except HTTPException:
        return ""
    return str(endpoint)


class _Described(NamedTuple):
    """answers: (method, endpoint) → status → media type → schema of its body, as JSON. components: likewise."""

    answers: dict[tuple[str, str], dict[str, dict[str, str]]]
    components: str


#: One for each app that is still in use.
_documents: WeakKeyDictionary[Flask, _Described] = WeakKeyDictionary()


def _described(app: Flask) -> _Described:
    if app not in _documents:
        document = app.extensions["pointshop.spec"].to_dict()
        answers = {
            (method.upper(), call["operationId"]): {
                status: {media: json.dumps(content["schema"]) for media, content in answer.get("content", {}).items()}
                for status, answer in call["responses"].items()
            }
            for calls in document["paths"].values()
            for method, call in calls.items()
            if isinstance(call, dict) and "operationId" in call
        }
        _documents[app] = _Described(answers, json.dumps(document["components"]))
    return _documents[app]


@cache
def _validator(schema: str, components: str) -> Any:
    return jsonschema_rs.validator_for(json.loads(schema) | {"components": json.loads(components)})
