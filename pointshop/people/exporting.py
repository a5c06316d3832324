"""The household list as a table, in the columns in which it can be imported again."""

from collections.abc import Iterator

from pointshop.core.work import Work
from pointshop.ledger.queries import balances_of
from pointshop.people.queries import HouseholdRow, MemberRow, all_households, members_of


def household_rows(work: Work, village_id: int) -> Iterator[tuple[str | int | None, ...]]:
    """One row per household that is still here, by number, in the columns of `household_sheet.COLUMNS`.

    期初积分 holds the present balance, which a new village would start from.
    """
    households = [row for row in all_households(work, village_id) if row.status == "active"]
    ids = [row.id for row in households]
    members, balances = members_of(work, village_id, ids), balances_of(work, village_id, ids)
    for household in households:
        yield _row(household, members[household.id], balances[household.id])


def _row(household: HouseholdRow, members: list[MemberRow], balance: int) -> tuple[str | int | None, ...]:
    others = [member for member in members if member.name != household.head]
    return (
        household.number,
        household.head,
        household.group_no,
        household.lane,
        household.address,
        household.phone,
        "、".join(_person(member) for member in others),
        "、".join(member.name for member in members if member.party_member),
        balance,
    )


def _person(member: MemberRow) -> str:
    return member.name if member.birth_year is None else f"{member.name}({member.birth_year})"
