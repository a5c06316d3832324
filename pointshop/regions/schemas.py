"""Shapes of regions and settings."""

from marshmallow import fields as base

from pointshop.core.fields import MAX_POINTS, Label, Shape, Whole, list_of, one_of
from pointshop.core.paging import PageQuery


class RegionIn(Shape):
    name = Label(limit=60, required=True)


class RegionOut(Shape):
    code = base.String()
    level = base.Integer(metadata={"description": "0 全国 1 省 2 市 3 县 4 乡镇 5 村"})
    name = base.String()
    parent = base.String(allow_none=True)


class RegionQuery(PageQuery):
    parent = Label(limit=12, load_default="0")


class RegionPage(Shape):
    items = base.List(base.Nested(RegionOut))
    next = base.String(allow_none=True)


class SettingsIn(Shape):
    rate_fen = Whole(least=1, most=100_000)
    review_levels = Whole(least=0, most=2)
    notice_days = Whole(least=0, most=30)
    backdate_days = Whole(least=0, most=366)
    redemption_weekdays = list_of(Whole(least=1, most=7), most=7)
    void_minutes = Whole(least=0, most=1440)
    card_daily_points = Whole(least=1, most=MAX_POINTS, allow_none=True)
    period_budget = Whole(least=1, most=1_000_000_000, allow_none=True)
    pin_above_points = Whole(least=0, most=MAX_POINTS, allow_none=True)
    public_names = one_of("consent", "full", "masked")
    low_stock = Whole(least=0, most=9999)
    gift_points_given = Whole(least=0, most=MAX_POINTS)
    gift_points_received = Whole(least=0, most=MAX_POINTS)


class SettingsOut(Shape):
    rate_fen = base.Integer()
    review_levels = base.Integer()
    notice_days = base.Integer()
    backdate_days = base.Integer()
    redemption_weekdays = base.List(base.Integer())
    void_minutes = base.Integer()
    card_daily_points = base.Integer(allow_none=True)
    period_budget = base.Integer(allow_none=True)
    pin_above_points = base.Integer(allow_none=True, metadata={"description": "每户每天免密兑换的积分；空：都不用密码"})
    public_names = base.String()
    low_stock = base.Integer(metadata={"description": "库存不足的界线，件"})
    gift_points_given = base.Integer(metadata={"description": "每户每年最多赠出的积分；0 为不开放转赠"})
    gift_points_received = base.Integer(metadata={"description": "每户每年最多受赠的积分"})
