"""Shapes of stocktakes."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.core.fields import Cleaned, Label, Shape, Whole, client_name, item_code, list_of, shape_of
from pointshop.shop.stock import MAX_STOCK

MAX_LINES = 200


def _instant(raw: str) -> str:
    try:
        found = datetime.fromisoformat(raw)
    except ValueError as error:
        raise ValueError("时间须写作 2026-11-22T09:30:00Z") from error
    if found.tzinfo is None or not 2000 <= found.year <= 2100:
        raise ValueError("时间须带时区，在 2000 年到 2100 年之间")
    return found.astimezone(UTC).isoformat()


class StocktakeIn(Shape):
    products = list_of(item_code(), least=1, most=MAX_LINES, allow_none=True, load_default=None)
    note = Label(limit=200, allow_none=True, load_default=None)

    @validates_schema
    def each_once(self, data: dict[str, Any], **_: Any) -> None:
        if data["products"] and len(set(data["products"])) != len(data["products"]):
            raise ValidationError("每种商品只列一次", "products")


class CountedIn(Shape):
    product = item_code(required=True)
    quantity = Whole(least=0, most=MAX_STOCK, required=True)


class CountIn(Shape):
    stocktake = client_name(required=True)
    counted_at = Cleaned(_instant, limit=40, describe={"format": "date-time"}, allow_none=True, load_default=None)
    lines = list_of(shape_of(CountedIn), least=1, most=MAX_LINES, required=True)

    @validates_schema
    def each_once(self, data: dict[str, Any], **_: Any) -> None:
        seen = Counter(line["product"] for line in data["lines"])
        if any(count > 1 for count in seen.values()):
            raise ValidationError("每种商品只列一次", "lines")


class NothingIn(Shape):
    pass


class StocktakeLineOut(Shape):
    product = base.String()
    name = base.String()
    unit = base.String()
    state = base.String(
        metadata={"description": "open 未盘 counted 一人已盘 agreed 两人一致 differs 两人不一致，须重盘"}
    )
    counted_by = base.List(base.String(), metadata={"description": "本轮盘点人"})
    differences = base.List(base.Integer(), metadata={"description": "上一轮两人各自的盈亏；一人未盘时不显示"})
    book = base.Integer(allow_none=True, metadata={"description": "一致时的账面数"})
    counted = base.Integer(allow_none=True, metadata={"description": "一致时的实盘数"})
    difference = base.Integer(allow_none=True, metadata={"description": "盈亏，已记账"})
    value_fen = base.Integer(allow_none=True, metadata={"description": "盈亏按成本，分"})


class StocktakeHeadOut(Shape):
    id = base.String()
    note = base.String(allow_none=True)
    opened_at = base.String()
    opened_by = base.String()
    closed_at = base.String(allow_none=True)
    closed_by = base.String(allow_none=True)


class StocktakeOut(StocktakeHeadOut):
    items = base.List(base.Nested(StocktakeLineOut))
    value_fen = base.Integer(metadata={"description": "盈亏合计，分"})


class StocktakePage(Shape):
    items = base.List(base.Nested(StocktakeHeadOut))
    next = base.String(allow_none=True)
