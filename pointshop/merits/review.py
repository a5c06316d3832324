"""Review (审核): signatures by people who did not log the merit themselves."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, insert, update

from pointshop.core.errors import Forbidden, Invalid
from pointshop.core.work import Change, Work
from pointshop.ledger import service as books
from pointshop.merits.models import Merit, MeritReview
from pointshop.merits.queries import MeritRow, get_merit, merits_named, signatures_on
from pointshop.merits.refusals import NotPending
from pointshop.merits.rules import state_after_approval
from pointshop.merits.service import post_merit
from pointshop.regions.queries import get_settings


class Verdict(NamedTuple):
    """decision: `approve` or `reject`."""

    decision: str
    comment: str | None
    reviewer_id: int


_SIGN = Change(insert(MeritReview))
_MOVE_ON = Change(
    update(Merit)
    .where(Merit.village_id == bindparam("in_village"), Merit.id == bindparam("merit_id"))
    .values(state=bindparam("new_state"))
)


def review_merit(work: Work, village_id: int, merit_id: str, verdict: Verdict) -> MeritRow:
    """Sign one merit. Raises NotFound, Forbidden for one's own entry or a second signature, NotPending."""
    merit = get_merit(work, village_id, merit_id)
    books.lock_account(work, village_id, merit.household_id)
    merit = get_merit(work, village_id, merit_id)
    level = _check(work, village_id, merit, verdict)
    _apply(work, village_id, merit, verdict, level=level)
    return get_merit(work, village_id, merit_id)


def review_many(work: Work, village_id: int, names: Sequence[str], verdict: Verdict) -> list[MeritRow]:
    """Sign many merits, all or none; refusals name them (`merits.3`).

    Raises Invalid for unknown names, Forbidden, NotPending.
    """
    found = merits_named(work, village_id, names)
    missing = {f"merits.{index}": ["没有这条记录"] for index, name in enumerate(names) if name not in found}
    if missing:
        raise Invalid(errors=missing)
    books.lock_accounts(work, village_id, {merit.household_id for merit in found.values()})
    found = merits_named(work, village_id, names)
    pending = {
        f"merits.{index}": [NotPending.title] for index, name in enumerate(names) if found[name].state != "submitted"
    }
    if pending:
        raise NotPending(f"{NotPending.title}（{len(pending)} 条）", errors=pending)
    ordered = sorted(found.values(), key=lambda merit: (merit.household_id, merit.id))
    levels = {merit.id: _check(work, village_id, merit, verdict) for merit in ordered}
    for merit in ordered:
        _apply(work, village_id, merit, verdict, level=levels[merit.id])
    after = merits_named(work, village_id, names)
    return [after[name] for name in names]


def _check(work: Work, village_id: int, merit: MeritRow, verdict: Verdict) -> int:
    """The level this signature would have."""
    if merit.logged_by == verdict.reviewer_id:
        raise Forbidden("不能审核自己登记的记录")
    if merit.state != "submitted":
        raise NotPending()
    signatures = signatures_on(work, village_id, merit.id)
    if any(reviewer == verdict.reviewer_id for _, reviewer in signatures):
        raise Forbidden("两级审核须由不同的人进行")
    return len(signatures) + 1


def _apply(work: Work, village_id: int, merit: MeritRow, verdict: Verdict, *, level: int) -> None:
    _SIGN.run(
        work,
        village_id=village_id,
        merit_id=merit.id,
        level=level,
        decision=verdict.decision,
        comment=verdict.comment,
        reviewer_id=verdict.reviewer_id,
        at=work.now,
    )
    if verdict.decision == "reject":
        _MOVE_ON.run(work, in_village=village_id, merit_id=merit.id, new_state="rejected")
    elif level >= merit.levels_needed:
        _approve(work, village_id, merit)


def _approve(work: Work, village_id: int, merit: MeritRow) -> None:
    state = state_after_approval(merit.points, notice_days=get_settings(work, village_id).notice_days)
    if state == "posted":
        post_merit(work, village_id, merit, actor_id=merit.logged_by)
    else:
        _MOVE_ON.run(work, in_village=village_id, merit_id=merit.id, new_state=state)
