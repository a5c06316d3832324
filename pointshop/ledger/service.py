"""Posting: the only way points move. Each function checks and changes in one statement, or holds the rows it read."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from pointshop.core.errors import Refused
from pointshop.core.marks import row_mark
from pointshop.core.periods import month_key
from pointshop.core.work import Change, Prepared, Work
from pointshop.ledger.models import Account, Entry, Tally


class InsufficientPoints(Refused):
    code, title = "insufficient_points", "积分不足"


class AccountNotActive(Refused):
    code, title = "account_not_active", "该户账户未启用"


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
_ADD_ENTRY = Change(insert(Entry))
_STATE = Prepared(select(Account.balance, Account.status, Account.last_seq).where(*_key))
_HOLD = Prepared(select(Account.balance, Account.status, Account.last_seq).where(*_key).with_for_update())
_SET = Change(update(Account).where(*_key).values(balance=bindparam("new_balance"), last_seq=bindparam("new_seq")))
_OPEN = Change(
    insert(Account).values(
        village_id=bindparam("village_id"), id=bindparam("account_id"), balance=0, last_seq=0, status="active"
    )
)
_TALLY = upsert(Tally)
_COUNT = Change(
    _TALLY.on_conflict_do_update(
        index_elements=[Tally.village_id, Tally.month, Tally.account_id, Tally.member_id, Tally.category],
        set_={"points": Tally.points + _TALLY.excluded.points},
    )
)


def open_account(work: Work, village_id: int, account_id: int) -> None:
    """A new account with nothing in it."""
    _OPEN.run(work, village_id=village_id, account_id=account_id)


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
    _ADD_ENTRY.run(work, **_row(work, village_id, posting, line, actor_id=actor_id))
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
    _SET.run_all(
        work,
        [
            {"village_id": village_id, "account_id": account_id, "new_balance": balance, "new_seq": seq}
            for account_id, (balance, seq) in state.items()
        ],
    )
    _ADD_ENTRY.run_all(work, [_row(work, village_id, posting, line, actor_id=actor_id) for posting, line in written])
    return lines


def count_honour(work: Work, village_id: int, honours: Sequence[Honour]) -> None:
    """Add to the tallies of the deeds' months; negative points take away."""
    _COUNT.run_all(
        work,
        [
            {
                "village_id": village_id,
                "month": month_key(honour.occurred_on),
                "account_id": honour.account_id,
                "member_id": honour.member_id,
                "category": honour.category,
                "points": honour.points,
            }
            for honour in honours
        ],
    )


def get_balance(work: Work, village_id: int, account_id: int) -> int:
    """What the household can spend."""
    balance, _, _ = _STATE.one(work, village_id=village_id, account_id=account_id)
    return balance


def lock_account(work: Work, village_id: int, account_id: int) -> None:
    """Keep others from this account until the unit of work ends; on SQLite the unit already keeps them from all."""
    if work.dialect.name != "sqlite":
        _HOLD.one(work, village_id=village_id, account_id=account_id)


def lock_accounts(work: Work, village_id: int, account_ids: Collection[int]) -> None:
    """The same for many accounts, in the order of their ids, so that two batches cannot embrace."""
    if work.dialect.name != "sqlite":
        work.read(_held_in_order(village_id, account_ids)).all()


def _held_in_order(village_id: int, account_ids: Collection[int]) -> Select[int, int, int, str]:
    return (
        select(Account.id, Account.balance, Account.last_seq, Account.status)
        .where(Account.village_id == village_id, Account.id.in_(sorted(account_ids)))
        .order_by(Account.id)
        .with_for_update()
    )


def _hold_all(work: Work, village_id: int, account_ids: Collection[int]) -> dict[int, list[int]]:
    """Account id → [balance, last seq], held in the order of the ids. Raises AccountNotActive."""
    state = {}
    for account_id, balance, seq, status in work.read(_held_in_order(village_id, account_ids)):
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
