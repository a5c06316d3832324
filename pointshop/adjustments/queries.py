"""Reads of adjustments."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, select

from pointshop.adjustments.models import Adjustment
from pointshop.core.errors import NotFound
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.people.models import Household


class AdjustmentRow(NamedTuple):
    """An adjustment with its household's number."""

    id: str
    household_id: int
    household: str
    points: int
    reason: str
    note: str
    state: str
    proposed_at: datetime
    proposed_by: int
    decided_at: datetime | None
    decided_by: int | None
    comment: str | None


_ROW = select(
    Adjustment.id,
    Adjustment.household_id,
    Household.number,
    *(getattr(Adjustment, name) for name in AdjustmentRow._fields[3:]),
).join(Household, and_(Household.village_id == Adjustment.village_id, Household.id == Adjustment.household_id))
_BY_ID = Prepared(_ROW.where(Adjustment.village_id == bindparam("village_id"), Adjustment.id == bindparam("id")))


def get_adjustment(work: Work, village_id: int, name: str) -> AdjustmentRow:
    """Raises NotFound."""
    found: Any = _BY_ID.first(work, village_id=village_id, id=name)
    if found is None:
        raise NotFound()
    return AdjustmentRow(*found)


def adjustments(village_id: int, *, state: str | None) -> AnySelect:
    """The adjustments of a village; unordered."""
    statement: AnySelect = _ROW.where(Adjustment.village_id == village_id)
    return statement if state is None else statement.where(Adjustment.state == state)
