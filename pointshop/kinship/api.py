"""HTTP of ties between staff and households."""

from typing import Any

from pointshop.accounts.models import User
from pointshop.accounts.schemas import username_field
from pointshop.core import paging
from pointshop.core.clock import as_text
from pointshop.core.db import reading, unit_of_work
from pointshop.core.fields import check
from pointshop.core.routes import Call, Feature
from pointshop.kinship import queries, schemas, service
from pointshop.kinship.queries import TieRow
from pointshop.people.models import Household

feature = Feature("kinship", description="回避：工作人员的本户与亲属户")


@feature.on(
    "PUT",
    "/villages/<village:v>/ties/<username>",
    permission="tie.write",
    body=schemas.TiesIn,
    answer=schemas.TiesOut,
)
def put_ties(call: Call, username: str) -> dict[str, Any]:
    """申报某人的回避户（本户和亲属）；自己的回避关系不能自己解除。"""
    check(username_field(), username, name="username")
    wanted = {tie["number"]: tie["relation"] for tie in call.body["households"]}
    found = unit_of_work(lambda work: service.declare_ties(work, call.village, username, wanted, actor=call.actor))
    return {"username": username, "households": [_household(tie) for tie in found]}


@feature.on(
    "GET",
    "/villages/<village:v>/ties",
    permission="tie.read",
    query=paging.PageQuery,
    answer=schemas.TiePage,
)
def list_ties(call: Call) -> dict[str, Any]:
    """现行的回避关系，按人和户列出。"""
    statement = paging.page(
        queries.ties(call.village.id),
        keys=[User.__table__.c.username, Household.__table__.c.number],
        query=call.query,
    )
    rows = [TieRow(*row) for row in reading().read(statement)]
    return paging.answer(
        rows,
        query=call.query,
        key=lambda row: [row.username, row.household],
        item=lambda row: _household(row) | {"username": row.username, "name": row.name},
    )


def _household(row: TieRow) -> dict[str, Any]:
    return {
        "number": row.household,
        "head": row.head,
        "relation": row.relation,
        "declared_at": as_text(row.declared_at),
    }
