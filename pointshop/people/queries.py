"""Reads of households, members and cards."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from pointshop.core.errors import Invalid, NotFound
from pointshop.core.policy import GridCell
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.people.models import Card, CardLink, Household, Member
from pointshop.people.pinyin import search_term


class HouseholdRow(NamedTuple):
    id: int
    number: str
    head: str
    group_no: int
    lane: str | None
    address: str | None
    phone: str | None
    name_consent: bool | None
    status: str


class MemberRow(NamedTuple):
    id: int
    household_id: int
    name: str
    birth_year: int | None
    party_member: bool
    volunteer: bool
    name_consent: bool | None


_HOUSEHOLD_COLUMNS = tuple(getattr(Household, name) for name in HouseholdRow._fields)
_MEMBER_COLUMNS = tuple(getattr(Member, name) for name in MemberRow._fields)

_BY_NUMBER = Prepared(
    select(*_HOUSEHOLD_COLUMNS).where(
        Household.village_id == bindparam("village_id"), Household.number == bindparam("number")
    )
)
_MEMBERS = Prepared(
    select(*_MEMBER_COLUMNS)
    .where(
        Member.village_id == bindparam("village_id"),
        Member.household_id == bindparam("household_id"),
        Member.is_former.is_(False),
    )
    .order_by(Member.id)
)
_CARD_IN_FORCE = Prepared(
    select(Card.code, Card.serial).where(
        Card.village_id == bindparam("village_id"),
        Card.household_id == bindparam("household_id"),
        Card.revoked_at.is_(None),
    )
)


class CardRow(NamedTuple):
    code: str
    serial: int


def find_household(work: Work, village_id: int, number: str) -> HouseholdRow | None:
    found = _BY_NUMBER.first(work, village_id=village_id, number=number)
    return HouseholdRow(*found) if found else None


def find_household_by_id(work: Work, village_id: int, household_id: int) -> HouseholdRow | None:
    statement = select(*_HOUSEHOLD_COLUMNS).where(Household.village_id == village_id, Household.id == household_id)
    found: Any = work.read(statement).first()
    return HouseholdRow(*found) if found else None


def get_household(work: Work, village_id: int, number: str) -> HouseholdRow:
    """The household of a number. Raises NotFound."""
    found = find_household(work, village_id, number)
    if found is None:
        raise NotFound(f"没有户号 {number}")
    return found


def named_household(work: Work, village_id: int, number: str, field: str = "household") -> HouseholdRow:
    """The household of a number that a field names. Raises Invalid at that field."""
    found = find_household(work, village_id, number)
    if found is None:
        raise Invalid(errors={field: [f"没有户号 {number}"]})
    return found


def households_named(work: Work, village_id: int, numbers: Sequence[str]) -> dict[str, HouseholdRow]:
    """Number → household, of those that exist."""
    statement = select(*_HOUSEHOLD_COLUMNS).where(Household.village_id == village_id, Household.number.in_(numbers))
    return {row.number: HouseholdRow(*row) for row in work.read(statement)}


def list_members(work: Work, village_id: int, household_id: int) -> list[MemberRow]:
    """The present members of one household, in the order they were entered."""
    return [MemberRow(*row) for row in _MEMBERS.all(work, village_id=village_id, household_id=household_id)]


def members_of(work: Work, village_id: int, household_ids: Sequence[int]) -> dict[int, list[MemberRow]]:
    """Household id → its present members, for many households at once."""
    statement = (
        select(*_MEMBER_COLUMNS)
        .where(
            Member.village_id == village_id,
            Member.household_id.in_(household_ids),
            Member.is_former.is_(False),
        )
        .order_by(Member.id)
    )
    found: dict[int, list[MemberRow]] = {household_id: [] for household_id in household_ids}
    for row in work.read(statement):
        found[row.household_id].append(MemberRow(*row))
    return found


def households(village_id: int, filters: dict[str, Any]) -> AnySelect:
    """Households by group_no, lane and q (part of a name, of its pinyin or initials, or of the number)."""
    statement = select(*_HOUSEHOLD_COLUMNS).where(Household.village_id == village_id)
    for name in ("group_no", "lane"):
        if filters.get(name) is not None:
            statement = statement.where(getattr(Household, name) == filters[name])
    term = search_term(filters.get("q") or "")
    if term:
        statement = statement.where(Household.search_key.contains(term, autoescape=True))
    return statement


class RosterRow(NamedTuple):
    """What a phone needs to find a household without signal."""

    id: int
    number: str
    head: str
    group_no: int
    lane: str | None
    search_key: str
    code: str | None


def roster(village_id: int, *, grid: tuple[GridCell, ...] | None) -> AnySelect:
    """Active households with the code of the card in force; grid: only in these cells, None for everywhere."""
    statement: AnySelect = (
        select(
            Household.id,
            Household.number,
            Household.head,
            Household.group_no,
            Household.lane,
            Household.search_key,
            Card.code,
        )
        .outerjoin(
            Card,
            and_(
                Card.village_id == Household.village_id,
                Card.household_id == Household.id,
                Card.revoked_at.is_(None),
            ),
        )
        .where(Household.village_id == village_id, Household.status == "active")
    )
    return statement if grid is None else statement.where(or_(False, *(inside(cell) for cell in grid)))


def inside(cell: GridCell) -> ColumnElement[bool]:
    """Whether a household lives in a cell of a grid."""
    in_group = Household.group_no == cell.group_no
    return in_group if cell.lane is None else and_(in_group, Household.lane == cell.lane)


def all_households(work: Work, village_id: int) -> list[HouseholdRow]:
    """Every household of a village by number: for exports and for imports that compare."""
    statement = select(*_HOUSEHOLD_COLUMNS).where(Household.village_id == village_id).order_by(Household.number)
    return [HouseholdRow(*row) for row in work.read(statement)]


def all_members(work: Work, village_id: int) -> dict[int, list[MemberRow]]:
    """Household id → its present members, of every household that has any."""
    statement = (
        select(*_MEMBER_COLUMNS)
        .where(Member.village_id == village_id, Member.is_former.is_(False))
        .order_by(Member.household_id, Member.id)
    )
    found: dict[int, list[MemberRow]] = {}
    for row in work.read(statement):
        found.setdefault(row.household_id, []).append(MemberRow._make(row))
    return found


def find_card(work: Work, village_id: int, household_id: int) -> CardRow | None:
    """The card in force of a household."""
    found = _CARD_IN_FORCE.first(work, village_id=village_id, household_id=household_id)
    return CardRow(*found) if found else None


_LINK = Prepared(select(CardLink.village_id).where(CardLink.code == bindparam("code")))
_HOLDER = Prepared(
    select(Card.revoked_at, *_HOUSEHOLD_COLUMNS)
    .join(Household, and_(Household.village_id == Card.village_id, Household.id == Card.household_id))
    .where(Card.village_id == bindparam("village_id"), Card.code == bindparam("code"))
)


class Holder(NamedTuple):
    """Whose card a code is; is_revoked: it was replaced by another."""

    village_id: int
    is_revoked: bool
    household: HouseholdRow


def find_holder(work: Work, code: str) -> Holder | None:
    """The holder of a card, in whichever village it is. code: as `core.codes.clean_code` gives it."""
    link = _LINK.first(work, code=code)
    found = _HOLDER.first(work, village_id=link[0], code=code) if link else None
    return Holder(link[0], found[0] is not None, HouseholdRow(*found[1:])) if link and found else None


def cards_in_force(work: Work, village_id: int, *, group_no: int | None) -> list[tuple[str, str, int, str, int]]:
    """(number, head, group_no, code, serial) of every card to print, by group, then number."""
    statement = (
        select(Household.number, Household.head, Household.group_no, Card.code, Card.serial)
        .join(Card, and_(Card.village_id == Household.village_id, Card.household_id == Household.id))
        .where(Household.village_id == village_id, Card.revoked_at.is_(None), Household.status == "active")
        .order_by(Household.group_no, Household.number)
    )
    if group_no is not None:
        statement = statement.where(Household.group_no == group_no)
    return list(work.read(statement))
