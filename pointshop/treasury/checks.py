"""The invariants of the fund's book (docs/decisions/0026-stock-and-money.md): it adds up, line by line, and stays."""

from sqlalchemy import BigInteger, Integer, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import aliased

from pointshop.ledger.seal import Sealed
from pointshop.ledger.verify import Check, marked_rows
from pointshop.treasury.models import FundEntry

_chain = select(
    FundEntry.village_id,
    FundEntry.seq,
    FundEntry.amount_fen,
    FundEntry.balance_after_fen,
    func.row_number().over(partition_by=FundEntry.village_id, order_by=FundEntry.seq).label("expected_seq"),
    func.coalesce(
        func.lag(FundEntry.balance_after_fen).over(partition_by=FundEntry.village_id, order_by=FundEntry.seq),
        literal(0, BigInteger),
    ).label("balance_before"),
    func.sum(FundEntry.amount_fen).over(partition_by=FundEntry.village_id, order_by=FundEntry.seq).label("sum_so_far"),
).subquery()
_reversed = aliased(FundEntry)

#: Its marks hold the amounts; fen are no points, so they don't count among those moved.
SEALED = Sealed(
    "fund_entry",
    select(FundEntry.mark, literal(0, Integer))
    .where(
        FundEntry.village_id == bindparam("village_id"),
        FundEntry.recorded_at > bindparam("after"),
        FundEntry.recorded_at <= bindparam("until"),
    )
    .order_by(FundEntry.recorded_at, FundEntry.seq),
    joined_later=True,
)

CHECKS = (
    Check(
        "fund_chain_unbroken",
        "I10",
        "经费账行号或逐行余额不连续，或与各行之和不符，或曾低于零",
        select(_chain).where(
            or_(
                _chain.c.seq != _chain.c.expected_seq,
                _chain.c.balance_after_fen != _chain.c.balance_before + _chain.c.amount_fen,
                _chain.c.balance_after_fen != _chain.c.sum_so_far,
                _chain.c.balance_after_fen < 0,
            )
        ),
    ),
    Check(
        "fund_reversal_mirrors_its_line",
        "I7",
        "经费冲正与原来的一笔不符",
        select(FundEntry.village_id, FundEntry.seq, FundEntry.reverses, _reversed.amount_fen)
        .outerjoin(
            _reversed,
            and_(_reversed.village_id == FundEntry.village_id, _reversed.seq == FundEntry.reverses),
        )
        .where(
            FundEntry.reverses.is_not(None),
            or_(
                _reversed.seq.is_(None),
                _reversed.amount_fen != -FundEntry.amount_fen,
                _reversed.kind == "reversal",
                _reversed.party != FundEntry.party,
            ),
        ),
    ),
    marked_rows(FundEntry),
)
