"""Whether the points that are out can be redeemed with the money and goods that are there. Pure; money in fen."""

from collections.abc import Mapping
from typing import NamedTuple


class Means(NamedTuple):
    """What stands on either side of the budget line.

    outstanding_points: what all households hold. waiting_points: of merits that wait for a signature or hang on a
    notice. rate_fen: worth of a point. fund_fen: money left. stock_fen: goods at cost. owed_fen: goods not yet paid.
    unpriced: pieces on the shelf of which nobody said the cost.
    """

    outstanding_points: int
    waiting_points: int
    rate_fen: int
    fund_fen: int
    stock_fen: int
    owed_fen: int
    unpriced: int


class Line(NamedTuple):
    """The budget (积分兑付预算). margin_fen: what is left over when all points are redeemed; negative: what is short.

    after_fen: the same when what waits, and what is asked about, has become points too.
    """

    outstanding_fen: int
    cover_fen: int
    margin_fen: int
    after_fen: int


def budget_line(means: Means, *, adding: int = 0) -> Line:
    """Outstanding points at their rate against fund and stock at cost, less what suppliers are owed."""
    outstanding = means.outstanding_points * means.rate_fen
    cover = means.fund_fen + means.stock_fen - means.owed_fen
    margin = cover - outstanding
    return Line(outstanding, cover, margin, margin - (means.waiting_points + adding) * means.rate_fen)


def warnings(means: Means, line: Line) -> list[tuple[str, str]]:
    """(code, words) for each thing a manager should know before more points go out."""
    found = []
    if line.margin_fen < 0:
        found.append(("short_now", f"现有积分若全部兑换，经费和存货还差 {yuan(-line.margin_fen)} 元"))
    elif line.after_fen < 0:
        found.append(("short_after", f"这些积分入账后若全部兑换，经费和存货将差 {yuan(-line.after_fen)} 元"))
    if means.unpriced:
        found.append(("unpriced", f"有 {means.unpriced} 件存货未填进价，按 0 元计"))
    return found


def yuan(fen: int) -> str:
    """12345 → 123.45"""
    return f"{fen // 100}.{fen % 100:02d}" if fen % 100 else str(fen // 100)


class Account(NamedTuple):
    """What a supplier delivered and was paid, up to and in a month."""

    supplier: str
    delivered_fen: int
    paid_fen: int

    @property
    def open_fen(self) -> int:
        return self.delivered_fen - self.paid_fen


def settled(delivered: Mapping[str, int], paid: Mapping[str, int]) -> list[Account]:
    """Every supplier who delivered or was paid, in order of name."""
    return [
        Account(supplier, delivered.get(supplier, 0), paid.get(supplier, 0))
        for supplier in sorted(delivered.keys() | paid.keys())
    ]


def owed(accounts: list[Account]) -> int:
    """What is owed to all of them; who was paid ahead lends nothing to the others."""
    return sum(max(0, account.open_fen) for account in accounts)
