"""HTTP of closings."""

from collections.abc import Mapping
from typing import Any

from pointshop.closing import queries, schemas, service
from pointshop.closing.queries import ClosingRow
from pointshop.closing.rules import Policy
from pointshop.closing.service import Order
from pointshop.config import current_config
from pointshop.core import paging
from pointshop.core.clock import as_text
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import NotFound
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.ledger.models import Closing

feature = Feature("closing", description="季末、年末结转")


@feature.on(
    "PUT",
    "/villages/<village:v>/closing-policy",
    permission="closing.decide",
    body=schemas.PolicyIn,
    answer=schemas.PolicyOut,
)
def put_policy(call: Call) -> dict[str, Any]:
    """定下本村的结转办法；已结的账不受影响。"""
    policy = Policy(**call.body)
    unit_of_work(lambda work: service.decide_policy(work, call.village.id, policy, actor_id=call.actor.user_id))
    return policy._asdict()


@feature.on("GET", "/villages/<village:v>/closing-policy", permission="closing.read", answer=schemas.PolicyOut)
def get_policy(call: Call) -> dict[str, Any]:
    """本村的结转办法。"""
    _, policy = queries.find_policy(reading(), call.village.id)
    if policy is None:
        raise NotFound("本村还没有规定结转办法")
    return policy._asdict()


@feature.command(
    "/villages/<village:v>/closings/<name:id>",
    kind="closing",
    permission="closing.close",
    body=schemas.ClosingIn,
    answer=schemas.ClosingOut,
)
def close_period(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """结一个季度或一年的账：失去积分的每户记一笔，并冻结结转公示。"""
    done = service.close_period(
        work,
        call.village,
        id,
        Order(**call.body),
        site=current_config().public_url,
        actor_id=call.actor.user_id,
    )
    return {
        "id": id,
        "period": done.closed.period,
        "households": done.closed.households,
        "expired": done.closed.expired,
        "carried": done.closed.carried,
        "closed_at": as_text(done.closed.at),
        "number": done.statement.number,
        "digest": done.statement.digest,
        "public_url": done.statement.content()["public_url"],
    }


@feature.on(
    "GET",
    "/villages/<village:v>/closings",
    permission="closing.read",
    query=paging.PageQuery,
    answer=schemas.ClosingPage,
)
def list_closings(call: Call) -> dict[str, Any]:
    """已结账的期间，最近的在前。"""
    statement = paging.page(
        queries.closings(call.village.id), keys=[Closing.__table__.c.last_on], query=call.query, descending=True
    )
    rows = [ClosingRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.last_on], item=_closing)


def _closing(row: ClosingRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "period": row.period,
        "households": row.households,
        "expired": row.expired,
        "carried": row.carried,
        "closed_at": as_text(row.closed_at),
    }
