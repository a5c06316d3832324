"""Posting, reversing and ending merits: what a merit does to the books."""

from datetime import date

from sqlalchemy import bindparam, update

from pointshop.core.work import Change, Work
from pointshop.ledger import service as books
from pointshop.ledger.service import Honour, Posting
from pointshop.merits.models import Merit
from pointshop.merits.queries import MeritRow, due_merits, get_merit, households_due, points_posted, signatures_on
from pointshop.merits.refusals import AlreadyEnded, NotPending

_ENDED = ("rejected", "withdrawn", "reversed")
_key = Merit.village_id == bindparam("in_village"), Merit.id == bindparam("merit_id")
_POSTED = Change(update(Merit).where(*_key).values(state="posted", entry_seq=bindparam("new_entry_seq")))
_ENDS = Change(
    update(Merit)
    .where(*_key)
    .values(state=bindparam("new_state"), end_reason=bindparam("new_reason"), reversed_at=bindparam("new_reversed_at"))
)


def posting_of(merit_id: str, household_id: int, points: int, *, occurred_on: date) -> Posting:
    """How a merit's points move: issued when positive, taken back by adjustment when a deduction."""
    kind, counter = ("merit", "issue") if points > 0 else ("deduction", "adjust")
    return Posting(household_id, points, counter, kind, occurred_on, "merit", merit_id)


def post_due(work: Work, village_id: int, *, household_id: int | None = None) -> int:
    """Post the merits whose notice period has ended; returns how many. household_id: only this household's.

    Those of accounts that are not active wait. Raises AccountNotActive only where the household is named.
    """
    households = households_due(work, village_id) if household_id is None else [household_id]
    return sum(_post_due_of(work, village_id, each) for each in households)


def _post_due_of(work: Work, village_id: int, household_id: int) -> int:
    if not due_merits(work, village_id, household_id):
        return 0
    books.lock_account(work, village_id, household_id)
    # looked up again: somebody else may have posted them while this waited
    due = due_merits(work, village_id, household_id)
    for merit in due:
        post_merit(work, village_id, merit, actor_id=merit.logged_by)
    return len(due)


def post_merit(work: Work, village_id: int, merit: MeritRow, *, actor_id: int) -> None:
    """Bring an approved merit into the books: points, if the rule's are to be spent, and honour."""
    seq = None
    if merit.track == "spend":
        posting = posting_of(merit.id, merit.household_id, merit.points, occurred_on=merit.occurred_on)
        posted = books.post_up_to(work, village_id, posting, actor_id=actor_id)
        seq = posted.seq if posted else None
    books.count_honour(work, village_id, [_honour(merit, merit.points)])
    _POSTED.run(work, in_village=village_id, merit_id=merit.id, new_entry_seq=seq)


def reverse_merit(work: Work, village_id: int, merit_id: str, *, reason: str, actor_id: int) -> MeritRow:
    """Take a merit back (冲正): its points, never below zero, its honour, and its share of the cap.

    One that was not posted yet simply ends. Raises AlreadyEnded, NotFound.
    """
    merit = _hold(work, village_id, merit_id)
    if merit.state in _ENDED:
        raise AlreadyEnded()
    if merit.state == "posted":
        _take_back(work, village_id, merit, actor_id=actor_id)
    _end(work, village_id, merit, state="reversed", reason=reason)
    return get_merit(work, village_id, merit_id)


def withdraw_merit(work: Work, village_id: int, merit_id: str, *, reason: str) -> MeritRow:
    """End a merit that nobody has signed yet. Raises NotPending."""
    merit = _hold(work, village_id, merit_id)
    if merit.state != "submitted" or signatures_on(work, village_id, merit_id):
        raise NotPending()
    _end(work, village_id, merit, state="withdrawn", reason=reason)
    return get_merit(work, village_id, merit_id)


def _hold(work: Work, village_id: int, merit_id: str) -> MeritRow:
    """The merit as it stands once its account is held."""
    merit = get_merit(work, village_id, merit_id)
    books.lock_account(work, village_id, merit.household_id)
    return get_merit(work, village_id, merit_id)


def _take_back(work: Work, village_id: int, merit: MeritRow, *, actor_id: int) -> None:
    moved = points_posted(work, village_id, merit)
    if moved:
        posting = Posting(
            merit.household_id,
            -moved,
            "issue" if moved > 0 else "adjust",
            "reversal",
            work.today,
            "merit",
            merit.id,
            reverses=merit.entry_seq,
        )
        books.post_up_to(work, village_id, posting, actor_id=actor_id)
    books.count_honour(work, village_id, [_honour(merit, -merit.points)])


def _end(work: Work, village_id: int, merit: MeritRow, *, state: str, reason: str) -> None:
    _ENDS.run(
        work,
        in_village=village_id,
        merit_id=merit.id,
        new_state=state,
        new_reason=reason,
        new_reversed_at=work.now if state == "reversed" else None,
    )


def _honour(merit: MeritRow, points: int) -> Honour:
    return Honour(merit.household_id, merit.member_id or 0, merit.occurred_on, merit.category, points)
