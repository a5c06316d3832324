"""Reads of rules and merits."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, text
from sqlalchemy.orm import aliased

from pointshop.core.errors import NotFound
from pointshop.core.periods import Period
from pointshop.core.policy import GridCell
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.ledger.models import Account, Entry
from pointshop.merits.models import WAITING, DeclaredConflict, Merit, MeritReview, Photo, RuleVersion
from pointshop.people.models import Household
from pointshop.people.queries import inside

#: The version of a rule that judged a merit.
JUDGED_BY = and_(
    RuleVersion.village_id == Merit.village_id,
    RuleVersion.code == Merit.rule_code,
    RuleVersion.version == Merit.rule_version,
)
_other = aliased(RuleVersion)


def newest_on(day: date | ColumnElement[date]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether a version is the one in force on `day`: of those that had begun by then, the last that was decided.

    Not the one that began last: a correction made today also replaces what was scheduled before for next month.
    """
    return RuleVersion.effective_from <= day, ~(
        select(1)
        .where(
            _other.village_id == RuleVersion.village_id,
            _other.code == RuleVersion.code,
            _other.effective_from <= day,
            _other.version > RuleVersion.version,
        )
        .exists()
    )


class MeritRow(NamedTuple):
    """A merit with what is needed to show, review, post and reverse it."""

    id: str
    household_id: int
    number: str
    group_no: int
    lane: str | None
    member_id: int | None
    rule: str
    rule_version: int
    rule_name: str
    category: str
    track: str
    quantity: int
    points: int
    occurred_on: date
    note: str
    state: str
    levels_needed: int
    due_on: date | None
    entry_seq: int | None
    batch_id: str | None
    logged_at: datetime
    logged_by: int
    end_reason: str | None
    household_status: str
    #: logged for the logger's own family: a higher region signs it
    self_dealing: bool
    head: str


_MERIT = (
    select(
        Merit.id,
        Merit.household_id,
        Household.number,
        Household.group_no,
        Household.lane,
        Merit.member_id,
        Merit.rule_code,
        Merit.rule_version,
        RuleVersion.name,
        RuleVersion.category,
        RuleVersion.track,
        Merit.quantity,
        Merit.points,
        Merit.occurred_on,
        Merit.note,
        Merit.state,
        Merit.levels_needed,
        Merit.due_on,
        Merit.entry_seq,
        Merit.batch_id,
        Merit.logged_at,
        Merit.logged_by,
        Merit.end_reason,
        Household.status,
        DeclaredConflict.merit_id.is_not(None),
        Household.head,
    )
    .join(Household, and_(Household.village_id == Merit.village_id, Household.id == Merit.household_id))
    .join(RuleVersion, JUDGED_BY)
    .outerjoin(
        DeclaredConflict,
        and_(DeclaredConflict.village_id == Merit.village_id, DeclaredConflict.merit_id == Merit.id),
    )
)
_BY_ID = Prepared(_MERIT.where(Merit.village_id == bindparam("village_id"), Merit.id == bindparam("id")))
_due = (
    Merit.village_id == bindparam("village_id"),
    Merit.due_on <= bindparam("today"),
    text(f"merit.{WAITING}"),
)
_HOUSEHOLDS_DUE = Prepared(
    select(Merit.household_id)
    .join(Account, and_(Account.village_id == Merit.village_id, Account.id == Merit.household_id))
    .join(Household, and_(Household.village_id == Merit.village_id, Household.id == Merit.household_id))
    .where(*_due, Account.status == "active", Household.status == "active")
    .distinct()
    .order_by(Merit.household_id)
)
_DUE = Prepared(_MERIT.where(*_due, Merit.household_id == bindparam("household_id")).order_by(Merit.due_on, Merit.id))


def find_merit(work: Work, village_id: int, name: str) -> MeritRow | None:
    found: Any = _BY_ID.first(work, village_id=village_id, id=name)
    return MeritRow(*found) if found else None


def get_merit(work: Work, village_id: int, name: str) -> MeritRow:
    """Raises NotFound."""
    found = find_merit(work, village_id, name)
    if found is None:
        raise NotFound()
    return found


def merits_named(work: Work, village_id: int, names: Sequence[str]) -> dict[str, MeritRow]:
    """Name → the merit, for many at once."""
    rows: Any = work.read(_MERIT.where(Merit.village_id == village_id, Merit.id.in_(names)))
    return {row[0]: MeritRow(*row) for row in rows}


def households_due(work: Work, village_id: int) -> list[int]:
    """Households with a merit whose notice period has ended; one that is frozen or has left waits."""
    return [household_id for (household_id,) in _HOUSEHOLDS_DUE.all(work, village_id=village_id, today=work.today)]


def due_merits(work: Work, village_id: int, household_id: int) -> list[MeritRow]:
    """A household's noticed merits whose period has ended."""
    rows: Any = _DUE.all(work, village_id=village_id, household_id=household_id, today=work.today)
    return [MeritRow(*row) for row in rows]


