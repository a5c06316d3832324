"""Moving people between households, and ending households. Whose points go where is decided above."""

from collections.abc import Sequence

from sqlalchemy import update

from pointshop.core.work import Work
from pointshop.people.models import Card, Household, Member
from pointshop.people.pinyin import search_key
from pointshop.people.queries import HouseholdRow, list_members


def move_members(
    work: Work, village_id: int, member_ids: Sequence[int], *, origin: HouseholdRow, target: HouseholdRow
) -> None:
    """Let people belong to another household. They stay the same persons, with the honour that is theirs."""
    if member_ids:
        work.write(
            update(Member)
            .where(Member.village_id == village_id, Member.id.in_(member_ids))
            .values(household_id=target.id)
        )
    for household in (origin, target):
        make_findable(work, village_id, household)


def change_head(work: Work, village_id: int, household: HouseholdRow, head: str) -> None:
    """Give a household another head; the one before no longer belongs to it. The new one was not asked for consent."""
    gone = [member.id for member in list_members(work, village_id, household.id) if member.name == household.head]
    if gone and head != household.head:
        work.write(update(Member).where(Member.village_id == village_id, Member.id.in_(gone)).values(is_former=True))
    work.write(
        update(Household)
        .where(Household.village_id == village_id, Household.id == household.id)
        .values(head=head, name_consent=None)
    )
    make_findable(work, village_id, household._replace(head=head))


def end_household(work: Work, village_id: int, household: HouseholdRow, *, status: str) -> None:
    """A household that is no more here: status `merged` or `moved`. Its number stays its own, its card is dead."""
    work.write(
        update(Household).where(Household.village_id == village_id, Household.id == household.id).values(status=status)
    )
    work.write(
        update(Card)
        .where(Card.village_id == village_id, Card.household_id == household.id, Card.revoked_at.is_(None))
        .values(revoked_at=work.now)
    )


def make_findable(work: Work, village_id: int, household: HouseholdRow) -> None:
    """Let the search know who belongs to a household now."""
    names = [household.head, *(member.name for member in list_members(work, village_id, household.id))]
    work.write(
        update(Household)
        .where(Household.village_id == village_id, Household.id == household.id)
        .values(search_key=search_key(names, household.number))
    )
