"""Reads of gifts."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from pointshop.core.errors import NotFound
from pointshop.core.periods import Period
from pointshop.core.text import mask_name
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.gifts.models import Gift
from pointshop.people.models import Household


class GiftRow(NamedTuple):
    """A gift with the numbers of both households."""

    id: str
    household_id: int
    household: str
    to_household_id: int
    to_household: str
    points: int
    occurred_on: date
    note: str | None
    state: str
    entry_seq: int
    to_entry_seq: int
    given_at: datetime
    given_by: int
    reversed_at: datetime | None
    reverse_reason: str | None
    points_back: int | None


_giver, _receiver = aliased(Household), aliased(Household)
_GIFT = (
    select(
        Gift.id,
        Gift.household_id,
        _giver.number,
        Gift.to_household_id,
        _receiver.number.label("to_number"),
        *(getattr(Gift, name) for name in GiftRow._fields[5:]),
    )
    .join(_giver, and_(_giver.village_id == Gift.village_id, _giver.id == Gift.household_id))
    .join(_receiver, and_(_receiver.village_id == Gift.village_id, _receiver.id == Gift.to_household_id))
)
_BY_ID = Prepared(_GIFT.where(Gift.village_id == bindparam("village_id"), Gift.id == bindparam("id")))


def get_gift(work: Work, village_id: int, name: str) -> GiftRow:
    """Raises NotFound."""
    found: Any = _BY_ID.first(work, village_id=village_id, id=name)
    if found is None:
        raise NotFound()
    return GiftRow(*found)


def gifts(village_id: int, *, household: str | None) -> AnySelect:
    """The gifts of a village, or those that one household gave or was given; unordered."""
    statement: AnySelect = _GIFT.where(Gift.village_id == village_id)
    if household is None:
        return statement
    return statement.where(or_(_giver.number == household, _receiver.number == household))


_in_year = (
    Gift.village_id == bindparam("village_id"),
    Gift.occurred_on.between(bindparam("first"), bindparam("last")),
)
# of a gift taken back, what the receiver had spent by then stays given
_kept = func.coalesce(func.sum(Gift.points - func.coalesce(Gift.points_back, 0)), 0)
_GIVEN = Prepared(select(_kept).where(*_in_year, Gift.household_id == bindparam("household_id")))
_RECEIVED = Prepared(select(_kept).where(*_in_year, Gift.to_household_id == bindparam("household_id")))


def points_given(work: Work, village_id: int, household_id: int, year: Period) -> int:
    """What a household gave away in a year, without the points that came back."""
    return _GIVEN.one(work, village_id=village_id, household_id=household_id, first=year.first, last=year.last)[0]


def points_received(work: Work, village_id: int, household_id: int, year: Period) -> int:
    """What a household was given in a year, without the points it gave back."""
    return _RECEIVED.one(work, village_id=village_id, household_id=household_id, first=year.first, last=year.last)[0]


class Sides(NamedTuple):
    """Who gave and who received, as the other's passbook may name them."""

    giver: str
    receiver: str


def sides_of(work: Work, village_id: int, names: Collection[str]) -> dict[str, Sides]:
    """Gift → its two sides, by group and masked name: a passbook lies open on a table, and who is in need is named in
    no list."""
    if not names:
        return {}
    statement = (
        select(Gift.id, _giver.group_no, _giver.head, _receiver.group_no.label("to_group"), _receiver.head.label("to"))
        .join(_giver, and_(_giver.village_id == Gift.village_id, _giver.id == Gift.household_id))
        .join(_receiver, and_(_receiver.village_id == Gift.village_id, _receiver.id == Gift.to_household_id))
        .where(Gift.village_id == village_id, Gift.id.in_(sorted(names)))
    )
    return {
        row.id: Sides(_called(row.group_no, row.head), _called(row.to_group, row.to)) for row in work.read(statement)
    }


def _called(group_no: int, head: str) -> str:
    return f"{group_no}组{mask_name(head)}"
