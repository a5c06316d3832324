"""Reads of vetoes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, SQLColumnExpression, and_, bindparam, func, select

from pointshop.core.errors import NotFound
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.people.models import Household
from pointshop.vetoes.models import Appeal, Veto

_EFFECTS = {"no_award": Veto.no_award, "no_honor": Veto.no_honor, "no_redemption": Veto.no_redemption}


def in_force(effect: str, day: date | ColumnElement[date]) -> tuple[ColumnElement[bool], ...]:
    """Whether a veto with an effect counts on a day. Its end needs nobody: the day alone decides."""
    return _EFFECTS[effect].is_(True), Veto.from_on <= day, Veto.until_on >= day, Veto.ended_at.is_(None)


def suspended_until(
    village_id: SQLColumnExpression[int], household_id: SQLColumnExpression[int], day: ColumnElement[date]
) -> ScalarSelect[date]:
    """The last day on which a household may not redeem, as a column of another statement; NULL where it may."""
    return (
        select(func.max(Veto.until_on))
        .where(Veto.village_id == village_id, Veto.household_id == household_id, *in_force("no_redemption", day))
        .scalar_subquery()
    )


def barred(work: Work, village_id: int, effect: str) -> set[int]:
    """Ids of the households that an effect (of EFFECTS) holds for today."""
    statement = select(Veto.household_id).where(Veto.village_id == village_id, *in_force(effect, work.today))
    return {household_id for (household_id,) in work.read(statement)}


class VetoRow(NamedTuple):
    """A veto with its household's number."""

    id: str
    household_id: int
    household: str
    reason: str
    evidence: str
    decided_by: str
    from_on: date
    until_on: date
    no_award: bool
    no_honor: bool
    no_redemption: bool
    recorded_at: datetime
    recorded_by: int
    ended_at: datetime | None
    end_reason: str | None

    def is_in_force(self, day: date) -> bool:
        return self.ended_at is None and self.from_on <= day <= self.until_on


_VETO = select(
    Veto.id,
    Veto.household_id,
    Household.number,
    *(getattr(Veto, name) for name in VetoRow._fields[3:]),
).join(Household, and_(Household.village_id == Veto.village_id, Household.id == Veto.household_id))
_BY_ID = Prepared(_VETO.where(Veto.village_id == bindparam("village_id"), Veto.id == bindparam("id")))


def get_veto(work: Work, village_id: int, name: str) -> VetoRow:
    """Raises NotFound."""
    found: Any = _BY_ID.first(work, village_id=village_id, id=name)
    if found is None:
        raise NotFound()
    return VetoRow(*found)


def vetoes(village_id: int, *, household: str | None) -> AnySelect:
    """The vetoes of a village or of one household of it; unordered."""
    statement: AnySelect = _VETO.where(Veto.village_id == village_id)
    return statement if household is None else statement.where(Household.number == household)


class AppealRow(NamedTuple):
    """An appeal, decided or not."""

    id: str
    veto_id: str
    grounds: str
    made_at: datetime
    decision: str | None
    answer: str | None
    decided_at: datetime | None


_APPEAL = tuple(getattr(Appeal, name) for name in AppealRow._fields)


def appeals_of(work: Work, village_id: int, veto_ids: Sequence[str]) -> dict[str, list[AppealRow]]:
    """Veto → its appeals, in the order they were made."""
    statement = (
        select(*_APPEAL)
        .where(Appeal.village_id == village_id, Appeal.veto_id.in_(veto_ids))
        .order_by(Appeal.made_at, Appeal.id)
    )
    found: dict[str, list[AppealRow]] = {veto_id: [] for veto_id in veto_ids}
    for row in work.read(statement):
        found[row.veto_id].append(AppealRow(*row))
    return found


def get_appeal(work: Work, village_id: int, veto_id: str, name: str) -> AppealRow:
    """Raises NotFound."""
    statement = select(*_APPEAL).where(Appeal.village_id == village_id, Appeal.veto_id == veto_id, Appeal.id == name)
    found: Any = work.read(statement).first()
    if found is None:
        raise NotFound()
    return AppealRow(*found)
