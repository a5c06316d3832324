"""Closing a round: one unit of work counts, freezes the result, publishes it and gives the points, or does nothing."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import bindparam, update

from pointshop.core.errors import Invalid
from pointshop.core.ids import names_in_series
from pointshop.core.many import insert_many
from pointshop.core.routes import VillageRef
from pointshop.core.work import Change, Work
from pointshop.evaluation import rules
from pointshop.evaluation.models import Result, Round
from pointshop.evaluation.queries import (
    NomineeRow,
    ResultRow,
    RoundRow,
    ballots_in,
    hold_round,
    issues_of,
    nominees_of,
    paper_counts,
    salt_of,
    turnout,
)
from pointshop.evaluation.refusals import NotOpen, NotYet, RoundClosed
from pointshop.evaluation.sheet import Counted, Line, freeze, number_words
from pointshop.kinship.service import refuse_self_dealing_among
from pointshop.ledger import service as books
from pointshop.ledger.service import AccountNotActive
from pointshop.merits import log
from pointshop.merits.log_conditions import Line as Deed
from pointshop.merits.log_conditions import Logger
from pointshop.merits.queries import RuleRow, find_newest_rule
from pointshop.merits.refusals import CapExceeded
from pointshop.publishing import service as publishing
from pointshop.publishing.kinds import EVALUATION
from pointshop.publishing.queries import PublicationRow
from pointshop.vetoes.queries import barred

_RESULTS = insert_many(Result)
_ENDS = Change(
    update(Round)
    .where(Round.village_id == bindparam("in_village"), Round.id == bindparam("round_id"))
    .values(
        state=bindparam("new_state"),
        closed_at=bindparam("now"),
        closed_by=bindparam("actor_id"),
        ballots=bindparam("count"),
        publication_id=bindparam("sheet"),
    )
)


class Order(NamedTuple):
    """What a manager asks for. round: by name. office, contact: printed on the sheet."""

    round: str
    contact: str
    office: str


class Ended(NamedTuple):
    """How a round ended: with a sheet, or below its quorum with nothing."""

    state: str
    ballots: int
    quorum: int
    sheet: PublicationRow | None = None
    lines: Sequence[Line] = ()


def close_round(work: Work, village: VillageRef, result_id: str, order: Order, *, site: str, actor_id: int) -> Ended:
    """End a round, once. site: scheme and host of the public page.

    Below the quorum the round has failed and nobody is given anything. Raises NotFound, RoundClosed, NotOpen, NotYet,
    SelfDealing for who belongs to a nominee, Invalid where paper counts differ, RuleNotInForce, BudgetExceeded,
    PrivateDataRefused, NameReused.
    """
    publishing.refuse_taken(work, village.id, result_id)
    found = hold_round(work, village.id, order.round)
    _refuse_unripe(work, village.id, found)
    nominees = nominees_of(work, village.id, found.id)
    paths = [(f"nominees.{each.no}", each.household_id) for each in nominees]
    refuse_self_dealing_among(work, village.id, actor_id, paths)
    ballots = ballots_in(work, village.id, found.id)
    counted = count(work, village.id, found, nominees, ballots)
    if len(ballots) < found.quorum:
        _keep(work, village.id, found, counted, [], actor_id=actor_id)
        _end(work, village.id, found, "failed", len(ballots), None, actor_id=actor_id)
        return Ended("failed", len(ballots), found.quorum)
    reserved = publishing.reserve(work, village.id, EVALUATION.name)
    note = f"{found.title}（{number_words(reserved)}）"
    lines = _give(work, village.id, found, counted, result_id, note=note, actor_id=actor_id)
    sheet = freeze(
        work,
        village,
        _counted(work, village.id, found, lines, ballots),
        id=result_id,
        reserved=reserved,
        contact=order.contact,
        office=order.office,
        site=site,
        actor_id=actor_id,
    )
    _keep(work, village.id, found, counted, lines, actor_id=actor_id)
    _end(work, village.id, found, "closed", len(ballots), result_id, actor_id=actor_id)
    return Ended("closed", len(ballots), found.quorum, sheet, lines)


def _counted(work: Work, village_id: int, found: RoundRow, lines: Sequence[Line], ballots: Sequence[Any]) -> Counted:
    may, have = turnout(work, village_id, found.id)
    salt, issues = salt_of(work, village_id, found.id), issues_of(work, village_id, found.id)
    return Counted(found, lines, ballots, may, have, salt, issues)


class Place(NamedTuple):
    """What a nominee came to. place: None for who takes none."""

    nominee: NomineeRow
    value: Fraction | None
    place: int | None
    award: rules.Award | None


def count(
    work: Work, village_id: int, found: RoundRow, nominees: Sequence[NomineeRow], ballots: Sequence[Any]
) -> list[Place]:
    """Values and places of all nominees. Who is barred from awards takes no place, and the sheet doesn't tell of it."""
    said = ballots if found.is_secret else [ballot for _, ballot in ballots]
    values = rules.values(found.method, [each.no for each in nominees], said, quorum=found.quorum)
    vetoed = barred(work, village_id, "no_award")
    placed = rules.places(values, without={each.no for each in nominees if each.household_id in vetoed})
    return [_place(each, values[each.no], placed.get(each.no), found.awards()) for each in nominees]


