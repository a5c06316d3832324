"""Reads of PINs and of who set them."""

from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import and_, bindparam, func, select

from pointshop.accounts.models import User
from pointshop.accounts.queries import SYSTEM_NAME
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.people.models import Card, Household
from pointshop.pins.models import MOST_WRONG, Pin, PinChange

State = Literal["none", "set", "blocked"]


class PinRow(NamedTuple):
    change_id: str
    digest: str
    key_mark: str
    wrong: int
    last_wrong: str | None

    def is_blocked(self, key_mark: str) -> bool:
        return self.wrong >= MOST_WRONG or self.key_mark != key_mark


_PIN = Prepared(
    select(*(getattr(Pin, name) for name in PinRow._fields)).where(
        Pin.village_id == bindparam("village_id"), Pin.household_id == bindparam("household_id")
    )
)
_LAST_SERIAL = Prepared(
    select(func.coalesce(func.max(PinChange.serial), 0)).where(
        PinChange.village_id == bindparam("village_id"), PinChange.household_id == bindparam("household_id")
    )
)
_CARD = Prepared(
    select(Card.id, Card.household_id, Card.revoked_at).where(
        Card.village_id == bindparam("village_id"), Card.code == bindparam("code")
    )
)


def find_pin(work: Work, village_id: int, household_id: int) -> PinRow | None:
    found: Any = _PIN.first(work, village_id=village_id, household_id=household_id)
    return PinRow(*found) if found else None


def state_of(work: Work, village_id: int, household_id: int, *, key_mark: str) -> State:
    found = find_pin(work, village_id, household_id)
    if found is None:
        return "none"
    return "blocked" if found.is_blocked(key_mark) else "set"


def last_serial(work: Work, village_id: int, household_id: int) -> int:
    """How often a household's PIN was set."""
    return _LAST_SERIAL.one(work, village_id=village_id, household_id=household_id)[0]


class ShownCard(NamedTuple):
    id: str
    household_id: int
    revoked_at: datetime | None


def find_card(work: Work, village_id: int, code: str) -> ShownCard | None:
    found: Any = _CARD.first(work, village_id=village_id, code=code)
    return ShownCard(*found) if found else None


class ChangeRow(NamedTuple):
    """That a PIN was set. by: name of whoever set it."""

    id: str
    household: str
    basis: str
    at: datetime
    by: str


def changes(village_id: int, *, household: str | None) -> AnySelect:
    """Who set PINs in a village, or of one household of it; unordered."""
    statement = (
        select(PinChange.id, Household.number, PinChange.basis, PinChange.at, func.coalesce(User.name, SYSTEM_NAME))
        .join(Household, and_(Household.village_id == PinChange.village_id, Household.id == PinChange.household_id))
        .outerjoin(User, User.id == PinChange.actor_id)
        .where(PinChange.village_id == village_id)
    )
    return statement if household is None else statement.where(Household.number == household)
