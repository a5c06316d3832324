"""What the shop refuses, by name."""

from pointshop.core.errors import Refused


class Suspended(Refused):
    """A veto keeps the household from redeeming for a time; its points stay."""

    code, title = "account_not_active", "该户暂停兑换"


class ClosedToday(Refused):
    code, title = "closed_today", "不是兑换日"


class PriceChanged(Refused):
    code, title = "price_changed", "商品分值已变动，请核对后重新兑换"


class LimitExceeded(Refused):
    code, title = "limit_exceeded", "超过限兑数量"


class OutOfStock(Refused):
    code, title = "out_of_stock", "库存不足"


class AlreadyVoided(Refused):
    code, title = "already_voided", "此兑换单已作废"


class VoidWindowPassed(Refused):
    code, title = "void_window_passed", "已过店员可作废的时间，请找村管理员办理"
