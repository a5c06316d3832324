"""Wishes, and what is in demand: why a shop that nobody wants anything from dies (docs: field)."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, func, insert, select

from pointshop.core.work import AnySelect, Change, Work
from pointshop.people.models import Household
from pointshop.people.queries import named_household
from pointshop.shop.models import Redemption, RedemptionLine
from pointshop.storeroom.models import Wish

#: Of each list of what is in demand.
MOST = 50


class WishRow(NamedTuple):
    id: str
    household: str
    head: str
    item: str
    recorded_at: datetime


class Wished(NamedTuple):
    item: str
    households: int


class Taken(NamedTuple):
    """quantity: pieces. households: how many different ones took it."""

    product: str
    name: str
    quantity: int
    households: int


_ADD = Change(insert(Wish))


def record_wish(work: Work, village_id: int, name: str, *, household: str, item: str, actor_id: int) -> WishRow:
    """Write down what a household would like to find. Raises Invalid for an unknown household."""
    found = named_household(work, village_id, household)
    _ADD.run(
        work,
        village_id=village_id,
        id=name,
        household_id=found.id,
        item=item,
        recorded_at=work.now,
        recorded_by=actor_id,
    )
    return WishRow(name, found.number, found.head, item, work.now)


def wishes(village_id: int) -> AnySelect:
    """The wishes of a village; unordered."""
    return (
        select(Wish.id, Household.number, Household.head, Wish.item, Wish.recorded_at)
        .join(Household, and_(Household.village_id == Wish.village_id, Household.id == Wish.household_id))
        .where(Wish.village_id == village_id)
    )


def most_wished(work: Work, village_id: int, *, since: datetime) -> list[Wished]:
    """What most households wish for, each counted once."""
    households = func.count(Wish.household_id.distinct())
    statement = (
        select(Wish.item, households)
        .where(Wish.village_id == village_id, Wish.recorded_at >= since)
        .group_by(Wish.item)
        .order_by(households.desc(), Wish.item)
        .limit(MOST)
    )
    return [Wished(*row) for row in work.read(statement)]


def most_taken(work: Work, village_id: int, *, since: date) -> list[Taken]:
    """What was taken most; voided redemptions left out."""
    quantity = func.sum(RedemptionLine.quantity)
    statement = (
        select(
            RedemptionLine.product_code,
            func.max(RedemptionLine.name),
            quantity,
            func.count(Redemption.household_id.distinct()),
        )
        .join(
            Redemption,
            and_(Redemption.village_id == RedemptionLine.village_id, Redemption.id == RedemptionLine.redemption_id),
        )
        .where(
            RedemptionLine.village_id == village_id, Redemption.state == "completed", Redemption.occurred_on >= since
        )
        .group_by(RedemptionLine.product_code)
        .order_by(quantity.desc(), RedemptionLine.product_code)
        .limit(MOST)
    )
    return [Taken(product, name, int(pieces), households) for product, name, pieces, households in work.read(statement)]
