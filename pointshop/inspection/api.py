"""HTTP of re-checks."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from pointshop.core import paging
from pointshop.core.clock import as_text
from pointshop.core.db import reading
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.inspection import queries, schemas, service
from pointshop.inspection.models import Inspection
from pointshop.inspection.queries import InspectionRow, ItemRow
from pointshop.inspection.service import Plan, Told
from pointshop.inspection.slips import slips_page
from pointshop.publishing import assets

feature = Feature("inspection", description="随机抽查已入账的积分")


@feature.command(
    "/villages/<village:v>/inspections/<name:id>",
    kind="inspection",
    permission="inspection.run",
    body=schemas.InspectionIn,
    answer=schemas.InspectionOut,
)
def draw_inspection(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """从一个期间已入账的积分中随机抽查；样本量由置信度和误差算出。"""
    drawn = service.draw_inspection(work, call.village.id, id, Plan(**call.body), actor_id=call.actor.user_id)
    return _inspection(drawn, queries.items_of(work, call.village.id, id))


@feature.command(
    "/villages/<village:v>/inspections/<name:inspection>/findings/<name:id>",
    kind="inspection_find",
    permission="inspection.run",
    body=schemas.FindingIn,
    answer=schemas.InspectedOut,
)
def record_finding(call: Call, work: Work, inspection: str, id: str) -> Mapping[str, Any]:
    """记下一条抽查结果；登记人和审核人不能自查。"""
    told = Told(**call.body)
    return _item(service.record_finding(work, call.village.id, inspection, id, told, actor_id=call.actor.user_id))


@feature.on(
    "GET",
    "/villages/<village:v>/inspections",
    permission="inspection.read",
    query=paging.PageQuery,
    answer=schemas.InspectionPage,
)
def list_inspections(call: Call) -> dict[str, Any]:
    """历次抽查，最近的在前。"""
    statement = paging.page(
        queries.inspections(call.village.id),
        keys=[Inspection.__table__.c.drawn_at, Inspection.__table__.c.id],
        query=call.query,
        descending=True,
    )
    rows = [InspectionRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.drawn_at, row.id], item=_head)


@feature.on(
    "GET", "/villages/<village:v>/inspections/<name:id>", permission="inspection.read", answer=schemas.InspectionOut
)
def get_inspection(call: Call, id: str) -> dict[str, Any]:
    """一次抽查：抽中的积分记录和已有的结果。"""
    work, village_id = reading(), call.village.id
    return _inspection(queries.get_inspection(work, village_id, id), queries.items_of(work, village_id, id))


@feature.on(
    "GET",
    "/villages/<village:v>/inspections/<name:id>/slips.html",
    permission="inspection.read",
    answer="text/html",
)
def slips(call: Call, id: str) -> Response:
    """抽查单（A4），逐户核对用；不张贴。"""
    work, village_id = reading(), call.village.id
    found = queries.get_inspection(work, village_id, id)
    items = queries.items_of(work, village_id, id)
    page = slips_page(call.village.name, found, items, stylesheet_url=assets.url("inspection_slips.css"))
    return Response(page, mimetype="text/html")


def _inspection(row: InspectionRow, items: list[ItemRow]) -> dict[str, Any]:
    return _head(row) | {
        "checked": sum(item.outcome is not None for item in items),
        "wrong": sum(item.outcome == "wrong" for item in items),
        "items": [_item(item) for item in items],
    }


def _head(row: InspectionRow) -> dict[str, Any]:
    dates = {"first_on": row.first_on.isoformat(), "last_on": row.last_on.isoformat()}
    return row._asdict() | dates | {"drawn_at": as_text(row.drawn_at)}


def _item(item: ItemRow) -> dict[str, Any]:
    return {
        "item_no": item.item_no,
        "merit": item.merit_id,
        "household": item.household,
        "rule_name": item.rule_name,
        "quantity": item.quantity,
        "points": item.points,
        "occurred_on": item.occurred_on.isoformat(),
        "outcome": item.outcome,
        "note": item.finding,
    }
