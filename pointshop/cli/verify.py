"""What `pointshop verify` looks at, in one snapshot: the database itself, its guards, the books, the seals."""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError

from pointshop.app import CHECKS, SEALED
from pointshop.core import clock
from pointshop.core.db import Base, snapshot, sort_on_disk
from pointshop.core.guard_check import guard_faults
from pointshop.core.schema import newest_revision
from pointshop.core.storage_check import storage_faults
from pointshop.core.work import Work
from pointshop.ledger.models import Seal
from pointshop.ledger.seal import broken_seals
from pointshop.ledger.verify import Finding, count_rows, run_checks, timed
from pointshop.regions.queries import list_villages


class Report(NamedTuple):
    """What was found. at: when it was done."""

    database: str
    revision: str
    at: datetime
    milliseconds: int
    findings: list[Finding]

    @property
    def violations(self) -> int:
        return sum(finding.count for finding in self.findings)


def examine(*, database: str) -> Report:
    """Look at everything in one snapshot of the current app's database, whose schema is current. Repairs nothing."""
    started, findings = time.perf_counter(), []

    def look(work: Work) -> None:
        for finding in findings_of(work):
            findings.append(finding)

    sort_on_disk()
    try:
        snapshot(look, patient=True)
    except (DBAPIError, sqlite3.DatabaseError) as error:
        if not _is_damage(error):
            raise
        # what was found until then still counts
        told = [{"fault": str(error)}]
        findings.append(_finding("database_is_readable", "I27", "数据库文件已损坏，其余各项无法核对", told))
    milliseconds = round((time.perf_counter() - started) * 1000)
    return Report(database, newest_revision(), clock.now(), milliseconds, findings)


def findings_of(work: Work) -> Iterator[Finding]:
    """Each check's finding, in the transaction that is open."""
    yield _finding("storage_is_sound", "I27", "数据库文件或设置有问题", storage_faults(work))
    yield _finding(
        "guards_are_present",
        "I28",
        "数据库的保护（约束、索引、触发器）缺失或被改动",
        guard_faults(work, Base.metadata),
    )
    yield from run_checks(work, CHECKS)
    yield _seals(work)


def _finding(name: str, invariant: str, says: str, faults: Iterable[dict[str, Any]]) -> Finding:
    with timed(Finding(name, invariant, says)) as finding:
        for fault in faults:
            finding.add(fault)
    return finding


def _seals(work: Work) -> Finding:
    with timed(Finding("seals_fit_the_books", "I22", "封存与账目不符")) as finding:
        counted: dict[Table, int] = {}
        finding.rows = count_rows(work, Base.metadata.tables[Seal.__tablename__], counted)
        for village in list_villages(work):
            for broken in broken_seals(work, village.id, SEALED):
                finding.add(broken)
    return finding


def _is_damage(error: Exception) -> bool:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT
