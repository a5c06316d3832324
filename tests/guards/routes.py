"""Every route of the app with what it was declared with, so that a new one is guarded from its first day."""

import re
from typing import Any, NamedTuple

from flask import Flask
from marshmallow import ValidationError, fields

from pointshop.app import FEATURES
from pointshop.core.fields import Shape
from pointshop.core.ids import new_name
from pointshop.core.routes import PUBLIC, RouteSpec
from tests.ground import HOME

_PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
#: What stands in a path where nothing else is said.
_NAMED = {"number": "0001", "username": "worker", "code": "A1"}
#: Tried in turn on a field until it takes one.
_WORDS = (
    "0001",
    HOME,
    "A1",
    "approve",
    "2026-11",
    "2026",
    "张建国",
    "13800001234",
    "00000001",
    "308472",
    "2026-11-22T18:00:00+08:00",
    "01890a5d-ac96-774b-bcce-b302099a8057",
    "2026-11-20T08:00:00+08:00",
)


class Route(NamedTuple):
    """One declared route. rule: with its feature's prefix."""

    endpoint: str
    rule: str
    spec: RouteSpec

    @property
    def is_of_village(self) -> bool:
        return "<village:v>" in self.rule

    @property
    def is_public(self) -> bool:
        return self.spec.permission == PUBLIC

    @property
    def described_path(self) -> str:
        """The rule as the OpenAPI document spells it."""
        return _PART.sub(r"{\g<name>}", self.rule)

    def path(self, village: str = HOME, **values: str) -> str:
        """The rule with everything filled in; client-made names are new ones."""

        def fill(part: re.Match[str]) -> str:
            kind, name = part["kind"], part["name"]
            if name in values:
                return values[name]
            if kind == "village":
                return village
            if kind == "region":
                return HOME
            return new_name() if kind == "name" else _NAMED.get(name, "x")

        return _PART.sub(fill, self.rule)

    def __str__(self) -> str:
        return f"{self.spec.method} {self.rule}"


ROUTES = [
    Route(f"{feature.name}.{name}", (feature.url_prefix or "") + spec.rule, spec)
    for feature in FEATURES
    for name, spec in feature.routes.items()
]
WITH_BODY = [route for route in ROUTES if route.spec.body is not None]
WITH_QUERY = [route for route in ROUTES if route.spec.query is not None]


def registered(app: Flask) -> set[str]:
    """The endpoints that the app answers."""
    return {rule.endpoint for rule in app.url_map.iter_rules()}


def sample_of(schema: Shape) -> dict[str, Any]:
    """A body that the schema takes, with as many of its fields as go together."""
    body = {name: sample(field) for name, field in named_fields(schema).items()}
    for name in list(body):
        if _takes(schema, body):
            break
        if not named_fields(schema)[name].required:
            del body[name]
    return body


def named_fields(schema: Shape) -> dict[str, fields.Field[Any]]:
    """The fields by their names in JSON."""
    return {field.data_key or name: field for name, field in schema.fields.items()}


def sample(field: fields.Field[Any]) -> Any:
    """A value that the field takes."""
    if isinstance(field, fields.List):
        return [sample(field.inner)]
    if isinstance(field, fields.Nested):
        return sample_of(shape_in(field))
    told = field.metadata
    words = [word for word in told.get("enum", ()) if word is not None]
    for value in (*words, True, told.get("minimum"), "2026-11-20", *_WORDS):
        if value is not None and _takes(field, value):
            return value
    raise LookupError(f"no value for {field!r}")


def shape_in(field: fields.Nested) -> Shape:
    schema = field.schema
    assert isinstance(schema, Shape)
    return schema


def _takes(taker: Any, value: Any) -> bool:
    try:
        taker.load(value) if isinstance(taker, Shape) else taker.deserialize(value)
    except ValidationError:
        return False
    return True
