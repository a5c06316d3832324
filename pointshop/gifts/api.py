"""HTTP of gifts."""

from collections.abc import Mapping
from typing import Any

from pointshop.core import paging
from pointshop.core.clock import as_text, as_text_or_none
from pointshop.core.db import reading
from pointshop.core.errors import Forbidden
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.gifts import queries, schemas, service
from pointshop.gifts.models import Gift
from pointshop.gifts.queries import GiftRow
from pointshop.gifts.service import Asked
from pointshop.ledger.service import get_balance

feature = Feature("gifts", description="积分转赠：把积分送给有困难的邻居")


@feature.command(
    "/villages/<village:v>/gifts/<name:id>",
    kind="gift",
    permission="gift.give",
    body=schemas.GiftIn,
    answer=schemas.GiftOut,
    unkept=("pin",),
)
def give(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """把一户的积分转赠给本村另一户：赠出户出示积分卡，或由管理员按签字的纸条补录。"""
    asked = Asked(**call.body)
    if asked.household is not None and not call.may("gift.give_slip"):
        raise Forbidden("按纸条补录由村管理员办理")
    return _one(work, call, service.give(work, call.village.id, id, asked, actor_id=call.actor.user_id))


@feature.command(
    "/villages/<village:v>/gifts/<name:id>/reversal",
    kind="gift_reversal",
    permission="gift.reverse",
    body=schemas.GiftReversalIn,
    answer=schemas.GiftOut,
    own_refusal=True,
)
def reverse(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """撤销一笔转赠：受赠户还剩多少退回多少，不会低于零。"""
    return _one(work, call, service.reverse_gift(work, call.village.id, id, **call.body, actor_id=call.actor.user_id))


@feature.on(
    "GET",
    "/villages/<village:v>/gifts",
    permission="gift.read",
    query=schemas.GiftQuery,
    answer=schemas.GiftPage,
)
def list_gifts(call: Call) -> dict[str, Any]:
    """转赠记录，最近的在前；可只看一户赠出和受赠的。"""
    statement = paging.page(
        queries.gifts(call.village.id, household=call.query["household"]),
        keys=[Gift.__table__.c.given_at, Gift.__table__.c.id],
        query=call.query,
        descending=True,
    )
    rows = [GiftRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.given_at, row.id], item=_gift)


def _one(work: Work, call: Call, row: GiftRow) -> dict[str, Any]:
    return _gift(row) | {"balance": get_balance(work, call.village.id, row.household_id)}


def _gift(row: GiftRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "household": row.household,
        "to_household": row.to_household,
        "points": row.points,
        "occurred_on": row.occurred_on.isoformat(),
        "note": row.note,
        "state": row.state,
        "at": as_text(row.given_at),
        "reversed_at": as_text_or_none(row.reversed_at),
        "reverse_reason": row.reverse_reason,
        "points_back": row.points_back,
    }
