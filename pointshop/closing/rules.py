"""What of a household's points lives on when a period ends. Pure."""

from typing import Literal, NamedTuple

Rule = Literal["clear", "keep", "share", "limit"]
RULES: tuple[Rule, ...] = ("clear", "keep", "share", "limit")
Cycle = Literal["quarter", "year"]
CYCLES: tuple[Cycle, ...] = ("quarter", "year")


class Policy(NamedTuple):
    """How a village ends its periods. share: per cent that is kept; limit: most points that are."""

    cycle: Cycle
    rule: Rule
    share: int | None
    limit: int | None


def kept(points: int, policy: Policy) -> int:
    """How many of `points` (>= 0) live on; a share is rounded up, in the household's favour."""
    if policy.rule == "keep":
        return points
    if policy.share is not None:
        return -(-points * policy.share // 100)
    if policy.limit is not None:
        return min(points, policy.limit)
    return 0


def expiring(*, at_end: int, spent_since: int, balance: int, policy: Policy) -> int:
    """What a closing takes from a household.

    at_end: what its lines up to the last day come to. spent_since: what was spent after it, below zero when goods
    came back: old points go first, so they are no longer there to end. balance: what there is now.
    """
    old = max(0, at_end - spent_since)
    return max(0, min(old - kept(old, policy), balance))


def words(policy: Policy) -> str:
    """The rule as the statement says it."""
    if policy.rule == "keep":
        return "全部结转"
    if policy.share is not None:
        return f"按{policy.share}%结转，其余清零"
    if policy.limit is not None:
        return f"每户最多结转{policy.limit}分，其余清零"
    return "全部清零"
