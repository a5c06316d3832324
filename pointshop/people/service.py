"""What is done with households, members and cards."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update

from pointshop.core.codes import new_code
from pointshop.core.errors import Invalid
from pointshop.core.numbers import take_numbers
from pointshop.core.strictjson import dumps
from pointshop.core.work import Change, Prepared, Work
from pointshop.ledger import service as ledger
from pointshop.ledger.service import Posting
from pointshop.people.models import Card, CardLink, Household, Member
from pointshop.people.pinyin import search_key
from pointshop.people.queries import (
    CardRow,
    HouseholdRow,
    MemberRow,
    find_household,
    list_members,
)


class HouseholdData(NamedTuple):
    """What the register says of a household. members: None leaves them as they are."""

    head: str
    group_no: int
    lane: str | None
    address: str | None
    phone: str | None
    name_consent: bool | None
    members: Sequence[dict[str, Any]] | None


_MEMBER_VALUES = ("name", "birth_year", "party_member", "volunteer", "name_consent")
_HOUSEHOLD_VALUES = ("head", "group_no", "lane", "address", "phone", "name_consent", "search_key")
_ADD = Change(insert(Household))
_CHANGE = Change(
    update(Household)
    .where(Household.village_id == bindparam("in_village"), Household.id == bindparam("household_id"))
    .values({name: bindparam(f"new_{name}") for name in _HOUSEHOLD_VALUES})
)
_ADD_MEMBER = Change(insert(Member))


def put_household(
    work: Work, village_id: int, number: str, data: HouseholdData, *, actor_id: int, opening_points: int = 0
) -> bool:
    """Register a household or bring its entry up to date; returns whether it is new.

    opening_points: what a new household brings from the paper books; ignored for one that exists.
    """
    found = find_household(work, village_id, number)
    if found is None:
        household_id = _add(work, village_id, number, data)
        if opening_points:
            _open_with(work, village_id, household_id, opening_points, actor_id=actor_id)
        _write_members(work, village_id, household_id, (), data.members or ())
        return True
    present = list_members(work, village_id, found.id)
    if not says(found, present, data):
        members = data.members if data.members is not None else [member_data(member) for member in present]
        _change(work, village_id, found, data._replace(members=members))
        _write_members(work, village_id, found.id, present, members)
    return False


def issue_card(work: Work, village_id: int, household: HouseholdRow, *, card_id: str) -> CardRow:
    """A new card for a household; the one before is dead from now on. Raises Invalid for a household that left."""
    if household.status != "active":
        raise Invalid(errors={"number": ["该户已迁出或已合并，不能发卡"]})
    ledger.lock_account(work, village_id, household.id)
    work.write(
        update(Card)
        .where(Card.village_id == village_id, Card.household_id == household.id, Card.revoked_at.is_(None))
        .values(revoked_at=work.now)
    )
    (serial,) = _LAST_SERIAL.one(work, village_id=village_id, household_id=household.id)
    card = CardRow(new_code(), serial + 1)
    work.write(
        insert(Card).values(
            village_id=village_id,
            id=card_id,
            household_id=household.id,
            code=card.code,
            serial=card.serial,
            issued_at=work.now,
        )
    )
    work.write(insert(CardLink).values(code=card.code, village_id=village_id))
    return card


_LAST_SERIAL = Prepared(
    select(func.coalesce(func.max(Card.serial), 0)).where(
        Card.village_id == bindparam("village_id"), Card.household_id == bindparam("household_id")
    )
)


def says(found: HouseholdRow, present: Sequence[MemberRow], data: HouseholdData) -> bool:
    """Whether the register already says just this, so that the same import changes nothing."""
    same = (found.head, found.group_no, found.lane, found.address, found.phone, found.name_consent)
    if same != data[:6]:
        return False
    if data.members is None:
        return True
    # who comes first in a list says nothing
    return sorted(map(_as_text, map(member_data, present))) == sorted(map(_as_text, data.members))


def _as_text(person: dict[str, Any]) -> str:
    return dumps({name: person[name] for name in _MEMBER_VALUES})


def member_data(member: MemberRow) -> dict[str, Any]:
    """A member as `HouseholdData` has it."""
    return {name: getattr(member, name) for name in _MEMBER_VALUES}


def _values(number: str, data: HouseholdData) -> dict[str, Any]:
    names = [data.head, *(member["name"] for member in data.members or ())]
    return data._asdict() | {"search_key": search_key(names, number)}


def _add(work: Work, village_id: int, number: str, data: HouseholdData) -> int:
    (household_id,) = take_numbers(work, village_id, "household")
    ledger.open_account(work, village_id, household_id)
    values = _values(number, data)
    _ADD.run(
        work,
        village_id=village_id,
        id=household_id,
        number=number,
        status="active",
        registered_at=work.now,
        **{name: values[name] for name in _HOUSEHOLD_VALUES},
    )
    return household_id


def _change(work: Work, village_id: int, found: HouseholdRow, data: HouseholdData) -> None:
    values = _values(found.number, data)
    _CHANGE.run(
        work,
        in_village=village_id,
        household_id=found.id,
        **{f"new_{name}": values[name] for name in _HOUSEHOLD_VALUES},
    )


def _open_with(work: Work, village_id: int, household_id: int, points: int, *, actor_id: int) -> None:
    opening = Posting(household_id, points, "adjust", "opening", work.today, "opening", _opening_name(household_id))
    ledger.post(work, village_id, opening, actor_id=actor_id)


def _opening_name(household_id: int) -> str:
    return f"00000000-0000-4000-8000-{household_id:012d}"


def _write_members(
    work: Work,
    village_id: int,
    household_id: int,
    present: Sequence[MemberRow],
    wanted: Sequence[dict[str, Any]],
) -> None:
    """Keep the ids of those who stay (same name, no other birth year), add the new, let go the gone."""
    stay = _who_stays(present, wanted)
    for place, member in stay.items():
        work.write(
            update(Member).where(Member.village_id == village_id, Member.id == member.id).values(**wanted[place])
        )
    left = [member for member in present if member not in stay.values()]
    added = [person for place, person in enumerate(wanted) if place not in stay]
    if left:
        gone = [member.id for member in left]
        work.write(update(Member).where(Member.village_id == village_id, Member.id.in_(gone)).values(is_former=True))
    if added:
        ids = take_numbers(work, village_id, "member", count=len(added))
        fixed = {"village_id": village_id, "household_id": household_id, "is_former": False}
        _ADD_MEMBER.run_all(work, [fixed | {"id": number} | person for number, person in zip(ids, added, strict=True)])


def _who_stays(present: Sequence[MemberRow], wanted: Sequence[dict[str, Any]]) -> dict[int, MemberRow]:
    """Place in `wanted` → the member that it is. Of two who share a name, years decide before places do."""
    stay: dict[int, MemberRow] = {}
    left = list(present)
    for place in sorted(range(len(wanted)), key=lambda place: wanted[place]["birth_year"] is None):
        alike = [member for member in left if _is_same(member, wanted[place])]
        exact = [member for member in alike if member.birth_year == wanted[place]["birth_year"]]
        if alike:
            stay[place] = (exact or alike)[0]
            left.remove(stay[place])
    return stay


def _is_same(member: MemberRow, person: dict[str, Any]) -> bool:
    years = {member.birth_year, person["birth_year"]} - {None}
    return member.name == person["name"] and len(years) < 2