def merits(
    village_id: int, filters: dict[str, Any], *, grid: tuple[GridCell, ...] | None, logged_by: int | None = None
) -> AnySelect:
    """Merits by state, household number, days and category; grid: only in these cells, None for everywhere.

    logged_by: of one user only.
    """
    statement: AnySelect = _MERIT.where(Merit.village_id == village_id)
    if logged_by is not None:
        statement = statement.where(Merit.logged_by == logged_by)
    if filters["state"] is not None:
        statement = statement.where(Merit.state == filters["state"])
    if filters["household"] is not None:
        statement = statement.where(Household.number == filters["household"])
    if filters["category"] is not None:
        statement = statement.where(RuleVersion.category == filters["category"])
    if filters["first"] is not None:
        statement = statement.where(Merit.occurred_on >= filters["first"])
    if filters["last"] is not None:
        statement = statement.where(Merit.occurred_on <= filters["last"])
    if grid is not None:
        statement = statement.where(or_(False, *(inside(cell) for cell in grid)))
    return statement


_SIGNATURES = Prepared(
    select(MeritReview.level, MeritReview.reviewer_id)
    .where(MeritReview.village_id == bindparam("village_id"), MeritReview.merit_id == bindparam("merit_id"))
    .order_by(MeritReview.level)
)


def signatures_on(work: Work, village_id: int, merit_id: str) -> list[tuple[int, int]]:
    """(level, reviewer) of each signature a merit has."""
    return _SIGNATURES.all(work, village_id=village_id, merit_id=merit_id)


def signed_above(work: Work, village_id: int, span: Period) -> set[int]:
    """Households with a posted deed of a span that was logged by their own family and signed above the village."""
    statement = (
        select(Merit.household_id)
        .join(
            DeclaredConflict,
            and_(DeclaredConflict.village_id == Merit.village_id, DeclaredConflict.merit_id == Merit.id),
        )
        .where(
            Merit.village_id == village_id, Merit.state == "posted", Merit.occurred_on.between(span.first, span.last)
        )
        .distinct()
    )
    return {household_id for (household_id,) in work.read(statement)}


_POSTED_POINTS = Prepared(
    select(Entry.points).where(
        Entry.village_id == bindparam("village_id"),
        Entry.account_id == bindparam("account_id"),
        Entry.seq == bindparam("seq"),
    )
)


def points_posted(work: Work, village_id: int, merit: MeritRow) -> int:
    """What a merit's line really moved."""
    if merit.entry_seq is None:
        return 0
    return _POSTED_POINTS.one(work, village_id=village_id, account_id=merit.household_id, seq=merit.entry_seq)[0]


def rejections_of(work: Work, village_id: int, merit_ids: Sequence[str]) -> dict[str, str]:
    """Merit → why it was rejected, for those that were, with a word on it."""
    if not merit_ids:
        return {}
    statement = select(MeritReview.merit_id, MeritReview.comment).where(
        MeritReview.village_id == village_id,
        MeritReview.merit_id.in_(merit_ids),
        MeritReview.decision == "reject",
        MeritReview.comment.is_not(None),
    )
    return {row.merit_id: row.comment for row in work.read(statement)}


class RuleRow(NamedTuple):
    """A version of a rule."""

    code: str
    version: int
    category: str
    name: str
    points: int
    per: str
    cap: int | None
    cap_period: str | None
    evidence: str | None
    track: str
    is_active: bool
    effective_from: date


_RULE_COLUMNS = tuple(getattr(RuleVersion, name) for name in RuleRow._fields)


def rules_on(village_id: int, day: date) -> AnySelect:
    """The rules in force on a day."""
    return select(*_RULE_COLUMNS).where(RuleVersion.village_id == village_id, RuleVersion.is_active, *newest_on(day))


def find_newest_rule(work: Work, village_id: int, code: str) -> RuleRow | None:
    """The last version that was decided, in force or not."""
    statement = (
        select(*_RULE_COLUMNS)
        .where(RuleVersion.village_id == village_id, RuleVersion.code == code)
        .order_by(RuleVersion.version.desc())
        .limit(1)
    )
    found = work.read(statement).first()
    return RuleRow(*found) if found else None


def photos_of(work: Work, village_id: int, merit_ids: Sequence[str]) -> dict[str, list[str]]:
    """Merit → names of its photos."""
    statement = (
        select(Photo.merit_id, Photo.id)
        .where(Photo.village_id == village_id, Photo.merit_id.in_(merit_ids))
        .order_by(Photo.merit_id, Photo.uploaded_at, Photo.id)
    )
    found: dict[str, list[str]] = {}
    for merit_id, photo_id in work.read(statement):
        found.setdefault(merit_id, []).append(photo_id)
    return found
