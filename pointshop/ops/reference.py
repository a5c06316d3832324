"""The OpenAPI document as chapters for people. Pure."""

from typing import Any, NamedTuple

_METHODS = ("get", "post", "put", "patch", "delete")


class Field(NamedTuple):
    """A value to send or to get. depth: 0 for the body's own, 1 inside one of them. bounds: words on what it may be."""

    name: str
    depth: int
    kind: str
    required: bool
    bounds: str


class Operation(NamedTuple):
    """One call. fields of its query, of its body and of its answer; permission: empty where anyone may."""

    anchor: str
    method: str
    path: str
    summary: str
    permission: str
    query: list[Field]
    body: list[Field]
    answer: list[Field]
    statuses: list[str]


class Chapter(NamedTuple):
    name: str
    description: str
    operations: list[Operation]


def chapters(document: dict[str, Any]) -> list[Chapter]:
    """One chapter per tag, in the document's order."""
    schemas = document["components"]["schemas"]
    by_tag: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, calls in document["paths"].items():
        for method in _METHODS:
            if method in calls:
                by_tag[calls[method]["tags"][0]].append(_operation(method, path, calls[method], schemas))
    return [
        Chapter(tag["name"], tag["description"], by_tag[tag["name"]]) for tag in document["tags"] if by_tag[tag["name"]]
    ]


def _operation(method: str, path: str, call: dict[str, Any], schemas: dict[str, Any]) -> Operation:
    answers = {status: answer for status, answer in call["responses"].items() if status < "300"}
    first: dict[str, Any] = next(iter(answers.values()), {})
    permission = call["x-permission"]
    return Operation(
        anchor=call["operationId"],
        method=method.upper(),
        path=path,
        summary=" ".join([call.get("summary", ""), call.get("description", "")]).strip(),
        permission="" if permission == "public" else permission,
        query=[_query_field(part, schemas) for part in call.get("parameters", []) if part["in"] == "query"],
        body=_content_fields(call.get("requestBody", {}), schemas),
        answer=_content_fields(first, schemas),
        statuses=sorted(answers),
    )


def _query_field(parameter: dict[str, Any], schemas: dict[str, Any]) -> Field:
    schema = _resolved(parameter["schema"], schemas)
    return Field(parameter["name"], 0, _kind(schema, schemas), parameter.get("required", False), _bounds(schema))


def _content_fields(holder: dict[str, Any], schemas: dict[str, Any]) -> list[Field]:
    content = holder.get("content", {})
    if not content:
        return []
    media, described = next(iter(content.items()))
    schema = _resolved(described.get("schema", {}), schemas)
    if media != "application/json" or "properties" not in schema:
        return [Field(media, 0, "", required=True, bounds="")] if media != "application/json" else []
    return _fields(schema, schemas, depth=0)


def _fields(schema: dict[str, Any], schemas: dict[str, Any], *, depth: int) -> list[Field]:
    found = []
    for name, raw in schema["properties"].items():
        inner = _resolved(raw, schemas)
        found.append(Field(name, depth, _kind(inner, schemas), name in schema.get("required", ()), _bounds(inner)))
        below = _resolved(inner.get("items", inner), schemas)
        if "properties" in below and depth < 3:
            found.extend(_fields(below, schemas, depth=depth + 1))
    return found


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The schema a `$ref` leads to, directly or among alternatives with null."""
    for alternative in [schema, *schema.get("allOf", []), *schema.get("anyOf", []), *schema.get("oneOf", [])]:
        if "$ref" in alternative:
            found: dict[str, Any] = schemas[alternative["$ref"].rsplit("/", 1)[1]]
            return found
    return schema


def _kind(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    kinds = schema.get("type", "any")
    words = " | ".join(kinds) if isinstance(kinds, list) else kinds
    if "items" in schema:
        items = _resolved(schema["items"], schemas)
        return f"{words} of {items.get('type', 'any')}"
    return f"{words} ({schema['format']})" if "format" in schema else str(words)


def _bounds(schema: dict[str, Any]) -> str:
    words = []
    if "enum" in schema:
        words.append(" · ".join(str(choice) for choice in schema["enum"]))
    if "minimum" in schema or "maximum" in schema:
        words.append(f"{schema.get('minimum', '')}..{schema.get('maximum', '')}")
    if "maxLength" in schema:
        words.append(f"≤ {schema['maxLength']} 字符")
    if "minItems" in schema or "maxItems" in schema:
        words.append(f"{schema.get('minItems', 0)}..{schema.get('maxItems', '')} 项")
    if schema.get("default") is not None:
        words.append(f"默认 {schema['default']}")
    if "description" in schema:
        words.append(schema["description"])
    return "；".join(words)
