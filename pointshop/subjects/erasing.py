"""Erasing persons and households: on request, when their time is over, and again after a backup was restored."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import and_, func, insert, select

from pointshop.core.db import empty_log, reading, snapshot, unit_of_work
from pointshop.core.errors import Invalid
from pointshop.core.text import mask_name
from pointshop.core.work import Change, Work
from pointshop.ledger import service as books
from pointshop.merits.models import Merit, Photo
from pointshop.merits.notice import merits_on, notices_with, stop_clock
from pointshop.merits.photo_store import PhotoStore
from pointshop.people.models import Household, Member
from pointshop.people.moving import end_household
from pointshop.people.public_names import household_code
from pointshop.people.queries import HouseholdRow, find_household_by_id, named_household
from pointshop.publishing.kinds import MERIT_NOTICE
from pointshop.publishing.models import Posting, Publication
from pointshop.publishing.queries import PublicationRow, publications_in_force
from pointshop.publishing.service import withdraw
from pointshop.reminders.models import Reminder
from pointshop.subjects.forgetting import ERASED, forget_household, forget_member, names_in
from pointshop.subjects.journal import Entry, Journal
from pointshop.subjects.models import Erasure

_UNDECIDED = ("submitted", "approved", "noticed", "held")
_ADD = Change(insert(Erasure))
_LOGGED = Entry._fields[:-1]
_WHY = "个人信息已删除"


class Erased(NamedTuple):
    """What was done. pictures: digests whose files may go now. withdrawn: numbers of publications taken down."""

    entry: Entry
    pictures: list[str]
    withdrawn: list[str]


def erase(
    work: Work, village_id: int, erasure_id: str, *, household: str, member_id: int | None, basis: str, actor_id: int
) -> Erased:
    """Erase a household (by number) or one member of it.

    A household that is still here leaves with it: nothing may be left to spend or to decide. Raises Invalid.
    """
    found = named_household(work, village_id, household)
    books.lock_account(work, village_id, found.id)
    names = _names(work, village_id, found, member_id)
    if member_id is None:
        _leave(work, village_id, found)
    registered_at = registration_of(work, village_id, found.id)
    entry = Entry(village_id, erasure_id, found.id, member_id or 0, basis, work.now, actor_id, registered_at)
    withdrawn = _take_down(work, village_id, found, names, is_whole=member_id is None, actor_id=actor_id)
    return Erased(entry, _forget(work, entry, found), withdrawn)


def reapply(journal: Journal) -> int:
    """Erase again what a restored backup has brought back, and write down what the file does not know; how many."""
    known = {(entry.village_id, entry.id) for entry in snapshot(_recorded)}
    told = list(journal.read())
    missing = [entry for entry in told if (entry.village_id, entry.id) not in known]
    again = sum(unit_of_work(partial(_forget_again, entry=entry)) for entry in missing)
    if again:
        empty_log()
    written = {(entry.village_id, entry.id) for entry in told}
    journal.append(entry for entry in snapshot(_recorded) if (entry.village_id, entry.id) not in written)
    return again


def drop_pictures(store: PhotoStore, digests: Iterable[str]) -> int:
    """Let go the files that no row of any village names any more; how many."""
    gone = [digest for digest in set(digests) if not _is_named(reading(), digest)]
    for digest in gone:
        store.remove(digest)
    return len(gone)


def _forget_again(work: Work, entry: Entry) -> bool:
    """False where the backup is older than the household, or of another installation."""
    household = find_household_by_id(work, entry.village_id, entry.household_id)
    if household is None or registration_of(work, entry.village_id, household.id) != entry.registered_at:
        return False
    is_whole = not entry.member_id
    names = names_in(work, entry.village_id, household) if is_whole else _name_of(work, entry)
    _take_down(work, entry.village_id, household, names, is_whole=is_whole, actor_id=entry.actor_id)
    _forget(work, entry, household)
    return True


def _name_of(work: Work, entry: Entry) -> set[str]:
    """The member's name, whoever they have become since; nothing where the backup does not know them yet."""
    statement = select(Member.name).where(Member.village_id == entry.village_id, Member.id == entry.member_id)
    return set(work.read(statement).scalars()) - {ERASED}


def _forget(work: Work, entry: Entry, household: HouseholdRow) -> list[str]:
    """Take the data out and write down that it was done."""
    if entry.member_id:
        pictures = forget_member(work, entry.village_id, household, entry.member_id)
    else:
        pictures = forget_household(work, entry.village_id, household)
    _ADD.run(work, **{name: getattr(entry, name) for name in _LOGGED})
    return pictures


