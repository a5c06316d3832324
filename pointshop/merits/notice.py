"""What a public notice does to the merits on it: starts their clock, stops it, holds one of them back (公示期).

A merit that needs a notice is `approved` until the sheet hangs, `noticed` until its period is over, `held` while an
objection to it is open. Who prints the sheet and hears the objection stands above; here are only the states.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, bindparam, case, or_, select, update

from pointshop.core.work import Change, Prepared, Work
from pointshop.ledger import service as books
from pointshop.merits.models import Merit, NoticeLine
from pointshop.merits.queries import get_merit, households_due, merits_named
from pointshop.merits.service import post_due

#: States in which an objection can still keep a merit out of the books.
OPEN = ("approved", "noticed", "held")

_key = Merit.village_id == bindparam("in_village"), Merit.id == bindparam("merit_id")
_is_held = Merit.state == "held"
_START = Change(
    update(Merit)
    .where(*_key, or_(Merit.state == "approved", _is_held))
    .values(state=case((_is_held, "held"), else_="noticed"), due_on=bindparam("new_due_on"))
)
_STOP = Change(
    update(Merit)
    .where(*_key, or_(Merit.state == "noticed", _is_held))
    .values(state=case((_is_held, "held"), else_="approved"), due_on=None)
)
_HOLD = Change(
    update(Merit).where(*_key, or_(Merit.state == "approved", Merit.state == "noticed")).values(state="held")
)
_RELEASE = Change(
    update(Merit).where(*_key, _is_held).values(state=case((Merit.due_on.is_(None), "approved"), else_="noticed"))
)
_REJECT = Change(
    update(Merit).where(*_key, _is_held).values(state="rejected", end_reason=bindparam("new_reason"), due_on=None)
)

_OF_NOTICE = Prepared(
    select(NoticeLine.merit_id)
    .where(NoticeLine.village_id == bindparam("village_id"), NoticeLine.publication_id == bindparam("publication_id"))
    .order_by(NoticeLine.line_no)
)
_NAMING = Prepared(
    select(NoticeLine.publication_id)
    .distinct()
    .join(Merit, and_(Merit.village_id == NoticeLine.village_id, Merit.id == NoticeLine.merit_id))
    .where(Merit.village_id == bindparam("village_id"), Merit.household_id == bindparam("household_id"))
)


def merits_on(work: Work, village_id: int, publication_id: str) -> list[str]:
    """The merits of a notice, in the order of its lines."""
    return [name for (name,) in _OF_NOTICE.all(work, village_id=village_id, publication_id=publication_id)]


def notices_with(work: Work, village_id: int, household_id: int) -> set[str]:
    """The notices, of whatever time, on which a merit of a household is a line: whatever name it bears there."""
    return {name for (name,) in _NAMING.all(work, village_id=village_id, household_id=household_id)}


def start_clock(work: Work, village_id: int, merit_ids: Sequence[str], *, due_on: date) -> None:
    """The sheet hangs: from `due_on` on its merits may be posted. Held ones keep waiting, and know their day too."""
    _lock(work, village_id, merit_ids)
    _START.run_all(work, [{"in_village": village_id, "merit_id": name, "new_due_on": due_on} for name in merit_ids])


def stop_clock(work: Work, village_id: int, merit_ids: Sequence[str]) -> None:
    """The sheet hangs no more: what was not posted yet waits for another."""
    _lock(work, village_id, merit_ids)
    _STOP.run_all(work, [{"in_village": village_id, "merit_id": name} for name in merit_ids])


def _lock(work: Work, village_id: int, merit_ids: Sequence[str]) -> None:
    merits = merits_named(work, village_id, merit_ids)
    books.lock_accounts(work, village_id, {merit.household_id for merit in merits.values()})


def hold_merit(work: Work, village_id: int, merit_id: str) -> bool:
    """Keep a merit out of the books while an objection is open; False where it is there already, or has ended."""
    books.lock_account(work, village_id, get_merit(work, village_id, merit_id).household_id)
    _HOLD.run(work, in_village=village_id, merit_id=merit_id)
    return get_merit(work, village_id, merit_id).state == "held"


def release_merit(work: Work, village_id: int, merit_id: str) -> None:
    """Let a held merit go on as if nothing had been said against it; it is posted at once where its period is over."""
    household_id = get_merit(work, village_id, merit_id).household_id
    books.lock_account(work, village_id, household_id)
    _RELEASE.run(work, in_village=village_id, merit_id=merit_id)
    if household_id in households_due(work, village_id):
        post_due(work, village_id, household_id=household_id)


def reject_merit(work: Work, village_id: int, merit_id: str, *, reason: str) -> None:
    """End a held merit for good: the objection to it was right."""
    books.lock_account(work, village_id, get_merit(work, village_id, merit_id).household_id)
    _REJECT.run(work, in_village=village_id, merit_id=merit_id, new_reason=reason)
