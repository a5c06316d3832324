"""What is decided about a merit. Pure: numbers and dates in, decision out."""

from datetime import date
from typing import NamedTuple, cast

from pointshop.core.fields import MAX_POINTS
from pointshop.core.periods import Period, PeriodKind, period_of
from pointshop.merits.refusals import CapExceeded, InFuture, PointsTooLarge, TooOld


class JudgingRule(NamedTuple):
    """The version of a rule that judges a deed."""

    code: str
    version: int
    category: str
    name: str
    points: int
    cap: int | None
    cap_period: str | None
    track: str


def check_day(occurred_on: date, *, today: date, backdate_days: int) -> None:
    """Raises InFuture or TooOld for a day on which no deed can be logged today."""
    if occurred_on > today:
        raise InFuture(f"日期 {occurred_on} 在今天（{today}）之后")
    if (today - occurred_on).days > backdate_days:
        raise TooOld(f"日期 {occurred_on} 距今超过 {backdate_days} 天", data={"backdate_days": backdate_days})


def worth(rule: JudgingRule, quantity: int) -> int:
    """Points for a quantity. Raises PointsTooLarge beyond a million."""
    points = rule.points * quantity
    if abs(points) > MAX_POINTS:
        words = f"一次最多 {MAX_POINTS} 分"
        raise PointsTooLarge(words, errors={"quantity": [words]})
    return points


def counting_period(rule: JudgingRule, day: date) -> Period:
    """The days in which earlier merits of the same rule matter: the cap's period, or the day itself."""
    return period_of(day, cast(PeriodKind, rule.cap_period or "day"))


def check_cap(rule: JudgingRule, *, used: int, quantity: int) -> None:
    """Raises CapExceeded when `quantity` more is over the cap (data: cap, used)."""
    if rule.cap is not None and used + quantity > rule.cap:
        raise CapExceeded(
            f"“{rule.name}”{_PERIOD_WORDS[rule.cap_period or 'day']}上限 {rule.cap}，已记 {used}，本次 {quantity}",
            data={"cap": rule.cap, "cap_period": rule.cap_period, "used": used, "asked": quantity},
        )


_PERIOD_WORDS = {"day": "每日", "week": "每周", "month": "每月", "quarter": "每季度", "year": "每年"}


def state_after_approval(points: int, *, notice_days: int) -> str:
    """Where a merit goes when nobody needs to sign any more: onto the next notice, or into the books.

    A deduction never hangs in public (threats.md D06).
    """
    return "approved" if notice_days and points > 0 else "posted"


def first_state(points: int, *, review_levels: int, notice_days: int) -> str:
    """Where a merit begins."""
    return "submitted" if review_levels else state_after_approval(points, notice_days=notice_days)
