"""Reads for closings: the policy in force, what passbooks come to, what was closed."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from pointshop.closing.models import ClosingPolicy
from pointshop.closing.rules import Policy
from pointshop.core.clock import day_starts_at
from pointshop.core.periods import Period
from pointshop.core.work import AnySelect, Work
from pointshop.ledger.models import Closing, Entry
from pointshop.people.models import Household


def find_policy(work: Work, village_id: int, *, before: datetime | None = None) -> tuple[int, Policy | None]:
    """How many versions there are, and the newest. before: of those decided before an instant."""
    statement = (
        select(
            ClosingPolicy.version,
            ClosingPolicy.cycle,
            ClosingPolicy.rule,
            ClosingPolicy.share,
            ClosingPolicy.points_limit,
        )
        .where(ClosingPolicy.village_id == village_id, *([] if before is None else [ClosingPolicy.decided_at < before]))
        .order_by(ClosingPolicy.version.desc())
        .limit(1)
    )
    found: Any = work.read(statement).first()
    return (found[0], Policy(*found[1:])) if found else (0, None)


def policy_for(work: Work, village_id: int, last: date) -> Policy | None:
    """How a period ends whose last day is given: as was decided before it was over; later only where nothing was."""
    ended = day_starts_at(last + timedelta(days=1))
    return find_policy(work, village_id, before=ended)[1] or find_policy(work, village_id)[1]


class Sums(NamedTuple):
    """What a household's lines come to, by the days they are booked under.

    before: up to the period. earned, spent: in it, spent >= 0. spent_since: after it, net of goods that came back.
    """

    before: int
    earned: int
    spent: int
    spent_since: int

    @property
    def at_end(self) -> int:
        return self.before + self.earned - self.spent


_taken_back = aliased(Entry)


def sums_by_account(work: Work, village_id: int, span: Period) -> dict[int, Sums]:
    """Account id → sums, of all that have lines."""
    inside = Entry.occurred_on.between(span.first, span.last)
    after = Entry.occurred_on > span.last
    # taking back what was earned after the period touches no old points
    of_new = and_(Entry.kind == "reversal", _taken_back.points > 0, _taken_back.occurred_on > span.last)
    spends = and_(or_(Entry.points < 0, Entry.kind.in_(("void", "reversal"))), ~func.coalesce(of_new, False))
    statement = (
        select(
            Entry.account_id,
            _sum(Entry.occurred_on < span.first),
            _sum(and_(inside, Entry.points > 0)),
            -_sum(and_(inside, Entry.points < 0)),
            -_sum(and_(after, spends)),
        )
        .outerjoin(
            _taken_back,
            and_(
                _taken_back.village_id == Entry.village_id,
                _taken_back.account_id == Entry.account_id,
                _taken_back.seq == Entry.reverses,
            ),
        )
        .where(Entry.village_id == village_id)
        .group_by(Entry.account_id)
    )
    rows: Any = work.read(statement)
    return {account_id: Sums(*figures) for account_id, *figures in rows}


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, Entry.points), else_=0)), 0)


class Place(NamedTuple):
    """A household on the statement."""

    id: int
    number: str
    group_no: int


def places_by_number(work: Work, village_id: int) -> list[Place]:
    """Every household, by number."""
    columns = (Household.id, Household.number, Household.group_no)
    statement = select(*columns).where(Household.village_id == village_id).order_by(Household.number)
    return [Place(*row) for row in work.read(statement)]


class ClosingRow(NamedTuple):
    """A closing as it was recorded."""

    period: str
    id: str
    first_on: date
    last_on: date
    closed_at: datetime
    households: int
    expired: int
    carried: int


def closings(village_id: int) -> AnySelect:
    """The closings of a village; unordered."""
    return select(*(getattr(Closing, name) for name in ClosingRow._fields)).where(Closing.village_id == village_id)
