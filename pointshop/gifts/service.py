"""Giving points to a neighbour, and taking a gift back: one unit of work, two lines that sum to zero.

Both accounts are held in the order of their ids before anything is decided, so that two households that give to each
other at the same moment wait for one another and never embrace.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import bindparam, insert, update

from pointshop.closing.waiting import refuse_old_points
from pointshop.core import limits
from pointshop.core.clock import days_before, village_day
from pointshop.core.errors import Forbidden, Invalid
from pointshop.core.work import Change, Work
from pointshop.gifts import conditions
from pointshop.gifts.models import Gift
from pointshop.gifts.queries import GiftRow, get_gift
from pointshop.gifts.refusals import GiftReversed, NothingLeft, TooLateToReverse
from pointshop.gifts.rules import REVERSIBLE_DAYS, reversal_right
from pointshop.kinship.service import refuse_self_dealing
from pointshop.ledger import service as books
from pointshop.ledger.closings import refuse_closed
from pointshop.ledger.service import Posting
from pointshop.merits.refusals import InFuture, TooOld
from pointshop.regions.queries import get_settings
from pointshop.shop.conditions import check_funds
from pointshop.shop.payers import Payer
from pointshop.shop.rules import is_late


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked at the counter.

    card: the giver's, its code, "" when what was scanned holds none; or household: the giver's number on a signed slip,
    with its day and a note. pin: what the giver typed. to_household: the number of who is given to.
    """

    card: str | None
    household: str | None
    to_household: str
    points: int
    occurred_on: date | None
    note: str | None
    pin: str | None = field(default=None, repr=False)


_SAID = ("village_id", "id", "household_id", "to_household_id", "card_id", "points", "occurred_on", "note")
_BOOKED = ("entry_seq", "to_entry_seq", "given_at", "given_by")
_ADD = Change(insert(Gift).values(state="given", **{name: bindparam(name) for name in (*_SAID, *_BOOKED)}))
_REVERSE = Change(
    update(Gift)
    .where(Gift.village_id == bindparam("in_village"), Gift.id == bindparam("gift_id"))
    .values(
        state="reversed",
        reversed_at=bindparam("now"),
        reversed_by=bindparam("actor_id"),
        reverse_reason=bindparam("reason"),
        points_back=bindparam("back"),
    )
)


def give(work: Work, village_id: int, gift_id: str, asked: Asked, *, actor_id: int) -> GiftRow:
    """Move points from one household to another.

    Raises, in this order: CardUnknown, CardRevoked, Invalid (no such household, or the same), SelfDealing, InFuture,
    TooOld, PeriodClosed, WaitsForClosing, InsufficientPoints, AccountNotActive, Suspended, GiftLimitExceeded,
    PinNeeded, PinBlocked, PinWrong; besides TooManyRequests for a card shown too often.
    """
    day = asked.occurred_on or work.today
    giver, receiver = conditions.hold_both(
        work, village_id, asked.card, asked.household, asked.to_household, day=day, actor_id=actor_id
    )
    if giver.card_id is not None:
        limits.use(work, village_id, "account", giver.household_id)
    for each in (giver, receiver):
        refuse_self_dealing(work, village_id, actor_id, each.household_id)
    _check_day(work, asked, day, giver)
    refuse_closed(work, village_id, day)
    refuse_old_points(work, village_id, giver.household_id, day)
    check_funds(giver, asked.points)
    conditions.check_may_receive(receiver)
    conditions.check_limits(work, village_id, giver, receiver, day, asked.points)
    # last, so that it is asked for nothing that would be refused anyway
    conditions.check_pin(work, village_id, gift_id, giver, asked.pin)
    return _move(work, village_id, gift_id, giver, receiver, replace(asked, occurred_on=day), actor_id=actor_id)


def reverse_gift(work: Work, village_id: int, gift_id: str, *, reason: str, actor_id: int) -> GiftRow:
    """Give back to the giver what the receiver still has of a gift, once.

    Raises NotFound, SelfDealing, GiftReversed, TooLateToReverse, Forbidden for one's own when it is not fresh,
    NothingLeft, AccountNotActive.
    """
    found = get_gift(work, village_id, gift_id)
    books.lock_accounts(work, village_id, {found.household_id, found.to_household_id})
    # read again: whoever takes back holds both accounts
    found = get_gift(work, village_id, gift_id)
    for household_id in (found.household_id, found.to_household_id):
        refuse_self_dealing(work, village_id, actor_id, household_id)
    if found.state == "reversed":
        raise GiftReversed(data={"gift": gift_id})
    _check_right(work, village_id, found, actor_id=actor_id)
    balance = books.get_balance(work, village_id, found.to_household_id)
    back = min(found.points, balance)
    if back == 0:
        raise NothingLeft("受赠户已经用完，无法撤销", data={"balance": balance, "needed": found.points})
    day, name = work.today, found.id
    taken = Posting(found.to_household_id, -back, "gift", "reversal", day, "gift", name, found.to_entry_seq)
    returned = Posting(found.household_id, back, "gift", "reversal", day, "gift", name, found.entry_seq)
    for posting in (taken, returned):
        books.post(work, village_id, posting, actor_id=actor_id)
    _REVERSE.run(
        work, in_village=village_id, gift_id=gift_id, now=work.now, actor_id=actor_id, reason=reason, back=back
    )
    return get_gift(work, village_id, gift_id)


def _move(
    work: Work, village_id: int, gift_id: str, giver: Payer, receiver: Payer, asked: Asked, *, actor_id: int
) -> GiftRow:
    day = asked.occurred_on or work.today
    given = Posting(giver.household_id, -asked.points, "gift", "gift", day, "gift", gift_id)
    received = Posting(receiver.household_id, asked.points, "gift", "gift", day, "gift", gift_id)
    lines = [books.post(work, village_id, posting, actor_id=actor_id) for posting in (given, received)]
    _ADD.run(
        work,
        village_id=village_id,
        id=gift_id,
        household_id=giver.household_id,
        to_household_id=receiver.household_id,
        card_id=giver.card_id,
        points=asked.points,
        occurred_on=day,
        note=asked.note,
        entry_seq=lines[0].seq,
        to_entry_seq=lines[1].seq,
        given_at=work.now,
        given_by=actor_id,
    )
    return get_gift(work, village_id, gift_id)


def _check_day(work: Work, asked: Asked, day: date, giver: Payer) -> None:
    if asked.household is None and day != work.today:
        raise Invalid(errors={"occurred_on": ["凭卡转赠只记当天；补录请填户号"]})
    if day > work.today:
        raise InFuture(data={"household": giver.number})
    if day < days_before(work.today, giver.backdate_days):
        raise TooOld(f"只能补录 {giver.backdate_days} 天以内的转赠", data={"backdate_days": giver.backdate_days})


def _check_right(work: Work, village_id: int, found: GiftRow, *, actor_id: int) -> None:
    minutes = get_settings(work, village_id).void_minutes
    right = reversal_right(
        given_on=village_day(found.given_at),
        today=work.today,
        is_own=found.given_by == actor_id,
        is_late=is_late(at=found.given_at, now=work.now, minutes=minutes),
    )
    if right == "too_late":
        raise TooLateToReverse(f"{REVERSIBLE_DAYS} 天内可以撤销；以后请用人工调整", data={"gift": found.id})
    if right == "needs_other":
        raise Forbidden("自己登记的转赠，过后须由另一位管理员撤销")
