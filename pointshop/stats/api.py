"""HTTP of passbooks."""

from typing import Any

from pointshop.core import paging
from pointshop.core.clock import as_text
from pointshop.core.db import reading
from pointshop.core.routes import Call, Feature
from pointshop.ledger import queries as books
from pointshop.ledger.models import Entry
from pointshop.people.queries import get_household
from pointshop.stats import schemas
from pointshop.stats.passbook import PassbookLine, summaries

feature = Feature("stats", description="存折与汇总")


@feature.on(
    "GET",
    "/villages/<village:v>/households/<number>/passbook",
    permission="passbook.read",
    query=paging.PageQuery,
    answer=schemas.PassbookPage,
)
def get_passbook(call: Call, number: str) -> dict[str, Any]:
    """A household's passbook (积分存折), newest line first."""
    work, village_id = reading(), call.village.id
    household = get_household(work, village_id, number)
    statement = paging.page(
        books.passbook(village_id, household.id),
        keys=[Entry.__table__.c.seq],
        query=call.query,
        descending=True,
    )
    rows = [PassbookLine(*row) for row in work.read(statement)]
    words = summaries(work, village_id, rows)
    return paging.answer(
        rows, query=call.query, key=lambda line: [line.seq], item=lambda line: _line(line, words[line.seq])
    )


def _line(line: PassbookLine, summary: str) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "points": line.points,
        "balance_after": line.balance_after,
        "kind": line.kind,
        "occurred_on": line.occurred_on.isoformat(),
        "recorded_at": as_text(line.recorded_at),
        "summary": summary,
        "source": {"kind": line.source_kind, "id": line.source_id},
    }
