"""The invariants of the books (threats.md I3–I5, I8, I15, I16)."""

from sqlalchemy import Integer, and_, func, literal, or_, select
from sqlalchemy.orm import aliased

from pointshop.core.clock import village_day
from pointshop.ledger.models import Account, Entry, Tally
from pointshop.ledger.verify import Check, marked_rows

_sum = (
    select(
        Account.village_id,
        Account.id.label("account_id"),
        Account.balance,
        func.coalesce(func.sum(Entry.points), 0).label("sum_of_entries"),
        Account.last_seq,
        func.count(Entry.seq).label("entries"),
        func.coalesce(func.max(Entry.seq), 0).label("last_entry"),
    )
    .outerjoin(Entry, and_(Entry.village_id == Account.village_id, Entry.account_id == Account.id))
    .group_by(Account.village_id, Account.id, Account.balance, Account.last_seq)
    .subquery()
)

_line = aliased(Entry)
_chain = select(
    _line.village_id,
    _line.account_id,
    _line.seq,
    _line.points,
    _line.balance_after,
    func.row_number().over(partition_by=[_line.village_id, _line.account_id], order_by=_line.seq).label("expected_seq"),
    func.coalesce(
        func.lag(_line.balance_after).over(partition_by=[_line.village_id, _line.account_id], order_by=_line.seq),
        literal(0, Integer),
    ).label("balance_before"),
).subquery()

_reversal, _reversed = aliased(Entry), aliased(Entry)

CHECKS = (
    Check(
        "balance_is_sum_of_entries",
        "I3",
        "账户余额与存折各行之和不符",
        select(_sum).where(_sum.c.balance != _sum.c.sum_of_entries),
    ),
    Check(
        "passbook_ends_where_account_says",
        "I5",
        "存折最后一行与账户记载的行号不符",
        select(_sum).where(or_(_sum.c.last_seq != _sum.c.entries, _sum.c.last_seq != _sum.c.last_entry)),
    ),
    Check(
        "passbook_chain_unbroken",
        "I5",
        "存折行号或逐行余额不连续",
        select(_chain).where(
            or_(
                _chain.c.seq != _chain.c.expected_seq,
                _chain.c.balance_after != _chain.c.balance_before + _chain.c.points,
            )
        ),
    ),
    Check(
        "balance_never_negative",
        "I4",
        "余额曾低于零",
        select(Entry.village_id, Entry.account_id, Entry.seq, Entry.balance_after).where(Entry.balance_after < 0),
    ),
    Check(
        "reversal_takes_back_one_line",
        "I8",
        "冲正与被冲正的分录不相配",
        select(_reversal.village_id, _reversal.account_id, _reversal.seq, _reversal.reverses)
        .outerjoin(
            _reversed,
            and_(
                _reversed.village_id == _reversal.village_id,
                _reversed.account_id == _reversal.account_id,
                _reversed.seq == _reversal.reverses,
            ),
        )
        .where(
            _reversal.reverses.is_not(None),
            or_(
                _reversed.seq.is_(None),
                _reversed.reverses.is_not(None),
                _reversed.points * _reversal.points > 0,
                func.abs(_reversal.points) > func.abs(_reversed.points),
                _reversed.source_id != _reversal.source_id,
            ),
        ),
    ),
    Check(
        "opening_is_the_first_line",
        "I7",
        "期初积分不在存折首行",
        select(Entry.village_id, Entry.account_id, Entry.seq, Entry.points).where(
            Entry.kind == "opening", or_(Entry.seq != 1, Entry.points <= 0, Entry.source_kind != "opening")
        ),
    ),
    Check(
        "line_reversed_once",
        "I8",
        "同一分录被冲正多次",
        select(Entry.village_id, Entry.account_id, Entry.reverses, func.count().label("times"))
        .where(Entry.reverses.is_not(None))
        .group_by(Entry.village_id, Entry.account_id, Entry.reverses)
        .having(func.count() > 1),
    ),
    Check(
        "entry_has_account",
        "I15",
        "分录或汇总不属于任何账户",
        select(Entry.village_id, Entry.account_id, literal("entry").label("in_table"))
        .outerjoin(Account, and_(Account.village_id == Entry.village_id, Account.id == Entry.account_id))
        .where(Account.id.is_(None))
        .union_all(
            select(Tally.village_id, Tally.account_id, literal("tally"))
            .outerjoin(Account, and_(Account.village_id == Tally.village_id, Account.id == Tally.account_id))
            .where(Account.id.is_(None))
        ),
    ),
    Check(
        "deed_before_its_line",
        "I16",
        "分录记的事发日期晚于入账时刻",
        select(Entry.village_id, Entry.account_id, Entry.seq, Entry.occurred_on, Entry.recorded_at),
        # the village's calendar is not the database's
        is_wrong=lambda row: row.occurred_on > village_day(row.recorded_at),
    ),
    marked_rows(Entry),
)
