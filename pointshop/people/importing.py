"""Taking over a village's household list (户名册导入): whole or not at all, and the same list again changes nothing."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from pointshop.core.errors import Invalid
from pointshop.core.work import Work
from pointshop.ledger.queries import has_begun
from pointshop.people.household_cells import MemberRow as SheetMember
from pointshop.people.household_sheet import (
    KNOWN_HEADERS,
    HouseholdRow,
    absent_columns,
    ignored_columns,
    parse_household_rows,
)
from pointshop.people.queries import MemberRow, all_households, all_members
from pointshop.people.service import HouseholdData, Known, Wanted, key_of, member_data, put_households, says
from pointshop.people.sheet_errors import UnreadableSheet
from pointshop.people.spreadsheet import read_rows
from pointshop.regions.queries import come_after_seal, get_settings, hold_village


class ImportReport(NamedTuple):
    """What an import did, or with dry_run would do. notices: columns that were overlooked, for people."""

    rows: int
    created: int
    updated: int
    unchanged: int
    notices: list[str]


class Sheet(NamedTuple):
    """A household list that was read and found whole. absent: columns it doesn't have."""

    households: list[HouseholdRow]
    absent: frozenset[str]
    notices: list[str]


class Planned(NamedTuple):
    """What a row of the list means for the register as it was read. outcome: created, updated or unchanged."""

    row: HouseholdRow
    wanted: Wanted
    outcome: str


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
    return Sheet(households, absent_columns(rows), [f"没有用到的列：{'、'.join(ignored)}"] if ignored else [])


def plan_import(work: Work, village_id: int, sheet: Sheet) -> list[Planned]:
    """Compare the list with the register: the slow part, done before any lock is held."""
    register = _read_register(work, village_id)
    return [_plan(row, register.get(row.number), sheet.absent) for row in sheet.households]


def import_households(
    work: Work, village_id: int, sheet: Sheet, planned: Sequence[Planned], *, actor_id: int, dry_run: bool
) -> ImportReport:
    """Bring the register up to the list. Opening points are booked for new households only.

    What the list has no column for stays as it is. planned: made before this unit of work (`plan_import`); what others
    have changed since is compared again. Raises Invalid for opening points that come too late.
    """
    if not dry_run:
        hold_village(work, village_id)
        come_after_seal(work, village_id)
    register = _read_register(work, village_id)
    current = [_keep_or_plan(each, register.get(each.row.number), sheet.absent) for each in planned]
    _check_openings(work, village_id, current)
    if not dry_run:
        wanted = [each.wanted for each in current if each.outcome != "unchanged"]
        put_households(work, village_id, wanted, actor_id=actor_id)
    counts = Counter(each.outcome for each in current)
    return ImportReport(len(current), counts["created"], counts["updated"], counts["unchanged"], notices=sheet.notices)


def _read_register(work: Work, village_id: int) -> dict[str, Known]:
    members = all_members(work, village_id)
    return {row.number: Known(row, members.get(row.id, [])) for row in all_households(work, village_id)}


def _keep_or_plan(planned: Planned, known: Known | None, absent: frozenset[str]) -> Planned:
    return planned if planned.wanted.known == known else _plan(planned.row, known, absent)


def _plan(row: HouseholdRow, known: Known | None, absent: frozenset[str]) -> Planned:
    data = _data(row, known, absent)
    if known is not None and says(known, data):
        return Planned(row, Wanted(row.number, known, data, ""), "unchanged")
    wanted = Wanted(row.number, known, data, key_of(row.number, known, data), row.opening_points)
    return Planned(row, wanted, "created" if known is None else "updated")


def _check_openings(work: Work, village_id: int, planned: Sequence[Planned]) -> None:
    """Opening points are what the paper books held before the village began. Later they would be points that nobody
    signs and no budget holds, so a village with either takes none (docs/decisions/0007)."""
    settings = get_settings(work, village_id)
    if not settings.review_levels and settings.period_budget is None:
        return
    late = [each.row for each in planned if each.outcome == "created" and each.row.opening_points]
    if late and has_begun(work, village_id):
        words = "本村已开始记分，新立户的期初积分须为 0；应得的积分请按细则登记并审核"
        raise Invalid(errors={f"rows.{row.line}.期初积分": [words] for row in late})


def _data(row: HouseholdRow, known: Known | None, absent: frozenset[str]) -> HouseholdData:
    if known is None:
        return _said(row, None, absent)
    said, found = _said(row, known, absent), known.household
    return said._replace(
        lane=found.lane if "街巷" in absent else said.lane,
        address=found.address if "地址" in absent else said.address,
        phone=found.phone if "电话" in absent else said.phone,
    )


def _said(row: HouseholdRow, known: Known | None, absent: frozenset[str]) -> HouseholdData:
    present = known.members if known else ()
    listed = {person.name for person in (row.head, *row.members)}
    # the head is listed as a person too where the list says something about the person, or the register knows more
    is_known = any(member.name == row.head.name for member in present)
    says_more = row.head.party_member or row.head.birth_year is not None
    people = ([row.head] if says_more or is_known else []) + list(row.members)
    others = [member_data(member) for member in present if member.name not in listed] if "成员" in absent else []
    return HouseholdData(
        head=row.head.name,
        group_no=row.group_no,
        lane=row.lane,
        address=row.address,
        phone=row.phone,
        name_consent=known.household.name_consent if known else None,
        members=[_person(person, present, absent) for person in people] + others,
    )


def _person(person: SheetMember, present: Sequence[MemberRow], absent: frozenset[str]) -> dict[str, Any]:
    known = next((member for member in present if member.name == person.name), None)
    kept = (
        member_data(known)
        if known
        else {"volunteer": False, "name_consent": None, "birth_year": None, "party_member": False}
    )
    return kept | {
        "name": person.name,
        "birth_year": person.birth_year or kept["birth_year"],
        "party_member": kept["party_member"] if "党员" in absent else person.party_member,
    }
