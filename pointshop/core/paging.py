"""Keyset pages: `{"items": [...], "next": cursor}` in a stable total order."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, tuple_

from pointshop.core.errors import Invalid
from pointshop.core.fields import Shape, Text, WholeText
from pointshop.core.strictjson import dumps
from pointshop.core.work import AnySelect

MAX_LIMIT = 200
DEFAULT_LIMIT = 50


class PageQuery(Shape):
    """`?limit=` 1..200 and `?after=` an opaque cursor."""

    limit = WholeText(least=1, most=MAX_LIMIT, load_default=DEFAULT_LIMIT)
    after = Text(limit=400, load_default=None)


def page(
    statement: AnySelect,
    *,
    keys: Sequence[ColumnElement[Any]],
    query: Mapping[str, Any],
    descending: bool = False,
) -> AnySelect:
    """`statement` in the order of `keys` (a total order), starting after the cursor, one row longer than the page."""
    order = [key.desc() if descending else key.asc() for key in keys]
    ordered = statement.order_by(*order).limit(query["limit"] + 1)
    if query["after"] is None:
        return ordered
    place = tuple_(*keys)
    after = tuple_(*_open(query["after"], keys))
    return ordered.where(place < after if descending else place > after)


def answer(
    rows: Sequence[Any],
    *,
    query: Mapping[str, Any],
    key: Callable[[Any], Sequence[Any]],
    item: Callable[[Any], Mapping[str, Any]],
) -> dict[str, Any]:
    """The page's document; `key` gives a row's values of the order's keys, `item` its representation."""
    limit = query["limit"]
    shown = rows[:limit]
    cursor = _seal(key(shown[-1])) if len(rows) > limit else None
    return {"items": [item(row) for row in shown], "next": cursor}


def _seal(values: Sequence[Any]) -> str:
    plain = [value if isinstance(value, int | str) else str(value) for value in values]
    return base64.urlsafe_b64encode(dumps(plain).encode()).decode().rstrip("=")


def _open(cursor: str, keys: Sequence[ColumnElement[Any]]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            raise ValueError(cursor)
        return [_typed(value, key) for value, key in zip(values, keys, strict=True)]
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise Invalid(errors={"after": ["翻页标记无效"]}) from error


def _typed(value: Any, key: ColumnElement[Any]) -> Any:
    expected = key.type.python_type
    if expected is int and type(value) is int and abs(value) < 2**63:
        return value
    if expected is str and isinstance(value, str) and "\0" not in value:
        return value
    if hasattr(expected, "fromisoformat") and isinstance(value, str):
        return expected.fromisoformat(value)
    raise ValueError(value)
