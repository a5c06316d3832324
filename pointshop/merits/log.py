"""Logging merits: one deed of one household, or one rule for many households at once."""

from collections.abc import Sequence
from datetime import date

from pointshop.core.ids import derived_name
from pointshop.core.work import Work
from pointshop.ledger import service as books
from pointshop.merits import log_conditions as conditions
from pointshop.merits.log_booking import Logged, book_all, book_one
from pointshop.merits.log_conditions import Line, Logger, NewMerit, Terms
from pointshop.merits.log_queries import log_context
from pointshop.merits.rules import worth


def log_merit(
    work: Work, village_id: int, merit_id: str, line: Line, *, rule: str, occurred_on: date, note: str, by: Logger
) -> tuple[Terms, Logged]:
    """Log one deed; without review and notice it is posted at once.

    Raises Invalid (no such household or member), Forbidden (outside the grid), InFuture, TooOld, RuleNotInForce,
    AccountNotActive, DuplicateMerit, CapExceeded, BudgetExceeded.
    """
    context = log_context(work, village_id, number=line.household, rule=rule, day=occurred_on)
    terms = conditions.agree_on_terms(work, context, occurred_on=occurred_on, note=note, by=by)
    place = conditions.find_place(work, village_id, context, line, by=by)
    books.lock_account(work, village_id, place.id)
    points = worth(terms.rule, line.quantity)
    conditions.check_earlier(work, village_id, place, line, terms)
    conditions.check_budget(work, village_id, context, terms, points=points)
    merit = NewMerit(merit_id, place, line, points)
    return terms, book_one(work, village_id, merit, terms, balance=context.balance or 0)


def log_batch(
    work: Work,
    village_id: int,
    batch_id: str,
    lines: Sequence[Line],
    *,
    rule: str,
    occurred_on: date,
    note: str,
    by: Logger,
) -> tuple[Terms, list[Logged]]:
    """Log one rule for many households, all or nothing; refusals name the lines (`lines.7.household`).

    Raises as `log_merit` does.
    """
    context = log_context(work, village_id, number=None, rule=rule, day=occurred_on)
    terms = conditions.agree_on_terms(work, context, occurred_on=occurred_on, note=note, by=by, batch_id=batch_id)
    places = conditions.find_places(work, village_id, lines, by=by)
    books.lock_accounts(work, village_id, {place.id for place in places})
    points = conditions.worth_of_all(terms.rule, lines)
    merits = [
        NewMerit(derived_name(batch_id, index), *judged)
        for index, judged in enumerate(zip(places, lines, points, strict=True))
    ]
    conditions.check_earlier_of_all(work, village_id, merits, terms)
    conditions.check_budget(work, village_id, context, terms, points=sum(points))
    return terms, book_all(work, village_id, merits, terms)
