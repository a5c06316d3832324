"""Shapes of goods, stock moves, scans and redemptions."""

from collections import Counter
from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.core.fields import (
    MAX_POINTS,
    MAX_QUANTITY,
    CardCode,
    Code,
    Day,
    Flag,
    Label,
    Shape,
    Text,
    Whole,
    WholeText,
    household_number,
    item_code,
    list_of,
    one_of,
    shape_of,
)
from pointshop.core.paging import DaysQuery, PageQuery
from pointshop.core.periods import PERIOD_KINDS
from pointshop.pins.schemas import six_digits
from pointshop.publishing.receipt import PAPERS
from pointshop.shop.stock import MAX_STOCK

MAX_LINES = 50


class ProductIn(Shape):
    name = Label(limit=60, required=True)
    spec = Label(limit=60, allow_none=True, load_default=None)
    unit = Label(limit=10, required=True)
    points = Whole(least=1, most=MAX_POINTS, required=True)
    limit = Whole(least=1, most=MAX_QUANTITY, allow_none=True, load_default=None)
    limit_period = one_of(*PERIOD_KINDS, allow_none=True, load_default=None)
    barcode = Code(
        r"[0-9A-Za-z-]+", limit=32, hint="条码由 1 到 32 位数字、字母或 - 组成", allow_none=True, load_default=None
    )
    active = Flag(load_default=True)
    low_stock = Whole(least=0, most=MAX_QUANTITY, allow_none=True, load_default=None)

    @validates_schema
    def limit_has_period(self, data: dict[str, Any], **_: Any) -> None:
        if (data["limit"] is None) != (data["limit_period"] is None):
            raise ValidationError("限兑数量与限兑期间须同时填写", "limit_period")


class ProductOut(Shape):
    code = base.String()
    name = base.String()
    spec = base.String(allow_none=True)
    unit = base.String()
    points = base.Integer()
    limit = base.Integer(allow_none=True)
    limit_period = base.String(allow_none=True)
    barcode = base.String(allow_none=True)
    active = base.Boolean()
    low_stock = base.Integer(allow_none=True, metadata={"description": "低于或等于此数即为不足；空为按村设置"})
    on_hand = base.Integer()
    is_low = base.Boolean(metadata={"description": "库存不足"})


class ProductQuery(PageQuery):
    active = one_of("true", "false", load_default=None)
    q = Text(limit=60, load_default=None)


class ProductPage(Shape):
    items = base.List(base.Nested(ProductOut))
    next = base.String(allow_none=True)


_OF_RECEIPTS = ("cost_fen", "donor", "best_before", "supplier", "names_donor")


class StockMoveIn(Shape):
    product = item_code(required=True)
    kind = one_of("receive", "write_off", "count", required=True)
    quantity = Whole(least=0, most=MAX_STOCK, required=True)
    cost_fen = Whole(least=0, most=100_000_000, allow_none=True, load_default=None)
    donor = Label(limit=60, allow_none=True, load_default=None)
    note = Text(limit=200, allow_none=True, load_default=None)
    best_before = Day(allow_none=True, load_default=None)
    supplier = Label(limit=60, allow_none=True, load_default=None)
    names_donor = Flag(load_default=False)

    @validates_schema
    def fits_its_kind(self, data: dict[str, Any], **_: Any) -> None:
        errors: dict[str, list[str]] = {}
        if data["kind"] != "count" and data["quantity"] == 0:
            errors["quantity"] = ["须大于 0；只有盘点可以是 0"]
        if data["kind"] != "receive":
            errors |= {name: ["只有入库可填"] for name in _OF_RECEIPTS if data[name]}
        if data["names_donor"] and data["donor"] is None:
            errors["names_donor"] = ["没有捐赠人"]
        if data["supplier"] is not None and data["donor"] is not None:
            errors["supplier"] = ["捐赠的物资没有供货商"]
        if errors:
            raise ValidationError(errors)


class StockMoveOut(Shape):
    id = base.String(allow_none=True)
    product = base.String()
    kind = base.String()
    quantity = base.Integer(metadata={"description": "件数；盘点为实盘数"})
    change = base.Integer(metadata={"description": "库存增减"})
    on_hand_after = base.Integer()
    cost_fen = base.Integer(allow_none=True, metadata={"description": "每件进价，分"})
    donor = base.String(allow_none=True)
    note = base.String(allow_none=True)
    best_before = base.String(allow_none=True, metadata={"description": "保质期至"})
    supplier = base.String(allow_none=True, metadata={"description": "供货商"})
    names_donor = base.Boolean(metadata={"description": "捐赠人同意公开姓名"})
    at = base.String()
    by = base.String()


class StockMoveItem(StockMoveOut):
    seq = base.Integer()
    redemption = base.String(allow_none=True)


class StockMoveQuery(DaysQuery):
    product = item_code(load_default=None)


class StockMovePage(Shape):
    items = base.List(base.Nested(StockMoveItem))
    next = base.String(allow_none=True)


class LotQuery(Shape):
    product = item_code(load_default=None)
    within = WholeText(least=0, most=3650, load_default=None)


