"""Who pays at the counter, and what that household took before."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Date, and_, bindparam, func, null, select

from pointshop.core.periods import Period
from pointshop.core.work import Prepared, Work
from pointshop.kinship.queries import is_tied_to
from pointshop.ledger.models import Account
from pointshop.people.models import Card, Household
from pointshop.regions.models import Village
from pointshop.shop.models import Redemption, RedemptionLine
from pointshop.vetoes.queries import suspended_until


class Payer(NamedTuple):
    """Who pays at the counter: a card's household or one that a slip names, its account, the village's rules."""

    card_id: str | None
    revoked_at: datetime | None
    household_id: int
    number: str
    head: str
    household_status: str
    balance: int
    account_status: str
    backdate_days: int
    redemption_weekdays: str
    card_daily_points: int | None
    pin_above_points: int | None
    #: last day on which a veto keeps the household from redeeming
    suspended_until: date | None
    #: whoever stands at the counter has to step aside for this household
    is_tied: bool

    @property
    def may_redeem(self) -> bool:
        return self.is_active and self.suspended_until is None

    @property
    def is_active(self) -> bool:
        return self.household_status == "active" and self.account_status == "active"


_household = (
    Household.id,
    Household.number,
    Household.head,
    Household.status,
    Account.balance,
    Account.status,
    Village.backdate_days,
    Village.redemption_weekdays,
    Village.card_daily_points,
    Village.pin_above_points,
    suspended_until(Household.village_id, Household.id, bindparam("day", type_=Date())),
    is_tied_to(bindparam("clerk_id", type_=BigInteger()), Household.village_id, Household.id),
)
_with_account = and_(Account.village_id == Household.village_id, Account.id == Household.id)
_with_village = Village.village_id == Household.village_id
_by_card = (
    select(Card.id, Card.revoked_at, *_household)
    .join(Household, and_(Household.village_id == Card.village_id, Household.id == Card.household_id))
    .join(Account, _with_account)
    .join(Village, _with_village)
    .where(Card.village_id == bindparam("village_id"), Card.code == bindparam("code"))
)
_by_number = (
    select(null().label("card_id"), null().label("revoked_at"), *_household)
    .join(Account, _with_account)
    .join(Village, _with_village)
    .where(Household.village_id == bindparam("village_id"), Household.number == bindparam("number"))
)
_SHOWN = Prepared(_by_card)
# A card that is being replaced while its household pays may still pay: issuing waits for the same account and changes
# nothing in it, so the two can always be told in the order "paid, then replaced".
_HELD_BY_CARD = Prepared(_by_card.with_for_update(of=Account))
_HELD_BY_NUMBER = Prepared(_by_number.with_for_update(of=Account))


def find_payer(work: Work, village_id: int, code: str, *, clerk_id: int) -> Payer | None:
    """The holder of a card, as shown at the counter."""
    found: Any = _SHOWN.first(work, village_id=village_id, code=code, day=work.today, clerk_id=clerk_id)
    return Payer(*found) if found else None


def hold_payer_by_card(work: Work, village_id: int, code: str, *, clerk_id: int) -> Payer | None:
    """The same with the account held against change until the unit of work ends."""
    found: Any = _HELD_BY_CARD.first(work, village_id=village_id, code=code, day=work.today, clerk_id=clerk_id)
    return Payer(*found) if found else None


def hold_payer_by_number(work: Work, village_id: int, number: str, *, day: date, clerk_id: int) -> Payer | None:
    """A household named on a slip of a day, its account held against change until the unit of work ends."""
    found: Any = _HELD_BY_NUMBER.first(work, village_id=village_id, number=number, day=day, clerk_id=clerk_id)
    return Payer(*found) if found else None


_of_household = (
    Redemption.village_id == bindparam("village_id"),
    Redemption.household_id == bindparam("household_id"),
    Redemption.state == "completed",
)
_SPENT = Prepared(
    select(func.coalesce(func.sum(Redemption.points), 0)).where(
        *_of_household, Redemption.occurred_on == bindparam("day")
    )
)
_TAKEN = Prepared(
    select(func.coalesce(func.sum(RedemptionLine.quantity), 0))
    .select_from(Redemption)
    .join(
        RedemptionLine,
        and_(
            RedemptionLine.village_id == Redemption.village_id,
            RedemptionLine.redemption_id == Redemption.id,
            RedemptionLine.product_code == bindparam("code"),
        ),
    )
    .where(*_of_household, Redemption.occurred_on.between(bindparam("first"), bindparam("last")))
)


def points_spent(work: Work, village_id: int, household_id: int, day: date) -> int:
    """What a household redeemed on a day, voided redemptions left out."""
    return _SPENT.one(work, village_id=village_id, household_id=household_id, day=day)[0]


def quantity_taken(work: Work, village_id: int, household_id: int, code: str, period: Period) -> int:
    """How many of a product a household took in a period, voided redemptions left out."""
    return _TAKEN.one(
        work, village_id=village_id, household_id=household_id, code=code, first=period.first, last=period.last
    )[0]
