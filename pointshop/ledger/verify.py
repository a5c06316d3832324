"""Proof of the books: named checks, each one query whose rows are violations. Never repairs."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Date, Select, Table, func, select
from sqlalchemy.sql import visitors

from pointshop.core.columns import Spelled, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.marks import row_mark
from pointshop.core.work import AnySelect, Work

Examined = AnySelect | CompoundSelect[*tuple[Any, ...]]

#: How many violations a report names per check.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Check:
    """An invariant (of threats.md §4.2) as a query: no row, no violation. The first columns say where it is broken.

    statement: takes no parameters; reads all villages. is_wrong: where SQL cannot say it, judges each row.
    hides: columns a report leaves out, since they hold people's names or secrets.
    """

    name: str
    invariant: str
    says: str
    statement: Examined
    is_wrong: Callable[[Any], bool] | None = None
    hides: frozenset[str] = frozenset()

    def describe(self, row: Any) -> dict[str, Any]:
        """A violating row as a report may show it."""
        return {name: value for name, value in row._asdict().items() if name not in self.hides}


@dataclass(slots=True)
class Finding:
    """What a check found.

    rows: how many rows of the tables concerned it looked at. violations: up to 20 of them, as dictionaries; count: how
    many there are.
    """

    name: str
    invariant: str
    says: str
    rows: int = 0
    count: int = 0
    violations: list[dict[str, Any]] = field(default_factory=list)
    milliseconds: int = 0

    def add(self, violation: dict[str, Any]) -> None:
        self.count += 1
        if self.count <= NAMED:
            self.violations.append(violation)


@contextmanager
def timed(finding: Finding) -> Iterator[Finding]:
    started = time.perf_counter()
    yield finding
    finding.milliseconds = round((time.perf_counter() - started) * 1000)


def run_checks(work: Work, checks: Sequence[Check]) -> Iterator[Finding]:
    """Run every check in the open snapshot."""
    counted: dict[Table, int] = {}
    for check in checks:
        with timed(Finding(check.name, check.invariant, check.says)) as finding:
            finding.rows = sum(count_rows(work, table, counted) for table in _tables_in(check.statement))
            for row in work.read(over_all_villages(check.statement)):
                if check.is_wrong is None or check.is_wrong(row):
                    finding.add(check.describe(row))
        yield finding


def count_rows(work: Work, table: Table, counted: dict[Table, int]) -> int:
    """How many rows a table has, over all villages; counted once for each `counted`."""
    if table not in counted:
        counted[table] = work.read(_count_of(table)).scalar_one()
    return counted[table]


@cache
def over_all_villages(statement: Examined) -> Examined:
    """A check's statement as it runs. Made once: SQLAlchemy knows a statement again only as the same object."""
    return statement.execution_options(all_villages=True, yield_per=5000)


@cache
def _count_of(table: Table) -> Select[int]:
    return select(func.count()).select_from(table).execution_options(all_villages=True)


@cache
def _tables_in(statement: Examined) -> frozenset[Table]:
    return frozenset(part for part in visitors.iterate(statement) if isinstance(part, Table))


def marked_rows(table: type[Base], *, hides: frozenset[str] = frozenset()) -> Check:
    """The check that every row of a table with a `mark` (its last column) still says what it said."""
    # days and instants as text: turning a million rows into Python's and back takes half a minute
    columns = [
        Spelled(column).label(column.name) if isinstance(column.type, Date | UTCDateTime) else column
        for column in table.__table__.columns
    ]
    name = table.__tablename__
    return Check(
        f"{name}_says_what_it_said",
        "I6",
        f"{name} 中有被改动的行",
        select(*columns),
        is_wrong=lambda row: row_mark(*row[:-1]) != row[-1],
        hides=hides,
    )
