"""What is refused in evaluations, by name."""

from pointshop.core.errors import Refused
from pointshop.publishing.service import PrivateDataRefused, refuse_private


class AlreadyVoted(Refused):
    code, title = "already_voted", "已经投过票"


class RoundClosed(Refused):
    code, title = "round_closed", "评选已经截止"


class NotYet(Refused):
    """Time itself undoes it."""

    code, title, sticks = "in_future", "评选还没有到时间", False


class NotOpen(Refused):
    code, title, sticks = "not_pending", "这项评选现在不能办这一步", False


class PrivateWords(PrivateDataRefused):
    """Said otherwise, it may be asked for under the same name."""

    sticks = False


def refuse_private_words(**said: str) -> None:
    """Words that will stand on the sheet, by field: what can't be published is refused while it can be reworded."""
    try:
        refuse_private(said)
    except PrivateDataRefused as refusal:
        raise PrivateWords(errors=refusal.errors) from refusal