class LotOut(Shape):
    product = base.String()
    name = base.String()
    unit = base.String()
    left = base.Integer(metadata={"description": "还剩件数"})
    best_before = base.String(allow_none=True)
    days_left = base.Integer(allow_none=True, metadata={"description": "离到期的天数；负数为已过期"})
    cost_fen = base.Integer(allow_none=True, metadata={"description": "每件进价，分；空为未填"})
    supplier = base.String(allow_none=True)
    donor = base.String(allow_none=True)
    received_at = base.String()


class LotList(Shape):
    items = base.List(base.Nested(LotOut))
    stock_fen = base.Integer(metadata={"description": "所列批次的成本合计，分"})


class ScanIn(Shape):
    code = CardCode(required=True)


class HolderOut(Shape):
    number = base.String()
    head = base.String()


class TodayOut(Shape):
    open = base.Boolean(metadata={"description": "今天是否兑换日"})
    points_left = base.Integer(metadata={"description": "今天还可兑换的积分"})
    without_pin = base.Integer(allow_none=True, metadata={"description": "其中不用密码的；空：都不用"})
    pin = base.String(
        allow_none=True,
        metadata={"enum": ["none", "set", "blocked", None], "description": "有没有兑换密码；空：本村不用"},
    )


class ScanOut(Shape):
    household = base.Nested(HolderOut)
    balance = base.Integer()
    today = base.Nested(TodayOut)
    self_dealing = base.Boolean(metadata={"description": "扫卡人的本户或亲属户，须由其他店员办理兑换"})


class ItemIn(Shape):
    product = item_code(required=True)
    quantity = Whole(least=1, most=MAX_QUANTITY, required=True)


class CardOrSlip(Shape):
    """Who pays: `card`, or for a paper slip `household` with `occurred_on` and `note`."""

    card = CardCode(load_default=None)
    household = household_number(load_default=None)
    occurred_on = Day(allow_none=True, load_default=None)
    note = Label(limit=200, allow_none=True, load_default=None)
    pin = six_digits(allow_none=True, load_default=None)

    @validates_schema
    def card_or_slip(self, data: dict[str, Any], **_: Any) -> None:
        if (data["card"] is None) == (data["household"] is None):
            raise ValidationError("卡与户号须填且只填一项", "card")
        if data["household"] is not None:
            missing = {name: ["补录须填写"] for name in ("occurred_on", "note") if data[name] is None}
            if data["pin"] is not None:
                missing["pin"] = ["补录没有密码"]
            if missing:
                raise ValidationError(missing)


class RedemptionIn(CardOrSlip):
    """`card`, or for a paper slip `household` with `occurred_on` and `note`."""

    lines = list_of(shape_of(ItemIn), least=1, most=MAX_LINES, required=True)
    expected_points = Whole(least=1, most=MAX_POINTS, required=True)

    @validates_schema
    def each_product_once(self, data: dict[str, Any], **_: Any) -> None:
        seen: Counter[str] = Counter()
        errors = {}
        for index, line in enumerate(data["lines"]):
            if seen[line["product"]]:
                errors[index] = {"product": ["同一商品只列一行"]}
            seen[line["product"]] += 1
        if errors:
            raise ValidationError({"lines": errors})


class LineOut(Shape):
    product = base.String()
    name = base.String()
    unit = base.String()
    quantity = base.Integer()
    points = base.Integer(metadata={"description": "本行合计"})


class RedemptionOut(Shape):
    id = base.String()
    receipt_no = base.String()
    household = base.String()
    head = base.String()
    points = base.Integer()
    balance_after = base.Integer(metadata={"description": "兑换后的余额"})
    lines = base.List(base.Nested(LineOut))
    state = base.String(metadata={"enum": ["completed", "voided"]})
    occurred_on = base.String()
    note = base.String(allow_none=True)
    at = base.String()
    clerk = base.String()
    voided_at = base.String(allow_none=True)
    voided_by = base.String(allow_none=True)
    void_reason = base.String(allow_none=True)


class RedemptionQuery(DaysQuery):
    household = household_number(load_default=None)


class RedemptionPage(Shape):
    items = base.List(base.Nested(RedemptionOut))
    next = base.String(allow_none=True)


class ReceiptQuery(Shape):
    paper = one_of(*PAPERS, load_default=None)


class ReturnedIn(Shape):
    product = item_code(required=True)
    quantity = Whole(least=0, most=MAX_QUANTITY, required=True)


class VoidIn(Shape):
    reason = Label(limit=200, required=True)
    returned = list_of(shape_of(ReturnedIn), least=1, most=50, allow_none=True, load_default=None)

    @validates_schema
    def _each_once(self, data: dict[str, Any], **_: object) -> None:
        products = [line["product"] for line in data["returned"] or ()]
        if len(set(products)) != len(products):
            raise ValidationError("每种商品只能出现一次", "returned")


class VoidOut(RedemptionOut):
    balance = base.Integer(metadata={"description": "作废后的余额"})


class RefusalOut(Shape):
    kind = base.String(metadata={"enum": ["redemption", "void", "scan"]})
    id = base.String()
    at = base.String()
    code = base.String()
    detail = base.String()
    household = base.String(allow_none=True)
    clerk = base.String()


class RefusalPage(Shape):
    items = base.List(base.Nested(RefusalOut))
    next = base.String(allow_none=True)