def _leave(work: Work, village_id: int, household: HouseholdRow) -> None:
    count = select(func.count()).where(
        Merit.village_id == village_id, Merit.household_id == household.id, Merit.state.in_(_UNDECIDED)
    )
    undecided = work.read(count).scalar_one()
    if undecided:
        raise Invalid(errors={"household": [f"还有 {undecided} 条积分记录没有办结"]})
    balance = books.get_balance(work, village_id, household.id)
    if balance:
        raise Invalid(errors={"household": [f"账上还有 {balance} 分，请先兑换、并户或迁出"]})
    if household.status == "active":
        books.close_account(work, village_id, household.id)
        end_household(work, village_id, household, status="moved")


def _names(work: Work, village_id: int, household: HouseholdRow, member_id: int | None) -> set[str]:
    """Whoever is to be erased: also who belonged to the household once, and whoever came by a merge."""
    if member_id is None:
        return names_in(work, village_id, household)
    statement = select(Member.name, Member.is_former).where(
        Member.village_id == village_id, Member.household_id == household.id, Member.id == member_id
    )
    found = work.read(statement).first()
    if found is None:
        raise Invalid(errors={"member_id": [f"户 {household.number} 没有这位成员"]})
    name, is_former = found
    if name == household.head and not is_former:
        raise Invalid(errors={"member_id": ["这是户主，请先办理户主变更"]})
    return {name} - {ERASED}


def _take_down(
    work: Work, village_id: int, household: HouseholdRow, names: set[str], *, is_whole: bool, actor_id: int
) -> list[str]:
    """End the public pages that name them; the frozen documents stay what they were. is_whole: of a household."""
    rows: Any = work.read(publications_in_force(village_id, work.today).order_by(Publication.published_at))
    bearing = notices_with(work, village_id, household.id) if is_whole else set()
    naming = [
        row for row in (PublicationRow(*row) for row in rows) if row.id in bearing or _names_any(row, household, names)
    ]
    for row in naming:
        withdraw(work, village_id, row.id, reason=_WHY, actor_id=actor_id)
        if row.kind == MERIT_NOTICE.name and row.replaced_by is None:
            # what nobody can read any more runs no clock: the others' lines wait for another notice
            stop_clock(work, village_id, merits_on(work, village_id, row.id))
    return [row.number for row in naming]


def _names_any(row: PublicationRow, household: HouseholdRow, names: set[str]) -> bool:
    """Whether a sheet calls them by name, masked or not, or by the number of their household.

    A masked name is that of many: it counts within their group. Whose a line of a merit notice is, is known.
    """
    content, code = row.content(), household_code(household.number)
    in_full = names | {code}
    masked = set() if row.kind == MERIT_NOTICE.name else {mask_name(name) for name in names}
    return any(code in remark for remark in content.get("remarks", [])) or any(
        item.get("household") == household.number
        or item.get("name") in in_full
        or (item.get("name") in masked and item.get("group_no", household.group_no) == household.group_no)
        for item in content.get("items", [])
    )


def _recorded(work: Work) -> list[Entry]:
    statement = (
        select(*(getattr(Erasure, name) for name in _LOGGED), Household.registered_at)
        .join(Household, and_(Household.village_id == Erasure.village_id, Household.id == Erasure.household_id))
        .order_by(Erasure.erased_at, Erasure.id)
        .execution_options(all_villages=True)
    )
    rows: Any = work.read(statement)
    return [Entry(*row) for row in rows]


def _is_named(work: Work, digest: str) -> bool:
    for table in (Photo, Reminder, Posting):
        statement = select(table.id).where(table.sha256 == digest).limit(1).execution_options(all_villages=True)
        if work.read(statement).first() is not None:
            return True
    return False


def erased_households(work: Work, village_id: int) -> set[int]:
    """Ids of the households that were erased as a whole."""
    statement = select(Erasure.household_id).where(Erasure.village_id == village_id, Erasure.member_id == 0)
    return {household_id for (household_id,) in work.read(statement)}


def registration_of(work: Work, village_id: int, household_id: int) -> datetime:
    """When a household was registered: with its id, what tells it from any other."""
    statement = select(Household.registered_at).where(Household.village_id == village_id, Household.id == household_id)
    return work.read(statement).scalar_one()


def number_of(work: Work, village_id: int, household_id: int) -> str:
    """The number of a household."""
    statement = select(Household.number).where(Household.village_id == village_id, Household.id == household_id)
    return work.read(statement).scalar_one()
