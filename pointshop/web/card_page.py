"""What the page of a card tells: no more than its holder's own passbook, under a masked name."""

from datetime import date, timedelta
from typing import NamedTuple

from pointshop.core import paging
from pointshop.core.periods import period_of
from pointshop.core.text import mask_name
from pointshop.core.work import Work
from pointshop.honors.queries import Standing, standing
from pointshop.ledger import queries as books
from pointshop.ledger.models import Entry
from pointshop.people.queries import Holder
from pointshop.publishing.honor_roll_document import KIND
from pointshop.publishing.queries import PublicationRow, in_force
from pointshop.regions.queries import find_region, get_settings
from pointshop.shop.goods_queries import ProductRow, goods_on_offer
from pointshop.shop.rules import is_open
from pointshop.stats.passbook import PassbookLine, summaries

#: Lines of the passbook that are shown.
LINES = 6


class Told(NamedTuple):
    """lines: the newest first, each with its words. contact: of the honor roll on show, None without one."""

    village: str
    name: str
    balance: int
    lines: list[tuple[PassbookLine, str]]
    standing: Standing
    goods: list[ProductRow]
    contact: str | None
    next_day: date | None


def read_card(work: Work, holder: Holder) -> Told:
    """Everything on the page of a card in force."""
    village_id, household = holder.village_id, holder.household
    lines = _last_lines(work, village_id, household.id)
    words = summaries(work, village_id, lines)
    rolls = in_force(work, village_id, KIND)
    return Told(
        village=village_name(work, village_id),
        name=mask_name(household.head),
        balance=books.balances_of(work, village_id, [household.id])[household.id],
        lines=[(line, words[line.seq]) for line in lines],
        standing=standing(work, village_id, household.id, period_of(work.today, "quarter")),
        goods=goods_on_offer(work, village_id),
        contact=_contact(rolls),
        next_day=next_open_day(get_settings(work, village_id).redemption_weekdays, work.today),
    )


def village_name(work: Work, village_id: int) -> str:
    """A village's id is its code."""
    found = find_region(work, str(village_id))
    return found.name if found else ""


def next_open_day(weekdays: str, today: date) -> date | None:
    """The next day on which the shop redeems, today included; None where it never does."""
    week = (today + timedelta(days=ahead) for ahead in range(7))
    return next((day for day in week if is_open(weekdays, day)), None)


def _last_lines(work: Work, village_id: int, household_id: int) -> list[PassbookLine]:
    statement = paging.page(
        books.passbook(village_id, household_id),
        keys=[Entry.__table__.c.seq],
        query={"limit": LINES, "after": None},
        descending=True,
    )
    return [PassbookLine(*row) for row in work.read(statement)][:LINES]


def _contact(rolls: list[PublicationRow]) -> str | None:
    """Whom to call, as the village last published it."""
    contact: str | None = rolls[0].content()["contact"] if rolls else None
    return contact
