"""Reads of redemptions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.orm import aliased

from pointshop.accounts.models import User
from pointshop.accounts.queries import SYSTEM_NAME
from pointshop.core.errors import NotFound
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.ledger.models import Entry
from pointshop.people.models import Household
from pointshop.shop.models import Redemption, RedemptionLine

_Voider = aliased(User)


class RedemptionRow(NamedTuple):
    """balance_after: just after it was paid. clerk, voided_by: names; voided_*: None while it stands."""

    id: str
    household_id: int
    household: str
    head: str
    points: int
    balance_after: int
    entry_seq: int
    state: str
    occurred_on: date
    note: str | None
    at: datetime
    clerk_id: int
    clerk: str
    voided_at: datetime | None = None
    voided_by: str | None = None
    void_reason: str | None = None


class LineRow(NamedTuple):
    product: str
    name: str
    unit: str
    quantity: int
    points: int


_redemption: AnySelect = (
    select(
        Redemption.id,
        Redemption.household_id,
        Household.number,
        Household.head,
        Redemption.points,
        Entry.balance_after,
        Redemption.entry_seq,
        Redemption.state,
        Redemption.occurred_on,
        Redemption.note,
        Redemption.at,
        Redemption.clerk_id,
        func.coalesce(User.name, SYSTEM_NAME),
        Redemption.voided_at,
        case((Redemption.voided_by.is_not(None), func.coalesce(_Voider.name, SYSTEM_NAME))),
        Redemption.void_reason,
    )
    .join(Household, and_(Household.village_id == Redemption.village_id, Household.id == Redemption.household_id))
    .join(
        Entry,
        and_(
            Entry.village_id == Redemption.village_id,
            Entry.account_id == Redemption.household_id,
            Entry.seq == Redemption.entry_seq,
        ),
    )
    .outerjoin(User, User.id == Redemption.clerk_id)
    .outerjoin(_Voider, _Voider.id == Redemption.voided_by)
)
_REDEMPTION = Prepared(
    _redemption.where(Redemption.village_id == bindparam("village_id"), Redemption.id == bindparam("id"))
)
_LINES = select(
    RedemptionLine.redemption_id,
    RedemptionLine.product_code,
    RedemptionLine.name,
    RedemptionLine.unit,
    RedemptionLine.quantity,
    RedemptionLine.points,
).order_by(RedemptionLine.redemption_id, RedemptionLine.line_no)


def get_redemption(work: Work, village_id: int, id: str) -> RedemptionRow:
    """Raises NotFound."""
    found = _REDEMPTION.first(work, village_id=village_id, id=id)
    if found is None:
        raise NotFound("没有这张兑换单")
    return RedemptionRow(*found)


def redemptions(village_id: int, *, household: str | None, first: date | None, last: date | None) -> AnySelect:
    """Redemptions of a village, or of the household of a number, between two days."""
    statement = _redemption.where(Redemption.village_id == village_id)
    if household is not None:
        statement = statement.where(Household.number == household)
    if first is not None:
        statement = statement.where(Redemption.occurred_on >= first)
    if last is not None:
        statement = statement.where(Redemption.occurred_on <= last)
    return statement


def lines_of(work: Work, village_id: int, ids: Sequence[str]) -> dict[str, list[LineRow]]:
    """Redemption → its lines in order, for many redemptions at once."""
    statement = _LINES.where(RedemptionLine.village_id == village_id, RedemptionLine.redemption_id.in_(ids))
    found: dict[str, list[LineRow]] = {id: [] for id in ids}
    for row in work.read(statement):
        found[row.redemption_id].append(LineRow(*row[1:]))
    return found
