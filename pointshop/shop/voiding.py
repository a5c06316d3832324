"""Voiding (作废): points and goods go back together, by lines of their own in passbook and stock book."""

from typing import NamedTuple

from sqlalchemy import bindparam, update

from pointshop.core.errors import Forbidden
from pointshop.core.policy import Actor
from pointshop.core.work import Change, Work
from pointshop.ledger import service as ledger
from pointshop.ledger.service import Posting
from pointshop.regions.queries import get_settings
from pointshop.shop.models import Redemption
from pointshop.shop.queries import LineRow, RedemptionRow, get_redemption, lines_of
from pointshop.shop.refusals import AlreadyVoided, VoidWindowPassed
from pointshop.shop.rules import void_right
from pointshop.shop.stock import Move, hold_products, move_stock


class Voided(NamedTuple):
    """balance: what the household can spend now."""

    redemption: RedemptionRow
    lines: list[LineRow]
    balance: int


_VOID = Change(
    update(Redemption)
    .where(
        Redemption.village_id == bindparam("in_village"),
        Redemption.id == bindparam("redemption_id"),
        Redemption.state == "completed",
    )
    .values(
        state="voided",
        voided_at=bindparam("now"),
        voided_by=bindparam("actor_id"),
        void_reason=bindparam("reason"),
    )
)


def void_redemption(
    work: Work, village_id: int, redemption_id: str, *, reason: str, actor: Actor, is_manager: bool
) -> Voided:
    """Take a redemption back.

    is_manager: the actor may void at any time, not only as its clerk within the village's `void_minutes`.
    Raises NotFound, Forbidden (someone else's), AlreadyVoided, VoidWindowPassed, AccountNotActive.
    """
    household_id = get_redemption(work, village_id, redemption_id).household_id
    ledger.lock_account(work, village_id, household_id)
    # read again: whoever voids holds the account, so now the state stands still
    redemption = get_redemption(work, village_id, redemption_id)
    _check_right(work, village_id, redemption, actor=actor, is_manager=is_manager)
    lines = lines_of(work, village_id, [redemption_id])[redemption_id]
    goods = hold_products(work, village_id, [line.product for line in lines])
    refund = Posting(
        household_id, redemption.points, "shop", "void", work.today, "redemption", redemption_id, redemption.entry_seq
    )
    balance = ledger.post(work, village_id, refund, actor_id=actor.user_id).balance_after
    moves = [Move(goods[line.product], line.quantity, "return", redemption_id=redemption_id) for line in lines]
    move_stock(work, village_id, moves, actor_id=actor.user_id)
    _VOID.run(
        work,
        in_village=village_id,
        redemption_id=redemption_id,
        now=work.now,
        actor_id=actor.user_id,
        reason=reason,
    )
    voided = redemption._replace(state="voided", voided_at=work.now, voided_by=actor.name, void_reason=reason)
    return Voided(voided, lines, balance)


def _check_right(work: Work, village_id: int, redemption: RedemptionRow, *, actor: Actor, is_manager: bool) -> None:
    minutes = get_settings(work, village_id).void_minutes
    right = void_right(
        at=redemption.at,
        now=work.now,
        minutes=minutes,
        is_own=actor.user_id == redemption.clerk_id,
        is_manager=is_manager,
    )
    if right == "not_theirs":
        raise Forbidden("只能作废自己经手的兑换单")
    # named in `data`, because the refusals log knows a void only by a name derived from this one
    about = {"redemption": redemption.id, "household": redemption.household}
    if redemption.state == "voided":
        raise AlreadyVoided(data=about)
    if right == "too_late":
        raise VoidWindowPassed(
            f"店员只能在 {minutes} 分钟内作废，请找村管理员办理", data=about | {"void_minutes": minutes}
        )
