"""Reads of the fund, of what suppliers delivered, and of what the points stand on."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, and_, bindparam, cast, func, select

from pointshop.accounts.models import User
from pointshop.accounts.queries import SYSTEM_NAME
from pointshop.core.clock import day_starts_at
from pointshop.core.errors import NotFound
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.ledger.models import Account as PointsAccount
from pointshop.merits.models import Merit, RuleVersion
from pointshop.merits.queries import JUDGED_BY
from pointshop.regions.queries import get_settings
from pointshop.shop.lots import batches_on_hand
from pointshop.shop.models import Lot, StockMove
from pointshop.treasury.models import FundEntry
from pointshop.treasury.rules import Account, Means, owed, settled

#: Merits in these states will be points unless somebody objects.
_WAITING = ("submitted", "approved", "noticed", "held")


class FundRow(NamedTuple):
    """A line of the fund's book. actor: by name."""

    seq: int
    id: str
    kind: str
    amount_fen: int
    balance_after_fen: int
    party: str
    purpose: str
    settles: str | None
    names_party: bool
    occurred_on: date
    reverses: int | None
    recorded_at: datetime
    actor_id: int
    actor: str


_COLUMNS = tuple(getattr(FundEntry, name) for name in FundRow._fields[:-1])
_ROW: AnySelect = select(*_COLUMNS, func.coalesce(User.name, SYSTEM_NAME)).outerjoin(
    User, User.id == FundEntry.actor_id
)
_BY_ID = Prepared(_ROW.where(FundEntry.village_id == bindparam("village_id"), FundEntry.id == bindparam("id")))
_LAST = Prepared(
    select(FundEntry.seq, FundEntry.balance_after_fen)
    .where(FundEntry.village_id == bindparam("village_id"))
    .order_by(FundEntry.seq.desc())
    .limit(1)
)
_REVERSAL = Prepared(
    select(FundEntry.seq).where(FundEntry.village_id == bindparam("village_id"), FundEntry.reverses == bindparam("seq"))
)
_OUTSTANDING = Prepared(
    select(func.coalesce(func.sum(PointsAccount.balance), 0)).where(PointsAccount.village_id == bindparam("village_id"))
)


def get_fund_entry(work: Work, village_id: int, name: str) -> FundRow:
    """Raises NotFound."""
    found: Any = _BY_ID.first(work, village_id=village_id, id=name)
    if found is None:
        raise NotFound("没有这笔经费收支")
    return FundRow(*found)


def fund_entries(village_id: int, *, first: date | None, last: date | None) -> AnySelect:
    """The fund's book between two village days; unordered."""
    statement = _ROW.where(FundEntry.village_id == village_id)
    if first is not None:
        statement = statement.where(FundEntry.occurred_on >= first)
    if last is not None:
        statement = statement.where(FundEntry.occurred_on <= last)
    return statement


def last_of_fund(work: Work, village_id: int) -> tuple[int, int]:
    """(number of the last line, money left in fen); (0, 0) of a book that has not begun."""
    return _LAST.first(work, village_id=village_id) or (0, 0)


def is_reversed(work: Work, village_id: int, seq: int) -> bool:
    return _REVERSAL.first(work, village_id=village_id, seq=seq) is not None


def suppliers_until(work: Work, village_id: int, day: date | None = None) -> list[Account]:
    """What each supplier delivered and was paid; day: only what came, and what was paid for months, before it."""
    return settled(_delivered(work, village_id, None, day), _paid(work, village_id, until=day))


def suppliers_in(work: Work, village_id: int, first: date, after: date) -> list[Account]:
    """What each supplier delivered in a month, and was paid for that month whenever. after: first day of the next."""
    return settled(_delivered(work, village_id, first, after), _paid(work, village_id, month=f"{first:%Y-%m}"))


def _delivered(work: Work, village_id: int, first: date | None, after: date | None) -> dict[str, int]:
    statement = (
        select(Lot.supplier, func.sum(cast(StockMove.quantity, BigInteger) * StockMove.cost_fen))
        .join(
            StockMove,
            and_(
                StockMove.village_id == Lot.village_id,
                StockMove.product_code == Lot.product_code,
                StockMove.seq == Lot.move_seq,
            ),
        )
        .where(Lot.village_id == village_id, Lot.supplier.is_not(None), StockMove.cost_fen.is_not(None))
        .group_by(Lot.supplier)
    )
    if first is not None:
        statement = statement.where(StockMove.recorded_at >= day_starts_at(first))
    if after is not None:
        statement = statement.where(StockMove.recorded_at < day_starts_at(after))
    return {str(supplier): int(fen) for supplier, fen in work.read(statement)}


def _paid(work: Work, village_id: int, *, month: str | None = None, until: date | None = None) -> dict[str, int]:
    statement = (
        select(FundEntry.party, -func.sum(FundEntry.amount_fen))
        .where(FundEntry.village_id == village_id, FundEntry.settles.is_not(None))
        .group_by(FundEntry.party)
    )
    if month is not None:
        statement = statement.where(FundEntry.settles == month)
    if until is not None:
        statement = statement.where(FundEntry.settles < f"{until:%Y-%m}")
    return {party: int(fen) for party, fen in work.read(statement)}


def means_of(work: Work, village_id: int) -> Means:
    """All that the budget line is drawn from; to be read as of one instant."""
    batches = [batch for found in batches_on_hand(work, village_id).values() for batch in found]
    waiting = (
        select(func.coalesce(func.sum(Merit.points), 0))
        .join(RuleVersion, JUDGED_BY)
        .where(
            Merit.village_id == village_id,
            Merit.state.in_(_WAITING),
            Merit.points > 0,
            RuleVersion.track == "spend",
        )
    )
    return Means(
        outstanding_points=int(_OUTSTANDING.one(work, village_id=village_id)[0]),
        waiting_points=int(work.read(waiting).scalar_one()),
        rate_fen=get_settings(work, village_id).rate_fen,
        fund_fen=last_of_fund(work, village_id)[1],
        stock_fen=sum(batch.left * (batch.cost_fen or 0) for batch in batches),
        owed_fen=owed(suppliers_until(work, village_id)),
        unpriced=sum(batch.left for batch in batches if batch.cost_fen is None),
    )
