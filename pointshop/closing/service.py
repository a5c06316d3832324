"""Closing a period: one unit of work takes what ends, writes the closing and freezes the statement, or nothing."""

from typing import Any, NamedTuple

from sqlalchemy import insert

from pointshop.closing.models import ClosingPolicy
from pointshop.closing.queries import Place, Sums, find_policy, places_by_number, policy_for, sums_by_account
from pointshop.closing.rules import Policy, expiring, words
from pointshop.core import clock
from pointshop.core.errors import Invalid, Refused
from pointshop.core.periods import Period, parse_period, period_label
from pointshop.core.routes import VillageRef
from pointshop.core.work import Work
from pointshop.ledger import service as books
from pointshop.ledger.closings import Closed, PeriodClosed, closed_through, record_closing
from pointshop.ledger.service import Posting
from pointshop.people.public_names import heads_in_public
from pointshop.publishing.kinds import CLOSING
from pointshop.publishing.queries import PublicationRow
from pointshop.publishing.service import refuse_taken
from pointshop.publishing.table_sheet import Total
from pointshop.publishing.tables import Draft, freeze, prepare
from pointshop.regions.queries import get_settings, hold_village

#: Sums below the statement.
_SUMMED = {column.field: column.label for column in CLOSING.columns if column.align == "right"}


class NotOver(Refused):
    code, title = "in_future", "这个期间还没有结束"


class Order(NamedTuple):
    """What a manager asks for. notice_days: how long the statement hangs."""

    period: str
    notice_days: int
    contact: str
    office: str


class Done(NamedTuple):
    closed: Closed
    statement: PublicationRow


def decide_policy(work: Work, village_id: int, policy: Policy, *, actor_id: int) -> None:
    """Set how the village ends its periods from now on; what is closed stays as it was."""
    # two who decide at once would both take the next version
    hold_village(work, village_id)
    version, present = find_policy(work, village_id)
    if policy != present:
        work.write(
            insert(ClosingPolicy).values(
                village_id=village_id,
                version=version + 1,
                cycle=policy.cycle,
                rule=policy.rule,
                share=policy.share,
                points_limit=policy.limit,
                decided_at=work.now,
                actor_id=actor_id,
            )
        )


def close_period(work: Work, village: VillageRef, closing_id: str, order: Order, *, site: str, actor_id: int) -> Done:
    """End a quarter or a year, once.

    site: scheme and host of the public page. Raises Invalid where the village has no policy or closes other periods,
    NotOver, PeriodClosed, PrivateDataRefused, NameReused. Accounts that are not active keep what they have.
    """
    refuse_taken(work, village.id, closing_id)
    policy = _policy_for(work, village.id, order.period)
    span = parse_period(order.period)
    if span.last >= work.today:
        raise NotOver()
    # whoever books into the period has either done so, or waits and will find it closed
    balances = books.hold_accounts(work, village.id)
    # not the instant this unit began: others booked into the period while it waited for their accounts
    at = clock.now()
    last = closed_through(work, village.id)
    if last is not None and last >= span.first:
        raise PeriodClosed(data={"closed_through": last.isoformat()})
    sums = sums_by_account(work, village.id, span)
    taken = _taken(balances, sums, policy)
    sheet = prepare(work, village, _draft(work, village.id, order, policy, sums, taken), site=site)
    postings = [
        Posting(account, -points, "expiry", "expiry", span.last, "closing", closing_id)
        for account, points in sorted(taken.items())
    ]
    books.post_all(work, village.id, postings, actor_id=actor_id)
    expired = sum(taken.values())
    carried = sum(figures.at_end for figures in sums.values()) - expired
    closed = Closed(order.period, closing_id, span, len(taken), expired, carried, at)
    record_closing(work, village.id, closed, actor_id=actor_id)
    return Done(closed, freeze(work, village.id, sheet, id=closing_id, actor_id=actor_id))


def _policy_for(work: Work, village_id: int, period: str) -> Policy:
    policy = policy_for(work, village_id, parse_period(period).last)
    if policy is None:
        raise Invalid(errors={"period": ["本村还没有规定结转办法"]})
    cycle = {4: "year", 7: "quarter" if "Q" in period else "month"}[len(period)]
    if cycle != policy.cycle:
        raise Invalid(errors={"period": ["本村按季度结账" if policy.cycle == "quarter" else "本村按年度结账"]})
    return policy


def _taken(balances: dict[int, int], sums: dict[int, Sums], policy: Policy) -> dict[int, int]:
    """Account → points that end, of those that lose any."""
    found = {
        account: expiring(
            at_end=sums[account].at_end, spent_since=sums[account].spent_since, balance=balance, policy=policy
        )
        for account, balance in balances.items()
        if account in sums
    }
    return {account: points for account, points in found.items() if points}


def _draft(
    work: Work, village_id: int, order: Order, policy: Policy, sums: dict[int, Sums], taken: dict[int, int]
) -> Draft:
    """The statement (结转公示): everybody who had points or moved some."""
    span: Period = parse_period(order.period)
    moved = {account: figures for account, figures in sums.items() if any(figures)}
    naming = get_settings(work, village_id).public_names
    names = heads_in_public(work, village_id, moved, policy=naming, year=work.today.year)
    lines = [
        _line(place, names[place.id], moved[place.id], taken.get(place.id, 0))
        for place in places_by_number(work, village_id)
        if place.id in moved
    ]
    return Draft(
        kind=CLOSING,
        label=period_label(order.period),
        first_on=span.first,
        last_on=span.last,
        items=tuple(lines),
        totals=tuple(
            Total(label=label, value=sum(line[name] for line in lines), unit="分") for name, label in _SUMMED.items()
        ),
        basis=f"{words(policy)}。",
        days=order.notice_days,
        contact=order.contact,
        office=order.office,
    )


def _line(place: Place, name: str, sums: Sums, taken: int) -> dict[str, Any]:
    return {
        "household": place.number,
        "group_no": place.group_no,
        "name": name,
        "before": sums.before,
        "earned": sums.earned,
        "spent": sums.spent,
        "expired": taken,
        "carried": sums.at_end - taken,
    }
