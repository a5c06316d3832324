"""The invariants of the books (threats.md I3–I5, I8, I15, I16)."""

from sqlalchemy import Integer, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from pointshop.core.clock import village_day
from pointshop.core.columns import DayInUtc
from pointshop.ledger.models import Account, Closing, Entry, Tally, YearTally
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

_year = cast(func.substr(Tally.month, 1, 4), Integer)
_months = (
    select(Tally.village_id, Tally.account_id, _year.label("year"), func.sum(Tally.points).label("points"))
    .group_by(Tally.village_id, Tally.account_id, _year)
    .subquery()
)
_same_year = and_(
    YearTally.village_id == _months.c.village_id,
    YearTally.account_id == _months.c.account_id,
    YearTally.year == _months.c.year,
)

_reversal, _reversed = aliased(Entry), aliased(Entry)

# by closing: what its own lines took, and what all lines up to its last day come to
_closed = (
    select(
        Closing.village_id,
        Closing.period,
        Closing.expired,
        Closing.carried,
        Closing.households,
        func.coalesce(func.sum(case((Entry.source_id == Closing.id, -Entry.points), else_=0)), 0).label("taken"),
        func.coalesce(func.sum(case((Entry.source_id == Closing.id, 1), else_=0)), 0).label("lines"),
        func.coalesce(func.sum(Entry.points), 0).label("left"),
    )
    .outerjoin(Entry, and_(Entry.village_id == Closing.village_id, Entry.occurred_on <= Closing.last_on))
    .group_by(Closing.village_id, Closing.period, Closing.expired, Closing.carried, Closing.households)
    .subquery()
)

CHECKS = (
    Check(
        "closed_period_stays_closed",
        "I17",
        "已结账的期间里又记了账",
        select(Entry.village_id, Entry.account_id, Entry.seq, Entry.occurred_on, Closing.period)
        .join(
            Closing,
            and_(Closing.village_id == Entry.village_id, Entry.occurred_on.between(Closing.first_on, Closing.last_on)),
        )
        .where(Entry.recorded_at > Closing.closed_at),
    ),
    Check(
        "closing_is_sum_of_its_lines",
        "I17",
        "结账单与存折分录之和不符",
        select(_closed).where(
            or_(
                _closed.c.taken != _closed.c.expired,
                _closed.c.lines != _closed.c.households,
                _closed.c.left != _closed.c.carried,
            )
        ),
    ),
    Check(
        "expiry_has_its_closing",
        "I17",
        "有清零分录而没有结账单，或同一户清零多次",
        select(Entry.village_id, Entry.account_id, Entry.source_id, func.count().label("lines"))
        .outerjoin(Closing, and_(Closing.village_id == Entry.village_id, Closing.id == Entry.source_id))
        .where(or_(Entry.kind == "expiry", Entry.source_kind == "closing"))
        .group_by(Entry.village_id, Entry.account_id, Entry.source_id)
        .having(or_(func.count(Closing.period) == 0, func.count() > 1)),
    ),
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
                # a product would be too large for an integer of PostgreSQL
                (_reversed.points > 0) == (_reversal.points > 0),
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
        union_all(
            *(
                select(table.village_id, table.account_id, literal(table.__tablename__).label("in_table"))
                .outerjoin(Account, and_(Account.village_id == table.village_id, Account.id == table.account_id))
                .where(Account.id.is_(None))
                for table in (Entry, Tally, YearTally)
            )
        ),
    ),
    # the months are held against the posted merits (merits/checks.py)
    Check(
        "year_tally_is_sum_of_months",
        "I3",
        "年度汇总与各月汇总之和不符",
        select(
            _months.c.village_id, _months.c.account_id, _months.c.year, _months.c.points, YearTally.points.label("says")
        )
        .outerjoin(YearTally, _same_year)
        .where(or_(YearTally.points.is_(None), YearTally.points != _months.c.points))
        .union_all(
            select(YearTally.village_id, YearTally.account_id, YearTally.year, literal(0), YearTally.points)
            .outerjoin(_months, _same_year)
            .where(_months.c.points.is_(None))
        ),
    ),
    Check(
        "deed_before_its_line",
        "I16",
        "分录记的事发日期晚于入账时刻",
        # the village's calendar is not the database's, which only leaves out what is certainly right
        select(Entry.village_id, Entry.account_id, Entry.seq, Entry.occurred_on, Entry.recorded_at).where(
            Entry.occurred_on > DayInUtc(Entry.recorded_at)
        ),
        is_wrong=lambda row: row.occurred_on > village_day(row.recorded_at),
    ),
    marked_rows(Entry),
)
