"""Reads of ties."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, bindparam, select

from pointshop.accounts.models import User
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.kinship.models import Tie
from pointshop.people.models import Household


def is_tied_to(
    user_id: SQLColumnExpression[int], village_id: SQLColumnExpression[int], household_id: SQLColumnExpression[int]
) -> ColumnElement[bool]:
    """Whether a user has to step aside for a household, as a condition inside another statement."""
    return (
        select(1)
        .where(
            Tie.village_id == village_id,
            Tie.user_id == user_id,
            Tie.household_id == household_id,
            Tie.ended_at.is_(None),
        )
        .exists()
    )


_TIED = Prepared(
    select(Tie.relation).where(
        Tie.village_id == bindparam("village_id"),
        Tie.user_id == bindparam("user_id"),
        Tie.household_id == bindparam("household_id"),
        Tie.ended_at.is_(None),
    )
)


def is_tied(work: Work, village_id: int, user_id: int, household_id: int) -> bool:
    """Whether a user has to step aside for a household."""
    return _TIED.first(work, village_id=village_id, user_id=user_id, household_id=household_id) is not None


def tied_among(work: Work, village_id: int, user_id: int, household_ids: Collection[int]) -> set[int]:
    """Those of the households for which a user has to step aside."""
    statement = select(Tie.household_id).where(
        Tie.village_id == village_id,
        Tie.user_id == user_id,
        Tie.household_id.in_(sorted(household_ids)),
        Tie.ended_at.is_(None),
    )
    return {household_id for (household_id,) in work.read(statement)}


class TieRow(NamedTuple):
    """A tie in force."""

    household_id: int
    username: str
    name: str
    household: str
    head: str
    relation: str
    declared_at: datetime


def ties(village_id: int) -> AnySelect:
    """The ties in force in a village; unordered."""
    return (
        select(
            Tie.household_id, User.username, User.name, Household.number, Household.head, Tie.relation, Tie.declared_at
        )
        .join(User, User.id == Tie.user_id)
        .join(Household, and_(Household.village_id == Tie.village_id, Household.id == Tie.household_id))
        .where(Tie.village_id == village_id, Tie.ended_at.is_(None))
    )


def ties_of(work: Work, village_id: int, user_id: int) -> list[TieRow]:
    """A user's ties in force, by household number."""
    statement = ties(village_id).where(Tie.user_id == user_id).order_by(Household.number)
    return [TieRow(*row) for row in work.read(statement)]
