"""What logging looks up: the village's settings, the household, the rule in force, what was logged before."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import String, and_, bindparam, case, cast, func, select, text

from pointshop.core.work import Prepared, Work
from pointshop.ledger.models import Account
from pointshop.merits.models import LIVE, Merit, RuleVersion
from pointshop.merits.queries import JUDGED_BY, newest_on
from pointshop.merits.rules import JudgingRule
from pointshop.people.models import Household, Member
from pointshop.regions.models import Village

_RULE_COLUMNS = (
    RuleVersion.code,
    RuleVersion.version,
    RuleVersion.category,
    RuleVersion.name,
    RuleVersion.points,
    RuleVersion.cap,
    RuleVersion.cap_period,
    RuleVersion.track,
)


class LogContext(NamedTuple):
    """What logging a merit needs to know, in one look-up; None in household or rule where there is none."""

    review_levels: int
    notice_days: int
    backdate_days: int
    period_budget: int | None
    household_id: int | None
    group_no: int | None
    lane: str | None
    status: str | None
    balance: int | None
    rule: JudgingRule | None


_day = bindparam("day", type_=RuleVersion.effective_from.type)
_CONTEXT = Prepared(
    select(
        Village.review_levels,
        Village.notice_days,
        Village.backdate_days,
        Village.period_budget,
        Household.id,
        Household.group_no,
        Household.lane,
        Account.status,
        Account.balance,
        *_RULE_COLUMNS,
    )
    .select_from(Village)
    .outerjoin(Household, and_(Household.village_id == Village.village_id, Household.number == bindparam("number")))
    .outerjoin(Account, and_(Account.village_id == Village.village_id, Account.id == Household.id))
    .outerjoin(
        RuleVersion,
        and_(
            RuleVersion.village_id == Village.village_id,
            RuleVersion.code == bindparam("rule"),
            RuleVersion.is_active,
            *newest_on(_day),
        ),
    )
    .where(Village.village_id == bindparam("village_id"))
)


def log_context(work: Work, village_id: int, *, number: str | None, rule: str, day: date) -> LogContext:
    """Settings of the village, the household of a number, and the rule in force on a day."""
    row: Any = _CONTEXT.one(work, village_id=village_id, number=number, rule=rule, day=day)
    judging = JudgingRule(*row[9:]) if row[9] is not None else None
    return LogContext._make([*row[:9], judging])


_live = text(f"merit.{LIVE}")
_USED = Prepared(
    select(
        func.coalesce(func.sum(Merit.quantity), 0),
        func.max(
            case(
                (
                    and_(
                        Merit.occurred_on == bindparam("day"),
                        func.coalesce(Merit.member_id, 0) == bindparam("member_id"),
                        Merit.note == bindparam("note"),
                    ),
                    # PostgreSQL has no max(uuid)
                    cast(Merit.id, String(36)),
                )
            )
        ),
    ).where(
        Merit.village_id == bindparam("village_id"),
        Merit.household_id == bindparam("household_id"),
        Merit.rule_code == bindparam("rule"),
        Merit.occurred_on.between(bindparam("first"), bindparam("last")),
        _live,
    )
)


class Deed(NamedTuple):
    """What makes two merits the same one."""

    household_id: int
    member_id: int | None
    rule: str
    day: date
    note: str


def used_and_duplicate(work: Work, village_id: int, deed: Deed, *, first: date, last: date) -> tuple[int, str | None]:
    """Quantity that counts against the cap between two days, and the name of a merit for the very same deed."""
    return _USED.one(
        work,
        village_id=village_id,
        household_id=deed.household_id,
        member_id=deed.member_id or 0,
        rule=deed.rule,
        day=deed.day,
        note=deed.note,
        first=first,
        last=last,
    )


class EarlierMerit(NamedTuple):
    household_id: int
    member_id: int | None
    occurred_on: date
    note: str
    quantity: int
    id: str


def earlier_merits(
    work: Work, village_id: int, household_ids: Sequence[int], rule: str, *, first: date, last: date
) -> list[EarlierMerit]:
    """The live merits of many households under one rule between two days."""
    statement = select(*(getattr(Merit, name) for name in EarlierMerit._fields)).where(
        Merit.village_id == village_id,
        Merit.household_id.in_(household_ids),
        Merit.rule_code == rule,
        Merit.occurred_on.between(first, last),
        _live,
    )
    return [EarlierMerit._make(row) for row in work.read(statement)]


class Place(NamedTuple):
    """Where a household is: what grids are held against."""

    id: int
    number: str
    group_no: int
    lane: str | None
    status: str


def places_of(work: Work, village_id: int, numbers: Sequence[str]) -> dict[str, Place]:
    """Number → the household, for many at once."""
    statement = (
        select(Household.id, Household.number, Household.group_no, Household.lane, Account.status)
        .join(Account, and_(Account.village_id == Household.village_id, Account.id == Household.id))
        .where(Household.village_id == village_id, Household.number.in_(numbers))
    )
    return {row.number: Place._make(row) for row in work.read(statement)}


_MEMBER = Prepared(
    select(Member.household_id).where(
        Member.village_id == bindparam("village_id"),
        Member.id == bindparam("member_id"),
        Member.is_former.is_(False),
    )
)


def household_of_member(work: Work, village_id: int, member_id: int) -> int | None:
    """The household that a present member belongs to."""
    found = _MEMBER.first(work, village_id=village_id, member_id=member_id)
    return found[0] if found else None


def households_of_members(work: Work, village_id: int, member_ids: Sequence[int]) -> dict[int, int]:
    """Member → household, of those who are present, for many at once."""
    statement = select(Member.id, Member.household_id).where(
        Member.village_id == village_id, Member.id.in_(member_ids), Member.is_former.is_(False)
    )
    return {row.id: row.household_id for row in work.read(statement)}


_ISSUED = Prepared(
    select(func.coalesce(func.sum(Merit.points), 0))
    .join(RuleVersion, JUDGED_BY)
    .where(
        Merit.village_id == bindparam("village_id"),
        Merit.occurred_on.between(bindparam("first"), bindparam("last")),
        Merit.points > 0,
        RuleVersion.track == "spend",
        _live,
    )
)


def points_issued(work: Work, village_id: int, *, first: date, last: date) -> int:
    """Spendable points of live merits between two days: what a budget is held against."""
    return _ISSUED.one(work, village_id=village_id, first=first, last=last)[0]
