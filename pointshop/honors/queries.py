"""Reads of rankings: always from the tallies of the months asked for, so that history costs nothing."""

from typing import Any, NamedTuple

from sqlalchemy import CTE, BigInteger, Select, and_, cast, func, select

from pointshop.core.periods import Period
from pointshop.core.work import AnySelect, Work
from pointshop.honors.rules import Total
from pointshop.ledger.models import Tally
from pointshop.people.models import Household, Member
from pointshop.regions.models import Region
from pointshop.regions.rules import VILLAGE_LEVEL


class Scope(NamedTuple):
    """Who is ranked and for what. subject: household or member; None: no limit."""

    period: Period
    subject: str = "household"
    group_no: int | None = None
    lane: str | None = None
    category: str | None = None


class Standing(NamedTuple):
    """Where one household stands; place None without points. of: how many households have points."""

    place: int | None
    points: int
    of: int


class VillageTotal(NamedTuple):
    """A village in the ranking of a region. number: its code. points: of its active households."""

    points: int
    number: str
    name: str
    active_households: int
    households: int


_HOUSEHOLD = (
    Household.number,
    Household.id.label("household_id"),
    Household.head,
    Household.group_no,
    Household.name_consent,
)


def leaders(work: Work, village_id: int, scope: Scope, *, places: int) -> list[Total]:
    """The totals of the first `places` and of all who tie with the last of them, in any order; only points > 0.

    Active households only, and members who still belong to one.
    """
    listed = (_members if scope.subject == "member" else _households)(village_id, scope).cte("listed")
    last = select(listed.c.points).order_by(listed.c.points.desc()).limit(1).offset(places - 1).scalar_subquery()
    rows = work.read(select(listed).where(listed.c.points >= func.coalesce(last, 1)))
    return [(_member_total if scope.subject == "member" else _household_total)(row) for row in rows]


def standing(work: Work, village_id: int, household_id: int, period: Period) -> Standing:
    """The place of one household among the active ones of its village."""
    listed = _households(village_id, Scope(period)).cte("listed")
    mine = select(listed.c.points).where(listed.c.household_id == household_id).scalar_subquery()
    above = func.count().filter(listed.c.points > mine)
    points, higher, of = work.read(select(mine, above, func.count()).select_from(listed)).one()
    return Standing(None if points is None else higher + 1, points or 0, of)


def villages_of(work: Work, path: str, period: Period) -> list[VillageTotal]:
    """Every village in the region of `path` with what its active households were honoured for."""
    inside = select(Region.village_id).where(
        Region.level == VILLAGE_LEVEL, Region.path.startswith(path, autoescape=True)
    )
    statement = _villages(inside, period).execution_options(all_villages=True)
    return [VillageTotal(*row) for row in work.read(statement)]


def _sums(village_id: int, scope: Scope, who: Any) -> CTE:
    months = scope.period.months()
    # SUM of BIGINT is NUMERIC on PostgreSQL
    points = cast(func.sum(Tally.points), BigInteger)
    statement = (
        select(who.label("who"), points.label("points"))
        .where(Tally.village_id == village_id, Tally.month.between(months[0], months[-1]))
        .group_by(who)
        .having(points > 0)
    )
    if scope.category is not None:
        statement = statement.where(Tally.category == scope.category)
    return (statement.where(Tally.member_id > 0) if scope.subject == "member" else statement).cte("sums")


def _households(village_id: int, scope: Scope) -> AnySelect:
    sums = _sums(village_id, scope, Tally.account_id)
    statement: AnySelect = (
        select(sums.c.points, *_HOUSEHOLD)
        .select_from(sums)
        .join(Household, and_(Household.village_id == village_id, Household.id == sums.c.who))
    )
    return _in_place(statement, village_id, scope)


def _members(village_id: int, scope: Scope) -> AnySelect:
    sums = _sums(village_id, scope, Tally.member_id)
    statement: AnySelect = (
        select(
            sums.c.points,
            *_HOUSEHOLD,
            Member.id.label("member_id"),
            Member.name,
            Member.birth_year,
            Member.name_consent.label("own_consent"),
        )
        .select_from(sums)
        .join(Member, and_(Member.village_id == village_id, Member.id == sums.c.who, Member.is_former.is_(False)))
        .join(Household, and_(Household.village_id == village_id, Household.id == Member.household_id))
    )
    return _in_place(statement, village_id, scope)


def _in_place(statement: AnySelect, village_id: int, scope: Scope) -> AnySelect:
    statement = statement.where(Household.village_id == village_id, Household.status == "active")
    if scope.group_no is not None:
        statement = statement.where(Household.group_no == scope.group_no)
    return statement if scope.lane is None else statement.where(Household.lane == scope.lane)


def _household_total(row: Any) -> Total:
    return Total(row.points, row.number, row.household_id, 0, row.head, row.group_no, row.name_consent, None)


def _member_total(row: Any) -> Total:
    """Whoever is the head may have been asked as such."""
    consent = row.name_consent if row.own_consent is None and row.name == row.head else row.own_consent
    return Total(
        row.points, row.number, row.household_id, row.member_id, row.name, row.group_no, consent, row.birth_year
    )


def _villages(inside: Select[Any], period: Period) -> AnySelect:
    months = period.months()
    points = cast(func.sum(Tally.points), BigInteger)
    sums = (
        select(Tally.village_id, Tally.account_id, points.label("points"))
        .where(Tally.village_id.in_(inside), Tally.month.between(months[0], months[-1]))
        .group_by(Tally.village_id, Tally.account_id)
        .having(points > 0)
        .cte("sums")
    )
    present = (
        select(
            Household.village_id,
            func.count().label("households"),
            func.count(sums.c.points).label("active"),
            cast(func.coalesce(func.sum(sums.c.points), 0), BigInteger).label("points"),
        )
        .outerjoin(sums, and_(sums.c.village_id == Household.village_id, sums.c.account_id == Household.id))
        .where(Household.village_id.in_(inside), Household.status == "active")
        .group_by(Household.village_id)
        .cte("present")
    )
    return (
        select(
            func.coalesce(present.c.points, 0),
            Region.code,
            Region.name,
            func.coalesce(present.c.active, 0),
            func.coalesce(present.c.households, 0),
        )
        .outerjoin(present, present.c.village_id == Region.village_id)
        .where(Region.village_id.in_(inside))
    )
