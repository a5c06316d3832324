"""What must be true before points and goods change hands; each check says in words what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pointshop.core.clock import days_before
from pointshop.core.errors import Invalid
from pointshop.core.periods import PERIOD_KINDS, period_of
from pointshop.core.work import Work
from pointshop.kinship.refusals import SelfDealing
from pointshop.ledger.service import AccountNotActive, InsufficientPoints
from pointshop.merits.refusals import InFuture, TooOld
from pointshop.people.refusals import CardRevoked, CardUnknown
from pointshop.pins.service import demand_pin
from pointshop.shop.payers import Payer, hold_payer_by_card, hold_payer_by_number, points_spent, quantity_taken
from pointshop.shop.refusals import (
    ClosedToday,
    LimitExceeded,
    OutOfStock,
    PriceChanged,
    Suspended,
)
from pointshop.shop.rules import is_open
from pointshop.shop.stock import Held


class Item(NamedTuple):
    product: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked at the counter.

    card: its code, "" when what was scanned holds none; or household: the number on a paper slip, with the day the
    goods were handed over and a note. items: 1 to 50 products, each once. expected_points: what the clerk was shown.
    pin: what the holder typed, looked at only above the village's limit.
    """

    card: str | None
    household: str | None
    items: Sequence[Item]
    expected_points: int
    occurred_on: date | None
    note: str | None
    pin: str | None = field(default=None, repr=False)


class Picked(NamedTuple):
    """One line of the basket. path: where the line stands in the request, for errors."""

    path: str
    product: Held
    quantity: int

    @property
    def points(self) -> int:
        return self.product.points * self.quantity


PERIOD_WORDS = dict(zip(PERIOD_KINDS, ("每天", "每周", "每月", "每季度", "每年"), strict=True))


def hold_payer(work: Work, village_id: int, order: Order, *, clerk_id: int) -> Payer:
    if order.household is not None:
        day = order.occurred_on or work.today
        payer = hold_payer_by_number(work, village_id, order.household, day=day, clerk_id=clerk_id)
        if payer is None:
            raise Invalid(errors={"household": ["没有这个户号"]})
    else:
        payer = hold_payer_by_card(work, village_id, order.card, clerk_id=clerk_id) if order.card else None
        if payer is None:
            raise CardUnknown()
        if payer.revoked_at is not None:
            raise CardRevoked()
    if payer.is_tied:
        # nobody serves their own family: there would be nobody to see what was taken for how many points
        raise SelfDealing("本户和亲属户请由其他店员办理兑换", data={"household": payer.number})
    return payer


def day_of(work: Work, order: Order, payer: Payer) -> date:
    """The village day the redemption counts for: today, or for a slip the day on it; a day on which one redeems."""
    day = order.occurred_on or work.today
    if order.household is None and day != work.today:
        raise Invalid(errors={"occurred_on": ["凭卡兑换只记当天；补录请填户号"]})
    if day > work.today:
        raise InFuture(data={"household": payer.number})
    if day < days_before(work.today, payer.backdate_days):
        raise TooOld(
            f"只能补录 {payer.backdate_days} 天以内的兑换",
            data={"household": payer.number, "backdate_days": payer.backdate_days},
        )
    if not is_open(payer.redemption_weekdays, day):
        raise ClosedToday(f"{day.month}月{day.day}日不是兑换日", data={"household": payer.number})
    return day


def pick(goods: Mapping[str, Held], items: Sequence[Item]) -> list[Picked]:
    errors: dict[str, list[str]] = {}
    basket = []
    for index, item in enumerate(items):
        product = goods.get(item.product)
        if product is None:
            errors[f"lines.{index}.product"] = ["没有这件商品"]
        elif not product.is_active:
            errors[f"lines.{index}.product"] = [f"{product.name} 已下架"]
        else:
            basket.append(Picked(f"lines.{index}.quantity", product, item.quantity))
    if errors:
        raise Invalid(errors=errors)
    return basket


def agreed_points(order: Order, payer: Payer, basket: Sequence[Picked]) -> int:
    """What the basket costs now, if that is what the clerk was shown."""
    points = sum(picked.points for picked in basket)
    if points != order.expected_points:
        raise PriceChanged(data={"household": payer.number, "points": points})
    return points


def spent_on(work: Work, village_id: int, payer: Payer, day: date) -> int:
    """What the household redeemed on a day; looked up only where the village has a limit that asks for it."""
    if payer.card_daily_points is None and payer.pin_above_points is None:
        return 0
    return points_spent(work, village_id, payer.household_id, day)


def check_daily_limit(payer: Payer, *, spent: int, points: int) -> None:
    limit = payer.card_daily_points
    if limit is not None and spent + points > limit:
        left = max(0, limit - spent)
        raise LimitExceeded(
            f"每户每天最多兑换 {limit} 分，当天还可兑换 {left} 分",
            data={"household": payer.number, "limit": limit, "points_left": left},
        )


def check_limits(work: Work, village_id: int, payer: Payer, day: date, basket: Sequence[Picked]) -> None:
    for path, product, quantity in basket:
        limit, kind = product.limit_quantity, product.limit_period
        if limit is None or kind is None:
            continue
        period = period_of(day, kind)
        left = max(0, limit - quantity_taken(work, village_id, payer.household_id, product.code, period))
        if quantity > left:
            words = f"{product.name}{PERIOD_WORDS[kind]}每户限兑 {limit} {product.unit}，还可兑 {left} {product.unit}"
            raise LimitExceeded(
                words,
                errors={path: [words]},
                data={
                    "household": payer.number,
                    "product": product.code,
                    "limit": limit,
                    "limit_period": kind,
                    "left": left,
                },
            )


def check_stock(payer: Payer, basket: Sequence[Picked]) -> None:
    for path, product, quantity in basket:
        if quantity > product.on_hand:
            words = f"{product.name}只剩 {product.on_hand} {product.unit}"
            raise OutOfStock(
                words,
                errors={path: [words]},
                data={"household": payer.number, "product": product.code, "on_hand": product.on_hand},
            )


def check_pin(
    work: Work, village_id: int, redemption_id: str, payer: Payer, pin: str | None, *, spent: int, points: int
) -> None:
    """Many small baskets of a day are as good as a large one. A slip comes without its card, and by the manager."""
    limit = payer.pin_above_points
    if limit is not None and payer.card_id is not None and spent + points > limit:
        demand_pin(work, village_id, redemption_id, payer.household_id, pin)


def check_funds(payer: Payer, points: int) -> None:
    if payer.balance < points:
        raise InsufficientPoints(
            f"积分不足：需要 {points} 分，现有 {payer.balance} 分",
            data={"household": payer.number, "balance": payer.balance, "needed": points},
        )
    if not payer.is_active:
        raise AccountNotActive(data={"household": payer.number})
    if payer.suspended_until is not None:
        raise Suspended(
            f"该户暂停兑换，至 {payer.suspended_until} 止；积分仍在账上",
            data={"household": payer.number, "until": payer.suspended_until.isoformat()},
        )
