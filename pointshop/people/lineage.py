"""What became of households: their changes, and who goes on for one that is no more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, insert, or_, select
from sqlalchemy.orm import aliased

from pointshop.core.work import Change, Work
from pointshop.people.models import Household, HouseholdChange

_ADD = Change(insert(HouseholdChange))
_NONE: dict[str, Any] = dict.fromkeys(("household_id", "to_household_id", "other_village", "handover_id", "note"))


class ChangeRow(NamedTuple):
    """A change; households by number."""

    id: str
    kind: str
    household: str | None
    to_household: str | None
    points: int
    other_village: str | None
    note: str | None
    changed_at: datetime


_from, _to = aliased(Household), aliased(Household)


def record_change(
    work: Work, village_id: int, change_id: str, kind: str, said: Mapping[str, Any], *, actor_id: int
) -> None:
    """Write a change down. said: points, and of the other columns those that its kind has."""
    row = _NONE | dict(said) | {"village_id": village_id, "id": change_id, "kind": kind}
    _ADD.run(work, **row, changed_at=work.now, actor_id=actor_id)


def changes_of(work: Work, village_id: int, household_id: int) -> list[ChangeRow]:
    """The changes a household was part of, the earliest first."""
    statement = (
        select(
            HouseholdChange.id,
            HouseholdChange.kind,
            _from.number,
            _to.number,
            HouseholdChange.points,
            HouseholdChange.other_village,
            HouseholdChange.note,
            HouseholdChange.changed_at,
        )
        .outerjoin(
            _from, and_(_from.village_id == HouseholdChange.village_id, _from.id == HouseholdChange.household_id)
        )
        .outerjoin(_to, and_(_to.village_id == HouseholdChange.village_id, _to.id == HouseholdChange.to_household_id))
        .where(
            HouseholdChange.village_id == village_id,
            or_(HouseholdChange.household_id == household_id, HouseholdChange.to_household_id == household_id),
        )
        .order_by(HouseholdChange.changed_at, HouseholdChange.id)
    )
    return [ChangeRow(*row) for row in work.read(statement)]


def successor_of(work: Work, village_id: int, household_id: int) -> str | None:
    """The number of the household that goes on for one that was merged, however often; None for one that lives."""
    number, at = None, household_id
    while found := work.read(_merged_into(village_id, at)).first():
        at, number = found
    return number


def _merged_into(village_id: int, household_id: int) -> Any:
    return (
        select(Household.id, Household.number)
        .join(
            HouseholdChange,
            and_(HouseholdChange.village_id == Household.village_id, HouseholdChange.to_household_id == Household.id),
        )
        .where(
            HouseholdChange.village_id == village_id,
            HouseholdChange.household_id == household_id,
            HouseholdChange.kind == "merge",
        )
    )
