import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select

from pointshop.core import paging
from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.errors import Invalid

_ROWS = Table("row", MetaData(), Column("at", UTCDateTime), Column("number", Integer), Column("id", Name))
_KEYS = [_ROWS.c.at, _ROWS.c.number, _ROWS.c.id]
_ID = "018f6f2e-0000-7000-8000-000000000001"


def _cursor(values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _open(cursor: str) -> list[Any]:
    statement = paging.page(select(_ROWS), keys=_KEYS, query={"limit": 2, "after": cursor}, descending=True)
    return [value for value in statement.compile().params.values() if value != 3]


def test_an_instant_in_a_cursor_is_compared_as_the_table_keeps_it() -> None:
    engine = create_engine("sqlite://")
    rows = [{"at": datetime(2026, 11, 22, hour, tzinfo=UTC), "number": 1, "id": _ID} for hour in (7, 8, 9)]
    with engine.begin() as connection:
        _ROWS.create(connection)
        connection.execute(insert(_ROWS), rows)
        after = _cursor(["2026-11-22T16:00:00+08:00", 1, _ID])
        statement = paging.page(select(_ROWS.c.at), keys=_KEYS, query={"limit": 9, "after": after}, descending=True)
        assert connection.execute(statement).scalars().all() == [rows[0]["at"]]
    engine.dispose()


def test_a_cursor_opens_to_what_it_was_made_of() -> None:
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    rows = [(at, 7, _ID)] * 2
    found = paging.answer(rows, query={"limit": 1, "after": None}, key=lambda row: row, item=lambda row: {})
    assert _open(found["next"]) == [at, 7, _ID]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "====",
        _cursor({"a": 1}),
        _cursor(["2026-11-22T08:00:00+00:00", 7]),
        _cursor(["2026-11-22T08:00:00", 7, _ID]),
        _cursor(["0001-01-01T00:00:00+23:59", 7, _ID]),
        _cursor([1, 7, _ID]),
        _cursor(["2026-11-22T08:00:00+00:00", True, _ID]),
        _cursor(["2026-11-22T08:00:00+00:00", 2**31, _ID]),
        _cursor(["2026-11-22T08:00:00+00:00", -(2**31), _ID]),
        _cursor(["2026-11-22T08:00:00+00:00", 2**63, _ID]),
        _cursor(["2026-11-22T08:00:00+00:00", 7, "no name"]),
        _cursor(["2026-11-22T08:00:00+00:00", 7, 7]),
    ],
)
def test_a_cursor_that_was_tampered_with_is_a_mistake_in_the_form(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        _open(cursor)
    assert refused.value.errors == {"after": ["翻页标记无效"]}


def test_a_cursor_with_half_a_character_is_refused_before_the_database_sees_it() -> None:
    names = Table("place", MetaData(), Column("name", String))
    cursor = base64.urlsafe_b64encode(b'["\\ud800"]').decode()
    with pytest.raises(Invalid):
        paging.page(select(names), keys=[names.c.name], query={"limit": 2, "after": cursor})
