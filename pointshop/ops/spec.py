"""What the OpenAPI document says besides the routes: how problems look, how to sign in, what our fields are in JSON."""

from collections.abc import Iterator
from typing import Any

from flask_smorest import Api

from pointshop.core import fields
from pointshop.core.errors import Problem

_TYPES: dict[type, tuple[str, str | None]] = {
    fields.Whole: ("integer", None),
    fields.Flag: ("boolean", None),
    fields.Day: ("string", "date"),
    fields.Instant: ("string", "date-time"),
    fields.Cleaned: ("string", None),
}


def describe_fields(api: Api) -> None:
    """Tell the document what our fields are in JSON; before the routes are registered."""
    for field, (kind, form) in _TYPES.items():
        api.register_field(field, kind, form)


def describe_problems(api: Api) -> None:
    """Add the problem document with the codes that exist, and the bearer token; after the features are imported."""
    api.spec.components.schema("Problem", _problem())
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})


def _problem() -> dict[str, Any]:
    words = {"type": "string"}
    messages = {"type": "array", "items": words}
    return {
        "type": "object",
        "description": "RFC 9457",
        "required": ["type", "title", "status", "code", "detail", "instance"],
        "properties": {
            "type": words,
            "title": words,
            "status": {"type": "integer"},
            "code": {"type": "string", "enum": sorted(set(_codes(Problem)))},
            "detail": words,
            "instance": words | {"description": "本次请求的编号，报修时请提供"},
            "errors": {"type": "object", "additionalProperties": messages, "description": "字段路径 → 说明"},
            "data": {"type": "object", "description": "与 code 相关的数字，如余额、剩余额度"},
        },
    }


def _codes(kind: type[Problem]) -> Iterator[str]:
    yield kind.code
    for narrower in kind.__subclasses__():
        yield from _codes(narrower)
