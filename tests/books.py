"""Whether the books are in order, told quickly enough to be asked after every test."""

from collections.abc import Iterator

from sqlalchemy.dialects import sqlite

from pointshop.app import CHECKS, SEALED
from pointshop.core.work import Work
from pointshop.ledger.seal import broken_seals
from pointshop.ledger.verify import Check, run_checks
from pointshop.regions.queries import list_villages


def _as_text(check: Check) -> str:
    """The check's query as SQLite reads it, whether it finds anything at all."""
    written = check.statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    return f"SELECT EXISTS ({written})"


#: Written once: building sixty statements anew takes longer than most tests. Where a row must be judged here, every
#: row has to be read, as `pointshop verify` does it.
_QUERIES = {check.name: _as_text(check) for check in CHECKS if check.is_wrong is None}


def violations(work: Work) -> dict[str, object]:
    """Check → where it is broken; empty when all is well."""
    found: dict[str, object] = {
        finding.name: finding.violations for finding in run_checks(work, list(_suspected(work))) if finding.count
    }
    seals = [seal for village in list_villages(work) for seal in broken_seals(work, village.id, SEALED)]
    return found | ({"seals": seals} if seals else {})


def _suspected(work: Work) -> Iterator[Check]:
    for check in CHECKS:
        query = _QUERIES.get(check.name)
        if query is None or work.raw.execute(query).fetchall() != [(0,)]:
            yield check
