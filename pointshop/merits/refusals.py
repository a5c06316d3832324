"""What is refused about merits, by name."""

from pointshop.core.errors import Refused


class TooOld(Refused):
    code, title = "too_old", "日期太早，已超过补记期限"


class InFuture(Refused):
    code, title = "in_future", "日期在今天之后"


class RuleNotInForce(Refused):
    code, title = "rule_not_in_force", "该细则在这一天没有生效"


class DuplicateMerit(Refused):
    code, title = "duplicate_merit", "同一事项已经记过分"


class CapExceeded(Refused):
    code, title = "cap_exceeded", "超过该细则的上限"


class BudgetExceeded(Refused):
    code, title = "budget_exceeded", "超过本村本月的积分总额"


class PointsTooLarge(Refused):
    code, title, sticks = "validation", "一次记分过大", False


class AlreadyEnded(Refused):
    code, title = "already_voided", "这条记录已经冲正、退回或撤回"


class NotPending(Refused):
    code, title = "not_pending", "这条记录不在待审核状态"
