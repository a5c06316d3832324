"""Redeeming (兑换): points and goods change hands together or not at all.

Everything is checked under locks before the first change, household account first, then products in the order of their
codes, so that a refusal is the truth at its instant and is remembered under the redemption's name.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert

from pointshop.core import limits
from pointshop.core.policy import Actor
from pointshop.core.work import Change, Work
from pointshop.ledger import service as ledger
from pointshop.ledger.closings import refuse_closed
from pointshop.ledger.service import Posted, Posting
from pointshop.shop import conditions
from pointshop.shop.conditions import Order, Picked
from pointshop.shop.models import Redemption, RedemptionLine
from pointshop.shop.payers import Payer
from pointshop.shop.queries import LineRow, RedemptionRow
from pointshop.shop.stock import Move, hold_products, move_stock


class _Deal(NamedTuple):
    """What was agreed, all conditions met."""

    redemption_id: str
    payer: Payer
    basket: Sequence[Picked]
    points: int
    occurred_on: date
    note: str | None
    clerk: Actor


_SAID = ("village_id", "id", "household_id", "card_id", "points", "entry_seq", "occurred_on", "note", "at", "clerk_id")
_ADD = Change(insert(Redemption).values(state="completed", **{name: bindparam(name) for name in _SAID}))
_ADD_LINE = Change(insert(RedemptionLine))


def redeem(
    work: Work, village_id: int, redemption_id: str, order: Order, *, clerk: Actor
) -> tuple[RedemptionRow, list[LineRow]]:
    """Exchange points for goods.

    Raises, in this order: CardUnknown, CardRevoked, Invalid (no such household), SelfDealing, TooOld, InFuture,
    PeriodClosed, ClosedToday, Invalid (no such product), PriceChanged, LimitExceeded, OutOfStock,
    InsufficientPoints, AccountNotActive, Suspended, PinNeeded, PinBlocked, PinWrong; besides TooManyRequests for a
    card shown too often.
    """
    payer = conditions.hold_payer(work, village_id, order, clerk_id=clerk.user_id)
    if payer.card_id is not None:
        limits.use(work, village_id, "account", payer.household_id)
    day = conditions.day_of(work, order, payer)
    refuse_closed(work, village_id, day)
    goods = hold_products(work, village_id, [item.product for item in order.items])
    basket = conditions.pick(goods, order.items)
    points = conditions.agreed_points(order, payer, basket)
    spent = conditions.spent_on(work, village_id, payer, day)
    conditions.check_daily_limit(payer, spent=spent, points=points)
    conditions.check_limits(work, village_id, payer, day, basket)
    conditions.check_stock(payer, basket)
    conditions.check_funds(payer, points)
    # last, so that it tells nothing else and is asked for nothing that would be refused anyway
    conditions.check_pin(work, village_id, redemption_id, payer, order.pin, spent=spent, points=points)
    return _hand_over(work, village_id, _Deal(redemption_id, payer, basket, points, day, order.note, clerk))


def _hand_over(work: Work, village_id: int, deal: _Deal) -> tuple[RedemptionRow, list[LineRow]]:
    """Write the passbook's line, the redemption that points to it, the goods' moves, the lines that point to them."""
    actor_id = deal.clerk.user_id
    payment = Posting(
        deal.payer.household_id, -deal.points, "shop", "redemption", deal.occurred_on, "redemption", deal.redemption_id
    )
    paid = ledger.post(work, village_id, payment, actor_id=actor_id)
    _ADD.run(
        work,
        village_id=village_id,
        id=deal.redemption_id,
        household_id=deal.payer.household_id,
        card_id=deal.payer.card_id,
        points=deal.points,
        entry_seq=paid.seq,
        occurred_on=deal.occurred_on,
        note=deal.note,
        at=work.now,
        clerk_id=actor_id,
    )
    moves = [
        Move(picked.product, -picked.quantity, "redeem", redemption_id=deal.redemption_id) for picked in deal.basket
    ]
    moved = move_stock(work, village_id, moves, actor_id=actor_id)
    lines = [_line(picked) for picked in deal.basket]
    _ADD_LINE.run_all(
        work,
        [
            _line_values(village_id, deal.redemption_id, number, line, move.seq)
            for number, (line, move) in enumerate(zip(lines, moved, strict=True), start=1)
        ],
    )
    return _row(work, deal, paid), lines


def _line(picked: Picked) -> LineRow:
    product = picked.product
    return LineRow(product.code, product.name, product.unit, picked.quantity, picked.points)


def _line_values(village_id: int, redemption_id: str, number: int, line: LineRow, move_seq: int) -> dict[str, Any]:
    return {
        "village_id": village_id,
        "redemption_id": redemption_id,
        "line_no": number,
        "product_code": line.product,
        "name": line.name,
        "unit": line.unit,
        "quantity": line.quantity,
        "points": line.points,
        "move_seq": move_seq,
    }


def _row(work: Work, deal: _Deal, paid: Posted) -> RedemptionRow:
    return RedemptionRow(
        id=deal.redemption_id,
        household_id=deal.payer.household_id,
        household=deal.payer.number,
        head=deal.payer.head,
        points=deal.points,
        balance_after=paid.balance_after,
        entry_seq=paid.seq,
        state="completed",
        occurred_on=deal.occurred_on,
        note=deal.note,
        at=work.now,
        clerk_id=deal.clerk.user_id,
        clerk=deal.clerk.name,
    )
