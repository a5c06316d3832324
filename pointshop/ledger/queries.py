"""Reads of the books."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.ledger.models import Account, Entry, YearTally


def passbook(village_id: int, account_id: int) -> AnySelect:
    """The lines of one household's passbook; unordered."""
    return select(
        Entry.seq,
        Entry.points,
        Entry.balance_after,
        Entry.kind,
        Entry.occurred_on,
        Entry.recorded_at,
        Entry.source_kind,
        Entry.source_id,
    ).where(Entry.village_id == village_id, Entry.account_id == account_id)


def balances_of(work: Work, village_id: int, account_ids: Sequence[int]) -> dict[int, int]:
    """Account id → balance."""
    statement = select(Account.id, Account.balance).where(Account.village_id == village_id, Account.id.in_(account_ids))
    return {row.id: row.balance for row in work.read(statement)}


_HONOUR = Prepared(
    select(YearTally.points).where(
        YearTally.village_id == bindparam("village_id"),
        YearTally.account_id == bindparam("account_id"),
        YearTally.year == bindparam("year"),
    )
)


def honour_points(work: Work, village_id: int, account_id: int, year: int) -> int:
    """What a household was honoured for in a year."""
    found = _HONOUR.first(work, village_id=village_id, account_id=account_id, year=year)
    return found[0] if found else 0


_BEGUN = Prepared(
    select(Entry.account_id).where(Entry.village_id == bindparam("village_id"), Entry.kind != "opening").limit(1)
)


def has_begun(work: Work, village_id: int) -> bool:
    """Whether anything was booked in a village besides what households brought with them."""
    return _BEGUN.first(work, village_id=village_id) is not None
