"""Households of a village by what they were honoured for in a year: read off the rank index, whatever the history.

Each statement reads as many rows as it answers; only a place counts those above it, in the index alone.
"""

from functools import cache
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, select, text
from sqlalchemy.orm import aliased

from pointshop.core.work import Prepared, Work
from pointshop.honors.rules import Total
from pointshop.ledger.models import YearTally
from pointshop.people.models import GONE, Household

_of_year = YearTally.village_id == bindparam("village_id"), YearTally.year == bindparam("year")
_whose = and_(Household.village_id == YearTally.village_id, Household.id == YearTally.account_id)


def leaders_of_year(
    work: Work, village_id: int, year: int, *, places: int, group_no: int | None, lane: str | None
) -> list[Total]:
    """The active households with the most points, all who tie with the last of them included; only points > 0.

    group_no, lane: only households there; None: anywhere.
    """
    asked: dict[str, Any] = {"village_id": village_id, "year": year}
    asked |= {name: value for name, value in (("group_no", group_no), ("lane", lane)) if value is not None}
    filters = group_no is not None, lane is not None
    found = [_total(row) for row in _leading(*filters).all(work, most=places + 1, **asked)]
    if len(found) > places and found[places].points == found[places - 1].points:
        last = found[places].points
        ties = [_total(row) for row in _tied(*filters).all(work, last=last, **asked)]
        # read a moment later: who has moved there meanwhile is listed once
        found = list({total.household_id: total for total in [*ties, *found]}.values())
    return found


def place_in_year(work: Work, village_id: int, household_id: int, year: int) -> tuple[int | None, int]:
    """The place of an active household among the active ones, None without points; its points."""
    found = _PLACE.first(work, village_id=village_id, account_id=household_id, year=year)
    return found or (None, 0)


def _listed(in_group: bool, in_lane: bool) -> Any:
    statement = (
        select(
            YearTally.points,
            Household.number,
            Household.id,
            Household.head,
            Household.group_no,
            Household.name_consent,
        )
        .join(Household, _whose)
        .where(*_of_year, Household.status == "active")
    )
    if in_group:
        statement = statement.where(Household.group_no == bindparam("group_no"))
    return statement.where(Household.lane == bindparam("lane")) if in_lane else statement


@cache
def _leading(in_group: bool, in_lane: bool) -> Prepared[*tuple[Any, ...]]:
    first = _listed(in_group, in_lane).where(YearTally.points > 0).order_by(YearTally.points.desc())
    return Prepared(first.limit(bindparam("most", type_=Integer)))


@cache
def _tied(in_group: bool, in_lane: bool) -> Prepared[*tuple[Any, ...]]:
    return Prepared(_listed(in_group, in_lane).where(YearTally.points == bindparam("last")))


def _total(row: tuple[Any, ...]) -> Total:
    points, number, household_id, head, group_no, name_consent = row
    return Total(points, number, household_id, 0, head, group_no, name_consent, None)


_mine, _me = aliased(YearTally), aliased(Household)
_above = select(func.count()).where(*_of_year, YearTally.points > _mine.points).scalar_subquery()
# few, and found by an index of their own; joining all who stand above to their households would cost far more. Their
# points are looked up one by one: as a join, SQLite would begin with all who stand above (108 ms of 100,000)
_points_of_gone = (
    select(YearTally.points)
    .where(*_of_year, YearTally.account_id == Household.id)
    .correlate(Household)
    .scalar_subquery()
)
_gone_above = (
    select(func.count())
    .select_from(Household)
    .where(
        Household.village_id == bindparam("village_id"),
        text(f"household.{GONE}"),
        _points_of_gone > _mine.points,
    )
    .correlate(_mine)
    .scalar_subquery()
)
_PLACE = Prepared(
    select(_above - _gone_above + 1, _mine.points)
    .select_from(_mine)
    .join(_me, and_(_me.village_id == _mine.village_id, _me.id == _mine.account_id))
    .where(
        _mine.village_id == bindparam("village_id"),
        _mine.account_id == bindparam("account_id"),
        _mine.year == bindparam("year"),
        _mine.points > 0,
        _me.status == "active",
    )
)
