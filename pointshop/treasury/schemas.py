"""Shapes of the fund's book, the budget line and settlements."""

from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.core.fields import Code, Day, Flag, Label, Shape, Whole, WholeText, one_of
from pointshop.core.paging import DaysQuery
from pointshop.treasury.models import INCOME, MOST_FEN, SPENDING

_MONTH = r"20[0-9]{2}-(0[1-9]|1[0-2])"
_MONTH_HINT = "月份须写作 2026-11"
_KINDS = "grant 集体拨入 donation 捐款 purchase 付供货商 expense 其他支出 reversal 冲正"


class FundEntryIn(Shape):
    kind = one_of(*INCOME, *SPENDING, required=True)
    amount_fen = Whole(least=1, most=MOST_FEN, required=True)
    party = Label(limit=60, required=True)
    purpose = Label(limit=200, required=True)
    occurred_on = Day(required=True)
    settles = Code(_MONTH, limit=7, hint=_MONTH_HINT, allow_none=True, load_default=None)
    names_party = Flag(load_default=False)

    @validates_schema
    def fits_its_kind(self, data: dict[str, Any], **_: Any) -> None:
        errors: dict[str, list[str]] = {}
        if (data["kind"] == "purchase") != (data["settles"] is not None):
            errors["settles"] = ["付供货商须填写结哪个月的账，其他不填"]
        if data["names_party"] and data["kind"] != "donation":
            errors["names_party"] = ["只有捐款可填"]
        if errors:
            raise ValidationError(errors)


class FundReversalIn(Shape):
    reason = Label(limit=200, required=True)


class FundEntryOut(Shape):
    id = base.String()
    seq = base.Integer()
    kind = base.String(metadata={"description": _KINDS})
    amount_fen = base.Integer(metadata={"description": "收入为正，支出为负，分"})
    balance_after_fen = base.Integer()
    party = base.String(metadata={"description": "从谁来、付给谁"})
    purpose = base.String()
    settles = base.String(allow_none=True, metadata={"description": "结哪个月的货款"})
    names_party = base.Boolean(metadata={"description": "捐款人同意公开姓名"})
    occurred_on = base.String()
    reverses = base.Integer(allow_none=True, metadata={"description": "冲正的是第几笔"})
    at = base.String()
    by = base.String()


class FundQuery(DaysQuery):
    pass


class FundPage(Shape):
    items = base.List(base.Nested(FundEntryOut))
    next = base.String(allow_none=True)


class BudgetQuery(Shape):
    adding = WholeText(least=0, most=1_000_000_000, load_default=0)


class WarningOut(Shape):
    code = base.String(metadata={"enum": ["short_now", "short_after", "unpriced"]})
    detail = base.String()


class BudgetOut(Shape):
    outstanding_points = base.Integer(metadata={"description": "各户现有积分合计"})
    waiting_points = base.Integer(metadata={"description": "待审、公示中的积分"})
    adding_points = base.Integer(metadata={"description": "打算再发的积分"})
    rate_fen = base.Integer()
    outstanding_fen = base.Integer(metadata={"description": "现有积分折合，分"})
    fund_fen = base.Integer(metadata={"description": "经费余额，分"})
    stock_fen = base.Integer(metadata={"description": "存货成本，分"})
    owed_fen = base.Integer(metadata={"description": "未付货款，分"})
    cover_fen = base.Integer(metadata={"description": "经费加存货减未付货款，分"})
    margin_fen = base.Integer(metadata={"description": "全部兑换后的结余，负数为缺口，分"})
    after_fen = base.Integer(metadata={"description": "待入账和打算再发的积分也兑换后的结余，负数为缺口，分"})
    warnings = base.List(base.Nested(WarningOut))


class SettlementQuery(Shape):
    month = Code(_MONTH, limit=7, hint=_MONTH_HINT, required=True)


class SupplierOut(Shape):
    supplier = base.String()
    delivered_fen = base.Integer(metadata={"description": "本月送货，分"})
    paid_fen = base.Integer(metadata={"description": "已付本月货款，分"})
    open_fen = base.Integer(metadata={"description": "未付，分；负数为多付"})
    open_before_fen = base.Integer(metadata={"description": "以前月份未付，分"})


class SettlementOut(Shape):
    month = base.String()
    items = base.List(base.Nested(SupplierOut))
    delivered_fen = base.Integer()
    paid_fen = base.Integer()
    open_fen = base.Integer()
