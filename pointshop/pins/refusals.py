"""What is refused for want of a PIN (docs/decisions/0027-pins.md)."""

from pointshop.core.errors import Refused


class PinNeeded(Refused):
    """So many points go only with the PIN. The same redemption may be sent again with it."""

    code, title, sticks = "pin_needed", "超过免密额度，请输入兑换密码", False


class PinWrong(Refused):
    """Counted; the same redemption may be sent again with another."""

    code, title, sticks, counts = "pin_wrong", "兑换密码不对", False, True


class PinBlocked(Refused):
    """Too many were wrong, or the key is another one. Nothing but setting it anew, in person, helps."""

    code, title, counts = "pin_blocked", "兑换密码已锁定，请本人带卡到村委会重设", True
