"""What is done with households, members and cards."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update

from pointshop.core.codes import new_code
from pointshop.core.errors import Invalid
from pointshop.core.numbers import take_numbers
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
from pointshop.regions.queries import hold_village


class HouseholdData(NamedTuple):
    """What the register says of a household. members: None leaves them as they are."""

    head: str
    group_no: int
    lane: str | None
    address: str | None
    phone: str | None
    name_consent: bool | None
    members: Sequence[dict[str, Any]] | None


class Known(NamedTuple):
    """What the register has of a household. members: the present ones, in the order they were entered."""

    household: HouseholdRow
    members: Sequence[MemberRow]


class Wanted(NamedTuple):
    """What a household's entry shall say. known: what it says now, None for a household to be registered.

    search_key: of all its names (`key_of`). opening_points: what a new household brings from the paper books.
    """

    number: str
    known: Known | None
    data: HouseholdData
    search_key: str
    opening_points: int = 0


_MEMBER_VALUES = ("name", "birth_year", "party_member", "volunteer", "name_consent")
_HOUSEHOLD_VALUES = ("head", "group_no", "lane", "address", "phone", "name_consent", "search_key")
_ADD = Change(insert(Household))
_CHANGE = Change(
    update(Household)
    .where(Household.village_id == bindparam("in_village"), Household.id == bindparam("household_id"))
    .values({name: bindparam(f"new_{name}") for name in _HOUSEHOLD_VALUES})
)
_ADD_MEMBER = Change(insert(Member))
_of_member = Member.village_id == bindparam("in_village"), Member.id == bindparam("member_id")
_CHANGE_MEMBER = Change(
    update(Member).where(*_of_member).values({name: bindparam(f"new_{name}") for name in _MEMBER_VALUES})
)
_LET_GO = Change(update(Member).where(*_of_member).values(is_former=True))


def put_household(
    work: Work, village_id: int, number: str, data: HouseholdData, *, actor_id: int, opening_points: int = 0
) -> bool:
    """Register a household or bring its entry up to date; returns whether it is new.

    opening_points: what a new household brings from the paper books; ignored for one that exists.
    """
    found = find_household(work, village_id, number)
    if found is None:
        # of several that register it at once the others find it here
        hold_village(work, village_id)
        found = find_household(work, village_id, number)
    known = Known(found, list_members(work, village_id, found.id)) if found else None
    if known is None or not says(known, data):
        wanted = Wanted(number, known, data, key_of(number, known, data), opening_points)
        put_households(work, village_id, [wanted], actor_id=actor_id)
    return found is None


def put_households(work: Work, village_id: int, wanted: Sequence[Wanted], *, actor_id: int) -> None:
    """Write the entries of many households at once, each kind of row in one go; all of them say something new."""
    new = [each for each in wanted if each.known is None]
    ids = list(take_numbers(work, village_id, "household", count=len(new))) if new else []
    _register(work, village_id, new, ids, actor_id=actor_id)
    changed = [(each.known, each) for each in wanted if each.known is not None]
    _CHANGE.run_all(work, [_changed_row(village_id, known.household.id, each) for known, each in changed])
    _write_members(
        work,
        village_id,
        [
            *((household_id, (), each.data.members or ()) for household_id, each in zip(ids, new, strict=True)),
            *((known.household.id, known.members, _people(known, each.data)) for known, each in changed),
        ],
    )


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


def says(known: Known, data: HouseholdData) -> bool:
    """Whether the register already says just this, so that the same import changes nothing."""
    found = known.household
    same = (found.head, found.group_no, found.lane, found.address, found.phone, found.name_consent)
    if same != data[:6]:
        return False
    if data.members is None:
        return True
    # who comes first in a list says nothing
    present = Counter(tuple(getattr(member, name) for name in _MEMBER_VALUES) for member in known.members)
    return present == Counter(tuple(person[name] for name in _MEMBER_VALUES) for person in data.members)


def key_of(number: str, known: Known | None, data: HouseholdData) -> str:
    """The search key of a household whose entry will say `data`. Takes its time: 50 µs a name."""
    people = _people(known, data) if known else data.members or ()
    return search_key([data.head, *(person["name"] for person in people)], number)


def _people(known: Known, data: HouseholdData) -> Sequence[dict[str, Any]]:
    return data.members if data.members is not None else [member_data(member) for member in known.members]


def member_data(member: MemberRow) -> dict[str, Any]:
    """A member as `HouseholdData` has it."""
    return {name: getattr(member, name) for name in _MEMBER_VALUES}


def _register(work: Work, village_id: int, new: Sequence[Wanted], ids: Sequence[int], *, actor_id: int) -> None:
    """Accounts, households and opening points of households that are not there yet."""
    ledger.open_accounts(work, village_id, ids)
    fixed = {"village_id": village_id, "status": "active", "registered_at": work.now}
    _ADD.run_all(
        work,
        [
            fixed | {"id": household_id, "number": each.number} | _values(each)
            for household_id, each in zip(ids, new, strict=True)
        ],
    )
    openings = [
        Posting(
            household_id, each.opening_points, "adjust", "opening", work.today, "opening", _opening_name(household_id)
        )
        for household_id, each in zip(ids, new, strict=True)
        if each.opening_points
    ]
    ledger.post_all(work, village_id, openings, actor_id=actor_id)


def _values(wanted: Wanted) -> dict[str, Any]:
    values = wanted.data._asdict() | {"search_key": wanted.search_key}
    return {name: values[name] for name in _HOUSEHOLD_VALUES}


def _changed_row(village_id: int, household_id: int, wanted: Wanted) -> dict[str, Any]:
    values = {f"new_{name}": value for name, value in _values(wanted).items()}
    return {"in_village": village_id, "household_id": household_id} | values


def _opening_name(household_id: int) -> str:
    return f"00000000-0000-4000-8000-{household_id:012d}"


def _write_members(
    work: Work,
    village_id: int,
    households: Sequence[tuple[int, Sequence[MemberRow], Sequence[dict[str, Any]]]],
) -> None:
    """Of each household (id, who is there, who shall be): keep the ids of those who stay (same name, no other birth
    year), add the new, let go the gone."""
    changed, left, added = [], [], []
    for household_id, present, wanted in households:
        stay = _who_stays(present, wanted)
        changed += [
            (member.id, wanted[place]) for place, member in stay.items() if member_data(member) != wanted[place]
        ]
        kept = {member.id for member in stay.values()}
        left += [member.id for member in present if member.id not in kept]
        added += [(household_id, person) for place, person in enumerate(wanted) if place not in stay]
    _CHANGE_MEMBER.run_all(work, [_member_row(village_id, member_id, person) for member_id, person in changed])
    _LET_GO.run_all(work, [{"in_village": village_id, "member_id": member_id} for member_id in left])
    ids = take_numbers(work, village_id, "member", count=len(added)) if added else ()
    _ADD_MEMBER.run_all(
        work,
        [
            {"village_id": village_id, "household_id": household_id, "is_former": False, "id": number} | person
            for number, (household_id, person) in zip(ids, added, strict=True)
        ],
    )


def _member_row(village_id: int, member_id: int, person: dict[str, Any]) -> dict[str, Any]:
    return {"in_village": village_id, "member_id": member_id} | {f"new_{name}": person[name] for name in _MEMBER_VALUES}


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
