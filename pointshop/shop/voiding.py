"""Voiding (作废): points and goods go back together, by lines of their own in passbook and stock book."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, update

from pointshop.core.errors import Forbidden, Invalid
from pointshop.core.policy import Actor
from pointshop.core.work import Change, Work
from pointshop.kinship.service import refuse_self_dealing
from pointshop.ledger import service as ledger
from pointshop.ledger.service import Posting
from pointshop.regions.queries import get_settings
from pointshop.shop.models import Redemption
from pointshop.shop.queries import LineRow, RedemptionRow, get_redemption, lines_of
from pointshop.shop.refusals import AlreadyVoided, VoidWindowPassed
from pointshop.shop.rules import is_late, void_right
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
    work: Work,
    village_id: int,
    redemption_id: str,
    *,
    reason: str,
    returned: Mapping[str, int] | None,
    actor: Actor,
    is_manager: bool,
) -> Voided:
    """Take a redemption back.

    returned: product → pieces that were counted back, which must be all; None where the manager vouches for that.
    is_manager: the actor may void late, what others have sold. Raises NotFound, Forbidden (someone else's; or one's
    own, late), AlreadyVoided, VoidWindowPassed, SelfDealing, Invalid, AccountNotActive.
    """
    household_id = get_redemption(work, village_id, redemption_id).household_id
    ledger.lock_account(work, village_id, household_id)
    # read again: whoever voids holds the account, so now the state stands still
    redemption = get_redemption(work, village_id, redemption_id)
    late = _check_right(work, village_id, redemption, actor=actor, is_manager=is_manager)
    lines = lines_of(work, village_id, [redemption_id])[redemption_id]
    _check_returned(lines, returned, late=late)
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


def _check_returned(lines: Sequence[LineRow], returned: Mapping[str, int] | None, *, late: bool) -> None:
    """Raises Invalid unless all that was given is back: whoever kept a piece has spent its points."""
    if returned is None:
        return
    if not late:
        raise Invalid(errors={"returned": ["当面作废须全数退回，不必清点"]})
    sold = {line.product: line.quantity for line in lines}
    if returned.keys() != sold.keys():
        raise Invalid(errors={"returned": ["须逐一填写单上的每种商品"]})
    if any(returned[product] > quantity for product, quantity in sold.items()):
        raise Invalid(errors={"returned": ["退回不能多于兑换"]})
    if returned != sold:
        raise Invalid(errors={"returned": ["没有全数退回的不能作废；货架缺件请另行盘点"]})


def _check_right(work: Work, village_id: int, redemption: RedemptionRow, *, actor: Actor, is_manager: bool) -> bool:
    """Whether the void is late, if it may be at all."""
    minutes = get_settings(work, village_id).void_minutes
    late = is_late(at=redemption.at, now=work.now, minutes=minutes)
    right = void_right(is_late=late, is_own=actor.user_id == redemption.clerk_id, is_manager=is_manager)
    if right == "not_theirs":
        raise Forbidden("只能作废自己经手的兑换单")
    if right == "needs_other":
        raise Forbidden("已过当面作废的时间，自己经手的须由另一人作废")
    # named in `data`, because the refusals log knows a void only by a name derived from this one
    about = {"redemption": redemption.id, "household": redemption.household}
    if redemption.state == "voided":
        raise AlreadyVoided(data=about)
    if right == "too_late":
        raise VoidWindowPassed(
            f"店员只能在 {minutes} 分钟内作废，请找村管理员办理", data=about | {"void_minutes": minutes}
        )
    if actor.user_id != redemption.clerk_id:
        refuse_self_dealing(work, village_id, actor.user_id, redemption.household_id)
    return late
