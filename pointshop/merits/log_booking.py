"""What logging writes: the merits, and where they count at once, their lines in the passbook and their honour."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import insert

from pointshop.core.work import Change, Work
from pointshop.ledger import service as books
from pointshop.ledger.queries import balances_of
from pointshop.ledger.service import Honour, Posted, Posting
from pointshop.merits.log_conditions import NewMerit, Terms
from pointshop.merits.models import Merit
from pointshop.merits.service import posting_of

_ADD = Change(insert(Merit))


class Logged(NamedTuple):
    """A merit as it was logged."""

    id: str
    household: str
    member_id: int | None
    quantity: int
    points: int
    state: str
    #: what the household can spend after it
    balance: int


def book_one(work: Work, village_id: int, merit: NewMerit, terms: Terms, *, balance: int) -> Logged:
    """Write one merit. balance: what the household could spend before."""
    posted = None
    if terms.state == "posted":
        posted = _post_one(work, village_id, merit, terms)
        books.count_honour(work, village_id, [_honour(merit, terms)])
    _ADD.run(work, **_row(work, village_id, merit, terms, line=posted))
    return _logged(merit, terms, posted.balance_after if posted else balance)


def book_all(work: Work, village_id: int, merits: Sequence[NewMerit], terms: Terms) -> list[Logged]:
    """Write the merits of a batch, each kind of row in one go."""
    posted: list[Posted | None] = [None] * len(merits)
    if terms.state == "posted":
        if terms.rule.track == "spend":
            postings = [_posting(merit, terms) for merit in merits]
            posted = books.post_all(work, village_id, postings, actor_id=terms.logged_by)
        books.count_honour(work, village_id, [_honour(merit, terms) for merit in merits])
    lines = list(zip(merits, posted, strict=True))
    _ADD.run_all(work, [_row(work, village_id, merit, terms, line=line) for merit, line in lines])
    silent = [merit.place.id for merit, line in lines if line is None]
    balances = balances_of(work, village_id, silent) if silent else {}
    return [_logged(merit, terms, line.balance_after if line else balances[merit.place.id]) for merit, line in lines]


def _post_one(work: Work, village_id: int, merit: NewMerit, terms: Terms) -> Posted | None:
    if terms.rule.track != "spend":
        return None
    post = books.post if merit.points > 0 else books.post_up_to
    return post(work, village_id, _posting(merit, terms), actor_id=terms.logged_by)


def _posting(merit: NewMerit, terms: Terms) -> Posting:
    return posting_of(merit.id, merit.place.id, merit.points, occurred_on=terms.occurred_on)


def _honour(merit: NewMerit, terms: Terms) -> Honour:
    return Honour(merit.place.id, merit.line.member_id or 0, terms.occurred_on, terms.rule.category, merit.points)


def _logged(merit: NewMerit, terms: Terms, balance: int) -> Logged:
    line = merit.line
    return Logged(merit.id, line.household, line.member_id, line.quantity, merit.points, terms.state, balance)


def _row(work: Work, village_id: int, merit: NewMerit, terms: Terms, *, line: Posted | None) -> dict[str, Any]:
    return {
        "village_id": village_id,
        "id": merit.id,
        "household_id": merit.place.id,
        "member_id": merit.line.member_id,
        "rule_code": terms.rule.code,
        "rule_version": terms.rule.version,
        "quantity": merit.line.quantity,
        "points": merit.points,
        "occurred_on": terms.occurred_on,
        "note": terms.note,
        "state": terms.state,
        "levels_needed": terms.levels_needed,
        "due_on": None,
        "entry_seq": line.seq if line else None,
        "batch_id": terms.batch_id,
        "logged_at": work.now,
        "logged_by": terms.logged_by,
        "reversed_at": None,
        "end_reason": None,
    }
