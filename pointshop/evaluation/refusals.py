"""What is refused in evaluations, by name."""

from pointshop.core.errors import Refused


class AlreadyVoted(Refused):
    code, title = "already_voted", "已经投过票"


class RoundClosed(Refused):
    code, title = "round_closed", "评选已经截止"


class NotYet(Refused):
    """Time itself undoes it."""

    code, title, sticks = "in_future", "评选还没有到时间", False


class NotOpen(Refused):
    code, title, sticks = "not_pending", "这项评选现在不能办这一步", False
