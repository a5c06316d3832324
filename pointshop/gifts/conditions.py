"""What must be true before points change purses; each check says in words what is wrong."""

from datetime import date

from pointshop.core.errors import Invalid
from pointshop.core.work import Work
from pointshop.gifts.queries import points_given, points_received
from pointshop.gifts.refusals import GiftLimitExceeded
from pointshop.gifts.rules import left_of, year_of
from pointshop.ledger import service as books
from pointshop.ledger.service import AccountNotActive
from pointshop.people.queries import named_household
from pointshop.people.refusals import CardRevoked, CardUnknown
from pointshop.pins.service import demand_pin
from pointshop.regions.queries import get_settings
from pointshop.shop.payers import Payer, find_payer, hold_payer_by_card, hold_payer_by_number
from pointshop.shop.refusals import Suspended


def hold_both(
    work: Work, village_id: int, card: str | None, household: str | None, to_household: str, *, day: date, actor_id: int
) -> tuple[Payer, Payer]:
    """Giver and receiver, both accounts held in the order of their ids.

    Raises CardUnknown, CardRevoked, Invalid for unknown households and for a gift to oneself.
    """
    giver_id = (
        _by_card(work, village_id, card, actor_id)
        if household is None
        else named_household(work, village_id, household).id
    )
    receiver = named_household(work, village_id, to_household, "to_household")
    if receiver.id == giver_id:
        raise Invalid(errors={"to_household": ["不能转赠给本户"]})
    books.lock_accounts(work, village_id, {giver_id, receiver.id})
    # looked up again: a card may have been replaced, a purse emptied, while this waited
    if household is not None:
        giver = hold_payer_by_number(work, village_id, household, day=day, clerk_id=actor_id)
    else:
        giver = hold_payer_by_card(work, village_id, card or "", clerk_id=actor_id)
    held = hold_payer_by_number(work, village_id, to_household, day=day, clerk_id=actor_id)
    assert giver is not None and held is not None
    if giver.revoked_at is not None:
        raise CardRevoked()
    return giver, held


def _by_card(work: Work, village_id: int, card: str | None, actor_id: int) -> int:
    payer = find_payer(work, village_id, card, clerk_id=actor_id) if card else None
    if payer is None:
        raise CardUnknown()
    return payer.household_id


def check_may_receive(receiver: Payer) -> None:
    """Raises AccountNotActive, Suspended: who may take nothing from the shop is not given what to take it with."""
    if not receiver.is_active:
        raise AccountNotActive("受赠户的账户已停用", data={"household": receiver.number})
    if receiver.suspended_until is not None:
        raise Suspended(
            f"受赠户暂停兑换，至 {receiver.suspended_until} 止，这期间不能受赠",
            data={"household": receiver.number, "until": receiver.suspended_until.isoformat()},
        )


def check_pin(work: Work, village_id: int, gift_id: str, giver: Payer, pin: str | None) -> None:
    """Where PINs are asked for, every gift by card needs one: what is in another purse no blocked card brings back.

    Raises PinNeeded, PinBlocked, PinWrong.
    """
    if giver.pin_above_points is not None and giver.card_id is not None:
        demand_pin(work, village_id, gift_id, giver.household_id, pin)


def check_limits(work: Work, village_id: int, giver: Payer, receiver: Payer, day: date, points: int) -> None:
    """Raises GiftLimitExceeded (data: household, limit, points_left)."""
    settings, year = get_settings(work, village_id), year_of(day)
    if not settings.gift_points_given or not settings.gift_points_received:
        raise GiftLimitExceeded("本村没有开放转赠", data={"household": giver.number, "limit": 0, "points_left": 0})
    given = points_given(work, village_id, giver.household_id, year)
    received = points_received(work, village_id, receiver.household_id, year)
    for payer, verb, limit, used in (
        (giver, "赠出", settings.gift_points_given, given),
        (receiver, "受赠", settings.gift_points_received, received),
    ):
        left = left_of(limit, used)
        if points > left:
            raise GiftLimitExceeded(
                f"户 {payer.number} {day.year} 年最多{verb} {limit} 分，还可{verb} {left} 分",
                data={"household": payer.number, "limit": limit, "points_left": left},
            )
