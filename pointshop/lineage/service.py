"""Changes of households. Each is one unit of work in one village; the sum of points is the same before and after."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from pointshop.closing.waiting import refuse_old_points
from pointshop.core.errors import Invalid
from pointshop.core.routes import VillageRef
from pointshop.core.work import Work
from pointshop.kinship.service import pass_on_ties, pass_on_ties_abroad, refuse_self_dealing
from pointshop.ledger import service as books
from pointshop.ledger.service import AccountNotActive, InsufficientPoints, Posting
from pointshop.lineage.handover import BadHandover, Handover, read_handover, write_handover
from pointshop.merits.models import Merit
from pointshop.people.lineage import record_change
from pointshop.people.models import HouseholdChange
from pointshop.people.moving import change_head, end_household, move_members
from pointshop.people.queries import HouseholdRow, find_household, get_household, list_members, named_household
from pointshop.people.service import HouseholdData, put_household
from pointshop.regions.queries import find_region
from pointshop.vetoes.service import pass_on_vetoes

#: merits of which nobody knows yet what comes of them
_UNDECIDED = ("submitted", "approved", "noticed", "held")


class NewHousehold(NamedTuple):
    """A household that begins: its number and what the register says of it."""

    number: str
    data: HouseholdData


class Changed(NamedTuple):
    """What became of it. points: that went along. handover: the document to take along."""

    household: str
    to_household: str | None
    points: int
    handover: str | None = None


def split(
    work: Work,
    village: VillageRef,
    change_id: str,
    *,
    household: str,
    new: NewHousehold,
    members: Sequence[int],
    points: int,
    actor_id: int,
) -> Changed:
    """Divide a household (分户): some of its members, at least one, begin a new one with at most their share of points.

    Raises Invalid, SelfDealing, AccountNotActive, InsufficientPoints, WaitsForClosing.
    """
    origin = _held(work, village.id, household)
    refuse_self_dealing(work, village.id, actor_id, origin.id)
    _check_free(work, village.id, new.number)
    present = {member.id: member.name for member in list_members(work, village.id, origin.id)}
    strangers = [f"members.{index}" for index, member in enumerate(members) if member not in present]
    if strangers:
        raise Invalid(errors={path: [f"户 {household} 没有这位成员"] for path in strangers})
    if any(present[member] == origin.head for member in members):
        raise Invalid(errors={"members": ["户主留在原户；户主有变请先办理户主变更"]})
    balance = books.get_balance(work, village.id, origin.id)
    if points > balance:
        raise InsufficientPoints(data={"balance": balance, "needed": points})
    # the head stays and counts, also where the register does not have them among the members
    persons = len(present) + (origin.head not in present.values())
    most = balance * len(members) // persons
    if points > most:
        raise Invalid(errors={"points": [f"随 {len(members)} 人分出去的不能多于按人均分的 {most} 分"]})
    if points:
        refuse_old_points(work, village.id, origin.id, work.today)
    put_household(work, village.id, new.number, new.data, actor_id=actor_id)
    begun = get_household(work, village.id, new.number)
    move_members(work, village.id, members, origin=origin, target=begun)
    pass_on_ties(work, village.id, origin.id, begun.id, actor_id=actor_id)
    pass_on_vetoes(work, village.id, change_id, origin.id, begun.id)
    said = {"household_id": origin.id, "to_household_id": begun.id, "points": points}
    record_change(work, village.id, change_id, "split", said, actor_id=actor_id)
    _transfer(work, village.id, change_id, "split", {origin.id: -points, begun.id: points}, actor_id=actor_id)
    return Changed(household, new.number, points)


def merge(
    work: Work, village: VillageRef, change_id: str, *, household: str, into: str, note: str | None, actor_id: int
) -> Changed:
    """Join a household to another (并户), with all its members and points; its own account ends.

    Raises Invalid, also while merits of it are undecided; SelfDealing, AccountNotActive, WaitsForClosing.
    """
    if household == into:
        raise Invalid(errors={"into": ["不能并入本户"]})
    origin, target = named_household(work, village.id, household), named_household(work, village.id, into, "into")
    books.lock_accounts(work, village.id, {origin.id, target.id})
    for each in (origin, target):
        refuse_self_dealing(work, village.id, actor_id, each.id)
        _check_active(work, village.id, each.id)
    _check_settled(work, village.id, origin)
    refuse_old_points(work, village.id, origin.id, work.today)
    points = books.get_balance(work, village.id, origin.id)
    members = [member.id for member in list_members(work, village.id, origin.id)]
    said = {"household_id": origin.id, "to_household_id": target.id, "points": points, "note": note}
    record_change(work, village.id, change_id, "merge", said, actor_id=actor_id)
    _transfer(work, village.id, change_id, "merge", {origin.id: -points, target.id: points}, actor_id=actor_id)
    move_members(work, village.id, members, origin=origin, target=target)
    pass_on_ties(work, village.id, origin.id, target.id, actor_id=actor_id)
    pass_on_vetoes(work, village.id, change_id, origin.id, target.id)
    _end(work, village.id, origin, status="merged")
    return Changed(household, into, points)


def depart(
    work: Work,
    village: VillageRef,
    change_id: str,
    *,
    household: str,
    to_village: str,
    note: str | None,
    key: str,
    actor_id: int,
) -> Changed:
    """Let a household go to another village (迁出): its account ends, its points wait in clearing under a document.

    key: of the installation. Raises Invalid, also while merits of it are undecided; SelfDealing, AccountNotActive,
    WaitsForClosing.
    """
    place = find_region(work, to_village)
    if place is None or place.village_id in (None, village.id):
        raise Invalid(errors={"to_village": [f"没有另一个村 {to_village}"]})
    origin = _held(work, village.id, household)
    refuse_self_dealing(work, village.id, actor_id, origin.id)
    _check_settled(work, village.id, origin)
    refuse_old_points(work, village.id, origin.id, work.today)
    points = books.get_balance(work, village.id, origin.id)
    said = {"household_id": origin.id, "points": points, "other_village": to_village, "note": note}
    record_change(work, village.id, change_id, "departure", said, actor_id=actor_id)
    _transfer(work, village.id, change_id, "departure", {origin.id: -points}, actor_id=actor_id)
    _end(work, village.id, origin, status="moved")
    handover = Handover(change_id, village.code, to_village, household, points)
    return Changed(household, None, points, write_handover(handover, key=key))


def arrive(
    work: Work,
    village: VillageRef,
    change_id: str,
    *,
    handover: str,
    new: NewHousehold,
    key: str,
    actor_id: int,
) -> Changed:
    """Take in a household from another village (迁入) with the points that its document carries, once.

    Raises Invalid for a document that is none of ours, of another village or used, and for a number that is taken;
    SelfDealing for whoever stepped aside for the household where it comes from.
    """
    try:
        carried = read_handover(handover, key=key)
    except BadHandover as error:
        raise Invalid(errors={"handover": ["不是有效的交接单"]}) from error
    if carried.to_village != village.code:
        raise Invalid(errors={"handover": ["这张交接单不是开给本村的"]})
    if _is_used(work, village.id, carried.id):
        raise Invalid(errors={"handover": ["这张交接单已经用过"]})
    _check_free(work, village.id, new.number)
    put_household(work, village.id, new.number, new.data, actor_id=actor_id)
    begun = get_household(work, village.id, new.number)
    _bring_ties(work, village, carried, begun, actor_id=actor_id)
    said = {"to_household_id": begun.id, "points": carried.points}
    said_of_origin = {"other_village": carried.from_village, "handover_id": carried.id}
    record_change(work, village.id, change_id, "arrival", said | said_of_origin, actor_id=actor_id)
    _transfer(work, village.id, change_id, "arrival", {begun.id: carried.points}, actor_id=actor_id)
    return Changed(carried.number, new.number, carried.points)


def replace_head(
    work: Work, village: VillageRef, change_id: str, *, household: str, head: str, note: str | None, actor_id: int
) -> Changed:
    """Give a household a new head (户主变更), as when the old one died: account, number, card and history stay.

    Raises Invalid, SelfDealing, AccountNotActive.
    """
    found = _held(work, village.id, household)
    refuse_self_dealing(work, village.id, actor_id, found.id)
    said = {"household_id": found.id, "points": 0, "note": note}
    record_change(work, village.id, change_id, "head", said, actor_id=actor_id)
    change_head(work, village.id, found, head)
    return Changed(household, None, 0)


def _held(work: Work, village_id: int, number: str) -> HouseholdRow:
    """An active household, its account held. Raises Invalid, AccountNotActive."""
    found = named_household(work, village_id, number)
    books.lock_account(work, village_id, found.id)
    _check_active(work, village_id, found.id)
    # read again: somebody else may have changed it while this waited
    return get_household(work, village_id, number)


def _check_active(work: Work, village_id: int, account_id: int) -> None:
    if not books.is_active(work, village_id, account_id):
        raise AccountNotActive()


def _check_free(work: Work, village_id: int, number: str) -> None:
    if find_household(work, village_id, number) is not None:
        raise Invalid(errors={"number": [f"户号 {number} 已经用过"]})


def _check_settled(work: Work, village_id: int, household: HouseholdRow) -> None:
    """A deed that is posted later would find its account closed."""
    count = select(func.count()).where(
        Merit.village_id == village_id, Merit.household_id == household.id, Merit.state.in_(_UNDECIDED)
    )
    undecided = work.read(count).scalar_one()
    if undecided:
        raise Invalid(errors={"household": [f"还有 {undecided} 条积分记录没有办结"]})


def _is_used(work: Work, village_id: int, handover_id: str) -> bool:
    statement = select(HouseholdChange.id).where(
        HouseholdChange.village_id == village_id, HouseholdChange.handover_id == handover_id
    )
    return work.read(statement).first() is not None


def _bring_ties(work: Work, village: VillageRef, carried: Handover, begun: HouseholdRow, *, actor_id: int) -> None:
    place = find_region(work, carried.from_village)
    left = find_household(work, place.village_id, carried.number) if place and place.village_id else None
    # either is missing where a backup older than the departure was restored
    if place and place.village_id and left:
        pass_on_ties_abroad(work, place.village_id, left.id, village, begun.id, actor_id=actor_id)


def _transfer(work: Work, village_id: int, change_id: str, kind: str, moved: dict[int, int], *, actor_id: int) -> None:
    """One line in each passbook whose points change. moved: account → points, into it when positive."""
    for account_id, points in sorted(moved.items()):
        if points:
            posting = Posting(account_id, points, "clearing", "transfer", work.today, kind, change_id)
            books.post(work, village_id, posting, actor_id=actor_id)


def _end(work: Work, village_id: int, household: HouseholdRow, *, status: str) -> None:
    books.close_account(work, village_id, household.id)
    end_household(work, village_id, household, status=status)
