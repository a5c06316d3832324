"""What is refused about events, by name."""

from pointshop.core.errors import Refused


class EventOver(Refused):
    code, title = "round_closed", "这项活动已经结算或取消"


class NotYet(Refused):
    code, title, sticks = "in_future", "这项活动还没有开始", False


class ClockAhead(Refused):
    code, title, sticks = "in_future", "手机时间比实际时间快，请校准后再签到", False


class OutsideEvent(Refused):
    code, title, sticks = "closed_today", "不在这项活动的签到时间内", False


class AlreadySigned(Refused):
    code, title = "duplicate_merit", "已经签到"


class AlreadySignedOut(Refused):
    code, title = "duplicate_merit", "已经签退"


class NotSignedIn(Refused):
    """Time itself undoes this one: the sign-in may still be on somebody's phone."""

    code, title, sticks = "not_pending", "没有签到记录", False
