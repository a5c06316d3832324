"""Proof of the books: named checks, each one query whose rows are violations. Never repairs."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CompoundSelect, select

from pointshop.core.db import Base
from pointshop.core.marks import row_mark
from pointshop.core.work import AnySelect, Work

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
    statement: AnySelect | CompoundSelect[*tuple[Any, ...]]
    is_wrong: Callable[[Any], bool] | None = None
    hides: frozenset[str] = frozenset()

    def describe(self, row: Any) -> dict[str, Any]:
        """A violating row as a report may show it."""
        return {name: value for name, value in row._asdict().items() if name not in self.hides}


@dataclass(slots=True)
class Finding:
    """What a check found. violations: up to 20 of them, as dictionaries; count: how many there are."""

    name: str
    invariant: str
    says: str
    count: int = 0
    violations: list[dict[str, Any]] = field(default_factory=list)
    milliseconds: int = 0


def run_checks(work: Work, checks: Sequence[Check]) -> Iterator[Finding]:
    """Run every check in the open snapshot."""
    for check in checks:
        started = time.perf_counter()
        finding = Finding(check.name, check.invariant, check.says)
        statement = check.statement.execution_options(all_villages=True, yield_per=5000)
        for row in work.read(statement):
            if check.is_wrong is not None and not check.is_wrong(row):
                continue
            finding.count += 1
            if finding.count <= NAMED:
                finding.violations.append(check.describe(row))
        finding.milliseconds = round((time.perf_counter() - started) * 1000)
        yield finding


def marked_rows(table: type[Base], *, hides: frozenset[str] = frozenset()) -> Check:
    """The check that every row of a table with a `mark` (its last column) still says what it said."""
    columns = list(table.__table__.columns)
    name = table.__tablename__
    return Check(
        f"{name}_says_what_it_said",
        "I6",
        f"{name} 中有被改动的行",
        select(*columns),
        is_wrong=lambda row: row_mark(*row[:-1]) != row[-1],
        hides=hides,
    )
