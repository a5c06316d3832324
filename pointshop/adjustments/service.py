"""Proposing and deciding adjustments. Nothing moves before a second person has signed (threats.md B15)."""

from typing import NamedTuple

from sqlalchemy import bindparam, insert, update

from pointshop.adjustments.models import Adjustment
from pointshop.adjustments.queries import AdjustmentRow, get_adjustment
from pointshop.core.errors import Forbidden, Refused
from pointshop.core.work import Change, Work
from pointshop.kinship.service import refuse_self_dealing
from pointshop.ledger import service as books
from pointshop.ledger.service import Posting
from pointshop.people.queries import named_household


class NotPending(Refused):
    code, title = "not_pending", "这笔调整已经审批"


class Proposal(NamedTuple):
    """household: by number. points: given when positive."""

    household: str
    points: int
    reason: str
    note: str


_PROPOSED = ("village_id", "id", "household_id", "points", "reason", "note", "proposed_at", "proposed_by")
_PROPOSE = Change(insert(Adjustment).values(state="submitted", **{name: bindparam(name) for name in _PROPOSED}))
_DECIDE = Change(
    update(Adjustment)
    .where(Adjustment.village_id == bindparam("in_village"), Adjustment.id == bindparam("adjustment_id"))
    .values(
        state=bindparam("new_state"),
        decided_at=bindparam("now"),
        decided_by=bindparam("actor_id"),
        comment=bindparam("new_comment"),
        entry_seq=bindparam("new_entry_seq"),
    )
)


def propose(work: Work, village_id: int, adjustment_id: str, asked: Proposal, *, actor_id: int) -> AdjustmentRow:
    """Ask for an adjustment; no points move yet. Raises Invalid for an unknown household, SelfDealing."""
    household = named_household(work, village_id, asked.household)
    refuse_self_dealing(work, village_id, actor_id, household.id)
    _PROPOSE.run(
        work,
        village_id=village_id,
        id=adjustment_id,
        household_id=household.id,
        points=asked.points,
        reason=asked.reason,
        note=asked.note,
        proposed_at=work.now,
        proposed_by=actor_id,
    )
    return get_adjustment(work, village_id, adjustment_id)


def decide(
    work: Work, village_id: int, adjustment_id: str, *, decision: str, comment: str | None, actor_id: int
) -> AdjustmentRow:
    """Sign somebody else's adjustment, which posts it, or reject it.

    Raises NotFound, Forbidden for one's own, SelfDealing, NotPending, InsufficientPoints, AccountNotActive.
    """
    household_id = get_adjustment(work, village_id, adjustment_id).household_id
    books.lock_account(work, village_id, household_id)
    # read again: whoever decides holds the account
    found = get_adjustment(work, village_id, adjustment_id)
    if found.proposed_by == actor_id:
        raise Forbidden("须由另一人审批")
    refuse_self_dealing(work, village_id, actor_id, household_id)
    if found.state != "submitted":
        raise NotPending(data={"adjustment": adjustment_id})
    seq = None
    if decision == "approve":
        posting = Posting(household_id, found.points, "adjust", "adjustment", work.today, "adjustment", adjustment_id)
        seq = books.post(work, village_id, posting, actor_id=actor_id).seq
    _DECIDE.run(
        work,
        in_village=village_id,
        adjustment_id=adjustment_id,
        new_state="posted" if decision == "approve" else "rejected",
        now=work.now,
        actor_id=actor_id,
        new_comment=comment,
        new_entry_seq=seq,
    )
    return get_adjustment(work, village_id, adjustment_id)
