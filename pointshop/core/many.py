"""Many rows or many keys in one statement, the same one whatever their number.

On PostgreSQL 500 rows one by one are 500 statements to plan, run and answer, even when nobody waits between them; as
arrays they are one (docs/performance.md). On SQLite, which sits in this process, rows go one by one. Both ways leave
the same rows: the suite runs every batch on both databases, and tests/ledger holds one against the other.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, Dialect, Subquery, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from pointshop.core.clock import as_text
from pointshop.core.db import Base
from pointshop.core.strictjson import dumps
from pointshop.core.work import Change, Work

#: What an INSERT does about keys that are taken.
Then = Callable[[Insert], Insert]
Rows = Sequence[Mapping[str, Any]]


class _ListOf(TypeDecorator[Sequence[Any]]):
    """A parameter that holds a list: for PostgreSQL an array as text, which takes psycopg a tenth of the time of a list
    (it asks each item for its type); for SQLite JSON, of numbers and words."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == "postgresql" else Text())

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        return _array if dialect.name == "postgresql" else dumps


def _array(values: Sequence[Any]) -> str:
    """As PostgreSQL's manual spells arrays (8.15.2): `{5,"a \\"word\\"",NULL}`."""
    if values and values.count(values[0]) == len(values):
        return f"{{{','.join([_item(values[0])] * len(values))}}}"
    return f"{{{','.join(map(_item, values))}}}"


def _item(value: Any) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if value is None:
        return "NULL"
    if isinstance(value, datetime):
        return as_text(value)
    return value.isoformat() if isinstance(value, date) else str(value)


class _AmongGiven(FunctionElement[bool]):
    """column IN (a list that is one parameter)."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> "_AmongGiven":
        """As it is: `… = 1`, which SQLAlchemy adds for databases without truth, would keep SQLite from the index."""
        return self


@compiles(_AmongGiven, "postgresql")
def _in_array(element: _AmongGiven, compiler: SQLCompiler, **options: Any) -> str:
    column, given = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({given})"


@compiles(_AmongGiven)
def _in_json(element: _AmongGiven, compiler: SQLCompiler, **options: Any) -> str:
    column, given = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({given}))"


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Whether a column's value is in the list that parameter `name` holds; for prepared statements."""
    return _AmongGiven(column, bindparam(name, type_=_ListOf(column.type)))


class Many:
    """A change in two forms. one: its parameters are a row. at_once: its parameters are arrays of the same names.

    shared: parameters that are the same for all rows and no arrays.
    """

    def __init__(self, one: Change, at_once: Change, names: Sequence[str], *, shared: Sequence[str] = ()) -> None:
        self.one, self._at_once, self._names, self._shared = one, at_once, names, shared

    def run(self, work: Work, rows: Rows) -> None:
        """Whatever the number of rows."""
        if work.dialect.name == "postgresql" and len(rows) > 1:
            arrays = {name: [row[name] for row in rows] for name in self._names}
            self._at_once.run(work, **arrays, **{name: rows[0][name] for name in self._shared})
        else:
            self.one.run_all(work, rows)


def insert_many(table: type[Base], then: Then = lambda statement: statement) -> Many:
    """Whole rows of a table. then: what to do about keys that are taken; no key may come twice then."""
    columns = list(table.__table__.columns)
    names = [column.name for column in columns]
    rows = arrays({column.name: column.type for column in columns})
    return Many(
        Change(then(upsert(table))),
        Change(then(upsert(table).from_select(names, select(*rows.columns)))),
        names,
    )


def arrays(types: Mapping[str, TypeEngine[Any]]) -> Subquery:
    """Arrays as a table, for PostgreSQL: parameter and column of each name."""
    # several unnest() in one SELECT keep pace with each other
    found = [func.unnest(bindparam(name, type_=_ListOf(kind)), type_=kind).label(name) for name, kind in types.items()]
    return select(*found).subquery("given")
