"""HTTP of what the shop does for households besides selling: deliveries, wishes, what is in demand."""

from collections.abc import Mapping
from typing import Any

from pointshop.core import paging
from pointshop.core.clock import as_text, as_text_or_none, day_starts_at, days_before
from pointshop.core.db import reading
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.storeroom import deliveries, wishes
from pointshop.storeroom import household_schemas as schemas
from pointshop.storeroom.deliveries import DeliveryRow
from pointshop.storeroom.models import Delivery, Wish
from pointshop.storeroom.wishes import WishRow

feature = Feature("errands", description="送货上门与心愿")


@feature.command(
    "/villages/<village:v>/redemptions/<name:id>/delivery",
    kind="delivery",
    permission="delivery.mark",
    body=schemas.DeliveryIn,
    answer=schemas.DeliveryOut,
    own_refusal=True,
)
def mark_delivery(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """为来不了的户安排送货：谁送。"""
    return _delivery(deliveries.mark(work, call.village, id, carrier=call.body["carrier"], actor_id=call.actor.user_id))


@feature.command(
    "/villages/<village:v>/redemptions/<name:id>/delivery/confirmation",
    kind="delivery_done",
    permission="delivery.confirm",
    body=schemas.DeliveryDoneIn,
    answer=schemas.DeliveryOut,
    own_refusal=True,
)
def confirm_delivery(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """确认送到：户里签了字，或由安排人、送货人以外的人确认。"""
    return _delivery(deliveries.confirm(work, call.village.id, id, **call.body, actor_id=call.actor.user_id))


@feature.on(
    "GET",
    "/villages/<village:v>/deliveries",
    permission="delivery.confirm",
    query=schemas.DeliveryQuery,
    answer=schemas.DeliveryPage,
)
def list_deliveries(call: Call) -> dict[str, Any]:
    """送货单，先安排的在前；state=open 只列还没送到的。"""
    columns = Delivery.__table__.c
    statement = paging.page(
        deliveries.deliveries(call.village.id, state=call.query["state"]),
        keys=[columns.marked_at, columns.redemption_id],
        query=call.query,
    )
    rows = [DeliveryRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.marked_at, row.redemption], item=_delivery)


@feature.command(
    "/villages/<village:v>/wishes/<name:id>",
    kind="wish",
    permission="wish.record",
    body=schemas.WishIn,
    answer=schemas.WishOut,
)
def record_wish(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """记一户想要的商品。"""
    return _wish(wishes.record_wish(work, call.village.id, id, **call.body, actor_id=call.actor.user_id))


@feature.on(
    "GET",
    "/villages/<village:v>/wishes",
    permission="wish.read",
    query=paging.PageQuery,
    answer=schemas.WishPage,
)
def list_wishes(call: Call) -> dict[str, Any]:
    """各户的心愿，最近的在前。"""
    columns = Wish.__table__.c
    statement = paging.page(
        wishes.wishes(call.village.id), keys=[columns.recorded_at, columns.id], query=call.query, descending=True
    )
    rows = [WishRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.recorded_at, row.id], item=_wish)


@feature.on(
    "GET",
    "/villages/<village:v>/demand",
    permission="wish.read",
    query=schemas.DemandQuery,
    answer=schemas.DemandOut,
)
def get_demand(call: Call) -> dict[str, Any]:
    """近来哪些商品最抢手、最想要。"""
    work, village_id = reading(), call.village.id
    since = days_before(work.today, call.query["days"])
    wished = wishes.most_wished(work, village_id, since=day_starts_at(since))
    taken = wishes.most_taken(work, village_id, since=since)
    return {"wished": [row._asdict() for row in wished], "taken": [row._asdict() for row in taken]}


def _delivery(row: DeliveryRow) -> dict[str, Any]:
    return {
        "redemption": row.redemption,
        "household": row.household,
        "head": row.head,
        "group_no": row.group_no,
        "carrier": row.carrier,
        "marked_at": as_text(row.marked_at),
        "state": "open" if row.confirmed_at is None else "delivered",
        "confirmed_at": as_text_or_none(row.confirmed_at),
        "confirmed_by": row.confirmed_by,
        "received_by": row.received_by,
        "signed": row.is_signed,
    }


def _wish(row: WishRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "household": row.household,
        "head": row.head,
        "item": row.item,
        "at": as_text(row.recorded_at),
    }
