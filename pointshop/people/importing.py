"""Taking over a village's household list (户名册导入): whole or not at all, and the same list again changes nothing."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pointshop.core.errors import Invalid
from pointshop.core.work import Work
from pointshop.people.household_cells import MemberRow as SheetMember
from pointshop.people.household_sheet import KNOWN_HEADERS, HouseholdRow, ignored_columns, parse_household_rows
from pointshop.people.queries import HouseholdRow as Registered
from pointshop.people.queries import MemberRow, all_households, members_of
from pointshop.people.service import HouseholdData, member_data, put_household, says
from pointshop.people.sheet_errors import UnreadableSheet
from pointshop.people.spreadsheet import read_rows
from pointshop.regions.queries import hold_village


class ImportReport(NamedTuple):
    """What an import did, or with dry_run would do. notices: columns that were overlooked, for people."""

    rows: int
    created: int
    updated: int
    unchanged: int
    notices: list[str]


class Sheet(NamedTuple):
    """A household list that was read and found whole."""

    households: list[HouseholdRow]
    notices: list[str]


def read_household_sheet(data: bytes, filename: str) -> Sheet:
    """Read an uploaded list. Raises Invalid that names every bad cell (`rows.7.小组`)."""
    try:
        rows = read_rows(data, filename, known=KNOWN_HEADERS)
    except UnreadableSheet as error:
        place = "file" if error.line is None else f"rows.{error.line}" + (f".{error.column}" if error.column else "")
        raise Invalid(errors={place: [str(error)]}) from error
    households, faults = parse_household_rows(rows)
    if faults:
        errors: dict[str, list[str]] = {}
        for fault in faults:
            errors.setdefault(f"rows.{fault.line}.{fault.column}", []).append(fault.message)
        raise Invalid(f"表中有 {len(faults)} 处需要改正", errors=errors)
    ignored = ignored_columns(rows)
    return Sheet(households, [f"没有用到的列：{'、'.join(ignored)}"] if ignored else [])


def import_households(work: Work, village_id: int, sheet: Sheet, *, actor_id: int, dry_run: bool) -> ImportReport:
    """Bring the register up to the list. Opening points are booked for new households only.

    What the list has no column for (volunteers, consent) stays as it is.
    """
    if not dry_run:
        hold_village(work, village_id)
    registered = {household.number: household for household in all_households(work, village_id)}
    members = members_of(work, village_id, [household.id for household in registered.values()])
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    for row in sheet.households:
        found = registered.get(row.number)
        data = _data(row, found, members[found.id] if found else ())
        outcome = "created" if found is None else "unchanged" if says(found, members[found.id], data) else "updated"
        counts[outcome] += 1
        if outcome != "unchanged" and not dry_run:
            put_household(work, village_id, row.number, data, actor_id=actor_id, opening_points=row.opening_points)
    return ImportReport(len(sheet.households), notices=sheet.notices, **counts)


def _data(row: HouseholdRow, found: Registered | None, present: Sequence[MemberRow]) -> HouseholdData:
    # the head is listed as a person too where the list says something about the person, or the register knows more
    is_known = any(member.name == row.head.name for member in present)
    people = ([row.head] if row.head.party_member or is_known else []) + list(row.members)
    return HouseholdData(
        head=row.head.name,
        group_no=row.group_no,
        lane=row.lane,
        address=row.address,
        phone=row.phone,
        name_consent=found.name_consent if found else None,
        members=[_person(person, present) for person in people],
    )


def _person(person: SheetMember, present: Sequence[MemberRow]) -> dict[str, Any]:
    known = next((member for member in present if member.name == person.name), None)
    kept = member_data(known) if known else {"volunteer": False, "name_consent": None, "birth_year": None}
    return kept | {
        "name": person.name,
        "birth_year": person.birth_year or kept["birth_year"],
        "party_member": person.party_member,
    }
