"""Sheets drawn from the points' books: the ledger of the whole village, a page of one household's passbook."""

from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, select

from pointshop.core.errors import Invalid
from pointshop.core.work import Work
from pointshop.ledger.models import Entry
from pointshop.ledger.queries import passbook
from pointshop.notices.drawing import Drawn, Item, Span, naming
from pointshop.people.models import Household
from pointshop.people.public_names import heads_in_public
from pointshop.people.queries import find_household
from pointshop.publishing.table_sheet import Holder, Total
from pointshop.stats.passbook import PassbookLine, summaries

_LONGEST_SUMMARY = 500


class Sums(NamedTuple):
    """What a household had before a period, and what came and went in it."""

    id: int
    group_no: int
    before: int
    earned: int
    spent: int

    @property
    def left(self) -> int:
        return self.before + self.earned - self.spent


def draw_ledger(work: Work, village_id: int, span: Span) -> Drawn:
    """Every household with what it had, earned and spent: the whole ledger, not only the best ten."""
    rows = _sums(work, village_id, span)
    policy, year = naming(work, village_id)
    names = heads_in_public(work, village_id, [row.id for row in rows], policy=policy, year=year)
    items: tuple[Item, ...] = tuple(
        {
            "group_no": row.group_no,
            "name": names[row.id],
            "before": row.before,
            "earned": row.earned,
            "spent": row.spent,
            "left": row.left,
        }
        for row in rows
    )
    totals = (
        Total(label="上期结余", value=sum(row.before for row in rows), unit="分"),
        Total(label="本期增加", value=sum(row.earned for row in rows), unit="分"),
        Total(label="本期减少", value=sum(row.spent for row in rows), unit="分"),
        Total(label="本期结余", value=sum(row.left for row in rows), unit="分"),
    )
    return Drawn(span, items, totals)


def draw_passbook(work: Work, village_id: int, span: Span, number: str | None) -> Drawn:
    """The lines of one household's passbook that were written in a period. Raises Invalid."""
    household = find_household(work, village_id, number) if number is not None else None
    if household is None:
        raise Invalid(errors={"household": [f"没有户号 {number}" if number else "必填"]})
    begin, end = span.instants()
    written = passbook(village_id, household.id).where(Entry.recorded_at >= begin, Entry.recorded_at < end)
    lines = [PassbookLine(*row) for row in work.read(written.order_by(Entry.seq))]
    words = summaries(work, village_id, lines)
    items: tuple[Item, ...] = tuple(
        {
            "seq": line.seq,
            "done_on": line.occurred_on,
            "summary": words[line.seq][:_LONGEST_SUMMARY] or "积分变动",
            "earned": line.points if line.points > 0 else None,
            "spent": -line.points if line.points < 0 else None,
            "left": line.balance_after,
        }
        for line in lines
    )
    totals = (
        Total(label="存入", value=sum(max(line.points, 0) for line in lines), unit="分"),
        Total(label="支出", value=sum(max(-line.points, 0) for line in lines), unit="分"),
    )
    holder = Holder(number=household.number, head=household.head, group_no=household.group_no)
    return Drawn(span, items, totals, holder=holder, household_id=household.id)


def _sums(work: Work, village_id: int, span: Span) -> list[Sums]:
    begin, end = span.instants()
    during = Entry.recorded_at >= begin

    def total(condition: ColumnElement[bool], points: ColumnElement[int]) -> ColumnElement[int]:
        # SUM of BIGINT is NUMERIC on PostgreSQL
        return cast(func.coalesce(func.sum(case((condition, points), else_=0)), 0), BigInteger)

    points = Entry.__table__.c.points
    statement = (
        select(
            Household.id,
            Household.group_no,
            total(Entry.recorded_at < begin, points),
            total(and_(during, points > 0), points),
            total(and_(during, points < 0), -points),
        )
        .outerjoin(
            Entry,
            and_(Entry.village_id == Household.village_id, Entry.account_id == Household.id, Entry.recorded_at < end),
        )
        .where(Household.village_id == village_id)
        .group_by(Household.group_no, Household.number, Household.id)
        .order_by(Household.group_no, Household.number)
    )
    return [Sums(*row) for row in work.read(statement)]
