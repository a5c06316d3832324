"""What is refused for the sake of impartiality."""

from pointshop.core.errors import Refused


class SelfDealing(Refused):
    """Someone would decide over their own household or a relative's (threats.md B01)."""

    code, title = "self_dealing", "涉及本户或亲属，应当回避"
