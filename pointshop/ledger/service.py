"""Posting: the only way points move. Each function checks and changes in one statement, or holds the rows it read."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Integer, bindparam, insert, select, update

from pointshop.core.errors import Refused
from pointshop.core.many import Many, among, arrays, insert_many
from pointshop.core.marks import row_mark
from pointshop.core.periods import month_key
from pointshop.core.work import Change, Prepared, Work
from pointshop.ledger.models import Account, Entry, Tally, YearTally


class InsufficientPoints(Refused):
    code, title = "insufficient_points", "积分不足"


class AccountNotActive(Refused):
    code, title = "account_not_active", "该户账户已停用"


class Posting(NamedTuple):
    """Points to move: into the household's account when positive. source: the record it is posted for."""

    account_id: int
    points: int
    counter: str
    kind: str
    occurred_on: date
    source_kind: str
    source_id: str
    reverses: int | None = None


class Posted(NamedTuple):
    """The line that was written."""

    seq: int
    points: int
    balance_after: int


class Honour(NamedTuple):
    """Points to count toward rankings; member_id 0 for the household as such."""

    account_id: int
    member_id: int
    occurred_on: date
    category: str
    points: int


_key = Account.village_id == bindparam("village_id"), Account.id == bindparam("account_id")
_MOVE = Prepared(
    update(Account)
    .where(*_key, Account.status == "active", Account.balance + bindparam("points") >= 0)
    .values(balance=Account.balance + bindparam("points"), last_seq=Account.last_seq + 1)
    .returning(Account.balance, Account.last_seq)
)
_ENTRIES = insert_many(Entry)
_STATE = Prepared(select(Account.balance, Account.status, Account.last_seq).where(*_key))
_HOLD = Prepared(select(Account.balance, Account.status, Account.last_seq).where(*_key).with_for_update())
_HOLD_ALL = Prepared(
    select(Account.id, Account.balance, Account.last_seq, Account.status)
    .where(Account.village_id == bindparam("village_id"), among(Account.id, "account_ids"))
    .order_by(Account.id)
    .with_for_update()
)
_NEWS = arrays({"account_id": BigInteger(), "new_balance": BigInteger(), "new_seq": Integer()})
_BALANCES = Many(
    Change(update(Account).where(*_key).values(balance=bindparam("new_balance"), last_seq=bindparam("new_seq"))),
    Change(
        update(Account)
        .where(Account.village_id == bindparam("village_id"), Account.id == _NEWS.c.account_id)
        .values(balance=_NEWS.c.new_balance, last_seq=_NEWS.c.new_seq)
    ),
    ["account_id", "new_balance", "new_seq"],
    shared=["village_id"],
)
_OPEN = Change(
    insert(Account).values(
        village_id=bindparam("village_id"), id=bindparam("account_id"), balance=0, last_seq=0, status="active"
    )
)
_CLOSE = Change(update(Account).where(*_key, Account.balance == 0).values(status="closed"))
_TALLIES = insert_many(
    Tally,
    lambda given: given.on_conflict_do_update(
        index_elements=[Tally.village_id, Tally.month, Tally.account_id, Tally.member_id, Tally.category],
        set_={"points": Tally.points + given.excluded.points},
    ),
)
_TALLY_COLUMNS = ("village_id", "month", "account_id", "member_id", "category", "points")
_YEAR_TALLIES = insert_many(
    YearTally,
    lambda given: given.on_conflict_do_update(
        index_elements=[YearTally.village_id, YearTally.account_id, YearTally.year],
        set_={"points": YearTally.points + given.excluded.points},
    ),
)


def open_accounts(work: Work, village_id: int, account_ids: Collection[int]) -> None:
    """New accounts with nothing in them."""
    _OPEN.run_all(work, [{"village_id": village_id, "account_id": account_id} for account_id in account_ids])


def post(work: Work, village_id: int, posting: Posting, *, actor_id: int) -> Posted:
    """Move points and write the line.

    Raises InsufficientPoints (data: balance) when the account would fall below zero, AccountNotActive when it is
    frozen or closed.
    """
    moved = _MOVE.first(work, village_id=village_id, account_id=posting.account_id, points=posting.points)
    if moved is None:
        raise _refusal(work, village_id, posting)
    balance, seq = moved
    line = Posted(seq, posting.points, balance)
    _ENTRIES.one.run(work, **_row(work, village_id, posting, line, actor_id=actor_id))
    return line


def post_up_to(work: Work, village_id: int, posting: Posting, *, actor_id: int) -> Posted | None:
    """Take at most what is there: a deduction stops at zero. None when there was nothing to take.

    Raises AccountNotActive.
    """
    balance, status, _ = _HOLD.one(work, village_id=village_id, account_id=posting.account_id)
    if status != "active":
        raise AccountNotActive()
    points = max(posting.points, -balance)
    if points == 0:
        return None
    return post(work, village_id, posting._replace(points=points), actor_id=actor_id)


