"""What is refused about gifts, by name."""

from pointshop.core.errors import Refused
from pointshop.ledger.service import InsufficientPoints


class GiftLimitExceeded(Refused):
    code, title = "limit_exceeded", "超过本年可转赠的积分"


class NothingLeft(InsufficientPoints):
    """Of what was given; when the receiver has points again it can be taken back."""

    sticks = False


class GiftReversed(Refused):
    code, title = "already_voided", "这笔转赠已经撤销"


class TooLateToReverse(Refused):
    code, title = "void_window_passed", "这笔转赠已过可撤销的时间"
