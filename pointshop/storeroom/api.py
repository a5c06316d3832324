"""HTTP of stocktakes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response

from pointshop.core import paging
from pointshop.core.clock import as_text, as_text_or_none
from pointshop.core.db import reading, snapshot
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.publishing import assets
from pointshop.storeroom import queries, schemas, service
from pointshop.storeroom.models import Stocktake
from pointshop.storeroom.queries import StocktakeRow
from pointshop.storeroom.service import Told
from pointshop.storeroom.variance import Variance, as_document, total_fen, variance_page, variances

feature = Feature("storeroom", description="两人盘点")


@feature.command(
    "/villages/<village:v>/stocktakes/<name:id>",
    kind="stocktake",
    permission="stocktake.run",
    body=schemas.StocktakeIn,
    answer=schemas.StocktakeOut,
)
def open_stocktake(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """开一张盘点单；不指明商品就盘全部。"""
    service.open_stocktake(
        work,
        call.village.id,
        id,
        products=call.body["products"],
        note=call.body["note"],
        actor_id=call.actor.user_id,
    )
    return _stocktake(work, call.village.id, id)


@feature.command(
    "/villages/<village:v>/stocktake-counts/<name:id>",
    kind="stocktake_count",
    permission="stocktake.count",
    body=schemas.CountIn,
    answer=schemas.StocktakeOut,
)
def enter_counts(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """交一人的盘点数；第二人交上后与第一人比对，差额一致的当即记账，不一致的两人重盘。"""
    body = call.body
    told = Told(
        {line["product"]: line["quantity"] for line in body["lines"]},
        datetime.fromisoformat(body["counted_at"]) if body["counted_at"] else None,
    )
    service.enter_counts(work, call.village.id, id, of=body["stocktake"], told=told, actor_id=call.actor.user_id)
    return _stocktake(work, call.village.id, body["stocktake"])


@feature.command(
    "/villages/<village:v>/stocktakes/<name:id>/closing",
    kind="stocktake_close",
    permission="stocktake.run",
    body=schemas.NothingIn,
    answer=schemas.StocktakeOut,
    own_refusal=True,
)
def close_stocktake(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """结束盘点；两人没有盘一致的，账面不动。"""
    service.close_stocktake(work, call.village.id, id, actor_id=call.actor.user_id)
    return _stocktake(work, call.village.id, id)


@feature.on(
    "GET",
    "/villages/<village:v>/stocktakes/<name:id>",
    permission="stocktake.read",
    answer=schemas.StocktakeOut,
)
def get_stocktake(call: Call, id: str) -> dict[str, Any]:
    """一张盘点单和盘点差异；只有一人盘过的，数字不显示。"""
    return snapshot(lambda work: _stocktake(work, call.village.id, id))


@feature.on(
    "GET",
    "/villages/<village:v>/stocktakes",
    permission="stocktake.read",
    query=paging.PageQuery,
    answer=schemas.StocktakePage,
)
def list_stocktakes(call: Call) -> dict[str, Any]:
    """盘点单，最近的在前。"""
    columns = Stocktake.__table__.c
    statement = paging.page(
        queries.stocktakes(call.village.id),
        keys=[columns.opened_at, columns.id],
        query=call.query,
        descending=True,
    )
    rows = [StocktakeRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.opened_at, row.id], item=_head)


@feature.on(
    "GET",
    "/villages/<village:v>/stocktakes/<name:id>/variance.html",
    permission="stocktake.read",
    answer="text/html",
)
def print_variance(call: Call, id: str) -> Response:
    """盘点表（A4），签字存档用；不张贴。"""

    def look(work: Work) -> tuple[StocktakeRow, list[Variance]]:
        return queries.get_stocktake(work, call.village.id, id), variances(work, call.village.id, id)

    head, lines = snapshot(look)
    page = variance_page(call.village.name, head, lines, stylesheet_url=assets.url("variance.css"))
    return Response(page, mimetype="text/html")


def _stocktake(work: Work, village_id: int, name: str) -> dict[str, Any]:
    head = queries.get_stocktake(work, village_id, name)
    lines = variances(work, village_id, name)
    return _head(head) | {"items": [as_document(line) for line in lines], "value_fen": total_fen(lines)}


def _head(row: StocktakeRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "note": row.note,
        "opened_at": as_text(row.opened_at),
        "opened_by": row.opened_by,
        "closed_at": as_text_or_none(row.closed_at),
        "closed_by": row.closed_by,
    }
