"""Logging merits: one deed of one household, or one rule for many households at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert

from pointshop.core.errors import Forbidden, Invalid, Refused
from pointshop.core.ids import derived_name
from pointshop.core.periods import period_of
from pointshop.core.policy import GridCell
from pointshop.core.work import Change, Work
from pointshop.ledger import service as books
from pointshop.ledger.queries import balances_of
from pointshop.ledger.service import AccountNotActive, Honour, Posted
from pointshop.merits import log_queries as queries
from pointshop.merits.log_queries import Deed, LogContext, Place
from pointshop.merits.models import Merit
from pointshop.merits.rules import (
    BudgetExceeded,
    CapExceeded,
    DuplicateMerit,
    JudgingRule,
    PointsTooLarge,
    RuleNotInForce,
    check_cap,
    check_day,
    counting_period,
    first_state,
    worth,
)
from pointshop.merits.service import posting_of
from pointshop.regions.queries import get_locked_settings

_ADD = Change(
    insert(Merit).values(
        {
            column.name: bindparam(column.name)
            for column in Merit.__table__.columns
            if column.name not in ("reversed_at", "end_reason")
        }
    )
)


class Logger(NamedTuple):
    """Who logs, and where they may: grid cells, None for everywhere in the village."""

    actor_id: int
    grid: tuple[GridCell, ...] | None


class Line(NamedTuple):
    """One deed to log, as asked: household by number."""

    household: str
    member_id: int | None
    quantity: int


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


class LoggedUnder(NamedTuple):
    """What all merits of one call share."""

    rule: JudgingRule
    occurred_on: date
    note: str
    due_on: date | None


def log_merit(
    work: Work, village_id: int, merit_id: str, line: Line, *, rule: str, occurred_on: date, note: str, by: Logger
) -> tuple[LoggedUnder, Logged]:
    """Log one deed; without review and notice it is posted at once.

    Raises Invalid (no such household or member), Forbidden (outside the grid), InFuture, TooOld, RuleNotInForce,
    AccountNotActive, DuplicateMerit, CapExceeded, BudgetExceeded.
    """
    context = queries.log_context(work, village_id, number=line.household, rule=rule, day=occurred_on)
    under = _under(work, context, occurred_on=occurred_on, note=note)
    place = _place(context, line.household)
    _check_place(place, by)
    if not _is_member(work, village_id, place, line):
        raise Invalid(errors={"member_id": [f"户 {place.number} 没有这位成员"]})
    books.lock_account(work, village_id, place.id)
    points = worth(under.rule, line.quantity)
    _check_earlier(work, village_id, place, line, under)
    _check_budget(work, village_id, context, under, points=points)
    merit = _Merit(merit_id, place, line, points)
    return under, _book_one(work, village_id, merit, context, under, by)


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
) -> tuple[LoggedUnder, list[Logged]]:
    """Log one rule for many households, all or nothing; refusals name the lines (`lines.7.household`).

    Raises as `log_merit` does.
    """
    context = queries.log_context(work, village_id, number=None, rule=rule, day=occurred_on)
    under = _under(work, context, occurred_on=occurred_on, note=note)
    places = _places(work, village_id, lines, by)
    for household_id in sorted({place.id for place in places}):
        books.lock_account(work, village_id, household_id)
    points = _worth_all(under.rule, lines)
    merits = [
        _Merit(derived_name(batch_id, index), *merit)
        for index, merit in enumerate(zip(places, lines, points, strict=True))
    ]
    _check_earlier_of_all(work, village_id, merits, under)
    _check_budget(work, village_id, context, under, points=sum(merit.points for merit in merits))
    return under, _book_all(work, village_id, batch_id, merits, context, under, by)


class _Merit(NamedTuple):
    id: str
    place: Place
    line: Line
    points: int


def _under(work: Work, context: LogContext, *, occurred_on: date, note: str) -> LoggedUnder:
    check_day(occurred_on, today=work.today, backdate_days=context.backdate_days)
    if context.rule is None:
        raise RuleNotInForce()
    state = first_state(review_levels=context.review_levels, notice_days=context.notice_days)
    due_on = None
    if state == "noticed":
        due_on = date.fromordinal(work.today.toordinal() + context.notice_days)
    return LoggedUnder(context.rule, occurred_on, note, due_on)


def _place(context: LogContext, number: str) -> Place:
    if context.household_id is None or context.group_no is None or context.status is None:
        raise Invalid(errors={"household": [f"没有户编号 {number}"]})
    return Place(context.household_id, number, context.group_no, context.lane, context.status)


def _is_inside(place: Place, by: Logger) -> bool:
    return by.grid is None or any(cell.holds(place.group_no, place.lane) for cell in by.grid)


def _check_place(place: Place, by: Logger) -> None:
    if not _is_inside(place, by):
        raise Forbidden(f"户 {place.number} 不在您的网格内")
    if place.status != "active":
        raise AccountNotActive()


def _is_member(work: Work, village_id: int, place: Place, line: Line) -> bool:
    return line.member_id is None or queries.household_of_member(work, village_id, line.member_id) == place.id


def _check_earlier(work: Work, village_id: int, place: Place, line: Line, under: LoggedUnder) -> None:
    period = counting_period(under.rule, under.occurred_on)
    deed = Deed(place.id, line.member_id, under.rule.code, under.occurred_on, under.note)
    used, duplicate = queries.used_and_duplicate(work, village_id, deed, first=period.first, last=period.last)
    if duplicate is not None:
        raise DuplicateMerit(data={"merit": duplicate})
    check_cap(under.rule, used=used, quantity=line.quantity)


def _check_budget(work: Work, village_id: int, context: LogContext, under: LoggedUnder, *, points: int) -> None:
    if context.period_budget is None or points <= 0 or under.rule.track != "spend":
        return
    budget = get_locked_settings(work, village_id).period_budget
    month = period_of(under.occurred_on, "month")
    issued = queries.points_issued(work, village_id, first=month.first, last=month.last)
    if budget is not None and issued + points > budget:
        raise BudgetExceeded(
            f"本村该月积分总额 {budget}，已发 {issued}，本次 {points}",
            data={"budget": budget, "issued": issued, "asked": points},
        )


def _places(work: Work, village_id: int, lines: Sequence[Line], by: Logger) -> list[Place]:
    """The households of all lines, every bad line named at once."""
    known = queries.places_of(work, village_id, sorted({line.household for line in lines}))
    missing = _errors(
        (index, f"没有户编号 {line.household}") for index, line in enumerate(lines) if line.household not in known
    )
    if missing:
        raise Invalid(errors=missing)
    places = [known[line.household] for line in lines]
    outside = _errors(
        (index, f"户 {place.number} 不在您的网格内") for index, place in enumerate(places) if not _is_inside(place, by)
    )
    if outside:
        raise Forbidden("有的户不在您的网格内", errors=outside)
    _refuse_lines(
        AccountNotActive,
        ((index, "该户账户未启用") for index, place in enumerate(places) if place.status != "active"),
    )
    strangers = {
        f"lines.{index}.member_id": [f"户 {place.number} 没有这位成员"]
        for index, (place, line) in enumerate(zip(places, lines, strict=True))
        if not _is_member(work, village_id, place, line)
    }
    if strangers:
        raise Invalid(errors=strangers)
    return places


def _worth_all(rule: JudgingRule, lines: Sequence[Line]) -> list[int]:
    """Points of each line. Raises PointsTooLarge that names the lines."""
    points, large = [], {}
    for index, line in enumerate(lines):
        try:
            points.append(worth(rule, line.quantity))
        except PointsTooLarge as error:
            large[f"lines.{index}.quantity"] = [str(error)]
    if large:
        raise PointsTooLarge(errors=large)
    return points


def _check_earlier_of_all(work: Work, village_id: int, merits: Sequence[_Merit], under: LoggedUnder) -> None:
    period = counting_period(under.rule, under.occurred_on)
    households = sorted({merit.place.id for merit in merits})
    earlier = queries.earlier_merits(
        work, village_id, households, under.rule.code, first=period.first, last=period.last
    )
    used = dict.fromkeys(households, 0)
    for merit in earlier:
        used[merit.household_id] += merit.quantity
    seen = {
        (merit.household_id, merit.member_id)
        for merit in earlier
        if merit.occurred_on == under.occurred_on and merit.note == under.note
    }
    twice, over = [], []
    for index, entry in enumerate(merits):
        deed = (entry.place.id, entry.line.member_id)
        if deed in seen:
            twice.append((index, "同一事项已经记过分"))
        seen.add(deed)
        used[entry.place.id] += entry.line.quantity
        if under.rule.cap is not None and used[entry.place.id] > under.rule.cap:
            over.append((index, f"超过上限 {under.rule.cap}"))
    _refuse_lines(DuplicateMerit, twice)
    _refuse_lines(CapExceeded, over)


def _errors(found: Any) -> dict[str, list[str]]:
    return {f"lines.{index}.household": [words] for index, words in found}


def _refuse_lines(refusal: type[Refused], found: Any) -> None:
    errors = _errors(found)
    if errors:
        raise refusal(f"{refusal.title}（{len(errors)} 行）", errors=errors)


def _book_one(
    work: Work, village_id: int, merit: _Merit, context: LogContext, under: LoggedUnder, by: Logger
) -> Logged:
    state = first_state(review_levels=context.review_levels, notice_days=context.notice_days)
    balance, seq = context.balance or 0, None
    if state == "posted":
        posted = _post_one(work, village_id, merit, under, by)
        if posted is not None:
            balance, seq = posted.balance_after, posted.seq
        books.count_honour(work, village_id, [_honour(merit, under)])
    _ADD.run(work, **_row(work, village_id, merit, context, under, by, state=state, seq=seq, batch_id=None))
    return _logged(merit, state, balance)


def _post_one(work: Work, village_id: int, merit: _Merit, under: LoggedUnder, by: Logger) -> Posted | None:
    if under.rule.track != "spend":
        return None
    posting = posting_of(merit.id, merit.place.id, merit.points, occurred_on=under.occurred_on)
    post = books.post if merit.points > 0 else books.post_up_to
    return post(work, village_id, posting, actor_id=by.actor_id)


def _book_all(
    work: Work,
    village_id: int,
    batch_id: str,
    merits: Sequence[_Merit],
    context: LogContext,
    under: LoggedUnder,
    by: Logger,
) -> list[Logged]:
    state = first_state(review_levels=context.review_levels, notice_days=context.notice_days)
    posted: list[Posted | None] = [None] * len(merits)
    if state == "posted":
        if under.rule.track == "spend":
            postings = [
                posting_of(merit.id, merit.place.id, merit.points, occurred_on=under.occurred_on) for merit in merits
            ]
            posted = books.post_all(work, village_id, postings, actor_id=by.actor_id)
        books.count_honour(work, village_id, [_honour(merit, under) for merit in merits])
    _ADD.run_all(
        work,
        [
            _row(
                work,
                village_id,
                merit,
                context,
                under,
                by,
                state=state,
                seq=line.seq if line else None,
                batch_id=batch_id,
            )
            for merit, line in zip(merits, posted, strict=True)
        ],
    )
    return _with_balances(work, village_id, merits, posted, state)


def _with_balances(
    work: Work, village_id: int, merits: Sequence[_Merit], posted: Sequence[Posted | None], state: str
) -> list[Logged]:
    silent = [merit.place.id for merit, line in zip(merits, posted, strict=True) if line is None]
    balances = balances_of(work, village_id, silent) if silent else {}
    return [
        _logged(merit, state, line.balance_after if line else balances[merit.place.id])
        for merit, line in zip(merits, posted, strict=True)
    ]


def _honour(merit: _Merit, under: LoggedUnder) -> Honour:
    return Honour(merit.place.id, merit.line.member_id or 0, under.occurred_on, under.rule.category, merit.points)


def _logged(merit: _Merit, state: str, balance: int) -> Logged:
    line = merit.line
    return Logged(merit.id, line.household, line.member_id, line.quantity, merit.points, state, balance)


def _row(
    work: Work,
    village_id: int,
    merit: _Merit,
    context: LogContext,
    under: LoggedUnder,
    by: Logger,
    *,
    state: str,
    seq: int | None,
    batch_id: str | None,
) -> Mapping[str, Any]:
    return {
        "village_id": village_id,
        "id": merit.id,
        "household_id": merit.place.id,
        "member_id": merit.line.member_id,
        "rule_code": under.rule.code,
        "rule_version": under.rule.version,
        "quantity": merit.line.quantity,
        "points": merit.points,
        "occurred_on": under.occurred_on,
        "note": under.note,
        "state": state,
        "levels_needed": context.review_levels,
        "due_on": under.due_on,
        "entry_seq": seq,
        "batch_id": batch_id,
        "logged_at": work.now,
        "logged_by": by.actor_id,
    }