def _place(nominee: NomineeRow, value: Fraction | None, place: int | None, awards: Sequence[rules.Award]) -> Place:
    award = rules.award_for(awards, place, value) if place is not None and value is not None else None
    return Place(nominee, value, place, award)


def _refuse_unripe(work: Work, village_id: int, found: RoundRow) -> None:
    """It is over when its hour has come, or when everybody has voted."""
    if found.state in ("closed", "failed"):
        raise RoundClosed("评选已经结束")
    if found.state == "prepared":
        raise NotOpen("评委还没有抽取")
    may, have = turnout(work, village_id, found.id)
    if work.now < found.closes_at and have < may:
        raise NotYet("评选还没有截止，也还没有全部投票")
    if found.paper_ballots is None and paper_counts(work, village_id, found.id):
        raise Invalid(errors={"round": ["纸质选票还没有两人录入一致，不能计票"]})


def _give(
    work: Work,
    village_id: int,
    found: RoundRow,
    counted: Sequence[Place],
    result_id: str,
    *,
    note: str,
    actor_id: int,
) -> list[Line]:
    """Log a merit for each award, by the same rules as any other deed. Accounts are held in the order of their ids."""
    winners = [each for each in counted if each.award is not None]
    # a nominee's merit has its name before it is known who wins, and so never two
    names = dict(enumerate(names_in_series(result_id, count=len(counted)), start=1))
    books.lock_accounts(work, village_id, {each.nominee.household_id for each in winners})
    known = {award.rule: _rule(work, village_id, award.rule) for award in found.awards()}
    lines = []
    for each in sorted(winners, key=lambda each: (each.place, each.nominee.no)):
        assert each.award is not None
        rule = known[each.award.rule]
        points, unposted = _log(work, village_id, names[each.nominee.no], each, rule, note=note, actor_id=actor_id)
        merit_id = None if unposted else names[each.nominee.no]
        lines.append(Line(each.nominee, each.value or Fraction(0), each.place or 1, rule, points, merit_id, unposted))
    return lines


def _log(
    work: Work, village_id: int, merit_id: str, winner: Place, rule: RuleRow, *, note: str, actor_id: int
) -> tuple[int | None, str | None]:
    """Points of the merit, or the code of what kept it from being logged: the award stands without points then."""
    deed = Deed(winner.nominee.number, winner.nominee.member_id, 1)
    by = Logger(actor_id, grid=None)
    try:
        _, logged = log.log_merit(
            work, village_id, merit_id, deed, rule=rule.code, occurred_on=work.today, note=note, by=by
        )
    # each is raised before anything of the merit is written; Invalid is a member who has left the household
    except CapExceeded as refusal:
        return None, refusal.code
    except (AccountNotActive, Invalid):
        return None, AccountNotActive.code
    return logged.points, None


def _rule(work: Work, village_id: int, code: str) -> RuleRow:
    """An award's rule, which must still give points. Raises Invalid."""
    found = find_newest_rule(work, village_id, code)
    if found is None or not found.is_active or found.points <= 0:
        raise Invalid(errors={"round": [f"细则 {code} 已停用或不再加分"]})
    return found


def _keep(
    work: Work, village_id: int, found: RoundRow, counted: Sequence[Place], lines: Sequence[Line], *, actor_id: int
) -> None:
    given: Mapping[int, Line] = {line.nominee.no: line for line in lines}
    _RESULTS.run(work, [_result(village_id, found, each, given.get(each.nominee.no)) for each in counted])


def _result(village_id: int, found: RoundRow, each: Place, line: Line | None) -> dict[str, Any]:
    row = ResultRow(
        each.nominee.no,
        each.value.numerator if each.value is not None else None,
        each.value.denominator if each.value is not None else None,
        each.place,
        line.rule.code if line else None,
        line.merit_id if line else None,
        line.unposted if line else None,
    )
    return {"village_id": village_id, "round_id": found.id} | row._asdict()


def _end(
    work: Work, village_id: int, found: RoundRow, state: str, ballots: int, sheet: str | None, *, actor_id: int
) -> None:
    _ENDS.run(
        work,
        in_village=village_id,
        round_id=found.id,
        new_state=state,
        now=work.now,
        actor_id=actor_id,
        count=ballots,
        sheet=sheet,
    )
