"""HTTP of goods and of their stock book."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Response

from pointshop.core import paging
from pointshop.core.clock import as_text
from pointshop.core.db import is_unique_violation, reading, snapshot, unit_of_work
from pointshop.core.errors import Invalid, NotFound
from pointshop.core.fields import check, item_code
from pointshop.core.routes import Call, Feature, reply
from pointshop.core.work import Work
from pointshop.publishing.pdf.labels import ShelfLabel, shelf_labels_pdf
from pointshop.shop import goods, schemas, stock
from pointshop.shop import goods_queries as queries
from pointshop.shop.conditions import PERIOD_WORDS
from pointshop.shop.goods import ProductData
from pointshop.shop.goods_queries import MoveRow, ProductRow
from pointshop.shop.lots import Batch, batches_on_hand
from pointshop.shop.models import Product, StockMove

feature = Feature("goods", description="商品与出入库")


@feature.on(
    "PUT",
    "/villages/<village:v>/products/<code>",
    permission="product.write",
    body=schemas.ProductIn,
    answer=schemas.ProductOut,
    status=201,
)
def put_product(call: Call, code: str) -> Response:
    """上架商品或修改说明；库存不变。"""
    check(item_code(), code, name="code")
    body = call.body
    data = ProductData(
        name=body["name"],
        spec=body["spec"],
        unit=body["unit"],
        points=body["points"],
        limit_quantity=body["limit"],
        limit_period=body["limit_period"],
        barcode=body["barcode"],
        is_active=body["active"],
        low_stock=body["low_stock"],
    )
    try:
        is_new = unit_of_work(lambda work: goods.put_product(work, call.village.id, code, data))
    except Exception as error:
        if not is_unique_violation(error):
            raise
        raise Invalid(errors={"barcode": ["这个条码已用于另一件商品"]}) from error
    return reply(_product(queries.get_product(reading(), call.village.id, code)), status=201 if is_new else 200)


@feature.on("GET", "/villages/<village:v>/products/<code>", permission="product.read", answer=schemas.ProductOut)
def get_product(call: Call, code: str) -> dict[str, Any]:
    """一件商品和库存。"""
    return _product(queries.get_product(reading(), call.village.id, code))


@feature.on(
    "GET",
    "/villages/<village:v>/products",
    permission="product.read",
    query=schemas.ProductQuery,
    answer=schemas.ProductPage,
)
def list_products(call: Call) -> dict[str, Any]:
    """商店的商品和库存，按代码排列。"""
    active = None if call.query["active"] is None else call.query["active"] == "true"
    statement = paging.page(
        queries.products(call.village.id, active=active, q=call.query["q"]),
        keys=[Product.__table__.c.code],
        query=call.query,
    )
    rows = [ProductRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.code], item=_product)


@feature.on(
    "GET",
    "/villages/<village:v>/shelf-labels.pdf",
    permission="product.read",
    answer="application/pdf",
    refuses=[406],
)
def print_shelf_labels(call: Call) -> Response:
    """货架价签，A4 排版，店里所有上架的商品。"""
    work = reading()
    statement = queries.products(call.village.id, active=True, q=None).order_by(Product.code)
    labels = [_label(ProductRow(*row)) for row in work.read(statement)]
    if not labels:
        raise NotFound("还没有上架的商品")
    return Response(shelf_labels_pdf(labels, village=call.village.name, made_at=work.now), mimetype="application/pdf")


@feature.command(
    "/villages/<village:v>/stock-moves/<name:id>",
    kind="stock_move",
    permission="stock.move",
    body=schemas.StockMoveIn,
    answer=schemas.StockMoveOut,
)
def record_move(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """入库、报损、盘点；盘点填实有数，差额自动记账。"""
    change, on_hand = stock.record_move(work, call.village.id, id, call.body, actor_id=call.actor.user_id)
    best_before = call.body["best_before"]
    return {
        "id": id,
        **call.body,
        "best_before": best_before.isoformat() if best_before else None,
        "change": change,
        "on_hand_after": on_hand,
        "at": as_text(work.now),
        "by": call.actor.name,
    }


@feature.on(
    "GET",
    "/villages/<village:v>/stock-moves",
    permission="stock.read",
    query=schemas.StockMoveQuery,
    answer=schemas.StockMovePage,
)
def list_moves(call: Call) -> dict[str, Any]:
    """出入库账，最近的在前，含兑换和作废。"""
    columns = StockMove.__table__.c
    statement = paging.page(
        queries.stock_moves(
            call.village.id, product=call.query["product"], first=call.query["first"], last=call.query["last"]
        ),
        keys=[columns.recorded_at, columns.product_code, columns.seq],
        query=call.query,
        descending=True,
    )
    rows = [MoveRow(*row) for row in reading().read(statement)]
    return paging.answer(
        rows, query=call.query, key=lambda row: [row.recorded_at, row.product_code, row.seq], item=_move
    )


@feature.on(
    "GET",
    "/villages/<village:v>/lots",
    permission="stock.read",
    query=schemas.LotQuery,
    answer=schemas.LotList,
)
def list_lots(call: Call) -> dict[str, Any]:
    """货架上各批次还剩多少、何时到期、进价多少，先到期的在前；within 只列若干天内到期的。"""
    village_id, within = call.village.id, call.query["within"]

    def look(work: Work) -> tuple[dict[str, ProductRow], list[Batch], date]:
        every = queries.products(village_id, active=None, q=None)
        named = {row.code: row for row in (ProductRow(*row) for row in work.read(every))}
        found = batches_on_hand(work, village_id, product=call.query["product"])
        return named, [batch for batches in found.values() for batch in batches], work.today

    named, batches, today = snapshot(look)
    if within is not None:
        last = today + timedelta(days=within)
        batches = [batch for batch in batches if batch.best_before is not None and batch.best_before <= last]
    batches.sort(key=lambda batch: (batch.best_before or date.max, batch.product, batch.seq))
    return {
        "items": [_lot(batch, named[batch.product], today) for batch in batches],
        "stock_fen": sum(batch.left * (batch.cost_fen or 0) for batch in batches),
    }


def _lot(batch: Batch, product: ProductRow, today: date) -> dict[str, Any]:
    until = batch.best_before
    return {
        "product": batch.product,
        "name": product.name,
        "unit": product.unit,
        "left": batch.left,
        "best_before": until.isoformat() if until else None,
        "days_left": (until - today).days if until else None,
        "cost_fen": batch.cost_fen,
        "supplier": batch.supplier,
        "donor": batch.donor,
        "received_at": as_text(batch.received_at),
    }


def _label(row: ProductRow) -> ShelfLabel:
    return ShelfLabel(
        name=row.name,
        spec=row.spec or "",
        unit=row.unit,
        points=row.points,
        limit="" if row.limit_quantity is None else f"每户{_every(row)}限{row.limit_quantity}{row.unit}",
        scanned=row.barcode or row.code,
    )


def _every(row: ProductRow) -> str:
    return next((words for kind, words in PERIOD_WORDS.items() if kind == row.limit_period), "")


def _product(row: ProductRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "spec": row.spec,
        "unit": row.unit,
        "points": row.points,
        "limit": row.limit_quantity,
        "limit_period": row.limit_period,
        "barcode": row.barcode,
        "active": row.is_active,
        "low_stock": row.low_stock,
        "on_hand": row.on_hand,
        "is_low": row.is_low,
    }


def _move(row: MoveRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "product": row.product_code,
        "seq": row.seq,
        "kind": row.kind,
        "quantity": abs(row.quantity) if row.counted is None else row.counted,
        "change": row.quantity,
        "on_hand_after": row.on_hand_after,
        "cost_fen": row.cost_fen,
        "donor": row.donor,
        "note": row.note,
        "best_before": row.best_before.isoformat() if row.best_before else None,
        "supplier": row.supplier,
        "names_donor": row.names_donor,
        "at": as_text(row.recorded_at),
        "by": row.actor,
        "redemption": row.redemption_id,
    }
