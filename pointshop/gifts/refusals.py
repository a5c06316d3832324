"""What is refused about gifts, by name."""

from pointshop.core.errors import Refused


class GiftLimitExceeded(Refused):
    code, title = "limit_exceeded", "超过本年可转赠的积分"


class WaitsForClosing(Refused):
    """Points of a period that is over but not closed would escape their end in somebody else's purse."""

    code, title, sticks = "closed_today", "上期结账之前暂停转赠", False


class GiftReversed(Refused):
    code, title = "already_voided", "这笔转赠已经撤销"


class TooLateToReverse(Refused):
    code, title = "void_window_passed", "这笔转赠已过可撤销的时间"
