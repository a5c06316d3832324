"""Whether the books are in order, told quickly enough to be asked after every test."""

from functools import cache

from sqlalchemy import create_mock_engine

from pointshop.app import CHECKS, SEALED
from pointshop.core.work import Work
from pointshop.ledger.seal import broken_seals
from pointshop.ledger.verify import Check, over_all_villages, run_checks
from pointshop.regions.queries import list_villages


def violations(work: Work) -> dict[str, object]:
    """Check → where it is broken; empty when all is well."""
    # psycopg would have a connection plan it five times before it keeps the plan
    kept = {"prepare": True} if work.dialect.name == "postgresql" else {}
    (answers,) = work.raw.execute(_question(work.dialect.name), **kept).fetchall()
    suspected = [check for check, found in zip(CHECKS, answers, strict=True) if found and _is_suspected(work, check)]
    found: dict[str, object] = {finding.name: finding.violations for finding in run_checks(work, suspected)}
    seals = [seal for village in list_villages(work) for seal in broken_seals(work, village.id, SEALED)]
    return {name: rows for name, rows in found.items() if rows} | ({"seals": seals} if seals else {})


@cache
def _question(dialect: str) -> str:
    """Of each check whether its query finds anything at all, in one statement. Written once, and planned once for a
    connection: eighty statements one by one take longer than most tests."""
    # a style of parameters that leaves % alone
    known = create_mock_engine(f"{dialect}://", lambda *_: None, paramstyle="named").dialect
    written = [check.statement.compile(dialect=known, compile_kwargs={"literal_binds": True}) for check in CHECKS]
    return "SELECT " + ", ".join(f"EXISTS ({statement})" for statement in written)


def _is_suspected(work: Work, check: Check) -> bool:
    """Whether a check that found rows has to say more; where SQL cannot tell, each row is judged here."""
    if check.is_wrong is None:
        return True
    # to the last row: on PostgreSQL they stand behind a cursor that has to end
    return sum(map(check.is_wrong, work.read(over_all_villages(check.statement)))) > 0