def post_all(work: Work, village_id: int, postings: Sequence[Posting], *, actor_id: int) -> list[Posted | None]:
    """Many lines at once, in the order given; a negative one takes at most what is there then (None: nothing).

    Accounts are held in the order of their ids. Raises AccountNotActive.
    """
    state = _hold_all(work, village_id, {posting.account_id for posting in postings})
    lines = [_advance(state[posting.account_id], posting.points) for posting in postings]
    written = [(posting, line) for posting, line in zip(postings, lines, strict=True) if line is not None]
    _BALANCES.run(
        work,
        [
            {"village_id": village_id, "account_id": account_id, "new_balance": balance, "new_seq": seq}
            for account_id, (balance, seq) in state.items()
        ],
    )
    _ENTRIES.run(work, [_row(work, village_id, posting, line, actor_id=actor_id) for posting, line in written])
    return lines


def count_honour(work: Work, village_id: int, honours: Sequence[Honour]) -> None:
    """Add to the tallies of the deeds' months and years; negative points take away."""
    months: Counter[tuple[str, int, int, str]] = Counter()
    years: Counter[tuple[int, int]] = Counter()
    for honour in honours:
        months[month_key(honour.occurred_on), honour.account_id, honour.member_id, honour.category] += honour.points
        years[honour.account_id, honour.occurred_on.year] += honour.points
    _TALLIES.run(work, [_tally(village_id, key, points) for key, points in months.items()])
    _YEAR_TALLIES.run(
        work,
        [
            {"village_id": village_id, "account_id": account_id, "year": year, "points": points}
            for (account_id, year), points in years.items()
        ],
    )


def _tally(village_id: int, key: tuple[str, int, int, str], points: int) -> dict[str, Any]:
    return dict(zip(_TALLY_COLUMNS, (village_id, *key, points), strict=True))


def close_account(work: Work, village_id: int, account_id: int) -> None:
    """End an empty account for good; nothing is posted to it any more. Raises ValueError where points are left."""
    if not _CLOSE.run(work, village_id=village_id, account_id=account_id):
        raise ValueError(f"account {account_id} is not empty")


def get_balance(work: Work, village_id: int, account_id: int) -> int:
    """What the household can spend."""
    balance, _, _ = _STATE.one(work, village_id=village_id, account_id=account_id)
    return balance


def is_active(work: Work, village_id: int, account_id: int) -> bool:
    """Whether anything may be posted to an account."""
    _, status, _ = _STATE.one(work, village_id=village_id, account_id=account_id)
    return status == "active"


def lock_account(work: Work, village_id: int, account_id: int) -> None:
    """Keep others from this account until the unit of work ends; on SQLite the unit already keeps them from all."""
    if work.dialect.name != "sqlite":
        _HOLD.one(work, village_id=village_id, account_id=account_id)


def lock_accounts(work: Work, village_id: int, account_ids: Collection[int]) -> None:
    """The same for many accounts, in the order of their ids, so that two batches cannot embrace."""
    if work.dialect.name != "sqlite":
        _HOLD_ALL.all(work, village_id=village_id, account_ids=list(account_ids))


def hold_accounts(work: Work, village_id: int) -> dict[int, int]:
    """Account id → balance of every active account, held against change, in the order of the ids."""
    statement = (
        select(Account.id, Account.balance)
        .where(Account.village_id == village_id, Account.status == "active")
        .order_by(Account.id)
        .with_for_update()
    )
    return {row.id: row.balance for row in work.read(statement)}


def _hold_all(work: Work, village_id: int, account_ids: Collection[int]) -> dict[int, list[int]]:
    """Account id → [balance, last seq], held in the order of the ids. Raises AccountNotActive."""
    state = {}
    for account_id, balance, seq, status in _HOLD_ALL.all(work, village_id=village_id, account_ids=list(account_ids)):
        if status != "active":
            raise AccountNotActive()
        state[account_id] = [balance, seq]
    return state


def _advance(state: list[int], points: int) -> Posted | None:
    balance, seq = state
    taken = max(points, -balance)
    if taken == 0:
        return None
    state[:] = balance + taken, seq + 1
    return Posted(seq + 1, taken, balance + taken)


def _refusal(work: Work, village_id: int, posting: Posting) -> Refused:
    balance, status, _ = _STATE.one(work, village_id=village_id, account_id=posting.account_id)
    if status != "active":
        return AccountNotActive()
    return InsufficientPoints(
        f"积分不足：需要 {-posting.points} 分，现有 {balance} 分",
        data={"balance": balance, "needed": -posting.points},
    )


def _row(work: Work, village_id: int, posting: Posting, line: Posted, *, actor_id: int) -> dict[str, object]:
    row: dict[str, object] = {
        "village_id": village_id,
        "account_id": posting.account_id,
        "seq": line.seq,
        "points": line.points,
        "balance_after": line.balance_after,
        "counter": posting.counter,
        "kind": posting.kind,
        "occurred_on": posting.occurred_on,
        "recorded_at": work.now,
        "actor_id": actor_id,
        "source_kind": posting.source_kind,
        "source_id": posting.source_id,
        "reverses": posting.reverses,
    }
    row["mark"] = row_mark(*row.values())
    return row
