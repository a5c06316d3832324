"""Reads of re-checks."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select

from pointshop.accounts.models import User
from pointshop.core.errors import NotFound
from pointshop.core.periods import Period
from pointshop.core.work import AnySelect, Work
from pointshop.inspection.models import Finding, InspectedMerit, Inspection
from pointshop.merits.models import Merit, MeritReview, RuleVersion
from pointshop.merits.queries import JUDGED_BY
from pointshop.people.models import Household


class InspectionRow(NamedTuple):
    """A re-check as it was drawn."""

    id: str
    first_on: date
    last_on: date
    confidence: int
    margin: int
    population: int
    sample_size: int
    seed: str
    drawn_at: datetime


_COLUMNS = tuple(getattr(Inspection, name) for name in InspectionRow._fields)


def get_inspection(work: Work, village_id: int, name: str) -> InspectionRow:
    """Raises NotFound."""
    found: Any = work.read(
        select(*_COLUMNS).where(Inspection.village_id == village_id, Inspection.id == name)
    ).one_or_none()
    if found is None:
        raise NotFound()
    return InspectionRow(*found)


def inspections(village_id: int) -> AnySelect:
    """The re-checks of a village; unordered."""
    return select(*_COLUMNS).where(Inspection.village_id == village_id)


def posted_merits(work: Work, village_id: int, span: Period) -> list[str]:
    """Names of the merits posted for the days of a span: what a sample is drawn from."""
    statement = select(Merit.id).where(
        Merit.village_id == village_id, Merit.state == "posted", Merit.occurred_on.between(span.first, span.last)
    )
    return [name for (name,) in work.read(statement)]


class ItemRow(NamedTuple):
    """A merit that was drawn, as its slip shows it, and what was found."""

    item_no: int
    merit_id: str
    household_id: int
    household: str
    head: str
    group_no: int
    lane: str | None
    rule_name: str
    quantity: int
    per: str
    points: int
    occurred_on: date
    note: str
    logged_by: int
    logger: str | None
    outcome: str | None
    finding: str | None


def items_of(work: Work, village_id: int, inspection_id: str) -> list[ItemRow]:
    """The sample in the order of its slips."""
    statement = (
        select(
            InspectedMerit.item_no,
            Merit.id,
            Merit.household_id,
            Household.number,
            Household.head,
            Household.group_no,
            Household.lane,
            RuleVersion.name,
            Merit.quantity,
            RuleVersion.per,
            Merit.points,
            Merit.occurred_on,
            Merit.note,
            Merit.logged_by,
            User.name,
            Finding.outcome,
            Finding.note,
        )
        .join(Merit, and_(Merit.village_id == InspectedMerit.village_id, Merit.id == InspectedMerit.merit_id))
        .join(RuleVersion, JUDGED_BY)
        .join(Household, and_(Household.village_id == Merit.village_id, Household.id == Merit.household_id))
        .outerjoin(User, User.id == Merit.logged_by)
        .outerjoin(
            Finding,
            and_(
                Finding.village_id == InspectedMerit.village_id,
                Finding.inspection_id == InspectedMerit.inspection_id,
                Finding.merit_id == InspectedMerit.merit_id,
            ),
        )
        .where(InspectedMerit.village_id == village_id, InspectedMerit.inspection_id == inspection_id)
        .order_by(InspectedMerit.item_no)
    )
    rows: Any = work.read(statement)
    return [ItemRow(*row) for row in rows]


def has_signed(work: Work, village_id: int, merit_id: str, user_id: int) -> bool:
    """Whether a user was among the reviewers of a merit."""
    count = select(func.count()).where(
        MeritReview.village_id == village_id, MeritReview.merit_id == merit_id, MeritReview.reviewer_id == user_id
    )
    return work.read(count).scalar_one() > 0
