"""HTTP of adjustments."""

from collections.abc import Mapping
from typing import Any

from pointshop.adjustments import queries, schemas, service
from pointshop.adjustments.models import Adjustment
from pointshop.adjustments.queries import AdjustmentRow
from pointshop.adjustments.service import Proposal
from pointshop.core import paging
from pointshop.core.clock import as_text, as_text_or_none
from pointshop.core.db import reading
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.ledger.service import get_balance

feature = Feature("adjustments", description="人工调整积分：一人提出，另一人审批")


@feature.command(
    "/villages/<village:v>/adjustments/<name:id>",
    kind="adjustment",
    permission="adjustment.propose",
    body=schemas.AdjustmentIn,
    answer=schemas.AdjustmentOut,
)
def propose(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """提出人工调整一户的积分；由另一人批准后才入账。"""
    found = service.propose(work, call.village.id, id, Proposal(**call.body), actor_id=call.actor.user_id)
    return _one(work, call, found)


@feature.command(
    "/villages/<village:v>/adjustments/<name:id>/decision",
    kind="adjust_decision",
    permission="adjustment.decide",
    body=schemas.DecisionIn,
    answer=schemas.AdjustmentOut,
    own_refusal=True,
)
def decide(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """批准（随即入账）或驳回一笔人工调整；不能批自己提出的。"""
    found = service.decide(work, call.village.id, id, **call.body, actor_id=call.actor.user_id)
    return _one(work, call, found)


@feature.on(
    "GET",
    "/villages/<village:v>/adjustments",
    permission="adjustment.read",
    query=schemas.AdjustmentQuery,
    answer=schemas.AdjustmentPage,
)
def list_adjustments(call: Call) -> dict[str, Any]:
    """人工调整，最近的在前。"""
    statement = paging.page(
        queries.adjustments(call.village.id, state=call.query["state"]),
        keys=[Adjustment.__table__.c.proposed_at, Adjustment.__table__.c.id],
        query=call.query,
        descending=True,
    )
    rows = [AdjustmentRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.proposed_at, row.id], item=_adjustment)


def _one(work: Work, call: Call, row: AdjustmentRow) -> dict[str, Any]:
    return _adjustment(row) | {"balance": get_balance(work, call.village.id, row.household_id)}


def _adjustment(row: AdjustmentRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "household": row.household,
        "points": row.points,
        "reason": row.reason,
        "note": row.note,
        "state": row.state,
        "proposed_at": as_text(row.proposed_at),
        "decided_at": as_text_or_none(row.decided_at),
        "comment": row.comment,
    }
