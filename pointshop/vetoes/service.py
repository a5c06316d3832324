"""Recording, lifting and appealing vetoes."""

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import insert, select, update

from pointshop.core.errors import Forbidden, Invalid, Refused
from pointshop.core.ids import derived_name
from pointshop.core.work import Change, Work
from pointshop.kinship.service import refuse_self_dealing
from pointshop.ledger import service as books
from pointshop.people.queries import named_household
from pointshop.vetoes.models import EFFECTS, Appeal, Veto
from pointshop.vetoes.queries import VetoRow, get_appeal, get_veto

#: No veto lasts longer; who deserves another gets another.
LONGEST = timedelta(days=366)


class AlreadyEnded(Refused):
    code, title = "already_voided", "这项否决已经解除或到期"


class AlreadyDecided(Refused):
    code, title = "not_pending", "这项申诉已经答复"


class Decision(NamedTuple):
    """What a meeting decided about a household, by number."""

    household: str
    reason: str
    evidence: str
    decided_by: str
    from_on: date
    until_on: date
    effects: frozenset[str]


_ADD = Change(insert(Veto))
_APPEAL = Change(insert(Appeal))


def record_veto(work: Work, village_id: int, veto_id: str, decision: Decision, *, actor_id: int) -> VetoRow:
    """Write down a veto; it works from its first day to its last. Raises Invalid, SelfDealing."""
    household = named_household(work, village_id, decision.household)
    if not timedelta(0) <= decision.until_on - decision.from_on < LONGEST:
        raise Invalid(errors={"until_on": [f"须不早于开始日，且不超过 {LONGEST.days} 天"]})
    if decision.until_on < work.today:
        raise Invalid(errors={"until_on": ["已经过去"]})
    refuse_self_dealing(work, village_id, actor_id, household.id)
    _ADD.run(
        work,
        village_id=village_id,
        id=veto_id,
        household_id=household.id,
        reason=decision.reason,
        evidence=decision.evidence,
        decided_by=decision.decided_by,
        from_on=decision.from_on,
        until_on=decision.until_on,
        **{effect: effect in decision.effects for effect in EFFECTS},
        recorded_at=work.now,
        recorded_by=actor_id,
        ended_at=None,
        ended_by=None,
        end_reason=None,
    )
    return get_veto(work, village_id, veto_id)


def lift_veto(work: Work, village_id: int, veto_id: str, *, reason: str, actor_id: int) -> VetoRow:
    """End a veto before its time. Raises NotFound, SelfDealing, AlreadyEnded."""
    found = _hold(work, village_id, veto_id)
    refuse_self_dealing(work, village_id, actor_id, found.household_id)
    if found.ended_at is not None or found.until_on < work.today:
        raise AlreadyEnded(data={"veto": veto_id})
    _end(work, village_id, veto_id, reason=reason, actor_id=actor_id)
    return get_veto(work, village_id, veto_id)


def appeal(work: Work, village_id: int, veto_id: str, appeal_id: str, *, grounds: str, actor_id: int) -> None:
    """Write down what a household says against a veto. Raises NotFound, AlreadyEnded."""
    found = _hold(work, village_id, veto_id)
    if found.ended_at is not None or found.until_on < work.today:
        raise AlreadyEnded(data={"veto": veto_id})
    _APPEAL.run(
        work,
        village_id=village_id,
        id=appeal_id,
        veto_id=veto_id,
        grounds=grounds,
        made_at=work.now,
        made_by=actor_id,
        decision=None,
        answer=None,
        decided_at=None,
        decided_by=None,
    )


def decide_appeal(
    work: Work, village_id: int, veto_id: str, appeal_id: str, *, decision: str, answer: str, actor_id: int
) -> VetoRow:
    """Answer an appeal; one that is upheld ends the veto at once.

    Raises NotFound, Forbidden for who recorded the veto, SelfDealing, AlreadyDecided.
    """
    found = _hold(work, village_id, veto_id)
    asked = get_appeal(work, village_id, veto_id, appeal_id)
    if found.recorded_by == actor_id:
        raise Forbidden("录入否决的人不能答复申诉")
    refuse_self_dealing(work, village_id, actor_id, found.household_id)
    if asked.decision is not None:
        raise AlreadyDecided(data={"appeal": appeal_id})
    work.write(
        update(Appeal)
        .where(Appeal.village_id == village_id, Appeal.id == appeal_id)
        .values(decision=decision, answer=answer, decided_at=work.now, decided_by=actor_id)
    )
    if decision == "upheld" and found.ended_at is None:
        _end(work, village_id, veto_id, reason="申诉成立", actor_id=actor_id)
    return get_veto(work, village_id, veto_id)


def pass_on_vetoes(work: Work, village_id: int, change_id: str, household_id: int, to_household_id: int) -> None:
    """What a household may not have, the one its people go to may not have either, to the same day.

    change_id: of the split or merge. Whoever recorded a veto has recorded what follows from it, and answers no appeal.
    """
    statement = select(Veto.__table__).where(
        Veto.village_id == village_id,
        Veto.household_id == household_id,
        Veto.ended_at.is_(None),
        Veto.until_on >= work.today,
    )
    for row in work.read(statement.order_by(Veto.id)).all():
        known = dict(row._mapping)
        new = {"id": derived_name(change_id, known["id"]), "household_id": to_household_id, "recorded_at": work.now}
        _ADD.run(work, **known | new)


def _hold(work: Work, village_id: int, veto_id: str) -> VetoRow:
    """The veto as it stands once its household's account is held."""
    books.lock_account(work, village_id, get_veto(work, village_id, veto_id).household_id)
    return get_veto(work, village_id, veto_id)


def _end(work: Work, village_id: int, veto_id: str, *, reason: str, actor_id: int) -> None:
    work.write(
        update(Veto)
        .where(Veto.village_id == village_id, Veto.id == veto_id)
        .values(ended_at=work.now, ended_by=actor_id, end_reason=reason)
    )
