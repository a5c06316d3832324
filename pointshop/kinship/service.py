"""Declaring ties, and refusing whoever should step aside."""

from collections.abc import Mapping, Sequence

from sqlalchemy import insert, select, update

from pointshop.accounts.queries import UserRow, find_user, grants_of
from pointshop.core.errors import Forbidden, Invalid, NotFound
from pointshop.core.policy import Actor
from pointshop.core.routes import VillageRef
from pointshop.core.work import Work
from pointshop.kinship.models import Tie
from pointshop.kinship.queries import TieRow, is_tied, tied_among, ties_of
from pointshop.kinship.refusals import SelfDealing
from pointshop.people.queries import households_named


def declare_ties(
    work: Work, village: VillageRef, username: str, wanted: Mapping[str, str], *, actor: Actor
) -> list[TieRow]:
    """Set the households for which a user steps aside. wanted: household number → relation.

    Ties that are no longer wanted end today. Raises NotFound for a user who has no business in the village, Invalid for
    unknown households, Forbidden for ending a tie of one's own: that is for somebody else to do.
    """
    user = _staff(work, village, username)
    places = households_named(work, village.id, list(wanted))
    missing = {
        f"households.{index}.number": [f"没有户号 {number}"]
        for index, number in enumerate(wanted)
        if number not in places
    }
    if missing:
        raise Invalid(errors=missing)
    present = {tie.household_id: tie.relation for tie in ties_of(work, village.id, user.id)}
    asked = {places[number].id: relation for number, relation in wanted.items()}
    ended = [household_id for household_id, relation in present.items() if asked.get(household_id) != relation]
    if ended and user.id == actor.user_id:
        raise Forbidden("不能解除或改动自己的回避关系，请由他人办理")
    _end(work, village.id, user.id, ended, actor_id=actor.user_id)
    added = [item for item in asked.items() if present.get(item[0]) != item[1]]
    _add(work, village.id, user.id, added, actor_id=actor.user_id)
    return ties_of(work, village.id, user.id)


def refuse_self_dealing(work: Work, village_id: int, user_id: int, household_id: int) -> None:
    """Raises SelfDealing when the household is the user's own or a relative's."""
    if is_tied(work, village_id, user_id, household_id):
        raise SelfDealing()


def refuse_self_dealing_among(work: Work, village_id: int, user_id: int, households: Sequence[tuple[str, int]]) -> None:
    """The same for many. households: where each stands in the request (`lines.3.household`) and its id."""
    tied = tied_among(work, village_id, user_id, {household_id for _, household_id in households})
    if tied:
        errors = {path: [SelfDealing.title] for path, household_id in households if household_id in tied}
        raise SelfDealing(f"{SelfDealing.title}（{len(errors)} 行）", errors=errors)


def pass_on_ties(work: Work, village_id: int, household_id: int, to_household_id: int, *, actor_id: int) -> None:
    """Whoever steps aside for a household steps aside for the one its people go to."""
    statement = select(Tie.user_id, Tie.relation).where(
        Tie.village_id == village_id, Tie.household_id == household_id, Tie.ended_at.is_(None)
    )
    for user_id, relation in work.read(statement).all():
        if not is_tied(work, village_id, user_id, to_household_id):
            _add(work, village_id, user_id, [(to_household_id, relation)], actor_id=actor_id)


def pass_on_ties_abroad(
    work: Work, old_village_id: int, household_id: int, village: VillageRef, to_household_id: int, *, actor_id: int
) -> None:
    """The same where its people go to another village: for those users who have business in that village too.

    Raises SelfDealing where the actor is one of them.
    """
    refuse_self_dealing(work, old_village_id, actor_id, household_id)
    statement = select(Tie.user_id, Tie.relation).where(
        Tie.village_id == old_village_id, Tie.household_id == household_id, Tie.ended_at.is_(None)
    )
    for user_id, relation in work.read(statement).all():
        if _has_business(work, village, user_id):
            _add(work, village.id, user_id, [(to_household_id, relation)], actor_id=actor_id)


def _has_business(work: Work, village: VillageRef, user_id: int) -> bool:
    return any(village.path.startswith(grant.path) for grant in grants_of(work, user_id))


def _staff(work: Work, village: VillageRef, username: str) -> UserRow:
    user = find_user(work, username)
    if user is None or not _has_business(work, village, user.id):
        raise NotFound()
    return user


def _end(work: Work, village_id: int, user_id: int, household_ids: Sequence[int], *, actor_id: int) -> None:
    if household_ids:
        work.write(
            update(Tie)
            .where(
                Tie.village_id == village_id,
                Tie.user_id == user_id,
                Tie.household_id.in_(household_ids),
                Tie.ended_at.is_(None),
            )
            .values(ended_at=work.now, ended_by=actor_id)
        )


def _add(work: Work, village_id: int, user_id: int, ties: Sequence[tuple[int, str]], *, actor_id: int) -> None:
    if ties:
        fixed = {"village_id": village_id, "user_id": user_id, "declared_at": work.now, "declared_by": actor_id}
        work.write(
            insert(Tie), [fixed | {"household_id": household, "relation": relation} for household, relation in ties]
        )
