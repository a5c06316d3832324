"""What must be true before a deed is logged; each check says in words what is wrong, in a batch for every line."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from pointshop.core.errors import Forbidden, Invalid, Refused
from pointshop.core.periods import period_of
from pointshop.core.policy import GridCell
from pointshop.core.work import Work
from pointshop.kinship.refusals import SelfDealing
from pointshop.kinship.service import refuse_self_dealing_among
from pointshop.ledger.service import AccountNotActive
from pointshop.merits import log_queries as queries
from pointshop.merits.log_queries import Deed, LogContext, Place
from pointshop.merits.refusals import BudgetExceeded, CapExceeded, DuplicateMerit, PointsTooLarge, RuleNotInForce
from pointshop.merits.rules import JudgingRule, check_cap, check_day, counting_period, first_state, worth
from pointshop.regions.queries import get_locked_settings


class Logger(NamedTuple):
    """Who logs, and where they may: grid cells, None for everywhere in the village."""

    actor_id: int
    grid: tuple[GridCell, ...] | None

    def reaches(self, place: Place) -> bool:
        return self.grid is None or any(cell.holds(place.group_no, place.lane) for cell in self.grid)


class Line(NamedTuple):
    """One deed to log, as asked: household by number."""

    household: str
    member_id: int | None
    quantity: int
    #: the logger says that it is their own family, and asks a higher region to sign
    self_dealing: bool = False


class NewMerit(NamedTuple):
    """A deed that was looked up and judged."""

    id: str
    place: Place
    line: Line
    points: int


class Terms(NamedTuple):
    """What all merits of one call share. levels_needed: signatures."""

    rule: JudgingRule
    occurred_on: date
    note: str
    state: str
    levels_needed: int
    logged_by: int
    batch_id: str | None


def agree_on_terms(
    work: Work,
    context: LogContext,
    *,
    occurred_on: date,
    note: str,
    by: Logger,
    batch_id: str | None = None,
    self_dealing: bool = False,
) -> Terms:
    """Raises InFuture, TooOld, RuleNotInForce."""
    check_day(occurred_on, today=work.today, backdate_days=context.backdate_days)
    if context.rule is None:
        raise RuleNotInForce()
    # one signature of a higher region takes the place of those of the village
    rule, levels = context.rule, 1 if self_dealing else context.review_levels
    state = first_state(rule.points, review_levels=levels, notice_days=context.notice_days)
    return Terms(rule, occurred_on, note, state, levels, by.actor_id, batch_id)


def find_place(work: Work, village_id: int, context: LogContext, line: Line, *, by: Logger) -> Place:
    """The household of a deed. Raises Invalid, Forbidden, SelfDealing, AccountNotActive."""
    if context.household_id is None or context.group_no is None or context.status is None:
        raise Invalid(errors={"household": [f"没有户号 {line.household}"]})
    place = Place(context.household_id, line.household, context.group_no, context.lane, context.status)
    if not by.reaches(place):
        raise Forbidden(f"户 {place.number} 不在您的网格内")
    if context.is_tied and not line.self_dealing:
        raise SelfDealing(data={"household": place.number})
    if place.status != "active":
        raise AccountNotActive()
    if line.member_id is not None and queries.household_of_member(work, village_id, line.member_id) != place.id:
        raise Invalid(errors={"member_id": [f"户 {place.number} 没有这位成员"]})
    return place


def find_places(work: Work, village_id: int, lines: Sequence[Line], *, by: Logger) -> list[Place]:
    """The households of all lines, every bad line named at once. Raises as `find_place` does."""
    known = queries.places_of(work, village_id, sorted({line.household for line in lines}))
    missing = _errors(
        (index, f"没有户号 {line.household}") for index, line in enumerate(lines) if line.household not in known
    )
    if missing:
        raise Invalid(errors=missing)
    places = [known[line.household] for line in lines]
    outside = _errors(
        (index, f"户 {place.number} 不在您的网格内") for index, place in enumerate(places) if not by.reaches(place)
    )
    if outside:
        raise Forbidden("有的户不在您的网格内", errors=outside)
    paths = [(f"lines.{index}.household", place.id) for index, place in enumerate(places)]
    refuse_self_dealing_among(work, village_id, by.actor_id, paths)
    _refuse_lines(
        AccountNotActive,
        ((index, "该户账户已停用") for index, place in enumerate(places) if place.status != "active"),
    )
    _check_members(work, village_id, places, lines)
    return places


def check_earlier(work: Work, village_id: int, place: Place, line: Line, terms: Terms) -> None:
    """Raises DuplicateMerit (data: merit), CapExceeded."""
    period = counting_period(terms.rule, terms.occurred_on)
    deed = Deed(place.id, line.member_id, terms.rule.code, terms.occurred_on, terms.note)
    used, duplicate = queries.used_and_duplicate(work, village_id, deed, first=period.first, last=period.last)
    if duplicate is not None:
        raise DuplicateMerit(data={"merit": duplicate})
    check_cap(terms.rule, used=used, quantity=line.quantity)


def check_earlier_of_all(work: Work, village_id: int, merits: Sequence[NewMerit], terms: Terms) -> None:
    """The same for a batch, whose own lines count too. Raises DuplicateMerit, CapExceeded."""
    rule = terms.rule
    households = sorted({merit.place.id for merit in merits})
    used, seen = used_before(work, village_id, households, rule, occurred_on=terms.occurred_on, note=terms.note)
    twice, over = [], []
    for index, merit in enumerate(merits):
        deed = (merit.place.id, merit.line.member_id)
        if deed in seen:
            twice.append((index, "同一事项已经记过分"))
        seen.add(deed)
        used[merit.place.id] += merit.line.quantity
        if rule.cap is not None and used[merit.place.id] > rule.cap:
            over.append((index, f"超过上限 {rule.cap}"))
    _refuse_lines(DuplicateMerit, twice)
    _refuse_lines(CapExceeded, over)


class Used(NamedTuple):
    """What was logged before. quantity: by household, what counts against the cap. deeds: household and member of those
    with the same day and note."""

    quantity: dict[int, int]
    deeds: set[tuple[int, int | None]]


def used_before(
    work: Work, village_id: int, households: Sequence[int], rule: JudgingRule, *, occurred_on: date, note: str
) -> Used:
    """What households have of a rule already. Without a cap only the very same deeds are looked at."""
    period = counting_period(rule, occurred_on)
    narrow = note if rule.cap is None else None
    earlier = queries.earlier_merits(
        work, village_id, households, rule.code, first=period.first, last=period.last, note=narrow
    )
    quantity = dict.fromkeys(households, 0)
    for found in earlier:
        quantity[found.household_id] += found.quantity
    same = [found for found in earlier if found.occurred_on == occurred_on and found.note == note]
    return Used(quantity, {(found.household_id, found.member_id) for found in same})


def check_budget(work: Work, village_id: int, context: LogContext, terms: Terms, *, points: int) -> None:
    """Raises BudgetExceeded (data: budget, issued, asked). Only a village that has a budget waits for its lock."""
    if context.period_budget is None or points <= 0 or terms.rule.track != "spend":
        return
    budget = get_locked_settings(work, village_id).period_budget
    month = period_of(terms.occurred_on, "month")
    issued = queries.points_issued(work, village_id, first=month.first, last=month.last)
    if budget is not None and issued + points > budget:
        raise BudgetExceeded(
            f"本村该月积分总额 {budget}，已发 {issued}，本次 {points}",
            data={"budget": budget, "issued": issued, "asked": points},
        )


def worth_of_all(rule: JudgingRule, lines: Sequence[Line]) -> list[int]:
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


def _check_members(work: Work, village_id: int, places: Sequence[Place], lines: Sequence[Line]) -> None:
    named = sorted({line.member_id for line in lines if line.member_id is not None})
    homes = queries.households_of_members(work, village_id, named) if named else {}
    strangers = {
        f"lines.{index}.member_id": [f"户 {place.number} 没有这位成员"]
        for index, (place, line) in enumerate(zip(places, lines, strict=True))
        if line.member_id is not None and homes.get(line.member_id) != place.id
    }
    if strangers:
        raise Invalid(errors=strangers)


def _errors(found: Iterable[tuple[int, str]]) -> dict[str, list[str]]:
    return {f"lines.{index}.household": [words] for index, words in found}


def _refuse_lines(refusal: type[Refused], found: Iterable[tuple[int, str]]) -> None:
    errors = _errors(found)
    if errors:
        raise refusal(f"{refusal.title}（{len(errors)} 行）", errors=errors)
