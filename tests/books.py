"""Whether the books are in order, told quickly enough to be asked after every test."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import create_mock_engine

from pointshop.app import CHECKS, SEALED
from pointshop.core.work import Work
from pointshop.ledger.seal import broken_seals
from pointshop.ledger.verify import Check, run_checks
from pointshop.regions.queries import list_villages


@cache
def _queries(dialect: str) -> dict[str, str]:
    """Check → its query as text: whether it finds anything at all. Without those that judge each row here: for them
    every row has to be read, as `pointshop verify` does it. Written once: building sixty statements anew takes longer
    than most tests."""
    # a style of parameters that leaves % alone
    known = create_mock_engine(f"{dialect}://", lambda *_: None, paramstyle="named").dialect
    return {
        check.name: "SELECT EXISTS ({})".format(
            check.statement.compile(dialect=known, compile_kwargs={"literal_binds": True})
        )
        for check in CHECKS
        if check.is_wrong is None
    }


def violations(work: Work) -> dict[str, object]:
    """Check → where it is broken; empty when all is well."""
    found: dict[str, object] = {
        finding.name: finding.violations for finding in run_checks(work, list(_suspected(work))) if finding.count
    }
    seals = [seal for village in list_villages(work) for seal in broken_seals(work, village.id, SEALED)]
    return found | ({"seals": seals} if seals else {})


def _suspected(work: Work) -> Iterator[Check]:
    for check in CHECKS:
        query = _queries(work.dialect.name).get(check.name)
        if query is None or work.raw.execute(query).fetchall() != [(False,)]:
            yield check
