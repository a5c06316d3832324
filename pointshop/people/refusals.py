"""What is refused about cards, by name."""

from pointshop.core.errors import Refused


class CardUnknown(Refused):
    """No card of this village: forged, mistyped, another village's, no code at all. One answer for all of them."""

    code, title = "card_unknown", "这不是本村的积分卡"


class CardRevoked(Refused):
    code, title = "card_revoked", "此卡已作废，请使用新卡"
