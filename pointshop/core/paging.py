"""Keyset pages: `{"items": [...], "next": cursor}` in a stable total order."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, SmallInteger, literal, tuple_
from sqlalchemy.types import TypeEngine

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.errors import BadRequest, Invalid
from pointshop.core.fields import Day, Shape, Text, WholeText
from pointshop.core.ids import is_name
from pointshop.core.strictjson import dumps, parse
from pointshop.core.work import AnySelect

MAX_LIMIT = 200
DEFAULT_LIMIT = 50


class PageQuery(Shape):
    """`?limit=` 1..200 and `?after=` an opaque cursor."""

    limit = WholeText(least=1, most=MAX_LIMIT, load_default=DEFAULT_LIMIT)
    after = Text(limit=400, load_default=None)


class DaysQuery(PageQuery):
    """A page of what happened between `?from=` and `?to=`, both days included."""

    first = Day(data_key="from", load_default=None)
    last = Day(data_key="to", load_default=None)


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
    # bound as the columns' types: an instant must meet the text that SQLite keeps of it
    after = tuple_(*(literal(value, key.type) for value, key in zip(_open(query["after"], keys), keys, strict=True)))
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
        values = parse(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            raise ValueError(cursor)
        return [_typed(value, key) for value, key in zip(values, keys, strict=True)]
    except (ValueError, TypeError, binascii.Error, BadRequest) as error:
        raise Invalid(errors={"after": ["翻页标记无效"]}) from error


def _typed(value: Any, key: ColumnElement[Any]) -> Any:
    if isinstance(key.type, UTCDateTime):
        return _instant(value)
    if key.type is Name and not is_name(value):
        # PostgreSQL would not even compare it
        raise ValueError(value)
    expected = key.type.python_type
    if expected is int and type(value) is int and abs(value) < _most(key.type):
        return value
    if expected is str and isinstance(value, str):
        return value
    if hasattr(expected, "fromisoformat") and isinstance(value, str):
        return expected.fromisoformat(value)
    raise ValueError(value)


def _most(kind: TypeEngine[Any]) -> int:
    """What a number of the kind stays below: PostgreSQL refuses even to compare it with a larger one."""
    if isinstance(kind, SmallInteger):
        return 2**15
    return 2**63 if isinstance(kind, BigInteger) else 2**31


def _instant(value: Any) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None or not 2000 <= found.year <= 2100:
        raise ValueError(value)
    return found
