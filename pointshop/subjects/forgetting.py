"""Taking personal data out of every table that has any. Each step may be done again; ids, numbers and books stay.

Rows that merits and entries point to cannot go, so what they say of a person does. Free text goes whole: nobody can
tell whom it names.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from pointshop.adjustments.models import Adjustment
from pointshop.core.commands import Command
from pointshop.core.work import Work
from pointshop.events.models import Attendance
from pointshop.gifts.models import Gift
from pointshop.inspection.models import Finding
from pointshop.merits.models import Merit, MeritReview, Photo
from pointshop.people.models import Household, HouseholdChange, Member
from pointshop.people.moving import make_findable
from pointshop.people.pinyin import search_key
from pointshop.people.queries import HouseholdRow, find_household_by_id
from pointshop.pins.models import Pin
from pointshop.reminders.models import Reminder
from pointshop.shop.models import Redemption
from pointshop.storeroom.models import Wish
from pointshop.subjects.objectors import forget_objections
from pointshop.vetoes.models import Appeal, Veto

#: What stands where a name or a note was.
ERASED = "已删除"


def forget_household(work: Work, village_id: int, household: HouseholdRow) -> list[str]:
    """Everything that says who a household was or is about its persons; the digests of its photos.

    Households that were merged into it are it now, and are forgotten too.
    """
    pictures = [
        digest
        for merged in _merged_into(work, village_id, household.id)
        for digest in forget_household(work, village_id, merged)
    ]
    said = {household.head, household.phone, *_names_of(work, village_id, Member.household_id == household.id)}
    _forget_objections(work, village_id, said, Merit.household_id == household.id)
    pictures += _forget_merits(work, village_id, Merit.household_id == household.id)
    pictures += _forget_reminders(work, village_id, household.id)
    _forget_vetoes(work, village_id, household.id)
    work.write(delete(Wish).where(Wish.village_id == village_id, Wish.household_id == household.id))
    _forget_words(work, village_id, household.id)
    work.write(delete(Pin).where(Pin.village_id == village_id, Pin.household_id == household.id))
    _forget_attendances(work, village_id, Attendance.household_id == household.id)
    work.write(
        update(Member).where(Member.village_id == village_id, Member.household_id == household.id).values(_nobody())
    )
    work.write(
        update(Household)
        .where(Household.village_id == village_id, Household.id == household.id)
        .values(
            head=ERASED,
            lane=None,
            address=None,
            phone=None,
            name_consent=False,
            search_key=search_key([], household.number),
        )
    )
    _forget_answers(work, village_id, household.number)
    return pictures


def forget_member(work: Work, village_id: int, household: HouseholdRow, member_id: int) -> list[str]:
    """The same for one person of a household that goes on."""
    said = _names_of(work, village_id, Member.id == member_id)
    _forget_objections(work, village_id, said, Merit.member_id == member_id)
    pictures = _forget_merits(work, village_id, Merit.member_id == member_id)
    _forget_attendances(work, village_id, Attendance.member_id == member_id)
    work.write(update(Member).where(Member.village_id == village_id, Member.id == member_id).values(_nobody()))
    make_findable(work, village_id, household)
    _forget_answers(work, village_id, household.number)
    return pictures


def names_in(work: Work, village_id: int, household: HouseholdRow) -> set[str]:
    """Of everybody who belongs or belonged to a household or to one that was merged into it."""
    names = {household.head, *_names_of(work, village_id, Member.household_id == household.id)}
    for merged in _merged_into(work, village_id, household.id):
        names |= names_in(work, village_id, merged)
    return names - {ERASED}


def _names_of(work: Work, village_id: int, whose: ColumnElement[bool]) -> set[str]:
    return {name for (name,) in work.read(select(Member.name).where(Member.village_id == village_id, whose))}


def _merged_into(work: Work, village_id: int, household_id: int) -> list[HouseholdRow]:
    statement = select(HouseholdChange.household_id).where(
        HouseholdChange.village_id == village_id,
        HouseholdChange.to_household_id == household_id,
        HouseholdChange.kind == "merge",
    )
    found = [find_household_by_id(work, village_id, id) for (id,) in work.read(statement).all() if id is not None]
    return [household for household in found if household is not None]


def _forget_objections(work: Work, village_id: int, said: Iterable[str | None], whose: ColumnElement[bool]) -> None:
    words = sorted(word for word in said if word and word != ERASED)
    forget_objections(work, village_id, words, whose)


def _nobody() -> dict[str, Any]:
    return {
        "name": ERASED,
        "birth_year": None,
        "party_member": False,
        "volunteer": False,
        "name_consent": False,
        "is_former": True,
    }


def _forget_merits(work: Work, village_id: int, whose: ColumnElement[bool]) -> list[str]:
    """Notes, comments and photos of merits; the digests of the photos."""
    names = [name for (name,) in work.read(select(Merit.id).where(Merit.village_id == village_id, whose))]
    for name in names:
        # a note tells two deeds of one day apart: what takes its place must do so too
        work.write(
            update(Merit)
            .where(Merit.village_id == village_id, Merit.id == name, Merit.note != "")
            .values(note=f"{ERASED} {name}")
        )
    work.write(
        update(Merit)
        .where(Merit.village_id == village_id, whose, Merit.end_reason.is_not(None))
        .values(end_reason=ERASED)
    )
    of_them = select(Merit.id).where(Merit.village_id == village_id, whose)
    work.write(
        update(MeritReview)
        .where(MeritReview.village_id == village_id, MeritReview.merit_id.in_(of_them))
        .values(comment=None)
    )
    work.write(
        update(Finding)
        .where(Finding.village_id == village_id, Finding.merit_id.in_(of_them), Finding.note.is_not(None))
        .values(note=ERASED)
    )
    mine = and_(Photo.village_id == village_id, Photo.merit_id.in_(of_them))
    pictures = [digest for (digest,) in work.read(select(Photo.sha256).where(mine))]
    work.write(delete(Photo).where(Photo.village_id == village_id, Photo.merit_id.in_(of_them)))
    return pictures


def _forget_reminders(work: Work, village_id: int, household_id: int) -> list[str]:
    statement = select(Reminder.sha256).where(
        Reminder.village_id == village_id, Reminder.household_id == household_id, Reminder.sha256.is_not(None)
    )
    pictures = [digest for (digest,) in work.read(statement) if digest]
    work.write(delete(Reminder).where(Reminder.village_id == village_id, Reminder.household_id == household_id))
    return pictures


def _forget_vetoes(work: Work, village_id: int, household_id: int) -> None:
    names = [
        name
        for (name,) in work.read(
            select(Veto.id).where(Veto.village_id == village_id, Veto.household_id == household_id)
        )
    ]
    drop_vetoes(work, village_id, names)


def drop_vetoes(work: Work, village_id: int, names: Sequence[str]) -> None:
    """Vetoes and what was said against them."""
    if names:
        work.write(delete(Appeal).where(Appeal.village_id == village_id, Appeal.veto_id.in_(names)))
        work.write(delete(Veto).where(Veto.village_id == village_id, Veto.id.in_(names)))


def _forget_words(work: Work, village_id: int, household_id: int) -> None:
    """Free text on redemptions, adjustments, gifts and changes of the household."""
    for table, column in (
        (Redemption, Redemption.note),
        (Redemption, Redemption.void_reason),
        (Adjustment, Adjustment.note),
        (Adjustment, Adjustment.comment),
    ):
        work.write(
            update(table)
            .where(table.village_id == village_id, table.household_id == household_id, column.is_not(None))
            .values({column: ERASED})
        )
    for both, words in (
        (HouseholdChange, HouseholdChange.note),
        (Gift, Gift.note),
        (Gift, Gift.reverse_reason),
    ):
        work.write(
            update(both)
            .where(
                both.village_id == village_id,
                or_(both.household_id == household_id, both.to_household_id == household_id),
                words.is_not(None),
            )
            .values({words: ERASED})
        )


def _forget_attendances(work: Work, village_id: int, whose: ColumnElement[bool]) -> None:
    """Why somebody stated how long they were at an event."""
    work.write(
        update(Attendance)
        .where(Attendance.village_id == village_id, whose, Attendance.stated_reason.is_not(None))
        .values(stated_reason=ERASED)
    )


def _forget_answers(work: Work, village_id: int, number: str) -> None:
    """What was answered to calls about the household: answers say names; the names they were asked under stay taken."""
    about = or_(
        *(
            Command.answer.contains(f'"{field}":"{number}"', autoescape=True)
            for field in ("household", "to_household", "number")
        )
    )
    work.write(update(Command).where(Command.village_id == village_id, about).values(answer=""))
