"""Column types that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, Dialect, String
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement, GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine

from pointshop.core import clock

#: A name made by the client: a canonical lower-case UUID, text in Python on every database.
Name = String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive values; comes back aware, in UTC.

    SQLite has no such type and would drop the offset, so there it is the text `…T…Z` with microseconds, which sorts
    as time does. PostgreSQL: timestamptz.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        return clock.as_text(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        found: datetime = value
        return found.astimezone(UTC)


class period_first(GenericFunction[date]):
    """In SQL: the first day of the period of a kind (`core.periods.PERIOD_KINDS`, in a column) that a day lies in."""

    type = Date()
    inherit_cache = True
    name = "period_first"

    def __init__(self, kind: Any, day: Any) -> None:
        super().__init__(kind, day)


@compiles(period_first, "postgresql")
def _on_postgresql(element: period_first, compiler: SQLCompiler, **options: Any) -> str:
    kind, day = (compiler.process(part, **options) for part in element.clauses)
    return f"date_trunc({kind}, {day}::timestamp)::date"


@compiles(period_first, "sqlite")
def _on_sqlite(element: period_first, compiler: SQLCompiler, **options: Any) -> str:
    kind, day = (compiler.process(part, **options) for part in element.clauses)
    return (
        f"CASE {kind} WHEN 'day' THEN {day} "
        # the coming Sunday, or the day itself where it is one; a week begins six days before
        f"WHEN 'week' THEN date({day}, 'weekday 0', '-6 days') "
        f"WHEN 'month' THEN date({day}, 'start of month') "
        f"WHEN 'quarter' THEN date({day}, 'start of month', '-' || ((strftime('%m', {day}) - 1) % 3) || ' months') "
        f"WHEN 'year' THEN date({day}, 'start of year') END"
    )


class Spelled(FunctionElement[str]):
    """A day or an instant as the text that Python would write for it, made by the database: many rows are read faster
    so. Anything else stays as it is."""

    type = String()
    inherit_cache = True


@compiles(Spelled)
def _as_stored(element: Spelled, compiler: SQLCompiler, **options: Any) -> str:
    # SQLite stores that very text
    return compiler.process(element.clauses, **options)


@compiles(Spelled, "postgresql")
def _as_spelled(element: Spelled, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    text = compiler.process(column, **options)
    if isinstance(column.type, UTCDateTime):
        return f"""to_char({text} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"to_char({text}, 'YYYY-MM-DD')" if isinstance(column.type, Date) else text


class DayInUtc(FunctionElement[date]):
    """The day of an instant in UTC, which is the village's or the one before."""

    type = Date()
    inherit_cache = True


@compiles(DayInUtc)
def _first_ten(element: DayInUtc, compiler: SQLCompiler, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 10)"


@compiles(DayInUtc, "postgresql")
def _day_in_utc(element: DayInUtc, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC' AS DATE)"
