"""The handle that services work with, and statements that are compiled once.

SQLAlchemy spends about 85 µs of Python on each Core statement (performance.md); a prepared one goes to the driver in a
few. Both are written with the same `select/insert/update`, so there is one language and one place for dialects.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, TypeVarTuple

from sqlalchemy import Connection, CursorResult, Dialect, Engine, Executable, Result, Select, UpdateBase
from sqlalchemy.sql.selectable import TypedReturnsRows

Columns = TypeVarTuple("Columns")

#: A SELECT whose columns the reader names itself.
AnySelect = Select[*tuple[Any, ...]]


class Held:
    """A connection taken from the pool. SQLAlchemy's own Connection around it costs as much as three statements, so it
    is made only for statements that need it."""

    __slots__ = ("_connection", "engine", "pooled", "raw")

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.pooled = engine.raw_connection()
        self.raw: Any = self.pooled.dbapi_connection
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            self._connection = Connection(self.engine, self.pooled)
        return self._connection

    def hand_back(self) -> None:
        """Return it to the pool."""
        if self._connection is not None:
            self._connection.close()
        else:
            self.pooled.close()

    def throw_away(self) -> None:
        """Close it for good; the pool opens another when it needs one."""
        self.pooled.invalidate()
        self.hand_back()


class Work:
    """One connection of one request or command, inside or outside a unit of work.

    now: the instant it began (aware, UTC); everything recorded in it bears this instant. today: that day in the
    village. wrote: whether a statement that changes rows has run.
    """

    __slots__ = ("dialect", "held", "now", "raw", "today", "wrote")

    def __init__(self, held: Held, *, now: datetime, today: date) -> None:
        self.held = held
        self.raw: Any = held.raw
        self.dialect: Dialect = held.engine.dialect
        self.now = now
        self.today = today
        self.wrote = False

    def read(self, statement: TypedReturnsRows[*Columns]) -> Result[*Columns]:
        """Run a SELECT that is built per call (filters, lists)."""
        return self.held.connection.execute(statement)

    def write(self, statement: UpdateBase, rows: list[dict[str, Any]] | None = None) -> CursorResult[Any]:
        """Run an INSERT, UPDATE or DELETE that is built per call."""
        self.wrote = True
        return self.held.connection.execute(statement, rows)


Convert = Callable[[Any], Any]


class _Plan(NamedTuple):
    """A statement in one dialect, ready for the driver.

    names: for PostgreSQL, of all parameters. template: their values where the statement itself has one.
    given: place and name of those the caller gives. converts, results: place and conversion where a value needs one.
    """

    sql: str
    names: tuple[str, ...] | None
    template: tuple[Any, ...]
    given: tuple[tuple[int, str], ...]
    converts: tuple[tuple[int, Convert], ...]
    results: tuple[tuple[int, Convert], ...]

    def bind(self, parameters: Mapping[str, Any]) -> Any:
        """What the driver wants. Raises KeyError for a parameter that was not given."""
        values = list(self.template)
        for place, name in self.given:
            values[place] = parameters[name]
        for place, convert in self.converts:
            values[place] = convert(values[place])
        return values if self.names is None else dict(zip(self.names, values, strict=True))

    def result(self, row: Any) -> Any:
        values = list(row)
        for place, convert in self.results:
            values[place] = convert(values[place])
        return tuple(values)


class _Statement:
    def __init__(self, statement: Executable) -> None:
        self.statement: Any = statement
        self._plans: dict[str, _Plan] = {}

    def _plan(self, work: Work) -> _Plan:
        plan = self._plans.get(work.dialect.name)
        if plan is None:
            plan = self._plans[work.dialect.name] = _compile(self.statement, work.dialect)
        return plan


class Prepared(_Statement, Generic[*Columns]):
    """A statement that returns rows: SELECT, or a change with RETURNING. Parameters are its `bindparam` names."""

    def __init__(self, statement: TypedReturnsRows[*Columns]) -> None:
        super().__init__(statement)
        self._writes = isinstance(statement, UpdateBase)

    def all(self, work: Work, **parameters: Any) -> list[tuple[*Columns]]:
        plan = self._plan(work)
        work.wrote |= self._writes
        rows = work.raw.execute(plan.sql, plan.bind(parameters)).fetchall()
        return [plan.result(row) for row in rows] if plan.results else rows

    def first(self, work: Work, **parameters: Any) -> tuple[*Columns] | None:
        plan = self._plan(work)
        work.wrote |= self._writes
        # fetchall ends the statement: SQLite holds its locks, and RETURNING its work, until the last row is read
        rows = work.raw.execute(plan.sql, plan.bind(parameters)).fetchall()
        if not rows:
            return None
        found: tuple[*Columns] = plan.result(rows[0])
        return found

    def one(self, work: Work, **parameters: Any) -> tuple[*Columns]:
        """The row that must be there. Raises LookupError when it is not."""
        found = self.first(work, **parameters)
        if found is None:
            raise LookupError(str(self.statement))
        return found


class Change(_Statement):
    """An INSERT, UPDATE or DELETE without rows to return. A bare `insert(Table)` takes every column as a parameter."""

    def __init__(self, statement: UpdateBase) -> None:
        super().__init__(statement)

    def run(self, work: Work, **parameters: Any) -> int:
        """How many rows changed."""
        plan = self._plan(work)
        work.wrote = True
        count: int = work.raw.execute(plan.sql, plan.bind(parameters)).rowcount
        return count

    def run_all(self, work: Work, rows: Iterable[Mapping[str, Any]]) -> None:
        plan = self._plan(work)
        work.wrote = True
        bound = [plan.bind(row) for row in rows]
        if bound:
            work.raw.cursor().executemany(plan.sql, bound)


def _compile(statement: Any, dialect: Dialect) -> _Plan:
    compiled = statement.compile(dialect=dialect)
    if getattr(compiled, "post_compile_params", None) or getattr(compiled, "literal_execute_params", None):
        raise TypeError("a statement with a list of values cannot be prepared; use Work.read")
    names = list(compiled.positiontup) if compiled.positional else list(compiled.bind_names.values())
    binds = [compiled.binds[name] for name in names]
    columns = list(statement.exported_columns) if isinstance(statement, TypedReturnsRows) else []
    return _Plan(
        sql=str(compiled),
        names=None if compiled.positional else tuple(names),
        template=tuple(None if bind.required else bind.effective_value for bind in binds),
        given=tuple((place, bind.key) for place, bind in enumerate(binds) if bind.required),
        converts=_present(bind.type.dialect_impl(dialect).bind_processor(dialect) for bind in binds),
        results=_present(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns),
    )


def _present(conversions: Iterable[Convert | None]) -> tuple[tuple[int, Convert], ...]:
    return tuple((place, convert) for place, convert in enumerate(conversions) if convert is not None)
